"""What becomes of messages later: the code in them is written anew, or they are gone."""

from datetime import datetime
from typing import Any

from bot.chat.port import Removed, Snippet
from bot.chat.slack import click as clicks
from bot.chat.slack.click import PLATFORM, Click, Sources, is_direct, person_of, time_of
from bot.errors import UserError
from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]

CHANGED, GONE = "message_changed", "message_deleted"


def concerns(event: Json) -> bool:
    """Whether it may be for the bot: a channel tells of all that is said there, and of each change by the bot itself."""
    if event.get("type") != "message":
        return True
    match event.get("subtype"):
        case None:
            return is_direct(str(event.get("channel"))) and not event.get("bot_id")
        case "message_changed":
            return _is_rewritten(event.get("message") or {}, event.get("previous_message") or {})
        case "message_deleted":
            return not (event.get("previous_message") or {}).get("bot_id")
        case _:
            return False


def _is_rewritten(message: Json, before: Json) -> bool:
    """By a person. Slack itself changes messages, too: it adds pictures of links, and counts answers in threads."""
    by_person = message.get("user") and not message.get("bot_id") and not message.get("subtype")
    return bool(by_person and message.get("edited") and message.get("text") != before.get("text"))


def rewritten(team: str, event: Json, me: str, sources: Sources) -> Click | None:
    """A message to the bot that was edited; what is no code any more is code taken away."""
    message, channel = event["message"], str(event["channel"])
    text, ts, edited = str(message.get("text") or ""), str(message["ts"]), str(message["edited"]["ts"])
    if not is_direct(channel) and f"<@{me}>" not in text:
        return None
    place, user, at = Place(PLATFORM, team, channel), str(message["user"]), time_of(edited)
    act = f"{channel}:{ts}:{edited}"
    code = _code(team, text, sources)
    snippet = Snippet(act, person_of(team, user), place, MessageRef(place, ts), code, at, time_of(ts))
    return Click(act, team, user, place, at, snippet)


def _code(team: str, text: str, sources: Sources) -> str:
    try:
        verb, args = clicks.words(team, text, sources)
    except UserError:
        return ""
    return args.get("code", "") if verb == "run" else ""


def removed(team: str, event: Json, me: str, at: datetime) -> Removed:
    message = MessageRef(Place(PLATFORM, team, str(event["channel"])), str(event["deleted_ts"]))
    return Removed(f"{message.place.channel}:{message.id}:removed", Person(PLATFORM, f"{team}/{me}", ""), message, at)
