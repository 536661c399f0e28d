"""What becomes of messages later: the code in them is written anew, or they are gone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.chat.port import Removed, Snippet
from bot.chat.slack.incoming import payloads as clicks
from bot.chat.slack.incoming.payloads import PLATFORM, Act, Sources, is_direct, person_of, time_of
from bot.errors import UserError
from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]

CHANGED, GONE = "message_changed", "message_deleted"
SAID = frozenset({"", "file_share", "thread_broadcast"})
"""What people write: by itself, with a file, or in a thread and in its channel at once."""
GROUP = "mpim"


def concerns(event: Json) -> bool:
    """Whether it may be for the bot: a channel tells of all that is said there, and of each change by the bot itself."""
    if event.get("type") != "message":
        return True
    match event.get("subtype"):
        case "message_changed":
            return _is_rewritten(event.get("message") or {}, event.get("previous_message") or {})
        case "message_deleted":
            return not (event.get("previous_message") or {}).get("bot_id")
        case _:
            return is_said(event) and (
                is_direct(str(event.get("channel"))) or event.get("channel_type") == GROUP
            )


def is_alone(event: Json) -> bool:
    """Whether nothing else would ever tell of it: reactions stand under their message, and homes are opened again."""
    return event.get("type") in {"message", "app_mention", "user_change"}


def is_said(event: Json) -> bool:
    """By a person: what bots say to each other, this one with itself too, is their own business."""
    return (
        str(event.get("subtype") or "") in SAID
        and bool(event.get("user"))
        and not event.get("bot_id")
    )


def is_to(me: str, event: Json) -> bool:
    """Whether words are for the bot: in a group of people's own it is called by its name, as in a channel."""
    called = event.get("type") == "app_mention" or f"<@{me}>" in str(event.get("text") or "")
    return called or is_direct(str(event["channel"]))


def _is_rewritten(message: Json, before: Json) -> bool:
    """By a person. Slack itself changes messages, too: it adds pictures of links, and counts answers in threads."""
    by_person = message.get("user") and not message.get("bot_id") and not message.get("subtype")
    return bool(by_person and message.get("edited") and message.get("text") != before.get("text"))


def rewritten(team: str, event: Json, me: str, sources: Sources) -> Act | None:
    """A message to the bot that was edited; what is no code any more is code taken away."""
    message, channel = event["message"], str(event["channel"])
    text, ts, edited = (
        str(message.get("text") or ""),
        str(message["ts"]),
        str(message["edited"]["ts"]),
    )
    if not is_direct(channel) and f"<@{me}>" not in text:
        return None
    place, user, at = Place(PLATFORM, team, channel), str(message["user"]), time_of(edited)
    act = f"{channel}:{ts}:{edited}"
    args = _run(team, text, sources)
    code, device = args.get("code", ""), args.get("device", "")
    snippet = Snippet(
        act, person_of(team, user), place, MessageRef(place, ts), code, at, time_of(ts), device
    )
    return Act(act, team, user, place, at, snippet, thread=clicks.thread_of({"message": message}))


def _run(team: str, text: str, sources: Sources) -> Mapping[str, str]:
    """The words of a run; none where it is something else by now."""
    try:
        verb, args = clicks.words(team, text, sources)
    except UserError:
        return {}
    return args if verb == "run" else {}


def removed(team: str, event: Json, me: str, at: datetime) -> Removed:
    message = MessageRef(Place(PLATFORM, team, str(event["channel"])), str(event["deleted_ts"]))
    return Removed(
        f"{message.place.channel}:{message.id}:removed",
        Person(PLATFORM, f"{team}/{me}", ""),
        message,
        at,
    )
