"""What people do that the bot must acknowledge, from its beginning to its answer or its failure."""

from collections.abc import Callable
from typing import Any

from tests.fakes.denied import Denied
from tests.fakes.slack import chat, modals, payloads, validation
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import Act, Channel, Json, Message, Team, User, View, World

SLASH, PRESS, SUBMIT, CLOSED, MENU, SHORTCUT, SUGGEST = (
    "slash block_actions view_submission view_closed message_action shortcut block_suggestion"
).split()
ACK_S = TRIGGER_S = 3.0
URL_USES, URL_S = 5, 30 * 60.0


def begin(
    world: World,
    kind: str,
    user: str,
    *,
    channel: Channel | None = None,
    message: Message | None = None,
    view: View | None = None,
    name: str = "",
) -> Act:
    team, person = world.known(user)
    _may_act(team, person, channel)
    where = channel.id if channel else ""
    act = Act(world.ts(), kind, team.id, user, world.clock.now(), where, message, view, name)
    act.trigger = f"{act.id}.{team.id}.{world.id('x')}"
    world.acts[act.id] = world.triggers[act.trigger] = world.urls[act.url] = act
    return act


def _may_act(team: Team, person: User, channel: Channel | None) -> None:
    if not team.installed:
        raise Denied("the app is not installed in this workspace")
    if person.deleted:
        raise Denied("their account is deactivated")
    if channel and person.id not in channel.members:
        raise Denied("they are not in this channel")


# What an acknowledgement brings with it


def acknowledge(world: World, act: Act, answer: Any) -> list[str]:
    """Take the acknowledgement, with what it says; return what is wrong with it."""
    act.acked_at, act.answer = world.clock.now(), answer
    wrong: list[str] = []
    try:
        ANSWERS.get(act.kind, _silent)(world, act, answer)
    except Refusal as refused:
        wrong = [f"the acknowledgement of a {act.kind} was refused: {refused}"]
    world.touch()
    return wrong


def _silent(world: World, act: Act, answer: Any) -> None:
    if answer:
        raise Refusal("invalid_arguments", f"nothing may come with it, not {str(answer)[:80]}")


def _said(world: World, act: Act, answer: Any) -> None:
    """A slash command may be answered with words."""
    if not answer:
        return
    sent = {"text": answer} if isinstance(answer, str) else answer
    speak(world, act, sent)


def speak(world: World, act: Act, sent: Json) -> Message:
    """In the channel, or to the person alone."""
    team = world.teams[act.team]
    chat.checked(world, team, sent)
    reader = "" if sent.get("response_type") == "in_channel" else act.user
    message = chat.say(world, team, world.channels[act.channel], sent, reader=reader)
    act.message_ids.append(message.id)
    return message


def _submitted(world: World, act: Act, answer: Any) -> None:
    assert act.view
    person = world.teams[act.team].users[act.user]
    if not answer:
        modals.pop(person)
        return
    action = SUBMITTED.get(answer.get("response_action") if isinstance(answer, dict) else None)
    if action is None:
        raise Refusal("invalid_arguments", f"response_action is one of {sorted(SUBMITTED)}")
    action(world, act, person, answer)


def _errors(world: World, act: Act, person: User, answer: Json) -> None:
    assert act.view
    inputs = {block["block_id"] for block in act.view.body["blocks"] if block["type"] == "input"}
    errors = answer.get("errors")
    if (
        not isinstance(errors, dict)
        or not errors
        or not set(errors) <= inputs
        or not all(errors.values())
    ):
        raise Refusal(
            "invalid_arguments", f"errors name inputs of the view ({sorted(inputs)}), not {errors}"
        )
    act.view.errors = errors


def _changed(world: World, act: Act, person: User, answer: Json) -> None:
    assert act.view
    modals.replace(world, act.view, _modal(world, act, answer))


def _pushed(world: World, act: Act, person: User, answer: Json) -> None:
    if len(person.stack) >= modals.DEEPEST:
        raise Refusal("push_limit_reached")
    modals.opened(world, act, _modal(world, act, answer), above=True)


def _modal(world: World, act: Act, answer: Json) -> Json:
    if problems := validation.view(answer.get("view"), ("modal",)):
        raise Refusal("invalid_arguments", *problems)
    return modals.kept(world, world.teams[act.team], answer["view"])


def _cleared(world: World, act: Act, person: User, answer: Json) -> None:
    modals.clear(person)


def _suggested(world: World, act: Act, answer: Any) -> None:
    if not isinstance(answer, dict) or not (
        isinstance(answer.get("options"), list) or "option_groups" in answer
    ):
        raise Refusal("invalid_arguments", "options or option_groups")


SUBMITTED: dict[Any, Callable[[World, Act, User, Json], None]] = {
    "errors": _errors,
    "update": _changed,
    "push": _pushed,
    "clear": _cleared,
}
ANSWERS: dict[str, Callable[[World, Act, Any], None]] = {
    SLASH: _said,
    SUBMIT: _submitted,
    SUGGEST: _suggested,
}


# response_url


def respond(world: World, token: str, sent: Any) -> None:
    """Say something through the address that came with an act."""
    act = world.urls.get(token)
    if act is None or not act.channel or not world.teams[act.team].installed:
        raise Refusal("no_such_url")
    if act.url_uses >= URL_USES:
        raise Refusal("used_url")
    if world.clock.now() > act.at + URL_S:
        raise Refusal("expired_url")
    act.url_uses += 1
    if not isinstance(sent, dict):
        raise Refusal("invalid_json")
    _responded(world, act, sent)


def _responded(world: World, act: Act, sent: Json) -> None:
    there = world.messages.get(act.message.id) if act.message else None
    if sent.get("delete_original"):
        if there:
            chat.remove(world, there)
        return
    if act.message and not {"replace_original", "response_type"} & set(sent):
        raise Refusal(
            "invalid_arguments",
            "say replace_original or response_type: clients differ in what they assume",
        )
    if sent.get("replace_original") and act.message:
        chat.checked(world, world.teams[act.team], sent)
        if there is None:
            raise Refusal("message_not_found")
        chat.change(world, there, sent)
        act.message_ids.append(there.id)
        return
    speak(world, act, sent)


def outcome(world: World, act: Act) -> Json:
    """What became of it, for the person who did it."""
    view = act.opened if act.opened and act.opened.open else None
    errors = act.view.errors if act.view and act.view.open else {}
    return {
        "id": act.id,
        "acknowledged": act.acked_at is not None,
        "after": None if act.acked_at is None else act.acked_at - act.at,
        "answer": act.answer,
        "messages": act.message_ids,
        "view": payloads.view(world, view) if view else None,
        "errors": errors,
        "at": act.at,
    }
