"""All that the bot remembers, by subject."""

from collections.abc import Collection
from datetime import timedelta

from bot.model.runs import RunRules
from bot.quizmaster.boards import Boards
from bot.quizmaster.core import Core
from bot.quizmaster.daily.daily import Daily
from bot.quizmaster.digests import Digests
from bot.quizmaster.feedback import Feedback
from bot.quizmaster.links import Links
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.reminders import Reminders
from bot.quizmaster.rounds.practice import Practice
from bot.quizmaster.rounds.rounds import Rounds
from bot.quizmaster.runs import Runs
from bot.quizmaster.schedules.schedules import Schedules
from bot.quizmaster.streaks import Repairs, Streaks
from bot.store.rounds.ledger import Ledger


class Quizmaster:
    def __init__(
        self,
        core: Core,
        ledger: Ledger,
        process: str,
        rules: RunRules,
        outage: timedelta,
        owners: Collection[str],
    ) -> None:
        self.now = core.now
        self.zone = core.zone
        self.packs = Packs(core)
        self.streaks = Streaks(core, outage)
        self.rounds = Rounds(core, ledger, self.packs, self.streaks)
        self.daily = Daily(core, self.rounds)
        self.people = People(core, self.streaks)
        self.places = Places(core.database)
        self.boards = Boards(core)
        self.schedules = Schedules(core)
        self.reminders = Reminders(core)
        self.digests = Digests(core)
        self.runs = Runs(core, process, rules)
        self.practice = Practice(core)
        self.feedback = Feedback(core, owners)
        self.repairs = Repairs(core)
        self.links = Links(core)
