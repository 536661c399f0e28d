"""Web API: messages, as they are said, changed, deleted and read again."""

from typing import Any

from tests.fakes.slack import payloads, validation
from tests.fakes.slack.blocks import placed
from tests.fakes.slack.calls import Call
from tests.fakes.slack.refusals import WRONG_FORM, Refusal
from tests.fakes.slack.world import Channel, Json, Message, Team, World

NEW = frozenset({"text", "blocks", "attachments", "metadata"})


def checked(world: World, team: Team, sent: Json) -> None:
    """Refuse what the service refuses."""
    for problem in validation.message(sent):
        error, _, detail = problem.partition(": ")
        raise Refusal(error if error in WRONG_FORM else "invalid_arguments", detail)
    pictures(world, team, sent.get("blocks") or [])


def pictures(world: World, team: Team, blocks: list[Json]) -> None:
    """A file can be shown once it is uploaded and worked on."""
    for number, block in enumerate(blocks):
        for one in (block, block.get("accessory") or {}):
            if isinstance(one.get("slack_file"), dict) and not _shows(
                world, team, one["slack_file"]
            ):
                raise Refusal(
                    "invalid_blocks",
                    f"invalid slack file [json-pointer:/blocks/{number}/slack_file]",
                )


def _shows(world: World, team: Team, named: Json) -> bool:
    for one in world.files.values():
        if one.team == team.id and (
            one.id == named.get("id") or str(named.get("url", "-")).endswith(f"/{one.name}")
        ):
            return one.done and world.clock.now() >= one.ready_at
    return False


def say(
    world: World, team: Team, channel: Channel, sent: Json, *, user: str = "", reader: str = ""
) -> Message:
    message = Message(channel.id, world.ts(), user or team.bot, reader=reader)
    fill(world, message, sent)
    message.thread = str(sent.get("thread_ts") or "")
    world.messages[message.id] = message
    if not reader:
        world.tell(team, event(world, message))
    world.touch()
    return message


def fill(world: World, message: Message, sent: Json) -> None:
    message.text = str(sent.get("text") or "")
    message.blocks = placed(world, sent.get("blocks") or [])
    message.attachments = list(sent.get("attachments") or [])
    if "metadata" in sent:
        message.metadata = sent["metadata"]


def event(world: World, message: Message) -> Json:
    channel = world.channels[message.channel]
    payload = {
        **payloads.message(world, message),
        "channel": channel.id,
        "channel_type": channel.kind,
    }
    return {**payload, "event_ts": message.ts}


def altered(world: World, message: Message, before: Json, kind: str) -> Json:
    """message_changed and message_deleted."""
    channel = world.channels[message.channel]
    payload = {
        "type": "message",
        "subtype": kind,
        "channel": channel.id,
        "channel_type": channel.kind,
        "hidden": True,
    }
    payload |= {"ts": world.ts(), "previous_message": before}
    payload |= {"event_ts": payload["ts"]}
    if kind == "message_deleted":
        return {**payload, "deleted_ts": message.ts}
    return {**payload, "message": payloads.message(world, message)}


def change(world: World, message: Message, sent: Json, *, by_person: bool = False) -> None:
    """Text without blocks takes the blocks away.

    What people change is marked so, whatever it is made of.
    """
    before = payloads.message(world, message)
    fill(world, message, {"metadata": message.metadata, **sent})
    message.edits += 1
    message.edited = world.ts() if by_person or not message.blocks else ""
    if not message.reader:
        world.tell(
            world.teams[world.channels[message.channel].team],
            altered(world, message, before, "message_changed"),
        )
    world.touch()


def remove(world: World, message: Message) -> None:
    before = payloads.message(world, message)
    del world.messages[message.id]
    if not message.reader:
        world.tell(
            world.teams[world.channels[message.channel].team],
            altered(world, message, before, "message_deleted"),
        )
    world.touch()


# Methods


def _open(call: Call, channel: Channel) -> None:
    if channel.archived:
        raise Refusal("is_archived")
    public = channel.kind == "channel" and "chat:write.public" in call.world.app.scopes
    if call.there.bot not in channel.members and not public:
        raise Refusal("not_in_channel")


def post_message(call: Call) -> Json:
    world, sent = call.world, {**call.sent}
    if str(call["channel"]) in call.there.users:
        sent["channel"] = call.sent["channel"] = world.dm(call.there, str(call["channel"])).id
    channel = call.channel()
    checked(world, call.there, sent)
    _open(call, channel)
    message = say(world, call.there, channel, sent)
    payload = payloads.message(world, message)
    if message.metadata:
        payload["metadata"] = message.metadata
    return {"channel": channel.id, "ts": message.ts, "message": payload}


def post_ephemeral(call: Call) -> Json:
    world, channel = call.world, call.channel()
    checked(world, call.there, call.sent)
    _open(call, channel)
    reader = call.user()
    if reader.id not in channel.members:
        raise Refusal("user_not_in_channel")
    return {"message_ts": say(world, call.there, channel, call.sent, reader=reader.id).ts}


