"""What Slack's JSON holds: texts, times, and ids."""

from datetime import UTC, datetime
from typing import Any

from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]
PLATFORM = "slack"
_BY_URL = "by-url"
_DIRECT = "direct"


def time_of(ts: object) -> datetime:
    return datetime.fromtimestamp(float(str(ts)), UTC)


def place_of(team: object, channel: object = "") -> Place:
    return Place(PLATFORM, str(team), str(channel))


def person_of(team: str, user: str, name: str = "") -> Person:
    # User ids are unique within a workspace only.
    return Person(PLATFORM, f"{team}/{user}", name, groups=frozenset({user}))


def user_of(person: Person) -> str:
    return person.id.rpartition("/")[2]


def is_direct(channel: str) -> bool:
    return channel.startswith("D")


def ephemeral_message_ref(place: Place, url: str) -> MessageRef:
    """An ephemeral card, which only a response_url can change."""
    return MessageRef(place, f"{_BY_URL} {url}")


def direct_message_ref(place: Place, channel: str, ts: str) -> MessageRef:
    return MessageRef(place, f"{_DIRECT} {channel} {ts}")


def url_of(message: MessageRef) -> str:
    kind, _, url = message.id.partition(" ")
    return url if kind == _BY_URL else ""


def is_ephemeral(message: MessageRef) -> bool:
    return message.id.startswith(_BY_URL)


def channel_and_ts(message: MessageRef) -> tuple[str, str]:
    kind, _, rest = message.id.partition(" ")
    channel, _, ts = rest.partition(" ")
    return (channel, ts) if kind == _DIRECT else (message.place.channel, message.id)


def part(payload: Json, *path: str) -> Json:
    found = dict(payload)
    for name in path:
        found = found.get(name) or {}
    return found


def text(payload: Json, *path: str) -> str:
    return str(part(payload, *path[:-1]).get(path[-1]) or "")


def team_of(payload: Json) -> str:
    # The installation's; in a shared channel, the member may be of another one.
    authorization = (payload.get("authorizations") or [{}])[0]
    return (
        text(payload, "view", "app_installed_team_id")
        or text(authorization, "team_id")
        or text(payload, "team", "id")
        or text(payload, "team_id")
        or text(payload, "user", "team_id")
    )


def member_of(payload: Json) -> Person:
    user = payload["user"]
    name = text(user, "username") or text(user, "name")
    return person_of(team_of(payload), str(user["id"]), name)


def thread_of(payload: Json) -> str:
    """Empty for the parent message of a thread."""
    message = part(payload, "message")
    container = part(payload, "container")
    thread_ts = text({**message, **container}, "thread_ts")
    is_parent = thread_ts == (text(container, "message_ts") or text(message, "ts"))
    return "" if is_parent else thread_ts
