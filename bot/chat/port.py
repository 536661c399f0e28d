"""The port between platforms and the conversation: events in, cards out."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.chat.card import Card
from bot.identity import MessageRef, Person, Place


@dataclass(frozen=True, slots=True)
class Upload:
    """`read` downloads the file. A UserError says why it cannot."""

    name: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Press:
    """A button, ticked boxes, a typed line or a file. Delivered twice, it has the same `id`."""

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
    """Code in a message. After an edit it comes again, without code if that was removed.

    `written_at`: when the message was new, if that is not `at`.
    """

    id: str
    person: Person
    place: Place
    message: MessageRef
    code: str
    at: datetime
    written_at: datetime | None = None
    device: str = ""
    """What to run it on, if the message says so."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A message was deleted. `person` is the bot itself: platforms do not say who did it."""

    id: str
    person: Person
    message: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody left a community."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody's name changed, or became known."""

    id: str
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody opened their own home page. What is shown replaces its content."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """The bot is connected again, and may have missed what people did meanwhile."""

    id: str
    person: Person
    at: datetime


Event = Press | Command | Reaction | Snippet | Removed | Leaving | Renamed | Visit | Returned


class Lost(Exception):  # noqa: N818 (a state of a place, which the conversation answers)
    """The platform does not let the bot into a place until somebody mends that."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message, and when its platform says it was delivered."""

    message: MessageRef
    at: datetime


class Reply(Protocol):
    """How one event is answered. Delivered twice, it is answered once."""

    async def show(self, card: Card, key: str = "") -> Posted:
        """In public; a second call replaces the first. `key` makes a repeat harmless."""

    async def whisper(self, card: Card) -> Posted:
        """Seen by the person alone."""

    async def replace(self, card: Card) -> Posted:
        """Replaces the private card that was pressed; without one, whispers."""


class Say(Protocol):
    """The sentence of that name in `phrases/sentences`, with its values filled in."""

    def __call__(self, name: str, /, **values: object) -> str: ...


Hear = Callable[[Event, Reply], Awaitable[None]]


class Platform(Protocol):
    name: str

    async def run(self, hear: Hear) -> None:
        """Serve until cancelled."""

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        """In public, once for each `key`. Raises Lost."""

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replaces a message; one that is gone is no error."""

    async def settle(self, message: MessageRef, emoji: Sequence[str], until: datetime) -> None:
        """Hears reactions that were missed, as of `until` at the latest."""

    async def warn(self, place: Place, card: Card) -> None:
        """In private, to somebody who looks after the place, if possible."""

    async def write(self, person: Person, place: Place, card: Card, key: str) -> bool:
        """A private message, once for each `key`; False if they take none.

        `place`: where they are known. A platform without direct messages shows it there.
        """
