"""Every event comes in here, and here failures are caught."""

import logging
import secrets

from bot.chat.port import (
    Command,
    Event,
    Leaving,
    Lost,
    Press,
    Reaction,
    Removed,
    Renamed,
    Reply,
    Returned,
    Snippet,
    Visit,
)
from bot.commands import find_action
from bot.conversation.request import Answer, Answers, Request
from bot.conversation.router import Router
from bot.errors import UserError
from bot.phrases.say import failure_card, refused_card
from bot.quizmaster.people import People
from bot.quizmaster.places import Places

log = logging.getLogger(__name__)


class Conversation:
    def __init__(self, people: People, places: Places, router: Router) -> None:
        self._people = people
        self._places = places
        self._router = router
        self._commands = router.commands()
        self._presses = router.presses()

    async def hear(self, event: Event, reply: Reply) -> None:
        """Answer an event. Whatever happens, the person hears what became of it."""
        try:
            await self._take(event, reply)
        except UserError as error:
            await reply.whisper(refused_card(error))
        except Lost as lost:
            log.info("event %s has no answer: the bot is shut out (%s)", event.id, lost)
        except Exception:
            reference, kind = secrets.token_hex(4), type(event).__name__
            log.exception("event %s (%s) failed, reference %s", event.id, kind, reference)
            await reply.whisper(failure_card(reference))

    async def _take(self, event: Event, reply: Reply) -> None:
        match event:
            case Returned():
                await self._router.reactions.catch_up(event.person.platform)
            case Leaving():
                await self._people.leave(event.person, event.place, event.at)
            case Renamed():
                await self._people.rename(event.person)
            case Removed():
                await self._router.snippets.removed(event)
            case _:
                await self._answer(event, reply)

    async def _answer(
        self, event: Command | Press | Reaction | Snippet | Visit, reply: Reply
    ) -> None:
        place = event.message.place if isinstance(event, Reaction) else event.place
        player = await self._people.meet(event.person, place, event.at)
        match event:
            case Command():
                answer = await self._find(self._commands, event.name, event)
                if event.person.admin:
                    await self._places.resume(place)
                await answer(Request(event, player, reply))
            case Press():
                words = tuple(event.action.split(":"))
                answer = await self._find(self._presses, words[0], event)
                await answer(Request(event, player, reply, words))
            case Reaction():
                await self._router.answering.reaction(event, player, reply)
            case Snippet():
                await self._router.snippets.written(event, player, reply)
            case Visit():
                await self._router.home.show(event, player, reply)

    async def _find(self, answers: Answers, name: str, event: Command | Press) -> Answer:
        if name not in answers:
            raise UserError("unknown_command")
        if find_action(name).admin and not await self._places.is_admin(event.person, event.place):
            raise UserError("admins_only", verb=name)
        return answers[name]
