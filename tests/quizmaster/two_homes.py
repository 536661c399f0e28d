"""Two accounts that answer at random, and an account of it kept beside.

They are linked at a random moment and perhaps parted again.

The recount knows what happened and when. It owns its sittings, days and dates; nothing of it is
read from our tables.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot.identity import Person, Place
from bot.model.people import Player
from bot.model.rounds import Round
from bot.quiz.judging.points import score
from bot.quizmaster.links import Links
from bot.quizmaster.rounds.answers import decision_maker
from bot.quizmaster.streaks import Streaks
from bot.store import people, profile, streaks
from bot.store.boards.projector import Projector
from bot.store.rounds import ledger, rounds
from bot.store.rounds.submissions import Submission
from bot.store.sql.database import Database
from bot.store.sql.tables.people import players
from bot.store.sql.tables.rounds import scores
from tests.cores import core
from tests.players import add_player
from tests.store.scene import HALL, Scene, question

YARD = Place("chalk", "school", "yard")
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = (
    None,
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "America/St_Johns",
    "Australia/Sydney",
)
Dates = Callable[[datetime], date]


@dataclass(slots=True, eq=False)
class Seat:
    """One account's answers in one round."""

    owner: str
    round_id: int
    question: str
    at: datetime
    tries: int = 0
    points: int = 0
    solved: bool = False


def dates(zone: str) -> Dates:
    return lambda at: at.astimezone(ZoneInfo(zone)).date()


