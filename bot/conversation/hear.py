"""The one door of the conversation, and its one guard."""

import logging
import secrets
from collections.abc import Mapping

from bot.chat.port import Command, Event, Leaving, Press, Reaction, Reply, Returned, Snippet, Visit
from bot.commands import PRESSED, VERBS
from bot.conversation.boards import BoardsTalk
from bot.conversation.feedback import FeedbackTalk
from bot.conversation.home import HomeTalk
from bot.conversation.links import LinksTalk
from bot.conversation.packs import PacksTalk
from bot.conversation.people import PeopleTalk
from bot.conversation.places import PlacesTalk
from bot.conversation.rounds import RoundsTalk
from bot.conversation.runs import RunsTalk
from bot.conversation.turn import Answering, Turn
from bot.errors import UserError
from bot.phrases import help as help_said
from bot.quizmaster.people import People
from bot.quizmaster.places import Places

log = logging.getLogger(__name__)


class Conversation:
    def __init__(
        self,
        people: People,
        rounds: RoundsTalk,
        packs: PacksTalk,
        boards: BoardsTalk,
        me: PeopleTalk,
        places: PlacesTalk,
        feedback: FeedbackTalk,
        doors: Places,
        runs: RunsTalk,
        home: HomeTalk,
        links: LinksTalk,
    ) -> None:
        self._people = people
        self._places = doors
        self._rounds = rounds
        self._runs = runs
        self._home = home
        self._commands: Mapping[str, Answering] = {
            "help": self._help,
            "challenge": rounds.challenge,
            "pack": packs.pack,
            "practice": rounds.practice,
            "board": boards.board,
            "me": me.me,
            "why": me.why,
            "link": links.link,
            "settings": places.settings,
            "reports": feedback.reports,
            "run": runs.run,
            "runs": runs.mine,
        }
        self._presses: Mapping[str, Answering] = {
            **dict.fromkeys(("answer", "tick", "type"), rounds.answer),
            "challenge": rounds.challenge,
            "practice": rounds.practice,
            "join": rounds.join,
            "hint": rounds.hint,
            "prove": runs.prove,
            "try": runs.question,
            "again": runs.again,
            "stop": runs.stop,
            "ran": runs.kept,
            "pack": packs.pack,
            "packs": packs.pack,
            "start": packs.start,
            "go": packs.go,
            "board": boards.board,
            "why": me.why,
            "scores": me.why,
            "vote": feedback.vote,
            "report": feedback.report,
            "set": places.set,
            "settle": feedback.settle,
            "unlink": links.undo,
        }
        self._admins = {verb.name for verb in VERBS if verb.admin} | set(PRESSED)

    async def hear(self, event: Event, reply: Reply) -> None:
        """Answer an event. Whatever happens, the person hears what became of it."""
        try:
            if isinstance(event, Returned):
                await self._rounds.catch_up(event.person.platform)
            else:
                await self._answer(event, reply)
        except UserError as error:
            await reply.whisper(help_said.refused(str(error)))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("event %s (%s) failed, reference %s", event.id, type(event).__name__, reference)
            await reply.whisper(help_said.broken(reference))

    async def _answer(self, event: Command | Press | Reaction | Snippet | Leaving | Visit, reply: Reply) -> None:
        place = event.message.place if isinstance(event, Reaction) else event.place
        player = await self._people.meet(event.person, place, event.at)
        match event:
            case Command():
                answer = await self._known(self._commands, event.name, event)
                if event.person.admin:
                    await self._places.resume(place)
                await answer(Turn(event, player, reply))
            case Press():
                words = tuple(event.action.split(":"))
                answer = await self._known(self._presses, words[0], event)
                await answer(Turn(event, player, reply, words))
            case Reaction():
                await self._rounds.reaction(event, player, reply)
            case Snippet():
                await self._runs.snippet(event, player, reply)
            case Visit():
                await self._home.show(event, player, reply)
            case Leaving():
                await self._people.leave(player, place, event.at)

    async def _known(self, answers: Mapping[str, Answering], name: str, event: Command | Press) -> Answering:
        if name not in answers:
            raise UserError("I do not know that one. `/help` shows what I can do.")
        if name in self._admins and not await self._places.is_admin(event.person, event.place):
            raise UserError(help_said.admins_only(name))
        return answers[name]

    async def _help(self, turn: Turn) -> None:
        is_admin = await self._places.is_admin(turn.event.person, turn.event.place)
        await turn.reply.whisper(help_said.overview(admin=is_admin))
