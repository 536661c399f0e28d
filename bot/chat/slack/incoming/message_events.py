"""Messages to the bot: written, edited or deleted."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from bot.chat.kit.typed_commands import Sources
from bot.chat.platform_interface import Command, Removed, Snippet
from bot.chat.slack.incoming.typed_text import read_message
from bot.chat.slack.payload import (
    PLATFORM,
    Json,
    is_direct,
    part,
    person_of,
    place_of,
    text,
    thread_of,
    time_of,
)
from bot.chat.slack.shared import Interaction
from bot.commands import RUN
from bot.errors import UserError
from bot.identity import MessageRef, Person

# Subtypes of messages that members write.
WRITTEN = frozenset({"", "file_share", "thread_broadcast"})


def is_relevant(event: Json) -> bool:
    if event.get("type") != "message":
        return True
    before = part(event, "previous_message")
    match event.get("subtype"):
        case "message_changed":
            # Slack changes messages as well: it adds previews of links, and counts replies.
            message = part(event, "message")
            is_edit = message.get("edited") and message.get("text") != before.get("text")
            is_by_member = _is_by_member(message) and not message.get("subtype")
            return bool(is_edit and is_by_member)
        case "message_deleted":
            return not before.get("bot_id")
        case _:
            in_direct = is_direct(text(event, "channel"))
            is_chat = in_direct or event.get("channel_type") == "mpim"
            return is_written(event) and is_chat


def is_lost_if_missed(event: Json) -> bool:
    # Reactions can be read later, and Home tabs are opened again.
    return event.get("type") in {"message", "app_mention", "user_change"}


def is_written(event: Json) -> bool:
    return _is_by_member(event) and text(event, "subtype") in WRITTEN


def is_addressed(bot_user: str, event: Json) -> bool:
    is_mention = event.get("type") == "app_mention" or f"<@{bot_user}>" in text(event, "text")
    return is_mention or is_direct(str(event["channel"]))


def _is_by_member(message: Json) -> bool:
    return bool(message.get("user")) and not message.get("bot_id")


def read(team: str, event: Json, sources: Sources) -> Interaction:
    verb, arguments = read_message(team, text(event, "text"), sources)
    if verb != RUN.name or "code" not in arguments:
        return command(team, event, verb, arguments)
    return _snippet(team, event, str(event["channel"]), str(event["ts"]), arguments)


def read_edit(team: str, event: Json, bot_user: str, sources: Sources) -> Interaction | None:
    """None where it does not concern the bot."""
    message = event["message"]
    channel = str(event["channel"])
    if not is_direct(channel) and f"<@{bot_user}>" not in text(message, "text"):
        return None
    arguments: dict[str, str] = {}
    with suppress(UserError):
        verb, found = read_message(team, text(message, "text"), sources)
        if verb == RUN.name:
            arguments = found
    return _snippet(team, message, channel, str(message["edited"]["ts"]), arguments)


def read_deletion(team: str, event: Json, bot_user: str, at: datetime) -> Removed:
    message = MessageRef(place_of(team, event["channel"]), str(event["deleted_ts"]))
    act = f"{event['channel']}:{message.id}:removed"
    return Removed(act, Person(PLATFORM, f"{team}/{bot_user}", ""), message, at)


def command(team: str, message: Json, verb: str, arguments: Mapping[str, str]) -> Interaction:
    channel = str(message["channel"])
    ts = str(message["ts"])
    person = person_of(team, str(message["user"]))
    place = place_of(team, channel)
    event = Command(f"{channel}:{ts}", person, place, verb, time_of(ts), arguments)
    return Interaction(event, thread_ts=thread_of({"message": message}))


def _snippet(
    team: str, message: Json, channel: str, edited_ts: str, arguments: Mapping[str, str]
) -> Interaction:
    """`edited_ts` is the message's own `ts` where it was not edited."""
    ts = str(message["ts"])
    place = place_of(team, channel)
    snippet = Snippet(
        f"{channel}:{ts}" if edited_ts == ts else f"{channel}:{ts}:{edited_ts}",
        person_of(team, str(message["user"])),
        place,
        MessageRef(place, ts),
        arguments.get("code", ""),
        time_of(edited_ts),
        time_of(ts),
        arguments.get("device", ""),
    )
    return Interaction(snippet, thread_ts=thread_of({"message": message}))
