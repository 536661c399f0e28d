"""People, channels and messages by the ids that Slack gives them."""

from datetime import UTC, datetime

from bot.identity import MessageRef, Person, Place

PLATFORM = "slack"
_BY_URL = "by-url"
_DIRECT = "direct"


def time_of(ts: object) -> datetime:
    """A `ts` holds seconds and microseconds of Slack's own clock."""
    return datetime.fromtimestamp(float(str(ts)), UTC)


def place_of(team: object, channel: object = "") -> Place:
    return Place(PLATFORM, str(team), str(channel))


def person_of(team: str, user: str, name: str = "") -> Person:
    """User ids are unique within a workspace only."""
    return Person(PLATFORM, f"{team}/{user}", name, groups=frozenset({user}))


def user_of(person: Person) -> str:
    return person.id.rpartition("/")[2]


def is_direct(channel: str) -> bool:
    return channel.startswith("D")


def by_url(place: Place, url: str) -> MessageRef:
    """An ephemeral card, which only the response_url of an interaction can change."""
    return MessageRef(place, f"{_BY_URL} {url}")


def direct(place: Place, channel: str, ts: str) -> MessageRef:
    return MessageRef(place, f"{_DIRECT} {channel} {ts}")


def url_of(message: MessageRef) -> str:
    """The response_url of an ephemeral card; empty for other messages."""
    kind, _, url = message.id.partition(" ")
    return url if kind == _BY_URL else ""


def is_unreachable(message: MessageRef) -> bool:
    return message.id.startswith(_BY_URL) and not url_of(message)


def channel_and_ts(message: MessageRef) -> tuple[str, str]:
    kind, _, rest = message.id.partition(" ")
    channel, _, ts = rest.partition(" ")
    return (channel, ts) if kind == _DIRECT else (message.place.channel, message.id)
