"""Every event comes in here, and here failures are caught."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chat import platform_interface
from bot.commands import find_action
from bot.conversation import (
    boards,
    digests,
    feedback,
    home,
    links,
    packs,
    people,
    places,
    reminders,
    schedules,
    streaks,
)
from bot.conversation.request import Request
from bot.conversation.rounds.answering import AnswerRounds
from bot.conversation.rounds.asking import AskRounds, practice
from bot.conversation.rounds.closing import CloseRounds
from bot.conversation.runs.commands import RunCommands
from bot.conversation.runs.snippets import RunSnippets
from bot.errors import UserError
from bot.phrases.say import failure_card, refused_card
from bot.quizmaster.quizmaster import Quizmaster

Answer = Callable[[Request], Awaitable[None]]
log = logging.getLogger(__name__)


@dataclass
class Conversation:
    quizmaster: Quizmaster
    asking: AskRounds
    answering: AnswerRounds
    closing: CloseRounds
    runs: RunCommands
    snippets: RunSnippets

    def __post_init__(self) -> None:
        self.commands: Mapping[str, Answer] = {
            "board": boards.board,
            "challenge": self.asking.challenge,
            "digest": digests.digest,
            "help": home.show_help,
            "holidays": schedules.holidays,
            "link": links.link,
            "me": people.show_profile,
            "pack": packs.pack,
            "practice": practice,
            "remind": reminders.remind,
            "repair": streaks.repair,
            "reports": feedback.reports,
            "run": self.runs.run,
            "runs": self.runs.list_mine,
            "schedule": schedules.schedule,
            "settings": places.settings,
            "streak": streaks.streak,
            "why": people.explain_score,
        }
        self.presses: Mapping[str, Answer] = {
            "again": self.runs.run_again,
            "answer": self.answering.answer,
            "board": boards.board,
            "challenge": self.asking.challenge,
            "go": packs.go_to_challenge,
            "hint": self.answering.hint,
            "holidays": schedules.holidays,
            "join": self.answering.join,
            "pack": packs.pack,
            "packs": packs.pack,
            "practice": practice,
            "prove": self.runs.prove,
            "ran": self.runs.show_stored,
            "remind": reminders.remind,
            "report": feedback.report,
            "run": self.snippets.run_message,
            "schedule": schedules.schedule,
            "scores": people.explain_score,
            "set": places.set_one,
            "settle": feedback.close_report,
            "start": packs.start,
            "stop": self.runs.stop,
            "tick": self.answering.answer,
            "try": self.runs.run_question,
            "type": self.answering.answer,
            "unlink": links.undo,
            "vote": feedback.vote,
            "why": people.explain_score,
        }

    async def hear(self, event: platform_interface.Event, reply: platform_interface.Reply) -> None:
        """Whatever happens, the person hears what became of it."""
        try:
            await self._dispatch(event, reply)
        except UserError as error:
            await reply.whisper(refused_card(error))
        except platform_interface.Lost as lost:
            log.info("event %s has no answer: the bot is shut out (%s)", event.id, lost)
        except Exception:
            reference, kind = secrets.token_hex(4), type(event).__name__
            log.exception("event %s (%s) failed, reference %s", event.id, kind, reference)
            await reply.whisper(failure_card(reference))

    async def _dispatch(
        self, event: platform_interface.Event, reply: platform_interface.Reply
    ) -> None:
        match event:
            case platform_interface.Returned():
                await self.closing.catch_up(event.person.platform)
            case platform_interface.Leaving():
                await self.quizmaster.people.leave(event.person, event.place, event.at)
            case platform_interface.Renamed():
                await self.quizmaster.people.rename(event.person)
            case platform_interface.Removed():
                await self.snippets.removed(event)
            case _:
                await self._answer(event, reply)

    async def _answer(
        self,
        event: platform_interface.Command
        | platform_interface.Press
        | platform_interface.Reaction
        | platform_interface.Snippet
        | platform_interface.Visit,
        reply: platform_interface.Reply,
    ) -> None:
        quizmaster = self.quizmaster
        place = (
            event.message.place if isinstance(event, platform_interface.Reaction) else event.place
        )
        player = await quizmaster.people.find_or_add(event.person, place, event.at)
        match event:
            case platform_interface.Command():
                answer = await self._find_authorized(self.commands, event.name, event)
                if event.person.admin:
                    await quizmaster.places.resume(place)
                await answer(Request(event, player, reply, quizmaster))
            case platform_interface.Press():
                words = tuple(event.action.split(":"))
                answer = await self._find_authorized(self.presses, words[0], event)
                await answer(Request(event, player, reply, quizmaster, words))
            case platform_interface.Reaction():
                await self.answering.reaction(event, player, reply)
            case platform_interface.Snippet():
                await self.snippets.written(event, player, reply)
            case platform_interface.Visit():
                await home.show(Request(event, player, reply, quizmaster))

    async def _find_authorized(
        self,
        answers: Mapping[str, Answer],
        name: str,
        event: platform_interface.Command | platform_interface.Press,
    ) -> Answer:
        if name not in answers:
            raise UserError("unknown_command")
        places = self.quizmaster.places
        if find_action(name).admin and not await places.is_admin(event.person, event.place):
            raise UserError("admins_only", verb=name)
        return answers[name]
