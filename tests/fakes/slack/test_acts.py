"""What people do on Slack, and how long the bot may take.

That covers acknowledgements, triggers, response_url, modals, repeats.
"""

from collections.abc import AsyncIterator

import pytest

from tests.fakes.denied import Denied
from tests.fakes.slack.bare import Bare, Line, button, field, modal, row, words
from tests.fakes.slack.screen import Act
from tests.fakes.slack.workspace import Member, Slack, Workspace
from tests.fakes.slack.world import Json


@pytest.fixture
async def line(bot: Bare, ada: Member) -> AsyncIterator[Line]:
    """A connection, and a question with one button before Ada."""
    async with bot.connected() as line:
        await bot.says("Which?", blocks=[words("Which?"), row(button("a"))])
        await line.acknowledge(await line.hear("message"))
        assert (await ada.finds("Which?")).buttons
        yield line


async def pressed(ada: Member, line: Line, what: str = "a") -> tuple[Act, Json]:
    act = await ada.click(what, wait=False)
    return act, await line.hear("interactive")


async def test_an_acknowledgement_counts_for_three_seconds(
    slack: Slack, ada: Member, line: Line
) -> None:
    await slack.stop_clock()
    for seconds, failed in ((2.9, False), (3.1, True)):
        act, envelope = await pressed(ada, line)
        await slack.advance(seconds)
        await line.acknowledge(envelope)
        assert (await slack.outcome(act)).failed is failed


async def test_a_trigger_opens_one_modal_within_three_seconds(
    slack: Slack, bot: Bare, ada: Member, line: Line
) -> None:
    await slack.stop_clock()
    errors = []
    for seconds, times in ((0, 2), (3.1, 1)):
        act, envelope = await pressed(ada, line)
        await line.acknowledge(envelope)
        await slack.outcome(act)
        await slack.advance(seconds)
        for _ in range(times):
            opened = await bot.ask(
                "views.open", trigger_id=envelope["payload"]["trigger_id"], view=modal(words())
            )
            errors.append(opened.error)
    assert errors == ["", "exchanged_trigger_id", "expired_trigger_id"]
    assert (
        await bot.ask("views.open", trigger_id="1.2.3", view=modal(words()))
    ).error == "invalid_trigger_id"


async def test_a_response_url_speaks_five_times_in_half_an_hour(
    slack: Slack, bot: Bare, ada: Member, line: Line
) -> None:
    _, envelope = await pressed(ada, line)
    await line.acknowledge(envelope)
    url = envelope["payload"]["response_url"]
    answers = [
        (await bot.responds(url, text=f"{n}", response_type="ephemeral")).error for n in range(6)
    ]
    assert answers == ["ok"] * 5 + ["used_url"]
    _, envelope = await pressed(ada, line)
    await line.acknowledge(envelope)
    url = envelope["payload"]["response_url"]
    await bot.responds(url, text="it is over", replace_original=True)
    assert not (await ada.finds("it is over")).private
    await slack.advance(1801)
    assert (await bot.responds(url, text="late", response_type="ephemeral")).error == "expired_url"
    assert len([seen for seen in await ada.sees() if seen.private]) == 5


async def test_what_a_private_card_becomes_goes_through_its_own_address(
    bot: Bare, ada: Member, line: Line
) -> None:
    where = {"channel": ada.channel, "user": ada.id}
    await bot.ask(
        "chat.postEphemeral",
        **where,
        text="yours",
        blocks=[words("yours"), row(button("turn", "Turn"))],
    )
    _, envelope = await pressed(ada, line, "turn")
    assert "message" not in envelope["payload"], (
        "a press on a private card does not tell what stands on it"
    )
    await line.acknowledge(envelope)
    await bot.responds(envelope["payload"]["response_url"], text="turned", replace_original=True)
    assert [seen.text for seen in await ada.sees() if seen.private] == ["turned"]


async def test_a_press_of_no_word_about_the_original_is_a_mistake(
    slack: Slack, bot: Bare, ada: Member, line: Line
) -> None:
    act, envelope = await pressed(ada, line)
    await line.acknowledge(envelope, {"text": "an answer that nobody sees"})
    await slack.outcome(act)
    await bot.responds(envelope["payload"]["response_url"], text="x")
    assert len(await slack.violations()) == 2


