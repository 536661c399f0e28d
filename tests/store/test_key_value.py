"""What Discord's side remembers, on each engine."""

import asyncio
from datetime import timedelta

from bot.store.key_value import KeyValue
from bot.store.sql.database import Database
from tests.conftest import Clock


async def test_words_are_recalled_by_their_name_and_the_last_ones_stand(
    database: Database, clock: Clock
) -> None:
    notes = KeyValue(database)
    assert await notes.get("commands") is None
    for words in ("old", "new"):
        await notes.set("commands", words, clock.now())
    assert await notes.get("commands") == "new"


async def test_of_many_who_ask_for_a_name_at_once_one_is_the_first(
    database: Database, clock: Clock
) -> None:
    notes = KeyValue(database)
    assert sorted(await asyncio.gather(*(notes.claim("told", clock.now()) for _ in range(5)))) == [
        False
    ] * 4 + [True]


async def test_what_begins_alike_is_found_and_dropped(database: Database, clock: Clock) -> None:
    notes = KeyValue(database)
    names = ("promised 2", "promised 1", "promise", "100%")
    await asyncio.gather(*(notes.set(name, name, clock.now()) for name in names))
    assert {name for name, _, _ in await notes.with_prefix("promised ")} == {
        "promised 1",
        "promised 2",
    }
    await asyncio.gather(
        notes.delete("promised 1"), notes.delete("promised 2"), notes.delete("promised 3")
    )
    assert await notes.with_prefix("promised ") == []
    assert [words for _, words, _ in await notes.with_prefix("100%")] == ["100%"]


async def test_old_names_are_forgotten_and_words_are_not(database: Database, clock: Clock) -> None:
    notes = KeyValue(database)
    await notes.claim("told", clock.now())
    await notes.set("commands", "digest", clock.now())
    await notes.delete_claims(clock.now() + timedelta(days=1))
    assert await notes.claim("told", clock.now())
    assert await notes.get("commands") == "digest"
