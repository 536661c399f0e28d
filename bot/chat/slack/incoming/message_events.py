"""Messages to the bot, and what becomes of them: they are edited or deleted."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from bot.chat.kit.typed_commands import Sources
from bot.chat.port import Command, Removed, Snippet
from bot.chat.slack.identifiers import PLATFORM, is_direct, person_of, place_of, time_of
from bot.chat.slack.incoming.typed_text import read_message
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.payload import Json, part, text, thread_of
from bot.commands import RUN
from bot.errors import UserError
from bot.identity import MessageRef, Person

WRITTEN = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of messages that members write."""


def is_relevant(event: Json) -> bool:
    """Whether it may concern the bot: Slack tells of every message in its channels."""
    if event.get("type") != "message":
        return True
    before = part(event, "previous_message")
    match event.get("subtype"):
        case "message_changed":
            return _is_edited(part(event, "message"), before)
        case "message_deleted":
            return not before.get("bot_id")
        case _:
            is_chat = (
                is_direct(
                    text(
                        event,
                        "channel",
                    )
                )
                or event.get("channel_type") == "mpim"
            )
            return is_written(event) and is_chat


def is_lost_if_missed(event: Json) -> bool:
    """Reactions can be read later, and Home tabs are opened again."""
    return event.get("type") in {"message", "app_mention", "user_change"}


def is_written(event: Json) -> bool:
    is_by_member = event.get("user") and not event.get("bot_id")
    return bool(is_by_member) and text(event, "subtype") in WRITTEN


def is_addressed(bot_user: str, event: Json) -> bool:
    """In a direct message the bot need not be mentioned."""
    is_mention = event.get("type") == "app_mention" or f"<@{bot_user}>" in text(
        event,
        "text",
    )
    return is_mention or is_direct(str(event["channel"]))


def _is_edited(message: Json, before: Json) -> bool:
    """Slack changes messages as well: it adds previews of links, and counts replies."""
    is_by_member = message.get("user") and not message.get("bot_id") and not message.get("subtype")
    is_edit = message.get("edited") and message.get("text") != before.get("text")
    return bool(is_by_member and is_edit)


def read(team: str, event: Json, sources: Sources) -> Interaction:
    """A mention comes as two events, which are one act. A UserError says what is not understood."""
    verb, arguments = read_message(team, text(event, "text"), sources)
    if verb != RUN.name or "code" not in arguments:
        return _command(team, event, verb, arguments)
    return _snippet(team, event, str(event["channel"]), str(event["ts"]), arguments)


def not_understood(team: str, event: Json) -> Interaction:
    return _command(team, event, "", {})


def read_edit(team: str, event: Json, bot_user: str, sources: Sources) -> Interaction | None:
    """None where it does not concern the bot. A message that asks for no run has no code."""
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


def _command(
    team: str,
    message: Json,
    verb: str,
    arguments: Mapping[str, str],
) -> Interaction:
    channel = str(message["channel"])
    ts = str(message["ts"])
    person = person_of(team, str(message["user"]))
    place = place_of(team, channel)
    command = Command(f"{channel}:{ts}", person, place, verb, time_of(ts), arguments)
    return Interaction(command, thread_ts=thread_of({"message": message}))


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