async def test_a_form_keeps_what_is_wrong_and_closes_with_what_is_right(
    slack: Slack, bot: Bare, ada: Member, line: Line
) -> None:
    _, envelope = await pressed(ada, line)
    await line.acknowledge(envelope)
    opened = modal(
        field(max_length=5), callback_id="answer", private_metadata="q1", notify_on_close=True
    )
    shown = (
        await bot.ask("views.open", trigger_id=envelope["payload"]["trigger_id"], view=opened)
    ).body["view"]
    for given, why in ((("123456",), "wrong length"), (("",), "must be filled in")):
        with pytest.raises(Denied, match=why):
            await ada.submit(*given)
    act = await ada.submit("x", wait=False)
    sent = await line.hear("interactive")
    assert sent["payload"]["view"]["state"]["values"] == {
        "answer": {"line": {"type": "plain_text_input", "value": "x"}}
    }
    await line.acknowledge(sent, {"response_action": "errors", "errors": {"answer": "No number."}})
    assert (
        (await slack.outcome(act)).errors == (await ada.modal()).errors == {"answer": "No number."}
    )
    stale = await bot.ask(
        "views.update", view_id=shown["id"], hash="old", view=modal(words("late"))
    )
    assert stale.error == "hash_conflict"
    act = await ada.submit("3", wait=False)
    await line.acknowledge(await line.hear("interactive"))
    await slack.outcome(act)
    assert await ada.depth() == 0
    assert (
        await bot.ask("views.update", view_id=shown["id"], view=modal(words("gone")))
    ).error == "not_found"


async def test_modals_stand_on_one_another_three_at_most(
    bot: Bare, ada: Member, line: Line
) -> None:
    _, envelope = await pressed(ada, line)
    await line.acknowledge(envelope)
    more = modal(words(), row(button("more")), notify_on_close=True)
    await bot.ask("views.open", trigger_id=envelope["payload"]["trigger_id"], view=more)
    errors = []
    for _ in range(3):
        await ada.click("more", on=await ada.modal(), wait=False)
        envelope = await line.hear("interactive")
        await line.acknowledge(envelope)
        errors.append(
            (
                await bot.ask("views.push", trigger_id=envelope["payload"]["trigger_id"], view=more)
            ).error
        )
    assert errors == ["", "", "push_limit_reached"]
    await ada.close(everything=True)
    closed = [(await line.hear("interactive"))["payload"] for _ in range(3)]
    assert all(one["type"] == "view_closed" and one["is_cleared"] for one in closed)


async def test_an_unheard_event_comes_again_with_its_own_id(
    slack: Slack, ada: Member, line: Line
) -> None:
    """At once, after a minute, after five; then it is lost."""
    await slack.stop_clock()
    await ada.react("a", on="Which?")
    heard = []
    for pause in (0, 0, 60, 300):
        await slack.advance(pause)
        heard.append(await line.hear("reaction_added"))
        await slack.advance(3.1)
    assert len({one["payload"]["event_id"] for one in heard}) == 1
    assert [one["retry_attempt"] for one in heard] == [0, 1, 2, 3]
    assert heard[1]["retry_reason"] == "timeout"


async def test_what_was_on_its_way_when_the_line_broke_comes_again(
    slack: Slack, bot: Bare, ada: Member
) -> None:
    async with bot.connected() as line:
        await ada.writes("hello?")
        lost = await line.hear("message")
        await slack.drop()
    async with bot.connected() as line:
        again = await line.hear("message")
        assert again["payload"]["event_id"] == lost["payload"]["event_id"]
        await line.acknowledge(again)
        await slack.heard("message")


async def test_everything_may_come_twice_and_out_of_order(
    slack: Slack, ada: Member, line: Line
) -> None:
    await slack.twice(2)
    await ada.click("a", wait=False)
    await ada.react("a", on="Which?")
    kinds = [(await line.next())["type"] for _ in range(4)]
    assert sorted(kinds) == ["events_api", "events_api", "interactive", "interactive"]
    await slack.hold()
    for name in "bc":
        await ada.react(name, on="Which?")
    await slack.release(backwards=True)
    assert [(await line.next())["payload"]["event"]["reaction"] for _ in range(2)] == ["c", "b"]


async def test_ten_connections_share_what_comes(bot: Bare, ada: Member, home: Workspace) -> None:
    async with bot.connected() as one, bot.connected() as other:
        for text in "ab":
            await ada.writes(text)
        assert {
            (await line.hear("message"))["payload"]["event"]["text"] for line in (one, other)
        } == {"a", "b"}
        await ada.writes(f"<@{home.bot}> hello")
        told = [(await line.next())["payload"] for line in (one, other)]
        assert {each["event"]["type"] for each in told} == {"message", "app_mention"}
        assert len({each["event"]["ts"] for each in told}) == 1
        assert len({each["event_id"] for each in told}) == 2


async def test_an_acknowledgement_of_nothing_is_a_mistake(
    slack: Slack, ada: Member, line: Line
) -> None:
    _, envelope = await pressed(ada, line)
    await line.acknowledge(envelope)
    await line.acknowledge(envelope)
    await line.socket.send_str("hello")
    await slack.until(lambda known: len(known["violations"]) == 2, "peek", what="two violations")
    assert len(await slack.violations()) == 2
