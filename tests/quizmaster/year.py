"""A simulated time of many places over many zones, with crashes and absences.

It is judged by a recount that knows no code of ours.

The clock is set by hand. Bots come and go: one that crashes leaves whatever it was doing, and
another comes with the database and the platform alone.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.app import Bot, build
from bot.chat.card import Card
from bot.chat.platform_interface import Posted
from bot.identity import Person, Place
from bot.model.schedules import WantedSchedule
from bot.quiz.files.bank import Bank
from bot.quizmaster.core import Core
from bot.quizmaster.schedules.schedules import Schedules
from bot.store.sql.database import Database
from bot.store.sql.tables.daily import occurrences, schedules
from bot.store.sql.tables.people import places
from bot.store.sql.tables.rounds import rounds
from tests.conftest import Clock
from tests.players import add_player
from tests.stories.paper import NAME, PaperPlatform

ZONES = (
    "UTC Europe/Berlin Europe/London Europe/Athens America/New_York America/Los_Angeles "
    "America/St_Johns America/Sao_Paulo America/Santiago America/Nuuk America/Havana "
    "America/Asuncion Africa/Cairo Africa/Casablanca Africa/Lagos Asia/Tokyo Asia/Kolkata "
    "Asia/Kathmandu Asia/Tehran Asia/Beirut Asia/Gaza Asia/Manila Australia/Sydney "
    "Australia/Lord_Howe Australia/Adelaide Pacific/Auckland Pacific/Chatham Pacific/Apia "
    "Pacific/Kiritimati Pacific/Pago_Pago"
).split()
WEEKDAYS = ("", "mon-fri", "sat,sun", "tue")
REASONS = {"away", "not posted"}


class Crash(BaseException):
    """The end of a process, at any point where it waits for its platform."""


class Flaky(PaperPlatform):
    """Paper that outlives bots. Some posts kill whoever makes them, before or after they stand."""

    def __init__(self, clock: Clock, chance: random.Random, crashes: float) -> None:
        super().__init__(clock.now)
        self.chance, self.crashes = chance, crashes
        self.posts: Counter[tuple[Place, str]] = Counter()

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        fate = self.chance.random()
        if fate < self.crashes / 2:
            raise Crash
        known = len(self.sheets)
        posted = await super().post(place, card, key)
        self.posts[place, key] += len(self.sheets) - known
        if fate < self.crashes:
            raise Crash
        return posted


@dataclass(slots=True)
class Year:
    database: Database
    bank: Bank
    clock: Clock
    chance: random.Random
    platform: Flaky
    bot: Bot | None = None
    crashes: int = 0
    absences: list[tuple[datetime, datetime]] = field(default_factory=list)

    async def open(self, count: int, zones: Sequence[str] = ZONES) -> None:
        """Places with a schedule each, in turn over the zones."""
        keeper = Schedules(Core(self.database, lambda: self.bank, "UTC", self.clock.now))
        async with self.database.transaction() as tx:
            owner = await add_player(tx, Person(NAME, "owner", "Owner"), self.clock.now())
        for n in range(count):
            wall = f"{self.chance.randrange(24):02}:{self.chance.choice((0, 15, 30, 45)):02}"
            zone, days = zones[n % len(zones)], self.chance.choice(WEEKDAYS)
            plan = WantedSchedule(
                at=wall, days=days, zone=zone, lasts=self.chance.choice(("1h", "6h", "23h"))
            )
            await keeper.add(
                f"add {n}", owner, Place(NAME, "club", f"room {n}"), plan, self.clock.now()
            )

    async def live(self, until: datetime, absent: float) -> None:
        """Alarms ring now and then; at times nobody is there, and at times a process dies."""
        while self.clock.now() < until:
            seconds = self.chance.choice((30, 600, 3600, 3 * 3600))
            if self.chance.random() < absent:
                begun = self.clock.now()
                seconds = self.chance.choice((2, 10, 30, 80)) * 3600
                self.bot = None
                self.absences.append((begun, begun + timedelta(seconds=seconds)))
            self.clock.advance(seconds)
            await self.ring()

    async def ring(self) -> None:
        """As one process does it; when it dies the next one comes half a minute later."""
        while True:
            if self.bot is None:
                self.bot = self._new()
            try:
                await self.bot.daily.claim()
                await self.bot.closing.close_due()
                await self.bot.asking.post_stale()
                await self.bot.daily.post_due()
            except Crash:
                await _settled()
                self.crashes += 1
                self.bot = None
                self.clock.advance(self.chance.choice((1, 30)))
            else:
                return

    def _new(self) -> Bot:
        return build(
            self.database, lambda: self.bank, {NAME: self.platform}, "UTC", self.clock.now, pause=0
        )


async def _settled() -> None:
    """What else the dead process was about comes to its end, in its own time."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    working = [task for task in others if "DailyTalk." in repr(task)]
    await asyncio.gather(*working, return_exceptions=True)


