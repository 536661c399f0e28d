"""Messages on Slack.

The tests show what is taken or refused, what a change does, and what nobody may see.
"""

import pytest

from tests.fakes.denied import Denied
from tests.fakes.slack.bare import Bare, button, row, words
from tests.fakes.slack.workspace import Member, Slack, Workspace
from tests.fakes.slack.world import Json


async def test_text_without_blocks_takes_the_blocks_away(bot: Bare, ada: Member) -> None:
    said = (await bot.says("a question", blocks=[words("Which?"), row(button("a"))])).body
    where = {"channel": said["channel"], "ts": said["ts"]}
    await bot.ask("chat.update", **where, text="still", blocks=[words("Which?"), row(button("b"))])
    assert "edited" not in (await ada.finds("Which?")).shape, "with blocks the mark is not shown"
    await bot.ask("chat.update", **where, text="gone")
    seen = await ada.finds("gone")
    assert (seen.blocks, seen.edits, "edited" in seen.shape) == ([], 2, True)
    with pytest.raises(Denied, match="there is no 'b'"):
        await ada.click("b", on=seen)


async def test_a_private_message_is_one_persons_and_cannot_be_changed(
    bot: Bare, ada: Member, bob: Member
) -> None:
    where = {"channel": ada.channel}
    said = await bot.ask(
        "chat.postEphemeral",
        **where,
        user=ada.id,
        text="only for Ada",
        blocks=[words("only for Ada")],
    )
    assert (await ada.finds("only for Ada")).private
    assert await bob.sees() == []
    for method, more in (("chat.update", {"text": "x"}), ("chat.delete", {})):
        refused = await bot.ask(method, **where, ts=said.body["message_ts"], **more)
        assert refused.error == "message_not_found"
    with pytest.raises(Denied, match="takes no reactions"):
        await ada.react("a", on=await ada.finds("only for Ada"))
    assert (
        await bot.ask("chat.postEphemeral", **where, user="U0", text="x")
    ).error == "user_not_found"
    await bob.leave()
    assert (
        await bot.ask("chat.postEphemeral", **where, user=bob.id, text="x")
    ).error == "user_not_in_channel"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [words()] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [words("")]}, "invalid_blocks"),
        ({"text": "x", "blocks": [words("x" * 3001)]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "unheard of"}]}, "invalid_blocks"),
        (
            {"text": "x", "blocks": [{**words(), "block_id": "b"}, {**words(), "block_id": "b"}]},
            "invalid_blocks",
        ),
        ({"text": "x", "blocks": [row(button("a"), button("a"))]}, "invalid_blocks"),
        ({"text": "x", "blocks": [row(button("a", "l" * 76))]}, "invalid_blocks"),
        ({"text": "x", "blocks": [row(button("a" * 256))]}, "invalid_blocks"),
        ({"text": "x", "blocks": [row(button("a", value="v" * 2001))]}, "invalid_blocks"),
        ({"text": "x", "blocks": [row(*(button(f"a{n}") for n in range(26)))]}, "invalid_blocks"),
        ({"text": "x", "blocks": [row()]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "image", "alt_text": "x"}]}, "invalid_blocks"),
        (
            {
                "text": "x",
                "blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}],
            },
            "invalid_blocks",
        ),
        ({"text": "x", "blocks": [words("<!date^noon^{time}|noon>")]}, "invalid_blocks"),
        ({"blocks": [words()]}, "invalid_arguments"),
        ({"text": "x", "metadata": {"event_type": "q"}}, "invalid_metadata_format"),
    ],
)
async def test_what_breaks_a_limit_is_refused_and_remembered(
    slack: Slack, bot: Bare, said: Json, error: str
) -> None:
    assert (
        await bot.ask("chat.postMessage", channel=bot.home.channels["general"], **said)
    ).error == error
    assert await slack.violations()


@pytest.mark.parametrize("token", ["", "xoxb-nobody"])
async def test_a_wrong_token_is_refused(bot: Bare, token: str) -> None:
    assert (await bot.ask("auth.test", token=token)).error == (
        "invalid_auth" if token else "not_authed"
    )


async def test_places_are_closed_one_by_one(home: Workspace, bot: Bare, ada: Member) -> None:
    await home.channel("secret", private=True, bot=False)
    await home.channel("open", bot=False)
    await home.channel("old")
    await home.archive("old")
    assert (await bot.says("x", "secret")).error == "channel_not_found"
    assert (await bot.says("x", "open")).body["ok"], "chat:write.public"
    assert (
        await bot.ask("conversations.history", channel=home.channels["open"])
    ).error == "not_in_channel"
    assert (await bot.says("x", "old")).error == "is_archived"
    await home.kick_bot()
    theirs = await ada.writes("a word")
    _, _, ts = theirs.partition(":")
    assert (
        await bot.ask("reactions.add", channel=ada.channel, timestamp=ts, name="a")
    ).error == "not_in_channel"
    assert (
        await bot.ask("chat.update", channel=ada.channel, ts=ts, text="x")
    ).error == "cant_update_message"


async def test_history_comes_in_pages_with_what_was_written_behind_it(bot: Bare) -> None:
    for text in "abc":
        await bot.says(text, metadata={"event_type": "said", "event_payload": {"key": text}})
    where: Json = {
        "channel": bot.home.channels["general"],
        "limit": 2,
        "include_all_metadata": True,
    }
    first = (await bot.ask("conversations.history", **where)).body
    assert [one["metadata"]["event_payload"]["key"] for one in first["messages"]] == ["c", "b"]
    rest = await bot.ask(
        "conversations.history", **where, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [one["text"] for one in rest.body["messages"]] == ["a"]
    since = await bot.ask("conversations.history", **where, oldest=rest.body["messages"][0]["ts"])
    assert [one["text"] for one in since.body["messages"]] == ["c", "b"]


async def test_a_file_is_shown_once_slack_is_done_with_it(
    slack: Slack, bot: Bare, ada: Member
) -> None:
    await slack.stop_clock()
    await slack.file_delay(2)
    one = await bot.uploads("plot.png", b"\x89PNG")
    picture = {"type": "image", "slack_file": {"id": one}, "alt_text": "A curve"}
    refused = await bot.says("x", blocks=[picture])
    assert "invalid slack file" in refused.body["errors"][0]
    assert await slack.violations()
    await slack.advance(2)
    assert (await bot.says("x", blocks=[picture])).body["ok"]
    await ada.finds("A curve")
    told = (await bot.ask("files.info", file=one)).body["file"]
    assert await slack.file(told["url_private"], bot.home.token) == b"\x89PNG"


async def test_whom_words_would_call_is_seen(bot: Bare, ada: Member) -> None:
    await bot.says("x", blocks=[words(f"<@{ada.id}> and <!channel>")])
    await bot.says("&lt;!channel&gt;")
    assert [seen.pings for seen in await ada.sees()] == [(f"<@{ada.id}>", "<!channel>"), ()]


async def test_what_people_type_comes_escaped_and_as_they_typed_it(bot: Bare, ada: Member) -> None:
    async with bot.connected() as line:
        await ada.writes("a < b & c\n```\nx = 1\n```")
        event = (await line.hear("message"))["payload"]["event"]
    assert event["text"] == "a &lt; b &amp; c\n```\nx = 1\n```"
    assert [part["type"] for part in event["blocks"][0]["elements"]] == [
        "rich_text_section",
        "rich_text_preformatted",
    ]