@dataclass(slots=True)
class TwoHomes:
    database: Database
    seed: int
    chance: random.Random = field(default_factory=random.Random)
    now: datetime = BEGIN
    acts: int = 0
    who: dict[str, Player] = field(default_factory=dict)
    zones: dict[str, str | None] = field(default_factory=dict)
    asked: list[Round] = field(default_factory=list)
    linked: bool = False
    # What the recount knows
    seats: list[Seat] = field(default_factory=list)
    days: dict[str, set[date]] = field(default_factory=lambda: {"ann": set(), "bea": set()})
    by: dict[str, Dates] = field(default_factory=dict)

    async def live(self, days: int = 18) -> None:
        self.chance.seed(self.seed)
        await self._come()
        links, bot = Links(core(self.database)), Streaks(core(self.database))
        join = BEGIN + self.chance.randrange(5, days - 4) * DAY + self.chance.randrange(24) * HOUR
        undo = join + self.chance.randrange(1, 24) * HOUR if self.chance.random() < 0.6 else None
        for hour in range(days * 24):
            self.now = BEGIN + hour * HOUR
            if not hour % 24:
                await self._ask()
            if self.now == join:
                await self._join(links)
            if self.now == undo:
                await self._undo(links)
            if self.chance.random() < 1 / 6:
                await bot.settling.record_lapses(self.now)
            for name in self.who:
                if self.chance.random() < 0.12:
                    await self._answer(name)

    async def _come(self) -> None:
        for name, place in (("ann", HALL), ("bea", YARD)):
            zone = self.chance.choice(ZONES)
            async with self.database.transaction() as tx:
                player = await add_player(tx, Person(place.platform, name, name), BEGIN)
                await people.enter_community(tx, player.id, place, BEGIN)
                await tx.execute(update(players).where(players.c.id == player.id).values(zone=zone))
            self.who[name], self.zones[name] = replace(player, zone=zone), zone
            self.by[name] = dates(zone or "UTC")

    async def _ask(self) -> None:
        """One question in both places, every day."""
        scene = Scene(self.database)
        for place in (HALL, YARD):
            scene.made = len(self.asked)
            name = f"q{self.now:%d}"
            round_id = await scene.open_round(place, name, self.now, mode="daily", live_in=None)
            async with self.database.transaction() as tx:
                asked = await rounds.find(tx, round_id)
            assert asked
            self.asked.append(replace(asked, closes_at=None))

    async def _answer(self, name: str) -> None:
        """Through a process that knows of the link, or one that does not.

        That one still takes the account for a player of its own.
        """
        asked = self.chance.choice(self.asked[-6:])
        share = 1.0 if self.chance.random() < 0.7 else 0.0
        is_behind = name == "bea" and self.linked and self.chance.random() < 0.5
        player = self.who[name] if is_behind else await self._met(name)
        self.acts += 1
        decide = decision_maker(asked, share, self.now, player.calendar("UTC").countable(self.now))
        entry = Submission(
            f"act {self.acts}", asked.id, player.id, asked.question.id, ("A",), self.now, decide,
            countable=lambda player, at: player.calendar("UTC").countable(at),
        )  # fmt: skip
        async with self.database.transaction() as tx:
            await ledger.record(tx, [entry])
        self._count("ann" if self.linked else name, asked, share == 1)

    async def _met(self, name: str) -> Player:
        platform = (HALL if name == "ann" else YARD).platform
        async with self.database.reading() as tx:
            found = await people.find(tx, Person(platform, name, name))
        assert found
        return found

    async def _join(self, links: Links) -> None:
        code = await links.give_code("give", self.who["bea"], YARD, self.now)
        assert code
        await links.enter_code("join", self.who["ann"], HALL, code.words, self.now)
        self.linked = True
        self._count_join()

    async def _undo(self, links: Links) -> None:
        await links.undo("undo", await self._met("ann"), self.now)
        self.linked = False
        again = [
            seat for seat in self.seats if seat.owner == "ann" and (seat.round_id in self.put_by)
        ]
        for seat in again:
            seat.owner = "bea"
        for seat, owner in self.owners:
            seat.owner = owner
        self.days["ann"] -= self.gone
        self.days["bea"] |= self.gone
        self.by |= {name: dates(zone or "UTC") for name, zone in self.zones.items()}

    # The recount

    owners: list[tuple[Seat, str]] = field(default_factory=list)
    gone: set[date] = field(default_factory=set)
    put_by: set[int] = field(default_factory=set)
    """Rounds in which what the kept account had answered counts no more."""

    def _count(self, name: str, asked: Round, right: bool) -> None:
        mine = [
            seat for seat in self.seats if seat.owner == name and seat.question == asked.question.id
        ]
        seat = next((each for each in mine if each.round_id == asked.id), None)
        others = [each for each in mine if each is not seat and each.tries]
        if seat is None:
            seat = Seat(name, asked.id, asked.question.id, self.now)
            self.seats.append(seat)
        if seat.solved or seat.tries >= asked.tries:
            return
        seat.tries += 1
        if not right:
            return
        seat.solved = True
        seat.points = score(
            question().level, 1.0, seat.tries, 0, 0.0, "seen" if others else "yes"
        ).points
        if not any(each.solved for each in others):
            able = sorted({self.by[name](self.now - 4 * HOUR), self.by[name](self.now)})
            self.days[name] |= set([day for day in able if day not in self.days[name]][:1])

    def _count_join(self) -> None:
        self.owners = [(seat, seat.owner) for seat in self.seats]
        aside = {id(seat) for seat in self.seats if _beaten(seat, self.seats)}
        for seat in self.seats:
            seat.owner = "nobody" if id(seat) in aside else "ann"
        self.put_by = {
            seat.round_id
            for seat, owner in self.owners
            if owner == "ann" and seat.owner == "nobody"
        }
        self.gone = self.days["bea"] - self.days["ann"]
        self.days["ann"] |= self.gone
        self.days["bea"] -= self.gone
        chosen, longer = (
            self.zones["ann"] or self.zones["bea"],
            min(("ann", "bea"), key=lambda name: self.by[name](self.now - 4 * HOUR)),
        )
        before, after, tomorrow = (
            self.by[longer],
            dates(chosen or "UTC"),
            self.by[longer](self.now) + DAY,
        )
        if chosen:
            self.by["ann"] = lambda at: (
                after(at) if min(before(at), after(at)) >= tomorrow else min(before(at), tomorrow)
            )

    def recounted(self, name: str) -> dict[str, object]:
        counting = self.days[name]
        days = longest = saved = 0
        over = self.by[name](self.now - 4 * HOUR) - DAY
        day = min(counting, default=over + DAY)
        while day <= max([over, *counting]):
            if day in counting:
                days, saved = days + 1, min(saved + 1, 14)
            elif day <= over and saved >= 7:
                saved -= 7
            elif day <= over:
                days = saved = 0
            longest, day = max(longest, days), day + DAY
        points = sum(seat.points for seat in self.seats if seat.owner == name)
        return {
            "counting": sorted(counting),
            "days": days,
            "longest": longest,
            "freezes": saved // 7,
            "points": points,
        }

    async def told(self, name: str) -> dict[str, object]:
        """What our tables and the law say."""
        player = self.who[name].id
        async with self.database.reading() as tx:
            past = (await streaks.histories(tx, [player], "UTC"))[player]
            points = await profile.total_points(tx, player)
        found = past.streak(self.now)
        streak = {"days": found.days, "longest": found.longest, "freezes": found.freezes}
        return {"counting": sorted(past.counted), **streak, "points": points}

    async def on_boards(self) -> dict[int, set[int]]:
        """By player: their points on every board that they stand on."""
        await Projector(self.database).catch_up()
        found: dict[int, set[int]] = {}
        for row in await Scene(self.database).rows(scores):
            found.setdefault(row["player_id"], set()).add(row["points"])
        return found


def _beaten(seat: Seat, seats: Sequence[Seat]) -> bool:
    """Whether a sitting counts no more once its owner is one with the other's."""
    twin = next(
        (each for each in seats if each.round_id == seat.round_id and each is not seat), None
    )
    again = _again(seat, seats)
    if twin is None or again != _again(twin, seats):
        return again
    return (seat.at, seat.owner) > (twin.at, twin.owner)


def _again(seat: Seat, seats: Sequence[Seat]) -> bool:
    """Whether it was paid for a question that the other account had met in another round."""
    others = [
        each for each in seats if each.question == seat.question and each.round_id != seat.round_id
    ]
    met = [each for each in others if each.owner != seat.owner]
    return bool(seat.points) and any(
        (each.at, each.round_id) < (seat.at, seat.round_id) for each in met
    )
