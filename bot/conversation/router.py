"""Which room answers what: the words of commands, and the first words of what is pressed."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.boards import BoardsTalk
from bot.conversation.digests import DigestsTalk
from bot.conversation.feedback import FeedbackTalk
from bot.conversation.home import HomeTalk
from bot.conversation.links import LinksTalk
from bot.conversation.packs import PacksTalk
from bot.conversation.people import PeopleTalk
from bot.conversation.places import PlacesTalk
from bot.conversation.reminders import RemindersTalk
from bot.conversation.request import Answering
from bot.conversation.rounds import RoundsTalk
from bot.conversation.runs import RunsTalk
from bot.conversation.schedules import SchedulesTalk
from bot.conversation.streaks import StreaksTalk

Answers = Mapping[str, Answering]


@dataclass(frozen=True, slots=True)
class Router:
    rounds: RoundsTalk
    packs: PacksTalk
    boards: BoardsTalk
    people: PeopleTalk
    places: PlacesTalk
    feedback: FeedbackTalk
    runs: RunsTalk
    schedules: SchedulesTalk
    streaks: StreaksTalk
    reminders: RemindersTalk
    digests: DigestsTalk
    home: HomeTalk
    links: LinksTalk

    def commands(self) -> Answers:
        return {
            "challenge": self.rounds.challenge,
            "pack": self.packs.pack,
            "practice": self.rounds.practice,
            "board": self.boards.board,
            "me": self.people.me,
            "why": self.people.why,
            "settings": self.places.settings,
            "reports": self.feedback.reports,
            "schedule": self.schedules.schedule,
            "holidays": self.schedules.holidays,
            "streak": self.streaks.streak,
            "repair": self.streaks.repair,
            "remind": self.reminders.remind,
            "digest": self.digests.digest,
            "link": self.links.link,
            "run": self.runs.run,
            "runs": self.runs.mine,
        }

    def presses(self) -> Answers:
        return {**self._questions(), **self._code(), **self._around()}

    def _questions(self) -> Answers:
        return {
            **dict.fromkeys(("answer", "tick", "type"), self.rounds.answer),
            "challenge": self.rounds.challenge,
            "practice": self.rounds.practice,
            "join": self.rounds.join,
            "hint": self.rounds.hint,
            **dict.fromkeys(("pack", "packs"), self.packs.pack),
            "start": self.packs.start,
            "go": self.packs.go,
        }

    def _code(self) -> Answers:
        return {
            "prove": self.runs.prove,
            "run": self.runs.pointed,
            "try": self.runs.question,
            "again": self.runs.again,
            "stop": self.runs.stop,
            "ran": self.runs.kept,
        }

    def _around(self) -> Answers:
        return {
            "board": self.boards.board,
            **dict.fromkeys(("why", "scores"), self.people.why),
            "vote": self.feedback.vote,
            "report": self.feedback.report,
            "set": self.places.set,
            "settle": self.feedback.settle,
            "schedule": self.schedules.schedule,
            "holidays": self.schedules.holidays,
            "remind": self.reminders.remind,
            "unlink": self.links.undo,
        }
