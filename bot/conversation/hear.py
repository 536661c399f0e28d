"""The one door of the conversation, and its one guard."""

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
from bot.conversation.request import Answering, Request
from bot.conversation.router import Answers, Router
from bot.errors import UserError
from bot.phrases import help_cards
from bot.phrases.say import explain
from bot.quizmaster.people import People
from bot.quizmaster.places import Places

log = logging.getLogger(__name__)


class Conversation:
    def __init__(self, people: People, places: Places, rooms: Router) -> None:
        self._people, self._places = people, places
        self._rounds, self._runs, self._home = rooms.rounds, rooms.runs, rooms.home
        self._commands = {"help": self._help, **rooms.commands()}
        self._presses = rooms.presses()

    async def hear(self, event: Event, reply: Reply) -> None:
        """Answer an event. Whatever happens, the person hears what became of it."""
        try:
            match event:
                case Returned():
                    await self._rounds.catch_up(event.person.platform)
                case Leaving():
                    await self._people.leave(event.person, event.place, event.at)
                case Renamed():
                    await self._people.rename(event.person)
                case Removed():
                    await self._runs.removed(event)
                case _:
                    await self._answer(event, reply)
        except UserError as error:
            await reply.whisper(help_cards.refused(explain(error)))
        except Lost as lost:
            log.info("event %s has no answer: the place is shut (%s)", event.id, lost)
        except Exception:
            reference = secrets.token_hex(4)
            log.exception(
                "event %s (%s) failed, reference %s", event.id, type(event).__name__, reference
            )
            await reply.whisper(help_cards.broken(reference))

    async def _answer(
        self, event: Command | Press | Reaction | Snippet | Visit, reply: Reply
    ) -> None:
        place = event.message.place if isinstance(event, Reaction) else event.place
        player = await self._people.meet(event.person, place, event.at)
        match event:
            case Command():
                answer = await self._known(self._commands, event.name, event)
                if event.person.admin:
                    await self._places.resume(place)
                await answer(Request(event, player, reply))
            case Press():
                words = tuple(event.action.split(":"))
                answer = await self._known(self._presses, words[0], event)
                await answer(Request(event, player, reply, words))
            case Reaction():
                await self._rounds.reaction(event, player, reply)
            case Snippet():
                await self._runs.snippet(event, player, reply)
            case Visit():
                await self._home.show(event, player, reply)

    async def _known(self, answers: Answers, name: str, event: Command | Press) -> Answering:
        if name not in answers:
            raise UserError("unknown_command")
        if find_action(name).admin and not await self._places.is_admin(event.person, event.place):
            raise UserError("admins_only", verb=name)
        return answers[name]

    async def _help(self, request: Request) -> None:
        is_admin = await self._places.is_admin(request.event.person, request.event.place)
        await request.reply.whisper(help_cards.overview(admin=is_admin))
