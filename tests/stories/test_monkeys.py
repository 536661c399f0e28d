"""Members who press whatever there is, in any order, at any time.

Nothing breaks, and the sums are right.
"""

import asyncio
import random
from pathlib import Path

import pytest

from bot.store.rounds import rounds
from bot.store.sql.database import Database
from bot.store.sql.tables.rounds import attempts, sittings
from tests.conftest import Clock
from tests.store.boards.test_projector import assert_true
from tests.store.scene import Scene
from tests.stories.paper import on_paper
from tests.stories.questions import bank
from tests.stories.stage import Member, Stage

ACTS = 120
LINES = (
    *(
        "/help",
        "/challenge",
        "/challenge gates",
        "/challenge level:expert",
        "/pack",
        "/pack gates",
        "/pack figures",
    ),
    *(
        "/practice",
        "/practice figures",
        "/board",
        "/board month everywhere",
        "/me",
        "/me name:hidden",
        "/why",
    ),
    *(
        "/settings answers:reactions",
        "/settings speed:off",
        "/settings zone:Asia/Tokyo",
        "/reports",
    ),
)
WORDS = (
    "1",
    "0,99",
    "exploding gradients",
    "explosion",
    "",
    "nan",
    "\u202e" * 9,
    "<script>",
    "9" * 400,
    "🦜",
)


@pytest.mark.parametrize("setting", [("paper", "sqlite"), ("paper", "postgresql")])
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_is_pressed_nothing_breaks_and_the_sums_are_right(
    seed: int, database: Database, clock: Clock, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    async with on_paper(database, bank(tmp_path / "questions"), clock) as stage:
        members = [await stage.enter(name, admin=name == "Ada") for name in ("Ada", "Bob", "Cy")]
        for _ in range(ACTS // len(members)):
            await asyncio.gather(*(_act(chance, member) for member in members))
            await stage.wait(chance.choice((0, 0, 1, 5, 20, 95)))
        for _ in range(2):
            await stage.wait(3600)
        await stage.count()
        await stage.well()
        await _all_ended(stage)
    scene = Scene(database)
    await assert_true(scene)
    seats = {(row["round_id"], row["player_id"]): row for row in await scene.rows(sittings)}
    for key, seat in seats.items():
        given = [
            row for row in await scene.rows(attempts) if (row["round_id"], row["player_id"]) == key
        ]
        assert [row["number"] for row in given] == list(range(1, seat["tries_used"] + 1))
        assert (
            sum(row["gain"] for row in given)
            == seat["points"]
            == max([row["points"] for row in given], default=0)
        )


async def _act(chance: random.Random, member: Member) -> None:
    seen = [
        message
        for message in member.seen()[-12:]
        if message.buttons or message.boxes or message.entry
    ]
    message = chance.choice(seen) if seen else None
    if message is None or chance.random() < 0.25:
        await member.type(chance.choice(LINES))
    elif message.boxes and chance.random() < 0.5:
        await member.tick(*chance.sample("ABCDE", chance.randrange(5)), on=message.text)
    elif message.entry and chance.random() < 0.7:
        await member.write(chance.choice(WORDS), on=message.text)
    elif message.emoji and chance.random() < 0.7:
        await member.react(
            chance.choice(message.emoji), on=message.text, added=chance.random() < 0.8
        )
    elif message.buttons:
        await member.press(chance.choice(sorted(message.buttons)), on=message.text)
    if chance.random() < 0.1 and member.deeds:
        await member.repeat()


async def _all_ended(stage: Stage) -> None:
    """Nothing with a clock stays open once its time has passed."""
    async with stage.bot.ledger._database.reading() as tx:
        for status in ("claimed", "open", "closed"):
            left = await rounds.left_in_status(tx, status)
            assert [asked.mode for asked in left if asked.mode != "practice"] == []
