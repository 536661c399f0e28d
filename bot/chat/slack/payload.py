"""JSON that Slack sent, in which any part may be missing or null."""

from collections.abc import Mapping
from typing import Any

from bot.chat.slack.identifiers import person_of
from bot.identity import Person

Json = dict[str, Any]


def part(payload: Mapping[str, Any], *path: str) -> Json:
    """The object at this path, or an empty one."""
    found = dict(payload)
    for name in path:
        found = found.get(name) or {}
    return found


def text(payload: Mapping[str, Any], *path: str) -> str:
    """The text at this path, or an empty one."""
    return str(part(payload, *path[:-1]).get(path[-1]) or "")


def team_of(payload: Json) -> str:
    """The workspace of the installation. In a shared channel the member may be of another one."""
    authorizations: list[Json] = payload.get("authorizations") or [{}]
    return (
        text(payload, "view", "app_installed_team_id")
        or text(authorizations[0], "team_id")
        or text(payload, "team", "id")
        or text(payload, "team_id")
        or text(payload, "user", "team_id")
    )


def member_of(payload: Json) -> Person:
    user = payload["user"]
    name = text(user, "username") or text(user, "name")
    return person_of(team_of(payload), str(user["id"]), name)


def thread_of(payload: Json) -> str:
    """The thread that a message or a press in it belongs to; the parent message is in none."""
    message = part(payload, "message")
    container = part(payload, "container")
    ts = text(container, "message_ts") or text(message, "ts")
    thread_ts = text({**message, **container}, "thread_ts")
    return "" if thread_ts == ts else thread_ts
