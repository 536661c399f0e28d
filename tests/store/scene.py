"""What the ledger and the boards are tried on: a place, members, open rounds."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bot.identity import Person, Place
from bot.model.rounds import Refusal
from bot.quiz.calendar.local_days import period_keys
from bot.quiz.questions import Choices, Kind, Level, Option, Question
from bot.store import places
from bot.store.boards import boards
from bot.store.rounds import rounds
from bot.store.rounds.submissions import Decision, SittingState, Submission
from bot.store.sql.database import Database
from tests.players import add_player

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HALL = Place("paper", "club", "hall")
ANNEX = Place("paper", "club", "annex")
ABROAD = Place("paper", "abroad", "hall")


def question(name: str = "gate") -> Question:
    return Question(
        id=f"gates/{name}",
        pack="gates",
        kind=Kind.CONCEPTUAL,
        level=Level.INTERMEDIATE,
        seconds=90,
        tries=2,
        title="Gate",
        prompt="What does it do?",
        code="",
        figure=None,
        hints=(),
        explanation="It multiplies.",
        concept="A product.",
        key=Choices(
            (Option("A", "Yes", right=True), Option("B", "No", right=False, why_not="It does."))
        ),
        proof="",
        digest=f"digest of {name}",
    )


def fresh(template: Path, folder: Path) -> Database:
    """A database of its own for each of many tries within one test."""
    for old in folder.glob("one.db*"):
        old.unlink()
    return Database(f"sqlite+aiosqlite:///{shutil.copyfile(template, folder / 'one.db')}")


class Scene:
    """Members and rounds, made straight in the tables."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.made = 0

    async def members(self, *names: str) -> list[int]:
        async with self.database.transaction() as tx:
            return [(await add_player(tx, Person("paper", name, name), NINE)).id for name in names]

    async def open_round(
        self, place: Place = HALL, name: str = "gate", at: datetime = NINE, **columns: Any
    ) -> int:
        """A live round whose clock began at this instant; boards of this day count it."""
        self.made += 1
        async with self.database.transaction() as tx:
            room = await places.get_or_add(tx, place)
            round_id = await rounds.claim(
                tx,
                question(name),
                act=f"round {self.made}",
                place_id=room.id,
                speed=False,
                answers="buttons",
                opened_at=at,
                closes_at=at + timedelta(seconds=90),
                **{"mode": "live", "status": "claimed", "live_in": room.id, **columns},
            )
            assert round_id is not None
            await rounds.mark_open(tx, round_id, f"m{self.made}", at, at + timedelta(seconds=90))
            await boards.assign_round(tx, round_id, place, period_keys(at.date()))
        return round_id

    async def close_round(self, round_id: int) -> None:
        async with self.database.transaction() as tx:
            await rounds.change_status(tx, round_id, "open", "announced", closed_at=NINE)

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with self.database.reading() as tx:
            found = [dict(row._mapping) for row in await tx.execute(select(table))]
        return sorted(found, key=repr)


def two_tries(share: float, points: int = 100) -> Callable[[SittingState], Decision | Refusal]:
    """A rule without a clock: two tries, and the best one pays."""

    def decide(standing: SittingState) -> Decision | Refusal:
        seat = standing.sitting
        if seat.solved:
            return Refusal.SOLVED
        if seat.tries_used == 2:
            return Refusal.SPENT
        if not standing.is_open:
            return Refusal.OVER
        worth = round(points * share)
        finished = share == 1 or seat.tries_used == 1
        return Decision(share, worth, max(0, worth - seat.points), {}, share == 1, finished)

    return decide


def answer(
    act: str,
    round_id: int,
    player_id: int,
    share: float = 0.0,
    points: int = 100,
    name: str = "gate",
) -> Submission:
    letters = ("A",) if share else ("B",)
    return Submission(
        act, round_id, player_id, f"gates/{name}", letters, NINE, two_tries(share, points)
    )
