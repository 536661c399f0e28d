"""The port to platforms: events in, cards out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.chat.card import Card
from bot.identity import MessageRef, Person, Place


@dataclass(frozen=True, slots=True)
class Upload:
    # A UserError says why it cannot be downloaded.

    name: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Press:
    """Delivered twice, it has the same `id`."""

    id: str
    person: Person
    place: Place
    message: MessageRef | None
    action: str
    at: datetime
    values: tuple[str, ...] = ()
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Command:
    id: str
    person: Person
    place: Place
    name: str
    at: datetime
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reaction:
    id: str
    person: Person
    message: MessageRef
    emoji: str
    added: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Snippet:
    """After an edit it comes again, without code if that was removed."""

    id: str
    person: Person
    place: Place
    message: MessageRef
    code: str
    at: datetime
    written_at: datetime | None = None
    device: str = ""  # what to run it on


@dataclass(frozen=True, slots=True)
class Removed:
    """`person` is the bot itself: platforms do not say who did it."""

    id: str
    person: Person
    message: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """Of a community."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Renamed:
    id: str
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """To the home page, whose content is replaced."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """The bot is connected again, and may have missed events."""

    id: str
    person: Person
    at: datetime


Event = Press | Command | Reaction | Snippet | Removed | Leaving | Renamed | Visit | Returned


class Lost(Exception):  # noqa: N818 (a state of a place, which the conversation answers)
    """The bot is not let into a place."""


@dataclass(frozen=True, slots=True)
class Posted:
    """`at`: by the clock of the platform."""

    message: MessageRef
    at: datetime


class Reply(Protocol):
    """Delivered twice, an event is answered once."""

    async def show(self, card: Card, key: str = "") -> Posted:
        """A second call replaces the first. `key` makes a repeat harmless."""

    async def whisper(self, card: Card) -> Posted: ...

    async def replace(self, card: Card) -> Posted:
        """Replaces the private card that was pressed, or whispers."""


class Say(Protocol):
    """The sentence of that name in `phrases/sentences`."""

    def __call__(self, name: str, /, **values: object) -> str: ...


Hear = Callable[[Event, Reply], Awaitable[None]]


class Platform(Protocol):
    name: str

    async def run(self, hear: Hear) -> None:
        """Serve until cancelled."""

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        """Once for each `key`. Raises Lost."""

    async def edit(self, message: MessageRef, card: Card) -> None:
        """One that is gone is no error."""

    async def read_missed_reactions(
        self, message: MessageRef, emoji: Sequence[str], until: datetime
    ) -> None:
        """Hears reactions that were missed, as of `until` at the latest."""

    async def warn(self, place: Place, card: Card) -> None:
        """In private, to somebody who looks after the place."""

    async def send_private(self, person: Person, place: Place, card: Card, key: str) -> bool:
        """False if they take none. Without direct messages it is shown in `place`."""