def update(call: Call) -> Json:
    world, channel = call.world, call.channel()
    checked(world, call.there, call.sent)
    message = call.message(channel)
    if message.user != call.there.bot:
        raise Refusal("cant_update_message")
    if channel.archived:
        raise Refusal("is_archived")
    change(world, message, call.sent)
    payload = {"channel": channel.id, "ts": message.ts, "text": message.text}
    return {**payload, "message": payloads.message(world, message)}


def delete(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel)
    if message.user != call.there.bot:
        raise Refusal("cant_delete_message")
    remove(call.world, message)
    return {"channel": channel.id, "ts": message.ts}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    link = (
        f"https://{call.there.domain}.slack.com/archives/{channel.id}/"
        f"p{message.ts.replace('.', '')}"
    )
    return {"channel": channel.id, "permalink": link}


# Reading


def _readable(call: Call) -> Channel:
    channel = call.channel()
    if call.there.bot not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def history(call: Call) -> Json:
    channel = _readable(call)
    there = [
        one
        for one in call.world.in_channel(channel.id)
        if not one.reader and one.thread in {"", one.ts}
    ]
    return _page(call, sorted(there, key=_instant, reverse=True))


def replies(call: Call) -> Json:
    channel = _readable(call)
    thread = str(call["ts"])
    there = [
        one
        for one in call.world.in_channel(channel.id)
        if not one.reader and thread in {one.ts, one.thread}
    ]
    if not there:
        raise Refusal("thread_not_found")
    return _page(call, sorted(there, key=_instant))


def _instant(message: Message) -> tuple[int, int]:
    seconds, _, rest = message.ts.partition(".")
    return int(seconds), int(rest)


def _page(call: Call, found: list[Message]) -> Json:
    """A part of the messages, between two instants, and where the next part begins."""
    oldest, latest = (
        float(call.sent.get("oldest", 0)),
        float(call.sent.get("latest", 0)) or float("inf"),
    )
    edges = bool(call.sent.get("inclusive"))
    within = [
        one
        for one in found
        if oldest < float(one.ts) < latest or (edges and float(one.ts) in {oldest, latest})
    ]
    start, most = int(call.sent.get("cursor") or 0), int(call.sent.get("limit", 100))
    page = within[start : start + most]
    more = len(within) > start + most
    cursor = str(start + most) if more else ""
    payload = [_told(call, one) for one in page]
    return {"messages": payload, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _told(call: Call, message: Message) -> Json:
    payload = payloads.message(call.world, message)
    if message.metadata and call.sent.get("include_all_metadata"):
        payload["metadata"] = message.metadata
    return payload


# Reactions


def react(call: Call) -> Json:
    message = _reacted(call)
    name = str(call["name"]).strip(":")
    if call.there.bot in message.reactions.get(name, ()):
        raise Refusal("already_reacted")
    add(call.world, message, call.there.bot, name)
    return {}


def unreact(call: Call) -> Json:
    message, name = _reacted(call), str(call["name"]).strip(":")
    if call.there.bot not in message.reactions.get(name, ()):
        raise Refusal("no_reaction")
    take(call.world, message, call.there.bot, name)
    return {}


def reactions(call: Call) -> Json:
    message = _reacted(call)
    return {
        "type": "message",
        "channel": message.channel,
        "message": payloads.message(call.world, message),
    }


def _reacted(call: Call) -> Message:
    channel = call.channel()
    if call.there.bot not in channel.members:
        raise Refusal("not_in_channel")
    return call.message(channel, "timestamp")


def add(world: World, message: Message, user: str, name: str) -> None:
    message.reactions.setdefault(name, []).append(user)
    _ring(world, message, user, name, "reaction_added")


def take(world: World, message: Message, user: str, name: str) -> None:
    message.reactions[name].remove(user)
    if not message.reactions[name]:
        del message.reactions[name]
    _ring(world, message, user, name, "reaction_removed")


def _ring(world: World, message: Message, user: str, name: str, kind: str) -> None:
    item: dict[str, Any] = {"type": "message", "channel": message.channel, "ts": message.ts}
    payload = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": item,
        "item_user": message.user,
    }
    team = world.teams[world.channels[message.channel].team]
    world.tell(team, {**payload, "event_ts": world.ts()})
    world.touch()


METHODS = {
    "chat.postMessage": (post_message, "chat:write"),
    "chat.postEphemeral": (post_ephemeral, "chat:write"),
    "chat.update": (update, "chat:write"),
    "chat.delete": (delete, "chat:write"),
    "chat.getPermalink": (permalink, ""),
    "conversations.history": (history, ":history"),
    "conversations.replies": (replies, ":history"),
    "reactions.add": (react, "reactions:write"),
    "reactions.remove": (unreact, "reactions:write"),
    "reactions.get": (reactions, "reactions:read"),
}
