"""Small parts of the adapter: words, emoji, forms, budgets."""

import asyncio
import json
from contextlib import suppress
from html import escape
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.card import Card
from bot.chat.kit.limits import SeenKeys, TokenBuckets
from bot.chat.platform_interface import Snippet
from bot.chat.slack.incoming import interaction_payloads
from bot.chat.slack.incoming.message_events import is_relevant, read_edit
from bot.chat.slack.incoming.typed_text import code_of, read_command
from bot.chat.slack.outgoing.modals import Modals
from bot.chat.slack.outgoing.mrkdwn import as_seen, emoji_of, mentions, name_of, slack_text
from bot.chat.slack.outgoing.posts import MessageUpdates
from bot.chat.slack.payload import (
    Json,
    channel_and_ts,
    direct_message_ref,
    ephemeral_message_ref,
    time_of,
    url_of,
)
from bot.commands import VERBS, Verb
from bot.errors import UserError
from bot.identity import MessageRef, Place
from bot.phrases.say import say
from tests.chat.discord.samples import long_words
from tests.chat.slack.judges import wrongs_of

HALL = Place("slack", "T1", "C1")
METADATA = '{"channel": "C1", "url": "https://hooks.test/1", "action": "type:5"}'
MODALS = Modals(say)


@given(long_words)
def test_what_was_escaped_reads_as_it_was(text: str) -> None:
    assert as_seen(escape(text, quote=False)) == text


@given(st.text())
def test_any_text_can_be_read_as_code_or_as_a_command(text: str) -> None:
    code_of(text)
    mentions(text)
    slack_text(text)


def test_links_and_mentions_read_as_they_were_seen() -> None:
    assert (
        as_seen("see <https://a.test|a.test> and <https://b.test>")
        == "see a.test and https://b.test"
    )
    assert as_seen("<@U1|ada> in <#C1|general>, <!here>") == "@ada in #general, !here"
    assert mentions("<@U12|ada> <@W3>") == {"<@U12|ada>": "U12 @ada", "<@W3>": "W3 @W3"}


def test_a_member_who_is_pointed_at_is_one_word_whatever_they_are_called() -> None:
    name, args = read_command(
        "T1", "repair <@U12|ada b> day:2026-03-02 thanks to <@U3|bob>, 1 &lt; 2", {}
    )
    assert (name, args) == (
        "repair",
        {"member": "T1/U12", "day": "2026-03-02", "reason": "thanks to @bob, 1 < 2"},
    )
    assert read_command("T1", "repair member:<@U12> day:2026-03-02", {})[1]["member"] == "T1/U12"
    assert read_command("T1", "repair member:Ada day:2026-03-02", {})[1]["member"] == "Ada"


TALK: Json = {"type": "message", "channel": "C1", "user": "U1", "ts": "1.0", "text": "```x```"}
EDIT: Json = {**TALK, "text": "```y```", "edited": {"user": "U1", "ts": "2.0"}}


def changed(message: Json, before: Json = TALK) -> Json:
    told = {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "2.0"}
    return {**told, "message": message, "previous_message": before}


@pytest.mark.parametrize(
    ("event", "does"),
    [
        (TALK, False),
        ({**TALK, "channel": "D1"}, True),
        ({**TALK, "channel": "D1", "bot_id": "B1"}, False),
        ({**TALK, "subtype": "channel_join"}, False),
        ({**TALK, "type": "app_mention"}, True),
        (changed(EDIT), True),
        (changed({**EDIT, "bot_id": "B1"}), False),
        (changed({**TALK, "attachments": [{"title": "a link"}]}), False),
        (changed({**EDIT, "reply_count": 1}, EDIT), False),
        ({**TALK, "subtype": "message_deleted", "previous_message": TALK}, True),
        (
            {**TALK, "subtype": "message_deleted", "previous_message": {**TALK, "bot_id": "B1"}},
            False,
        ),
    ],
)
def test_of_what_a_channel_tells_only_edits_and_deletions_by_people_are_looked_at(
    event: Json, *, does: bool
) -> None:
    assert is_relevant(event) is does


def test_an_edit_counts_where_the_bot_is_named_and_is_no_code_where_nothing_runs() -> None:
    assert read_edit("T1", changed(EDIT), "U9", {}) is None
    for text, code in (
        ("```y```", "y"),
        ("challenge", ""),
        ("no command at all", ""),
        ("run y", "y"),
    ):
        click = read_edit("T1", changed({**EDIT, "text": f"<@U9> {text}"}), "U9", {})
        assert click
        assert isinstance(click.event, Snippet)
        assert (click.event.code, click.event.message.id) == (code, "1.0")
        assert (click.event.written_at, click.event.at) == (time_of("1.0"), time_of("2.0"))


@given(st.text())
def test_any_words_are_a_command_or_are_refused_in_words(text: str) -> None:
    with suppress(UserError):
        read_command("T1", text, {"packs": ["gru"]})


def test_code_is_what_stands_in_the_fences_of_a_message() -> None:
    assert code_of("look:\n```\nprint(1)\n```\nand ```print(2)```") == "print(1)\nprint(2)"
    assert code_of("print(1 &lt; 2)") == "print(1 < 2)"


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("a", "🇦"),
        ("two", "🇧"),
        ("alphabet-white-c", "🇨"),
        ("regional_indicator_d", "🇩"),
        ("six::skin-tone-3", "🇫"),
    ],
)
def test_a_letter_is_known_by_each_of_its_names(name: str, sign: str) -> None:
    assert emoji_of(name) == sign
    assert emoji_of(name_of(sign)) == sign


def test_what_is_no_letter_stays_what_it_is() -> None:
    assert emoji_of("tada") == "tada"
    assert name_of("🎉") == "grey_question"


