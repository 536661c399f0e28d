"""REST: the one answer to an interaction, and what may follow it for fifteen minutes."""

from collections.abc import Callable

from tests.fakes.discord import acts, messages, payloads, validation
from tests.fakes.discord.calls import NOTHING, Answer, Call, Route
from tests.fakes.discord.components import placed
from tests.fakes.discord.refusals import malformed, refusal
from tests.fakes.discord.world import EPHEMERAL, LOADING, V2, Interaction, Json, Message, World

SAY, DEFER, DEFER_TURN, TURN, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ANSWERS = {
    acts.COMMAND: {SAY, DEFER, MODAL},
    acts.COMPONENT: {SAY, DEFER, DEFER_TURN, TURN, MODAL},
    acts.COMPLETION: {CHOICES},
    acts.FORM: {SAY, DEFER},
}
SAID = EPHEMERAL | V2 | 4 | 1 << 12
HOOK = "/webhooks/{webhook_id}/{webhook_token}"


def callback(call: Call) -> Answer:
    world = call.world
    act = world.interactions.get(call["interaction_token"])
    if act is None or act.id != call["interaction_id"]:
        raise refusal(10062)
    if act.answer is not None:
        raise refusal(40060)
    if world.clock.now() > act.at + acts.ANSWER_S:
        raise refusal(10062)
    kind = _allowed(act, call.sent.get("type"))
    DEEDS[kind](call, act, call.sent.get("data") or {})
    act.answer, act.answered_at = kind, world.clock.now()
    act.settled.set()
    world.touch()
    return (
        Answer(_receipt(world, act))
        if call.query.get("with_response") in {"1", "true"}
        else NOTHING
    )


def _allowed(act: Interaction, kind: object) -> int:
    allowed = ANSWERS[act.kind] | (
        {DEFER_TURN, TURN} if act.kind == acts.FORM and act.message else set()
    )
    if not isinstance(kind, int) or kind not in allowed:
        raise malformed({"type": f"This interaction is answered by one of {sorted(allowed)}."})
    return kind


def _receipt(world: World, act: Interaction) -> Json:
    payload: Json = {"id": act.id, "type": act.kind, "channel_id": act.channel}
    message = act.message if act.answer in {DEFER_TURN, TURN} else act.original
    if message is None:
        return {"interaction": payload}
    payload["response_message_id"] = message.id
    payload["response_message_ephemeral"] = bool(message.reader)
    payload["response_message_loading"] = act.waiting
    resource: Json = {"type": act.answer}
    if act.answer in {SAY, TURN}:
        resource["message"] = payloads.message(world, message)
    return (
        {"interaction": payload, "resource": resource}
        if "message" in resource
        else {"interaction": payload}
    )


# The answers


def _flags(sent: Json) -> int:
    flags = sent.get("flags") or 0
    if not isinstance(flags, int) or flags & ~SAID:
        raise malformed({"data.flags": "An answer cannot have these flags."})
    return flags


def _reader(act: Interaction, flags: int) -> str:
    return act.user if flags & EPHEMERAL else ""


def _say(call: Call, act: Interaction, sent: Json) -> None:
    channel, reader = call.world.channels[act.channel], _reader(act, _flags(sent))
    act.original = messages.say(call.world, channel, sent, call.files, reader=reader, act=act)


def _defer(call: Call, act: Interaction, sent: Json) -> None:
    world = call.world
    message = Message(
        world.ids.next(),
        act.channel,
        world.bot.id,
        world.clock.iso(),
        flags=LOADING,
        interaction=act,
    )
    message.reader = _reader(act, _flags(sent))
    act.original, act.waiting = message, True
    messages.keep(world, message)


def _turn(call: Call, act: Interaction, sent: Json) -> None:
    assert act.message
    if act.message.id not in call.world.messages:
        raise refusal(10008)
    if wrong := messages.wrong_v2(act.message, sent):
        raise wrong
    messages.change(call.world, act.message, sent, call.files)


def _nothing(call: Call, act: Interaction, sent: Json) -> None:
    """Deferred without a word: the message stands as it is."""


def _choices(_: Call, act: Interaction, sent: Json) -> None:
    if problems := validation.choices(sent):
        raise malformed(problems)
    act.choices = sent["choices"]


def _modal(call: Call, act: Interaction, sent: Json) -> None:
    if problems := validation.modal(sent):
        raise malformed(problems)
    act.modal = {**sent, "components": placed(call.world, sent["components"], [])}


DEEDS: dict[int, Callable[[Call, Interaction, Json], None]] = {
    SAY: _say,
    DEFER: _defer,
    DEFER_TURN: _nothing,
    TURN: _turn,
    CHOICES: _choices,
    MODAL: _modal,
}


# What follows


def _act(call: Call) -> Interaction:
    act = call.world.interactions.get(call["webhook_token"])
    if act is None or call["webhook_id"] != call.world.bot.id or act.answer is None:
        raise refusal(10015)
    if call.world.clock.now() > act.at + acts.TOKEN_S:
        raise refusal(50027)
    return act


def follow(call: Call) -> Answer:
    world, act = call.world, _act(call)
    call.rates.hidden("followed", act.channel, world.clock.elapsed())
    flags = _flags(call.sent)
    if act.waiting and act.original:
        message = _fill(call, act, act.original)
    else:
        channel = world.channels[act.channel]
        message = messages.say(
            world, channel, call.sent, call.files, reader=_reader(act, flags), act=act
        )
    return Answer(payloads.message(world, message))


def _fill(call: Call, act: Interaction, original: Message) -> Message:
    """The first words after a deferral take its place, and its privacy."""
    messages.change(call.world, original, call.sent, call.files)
    original.edited, act.waiting = None, False
    return original


def _theirs(call: Call, act: Interaction) -> Message:
    """A message that this interaction's token reaches."""
    wanted = call.params.get("message_id", "@original")
    if wanted == "@original":
        message = act.message if act.answer in {DEFER_TURN, TURN} else act.original
    else:
        reached = [
            *act.message_ids,
            *([act.message.id] if act.message and act.answer in {DEFER_TURN, TURN} else []),
        ]
        message = call.world.messages.get(wanted) if wanted in reached else None
    if message is None or message.id not in call.world.messages:
        raise refusal(10008)
    return message


def get(call: Call) -> Answer:
    return Answer(payloads.message(call.world, _theirs(call, _act(call))))


def edit(call: Call) -> Answer:
    act = _act(call)
    message = _theirs(call, act)
    if wrong := messages.wrong_v2(message, call.sent):
        raise wrong
    if act.waiting and message is act.original:
        return Answer(payloads.message(call.world, _fill(call, act, message)))
    messages.change(call.world, message, call.sent, call.files)
    return Answer(payloads.message(call.world, message))


def delete(call: Call) -> Answer:
    act = _act(call)
    message = _theirs(call, act)
    messages.remove(call.world, message)
    act.waiting = act.waiting and message is not act.original
    return NOTHING


ROUTES = (
    Route(
        "POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback, open=True
    ),
    Route("POST", HOOK, follow, open=True),
    Route("GET", f"{HOOK}/messages/@original", get, open=True),
    Route("PATCH", f"{HOOK}/messages/@original", edit, open=True),
    Route("DELETE", f"{HOOK}/messages/@original", delete, open=True),
    Route("GET", f"{HOOK}/messages/{{message_id}}", get, open=True),
    Route("PATCH", f"{HOOK}/messages/{{message_id}}", edit, open=True),
    Route("DELETE", f"{HOOK}/messages/{{message_id}}", delete, open=True),
)
