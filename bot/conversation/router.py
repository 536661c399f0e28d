"""Who answers which command, and which first word of a button's action."""

from dataclasses import dataclass

from bot.conversation.boards import BoardCommands
from bot.conversation.digests import DigestCommands
from bot.conversation.feedback import FeedbackCommands
from bot.conversation.help import HelpCommands
from bot.conversation.home import HomePages
from bot.conversation.links import LinkCommands
from bot.conversation.packs import PackCommands
from bot.conversation.people import PeopleCommands
from bot.conversation.places import PlaceCommands
from bot.conversation.practice import PracticeCommands
from bot.conversation.reminders import ReminderCommands
from bot.conversation.request import Answers
from bot.conversation.rounds.answering import AnswerRounds
from bot.conversation.rounds.asking import AskRounds
from bot.conversation.rounds.missed_reactions import MissedReactions
from bot.conversation.runs.commands import RunCommands
from bot.conversation.runs.snippets import RunSnippets
from bot.conversation.schedules import ScheduleCommands
from bot.conversation.streaks import StreakCommands


@dataclass
class Router:
    asking: AskRounds
    answering: AnswerRounds
    reactions: MissedReactions
    practice: PracticeCommands
    packs: PackCommands
    boards: BoardCommands
    people: PeopleCommands
    places: PlaceCommands
    feedback: FeedbackCommands
    runs: RunCommands
    snippets: RunSnippets
    schedules: ScheduleCommands
    streaks: StreakCommands
    reminders: ReminderCommands
    digests: DigestCommands
    links: LinkCommands
    home: HomePages
    help: HelpCommands

    def commands(self) -> Answers:
        return {
            "board": self.boards.board,
            "challenge": self.asking.challenge,
            "digest": self.digests.digest,
            "help": self.help.help,
            "holidays": self.schedules.holidays,
            "link": self.links.link,
            "me": self.people.me,
            "pack": self.packs.pack,
            "practice": self.practice.practice,
            "remind": self.reminders.remind,
            "repair": self.streaks.repair,
            "reports": self.feedback.reports,
            "run": self.runs.run,
            "runs": self.runs.list_mine,
            "schedule": self.schedules.schedule,
            "settings": self.places.settings,
            "streak": self.streaks.streak,
            "why": self.people.why,
        }

    def presses(self) -> Answers:
        return {
            "again": self.runs.run_again,
            "answer": self.answering.answer,
            "board": self.boards.board,
            "challenge": self.asking.challenge,
            "go": self.packs.go,
            "hint": self.answering.hint,
            "holidays": self.schedules.holidays,
            "join": self.answering.join,
            "pack": self.packs.pack,
            "packs": self.packs.pack,
            "practice": self.practice.practice,
            "prove": self.runs.prove,
            "ran": self.runs.show_stored,
            "remind": self.reminders.remind,
            "report": self.feedback.report,
            "run": self.snippets.run_message,
            "schedule": self.schedules.schedule,
            "scores": self.people.why,
            "set": self.places.set,
            "settle": self.feedback.settle,
            "start": self.packs.start,
            "stop": self.runs.stop,
            "tick": self.answering.answer,
            "try": self.runs.run_question,
            "type": self.answering.answer,
            "unlink": self.links.undo,
            "vote": self.feedback.vote,
            "why": self.people.why,
        }