def test_a_message_is_found_again_by_its_name() -> None:
    assert channel_and_ts(direct_message_ref(HALL, "D7", "12.5")) == ("D7", "12.5")
    assert channel_and_ts(MessageRef(HALL, "12.5")) == ("C1", "12.5")
    assert url_of(ephemeral_message_ref(HALL, "https://hooks.test/1")) == "https://hooks.test/1"
    assert url_of(MessageRef(HALL, "12.5")) == ""


@given(st.text(max_size=200))
def test_a_form_that_is_not_ours_is_no_act(metadata: str) -> None:
    view = {"id": "V1", "private_metadata": metadata, "blocks": [], "state": {"values": {}}}
    told = {"team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    try:
        kept = json.loads(metadata or "{}")
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        assert interaction_payloads.read_submission(told, time_of("1.0"), nothing) is None


async def nothing(_team: str, _file: Json) -> bytes:
    return b""


@pytest.mark.parametrize(
    "verb", [verb for verb in VERBS if verb.admin and verb.arguments], ids=lambda verb: verb.name
)
def test_every_admin_verb_has_a_form_with_a_field_for_each_of_its_words(verb: Verb) -> None:
    sources = {"packs": ["gru"], "zones": [f"Zone/{n}" for n in range(300)]}
    view = MODALS.for_command(verb, METADATA, sources)
    assert wrongs_of(view) == []
    assert [field["block_id"] for field in view["blocks"]] == [
        argument.name for argument in verb.arguments
    ]
    people = {
        argument.name
        for argument in verb.arguments
        if argument.person or argument.source == "roles"
    }
    kinds = {field["block_id"]: field["element"]["type"] for field in view["blocks"]}
    assert {name for name, kind in kinds.items() if kind == "users_select"} == people


def test_every_form_is_one_that_slack_takes() -> None:
    button = {"action_id": "write/type:5", "text": {"type": "plain_text", "text": "Answer " * 19}}
    for view in (
        MODALS.for_button({"actions": [button]}, METADATA),
        MODALS.run_code(METADATA),
    ):
        assert wrongs_of(view) == []
        assert len(view["title"]["text"]) <= 24
        assert len(view["private_metadata"]) <= 3000


async def test_a_budget_makes_wait_once_it_is_spent() -> None:
    clock, budget = asyncio.get_running_loop().time, TokenBuckets(rate=50, most=2)
    began = clock()
    for _ in range(4):
        await budget.spend("T1")
    assert clock() - began >= 2 / 50 - 0.005


def test_a_name_is_new_once() -> None:
    recent = SeenKeys(2)
    assert [recent.is_new(name) for name in ("a", "a", "b", "c", "a")] == [
        True,
        False,
        True,
        True,
        True,
    ]


async def roomy(_: MessageRef, *, at_once: bool) -> None:
    """There is always room."""
    assert at_once in {True, False}


def updates(edit: Any, wait_for_update_limit: Any, pause_s: float) -> MessageUpdates:
    """Of a workspace that is only these two functions."""
    messages: Any = SimpleNamespace(edit=edit, wait_for_update_limit=wait_for_update_limit)
    return MessageUpdates(messages, pause_s)


async def test_an_end_is_written_though_others_wait_for_room_and_none_of_them_writes_over_it() -> (
    None
):
    """One waits with its card in hand, for as long as the whole workspace keeps it waiting."""
    written, waits, free = list[str](), asyncio.Event(), asyncio.Event()

    async def room(_: MessageRef, *, at_once: bool) -> None:
        if not at_once:
            waits.set()
            await free.wait()

    async def write(_: MessageRef, card: Card) -> None:
        written.append(card.title)

    writing, message = updates(write, room, pause_s=0), MessageRef(HALL, "1.0")
    counters = [
        asyncio.create_task(writing.change(message, Card(f"count {number}"))) for number in range(9)
    ]
    await waits.wait()
    await writing.change(message, Card("end", final=True))
    assert written == ["end"]
    free.set()
    await asyncio.gather(*counters)
    assert written == ["end"]


async def test_what_is_taken_at_once_is_missing_to_those_who_wait() -> None:
    clock, budget = asyncio.get_running_loop().time, TokenBuckets(rate=50, most=1)
    began = clock()
    for _ in range(4):
        await budget.spend("T1", at_once=True)
    assert clock() - began < 1 / 50
    await budget.spend("T1")
    assert clock() - began >= 4 / 50 - 0.005


async def test_a_change_that_fails_is_tried_by_the_next_who_waits() -> None:
    """Nobody is told that a card stands which was never written."""
    written: list[str] = []

    async def write(_: MessageRef, card: Card) -> None:
        if not written:
            written.append("failed")
            raise OSError
        written.append(card.title)

    writing, message = updates(write, roomy, pause_s=0), MessageRef(HALL, "1.0")
    told = await asyncio.gather(
        writing.change(message, Card("one")),
        writing.change(message, Card("two")),
        return_exceptions=True,
    )
    assert [type(each) for each in told] == [OSError, type(None)]
    assert written == ["failed", "two"]


async def test_the_last_word_does_not_wait_its_turn() -> None:
    clock, written = asyncio.get_running_loop().time, list[str]()

    async def write(_: MessageRef, card: Card) -> None:
        written.append(card.title)

    writing, message, began = (
        updates(write, roomy, pause_s=0.3),
        MessageRef(HALL, "1.0"),
        clock(),
    )
    await writing.change(message, Card("first"))
    late = asyncio.create_task(writing.change(message, Card("counter")))
    await asyncio.sleep(0)
    await writing.change(message, Card("end", final=True))
    assert clock() - began < 0.3
    await late
    assert written == ["first", "end"]
