"""The web chat's memory, on each engine."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.web_chat import WebMessage
from bot.store.sql.database import Database
from bot.store.web_chat import WebChat

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NINE + timedelta(minutes=5)


@pytest.fixture
def shelf(database: Database) -> WebChat:
    return WebChat(database)


async def say(
    shelf: WebChat,
    key: str,
    reader: str | None = None,
    channel: str = "general",
    at: datetime = NINE,
) -> WebMessage:
    return await shelf.add_message(
        key=key,
        channel=channel,
        reader=reader,
        speaker=None,
        author="Bot",
        html=f"<p>{key}</p>",
        text=key,
        at=at,
    )


async def test_a_name_is_one_persons_until_they_leave(shelf: WebChat) -> None:
    assert await shelf.enter("p1", "Mira", "mira", NINE)
    assert not await shelf.enter("p2", "MIRA", "mira", NINE)
    assert (await shelf.name_of("p1"), await shelf.name_of("p2")) == ("Mira", None)
    assert await shelf.taken(["mira", "jonas"]) == {"mira"}
    await shelf.leave("p1")
    assert await shelf.enter("p2", "MIRA", "mira", NINE)


async def test_one_of_many_gets_a_name_that_all_want_at_once(shelf: WebChat) -> None:
    entered = await asyncio.gather(*(shelf.enter(f"p{n}", "Mira", "mira", NINE) for n in range(10)))
    assert sum(entered) == 1


async def test_a_key_names_one_message_with_its_first_words_and_time(shelf: WebChat) -> None:
    first = await say(shelf, "act:1")
    assert await say(shelf, "act:1", at=LATER) == first
    assert first.at == NINE


async def test_the_same_key_from_many_at_once_makes_one_message(shelf: WebChat) -> None:
    assert len(set(await asyncio.gather(*(say(shelf, "act:1") for _ in range(10))))) == 1


async def test_every_change_has_a_version_above_all_before(shelf: WebChat) -> None:
    notes = await asyncio.gather(*(say(shelf, f"act:{n}") for n in range(10)))
    changed = await shelf.change(notes[0].id, html="<p>new</p>", text="new")
    assert changed is not None
    assert len({note.version for note in notes}) == 10
    assert changed.version > max(note.version for note in notes)
    assert (changed.version, changed.text) == (await shelf.latest(), "new")


async def test_ids_and_versions_rise_together(shelf: WebChat) -> None:
    """Else a page that shows messages by id would show them out of order."""
    notes = await asyncio.gather(*(say(shelf, f"act:{n}") for n in range(20)))
    by_version = [note.id for note in sorted(notes, key=lambda note: note.version)]
    assert by_version == sorted(by_version)


async def test_a_reader_misses_nothing_and_sees_nothing_of_others(shelf: WebChat) -> None:
    seen = await say(shelf, "seen")
    for key, reader in (("all", None), ("mine", "p1"), ("theirs", "p2")):
        await say(shelf, key, reader)
    await shelf.change(seen.id, html="", text="edited")
    assert [note.text for note in await shelf.missed("p1", seen.version, 10)] == [
        "all",
        "mine",
        "edited",
    ]
    assert [note.text for note in await shelf.since(seen.version, 10)] == [
        "all",
        "mine",
        "theirs",
        "edited",
    ]
    assert [note.text for note in await shelf.missed("p1", seen.version, 1)] == ["all"]


async def test_recent_are_the_last_of_a_channel_oldest_first(shelf: WebChat) -> None:
    notes = [await say(shelf, f"act:{n}") for n in range(5)]
    await say(shelf, "elsewhere", channel="rnn")
    await say(shelf, "theirs", "p2")
    assert [note.text for note in await shelf.recent("general", "p1", None, 2)] == [
        "act:3",
        "act:4",
    ]
    assert [note.text for note in await shelf.recent("general", "p1", notes[3].id, 2)] == [
        "act:1",
        "act:2",
    ]


async def test_a_turn_counts_once_for_its_key_and_keeps_its_time(shelf: WebChat) -> None:
    note = await say(shelf, "card", "p1")
    first = await shelf.replace(note.id, key="act:1", html="", text="question", at=NINE)
    await shelf.change(note.id, html="", text="time is up")
    again = await shelf.replace(note.id, key="act:1", html="", text="question", at=LATER)
    assert first is not None
    assert again is not None
    assert (first.replaced_at, again.replaced_at, again.text) == (NINE, NINE, "time is up")
    other = await shelf.replace(note.id, key="act:2", html="", text="next", at=LATER)
    assert other is not None
    assert (other.replaced_at, other.text) == (LATER, "next")


async def test_a_message_that_is_gone_is_no_error(shelf: WebChat) -> None:
    assert await shelf.find(404) is None
    assert await shelf.change(404, html="", text="") is None
    assert await shelf.replace(404, key="act:1", html="", text="", at=NINE) is None
    assert await shelf.latest() == 0


async def test_a_picture_is_kept_once(shelf: WebChat) -> None:
    await shelf.keep("digest", b"bytes")
    await shelf.keep("digest", b"bytes")
    assert (await shelf.picture("digest"), await shelf.picture("other")) == (b"bytes", None)