# The recount


def expected(
    zone: str, wall: time, weekdays: set[int], begin: datetime, end: datetime
) -> Iterator[date]:
    """Every date whose time came within this span.

    They are found by looking at a wall clock minute by minute around each.
    """
    there = ZoneInfo(zone)
    day = begin.astimezone(there).date() - timedelta(days=1)
    while day <= end.astimezone(there).date() + timedelta(days=1):
        if day.isoweekday() in weekdays:
            at = _by_the_wall(there, day, wall)
            if at is not None and begin < at <= end:
                yield day
        day += timedelta(days=1)


def _by_the_wall(zone: ZoneInfo, day: date, wall: time) -> datetime | None:
    """The first instant at which a wall clock shows this time of this date, or jumped over it."""
    at = datetime.combine(day, wall, UTC) - timedelta(hours=15)
    before: datetime | None = None
    wanted = datetime.combine(day, wall)
    for _ in range(31 * 4):
        shown = at.astimezone(zone).replace(tzinfo=None)
        if shown == wanted:
            return at
        if (
            before is not None
            and before < wanted < shown
            and shown - before > timedelta(minutes=15)
        ):
            return at + (wanted - before - timedelta(minutes=15)) if _exists(zone, day) else None
        before = shown
        at += timedelta(minutes=15)
    return None


def _exists(zone: ZoneInfo, day: date) -> bool:
    begin = datetime.combine(day, time(), UTC) - timedelta(hours=15)
    return any((begin + timedelta(hours=n)).astimezone(zone).date() == day for n in range(48))


async def recount(year: Year, begin: datetime) -> dict[str, int]:
    """Every due date exactly once.

    It is posted once, or missed with its reason; no question returns before the bag is empty.
    """
    async with year.database.reading() as tx:
        kept = (await tx.execute(select(schedules, places.c.channel).join(places))).all()
        dealt = (await tx.execute(select(occurrences).order_by(occurrences.c.due_at))).all()
        asked = {row.id: row for row in await tx.execute(select(rounds))}
    by_schedule = defaultdict(list)
    for row in dealt:
        by_schedule[row.schedule_id].append(row)
    for schedule in kept:
        minute, hour, _, _, days = schedule.cron.split()
        names = {
            "*": {1, 2, 3, 4, 5, 6, 7},
            "mon-fri": {1, 2, 3, 4, 5},
            "sat,sun": {6, 7},
            "tue": {2},
        }
        wanted = expected(
            schedule.zone, time(int(hour), int(minute)), names[days], begin, year.clock.now()
        )
        assert [row.day for row in by_schedule[schedule.id]] == list(wanted), (
            schedule.zone,
            schedule.cron,
        )
    states = Counter(row.state for row in dealt)
    posts = {
        int(key.split(":")[1]): times
        for (_, key), times in year.platform.posts.items()
        if key.startswith("round:")
    }
    assert set(posts.values()) <= {0, 1}, "no question was posted twice"
    for row in dealt:
        _judge(row, posts, asked)
    _no_repeats(asked, len(year.bank.templates))
    return {**states, "crashes": year.crashes, "absences": len(year.absences)}


def _judge(row: Any, posts: Mapping[int, int], asked: Mapping[int, Any]) -> None:
    state, reason, round_id = row.state, row.reason, row.round_id
    if state in {"posted", "announced"}:
        assert posts[round_id] == 1
        assert asked[round_id].status in {"open", "closed", "announced"}
    else:
        assert state == "missed", state
        assert reason in REASONS
        assert reason == "not posted" or posts.get(round_id, 0) == 0, (
            "what was missed was never posted"
        )


def _no_repeats(asked: Mapping[int, Any], size: int) -> None:
    """In the order in which a place's questions were drawn, each lap brings all of them once."""
    drawn = defaultdict(list)
    for round_id in sorted(asked):
        drawn[asked[round_id].place_id].append(asked[round_id].question)
    for names in drawn.values():
        for begin in range(0, len(names), size):
            lap = names[begin : begin + size]
            assert len(set(lap)) == len(lap)
