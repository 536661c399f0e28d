"""A simulated time of members, before bots that come and go.

A leap day and two changes of clocks come soon. Members travel, forget, come late and are repaired.

Everything goes through the ledger and the tables. The recount knows nothing of our code but the raw
attempts and what members asked for: it walks a calendar of quarters of an hour.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.model.people import Player
from bot.model.rounds import Round
from bot.quizmaster.rounds.answers import decision_maker
from bot.quizmaster.streaks import Streaks
from bot.store import people, streaks
from bot.store.rounds import ledger, rounds
from bot.store.rounds.submissions import Submission
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts
from bot.store.sql.tables.rounds import rounds as asked_rounds
from tests.cores import core
from tests.store.scene import Scene

BEGIN = datetime(2028, 2, 10, tzinfo=UTC)
HOUR, STEP, DAY, QUARTER = (
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(minutes=15),
)
ZONES = (
    "UTC Europe/Berlin Europe/London America/New_York America/Los_Angeles America/St_Johns "
    "America/Nuuk America/Havana Africa/Cairo Africa/Casablanca Asia/Tokyo Asia/Kolkata "
    "Asia/Kathmandu Asia/Tehran Asia/Beirut Australia/Sydney Australia/Lord_Howe Pacific/Auckland "
    "Pacific/Chatham Pacific/Apia Pacific/Kiritimati Pacific/Pago_Pago Pacific/Honolulu "
    "Asia/Manila Australia/Adelaide America/Sao_Paulo Atlantic/Azores Asia/Yangon "
    "Pacific/Marquesas Asia/Vladivostok"
).split()


@dataclass(slots=True)
class Soul:
    """Somebody with a habit: how often they come on a day, and at which hour of UTC."""

    player: int
    faith: float
    hour: int
    moves: list[tuple[datetime, str]] = field(default_factory=list)


@dataclass(slots=True)
class Year:
    database: Database
    days: int
    members: int
    seed: int
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    repaired: dict[tuple[int, date], datetime] = field(default_factory=dict)
    acts: int = 0
    now: datetime = BEGIN
    chance: random.Random = field(default_factory=random.Random)
    bots: list[Streaks] = field(default_factory=list)
    souls: list[Soul] = field(default_factory=list)
    questions: list[Round] = field(default_factory=list)

    async def live(self) -> None:
        """From the first day to the last."""
        self.chance.seed(self.seed)
        self.bots = [Streaks(core(self.database), outage=STEP + QUARTER) for _ in range(2)]
        ids = await Scene(self.database).members(*(f"M{n}" for n in range(self.members)))
        self.souls = [
            Soul(each, self.chance.uniform(0.7, 1), self.chance.randrange(24)) for each in ids
        ]
        last, back = BEGIN, BEGIN
        for step in range(int(self.days * DAY / STEP)):
            now = BEGIN + step * STEP
            if now < back:
                continue
            if back == now > BEGIN:
                self.outages.append((last, now))
            last = now
            await self._go_on(now)
            if self.chance.random() < 1 / 60:
                back = now + self.chance.randrange(2, 20) * STEP
        self.now = last

    async def _go_on(self, now: datetime) -> None:
        bot = self.chance.choice(self.bots)
        await bot.settling.heartbeat(now)
        if self.chance.random() < 1 / 3:
            await bot.settling.record_lapses(now)
        if now.hour == 0:
            self.questions.append(await self._ask(now))
        at = now + timedelta(minutes=self.chance.randrange(1, 179))
        await self._answer([soul for soul in self.souls if self._comes(soul, now)], at)
        for soul in self.souls:
            if self.chance.random() < 1 / 300:
                await self._move(soul, at)
            if self.chance.random() < 1 / 1300:
                await self._repair(soul, at)

    def _comes(self, soul: Soul, now: datetime) -> bool:
        distance = min((now.hour - soul.hour) % 24, (soul.hour - now.hour) % 24)
        return distance <= 2 and self.chance.random() < soul.faith

    async def _ask(self, now: datetime) -> Round:
        scene = Scene(self.database)
        scene.made = len(self.questions)
        name = f"q{scene.made}"
        round_id = await scene.open_round(
            name=name, at=now, mode="practice", live_in=None, player_id=self.souls[0].player
        )
        async with self.database.transaction() as tx:
            row = update(asked_rounds).where(asked_rounds.c.id == round_id)
            await tx.execute(row.values(closes_at=BEGIN + 4000 * DAY))
            asked = await rounds.find(tx, round_id)
        assert asked
        return asked

    async def _answer(self, souls: Sequence[Soul], at: datetime) -> None:
        """Right or wrong, the newest question or an old one that they may know."""
        if not souls or not self.questions:
            return
        async with self.database.transaction() as tx:
            entries = [await self._entry(await people.get(tx, soul.player), at) for soul in souls]
            await ledger.record(tx, entries)

    async def _entry(self, player: Player, at: datetime) -> Submission:
        asked = self.chance.choice(self.questions[-3:])
        share = 1.0 if self.chance.random() < 0.95 else 0.0
        self.acts += 1
        decide = decision_maker(asked, share, at, player.calendar("UTC").countable(at))
        return Submission(
            f"act {self.acts}", asked.id, player.id, asked.question.id, ("A",), at, decide
        )

    async def _move(self, soul: Soul, at: datetime) -> None:
        zone = self.chance.choice(ZONES)
        async with self.database.reading() as tx:
            player = await people.get(tx, soul.player)
        await self.bots[0].set_zone(player, zone, at)
        soul.moves.append((at, zone))

    async def _repair(self, soul: Soul, at: datetime) -> None:
        day = at.date() - self.chance.randrange(2, 9) * DAY
        async with self.database.transaction() as tx:
            if await streaks.add_repair(tx, soul.player, day, soul.player, "the train", at):
                self.repaired[soul.player, day] = at

    # The recount

    async def raw(self) -> dict[int, list[datetime]]:
        """When each member first solved each question, from the attempts as they stand."""
        async with self.database.reading() as tx:
            query = select(attempts.c.player_id, attempts.c.round_id, attempts.c.at).where(
                attempts.c.share == 1
            )
            rows = (await tx.execute(query.order_by(attempts.c.at))).all()
        first: dict[tuple[int, int], datetime] = {}
        for player, asked, at in rows:
            first.setdefault((player, asked), at)
        found: defaultdict[int, list[datetime]] = defaultdict(list)
        for (player, _), at in first.items():
            found[player].append(at)
        return {player: sorted(times) for player, times in found.items()}

    async def told(self, soul: Soul) -> dict[str, Any]:
        """What our tables and the law say."""
        async with self.database.reading() as tx:
            past = (await streaks.histories(tx, [soul.player], "UTC"))[soul.player]
        found = past.streak(self.now)
        return {
            "counting": sorted(past.counted),
            "days": found.days,
            "longest": found.longest,
            "freezes": found.freezes,
        }

    def recounted(self, soul: Soul, solved: Sequence[datetime]) -> dict[str, Any]:
        """The same from nothing but what happened."""
        days = self._days(soul)
        counting: set[date] = set()
        mended = {day for player, day in self.repaired if player == soul.player}
        for at in solved:
            able = (days[_slot(at - 4 * HOUR)], days[_slot(at)])
            counting |= set(
                [day for day in able if day not in counting | self._early(mended, soul, at)][:1]
            )
        counting |= mended
        starts = {day: slot for slot, day in reversed(list(enumerate(days)))}
        over = days[_slot(self.now - 4 * HOUR)] - DAY
        return {"counting": sorted(counting), **self._walk(counting, starts, over)}

    def _early(self, mended: set[date], soul: Soul, at: datetime) -> set[date]:
        """Days that were repaired before this instant."""
        return {day for day in mended if self.repaired[soul.player, day] <= at}

    def _days(self, soul: Soul) -> list[date]:
        """Their date in every quarter of an hour.

        It is found by waiting for each new zone to come into force.
        """
        moves, zone, coming, tomorrow = list(soul.moves), ZoneInfo("UTC"), None, date.min
        days: list[date] = []
        for slot in range(_slot(self.now) + 200):
            at = BEGIN - DAY + slot * QUARTER
            if (
                coming
                and at.astimezone(zone).date() >= tomorrow
                and at.astimezone(coming).date() >= tomorrow
            ):
                zone, coming = coming, None
            day = at.astimezone(zone).date()
            days.append(min(day, tomorrow) if coming else day)
            while moves and moves[0][0] < at + QUARTER:
                coming, tomorrow = ZoneInfo(moves.pop(0)[1]), days[-1] + DAY
        return days

    def _walk(self, counting: set[date], starts: dict[date, int], over: date) -> dict[str, int]:
        days = longest = saved = 0
        day = min(counting, default=over + DAY)
        while day <= max([over, *counting]):
            if day in counting:
                days, saved = days + 1, min(saved + 1, 14)
            elif (
                day > over
                or not days
                or self._lasts(starts, day) < 12 * HOUR
                or self._away(starts, day) >= HOUR
            ):
                pass
            elif saved >= 7:
                saved -= 7
            else:
                days = saved = 0
            longest, day = max(longest, days), day + DAY
        return {"days": days, "longest": longest, "freezes": saved // 7}

    def _lasts(self, starts: dict[date, int], day: date) -> timedelta:
        if day not in starts:
            return timedelta()
        return (min(slot for other, slot in starts.items() if other > day) - starts[day]) * QUARTER

    def _away(self, starts: dict[date, int], day: date) -> timedelta:
        following = min(slot for other, slot in starts.items() if other > day)
        first, last = (
            BEGIN - DAY + starts[day] * QUARTER,
            BEGIN - DAY + following * QUARTER + 4 * HOUR,
        )
        gone = [min(last, end) - max(first, begun) for begun, end in self.outages]
        return sum((each for each in gone if each > timedelta()), timedelta())


def _slot(at: datetime) -> int:
    return int((at - (BEGIN - DAY)) / QUARTER)
