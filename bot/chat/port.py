"""What a platform gives to the conversation (events) and takes from it (cards)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.chat.card import Card
from bot.identity import MessageRef, Person, Place


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody handed over. `read` fetches it; a UserError says why it cannot."""

    name: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Press:
    """A button, a set of ticked boxes, a typed answer or a file. `id` names the act: a repeat carries the same one."""

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
    """Code that stands in a person's message. One with the same message replaces it: the message was edited.

    Without code, its author took the code away. `written_at` is when the message was new, where that is not `at`.
    """

    id: str
    person: Person
    place: Place
    message: MessageRef
    code: str
    at: datetime
    written_at: datetime | None = None
    device: str = ""
    """What it is to run on, where the message says so."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A message that is gone. Whose hand it was, no platform says for sure: `person` is the bot itself."""

    id: str
    person: Person
    message: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """Somebody left a community; boards no longer show them there."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody is called otherwise now, or it is only now known what they are called."""

    id: str
    person: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody looks at the page that a platform keeps for them alone; what is shown there replaces what stood."""

    id: str
    person: Person
    place: Place
    at: datetime


@dataclass(frozen=True, slots=True)
class Returned:
    """The bot itself is on its platform again, and may have missed what people did meanwhile."""

    id: str
    person: Person
    at: datetime


Event = Press | Command | Reaction | Snippet | Removed | Leaving | Renamed | Visit | Returned


class Lost(Exception):  # noqa: N818 (a state of a place, which the conversation answers)
    """The platform no longer lets the bot into a place; trying again is of no use until somebody mends that."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that stands, and the instant its platform says it was delivered."""

    message: MessageRef
    at: datetime


class Reply(Protocol):
    """The ways to answer one event. An event delivered again gets the answers it already got, not new ones."""

    async def show(self, card: Card, key: str = "") -> Posted:
        """Say it in public; a second call replaces the first. `key` makes a repeat harmless."""

    async def whisper(self, card: Card) -> Posted:
        """Only the person sees it."""

    async def replace(self, card: Card) -> Posted:
        """Replace the private card whose button was pressed; where there is none, whisper."""


class Say(Protocol):
    """Words by their name, with values filled in: `phrases/sentences` has them."""

    def __call__(self, name: str, /, **values: object) -> str: ...


Hear = Callable[[Event, Reply], Awaitable[None]]


class Platform(Protocol):
    name: str

    async def run(self, hear: Hear) -> None:
        """Serve until cancelled."""

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        """Say it in public, once for each `key`. Lost where the bot is let in no more."""

    async def edit(self, message: MessageRef, card: Card) -> None:
        """Replace a message, public or private; a message that is gone is no error."""

    async def settle(self, message: MessageRef, emoji: Sequence[str], until: datetime) -> None:
        """Hand in the reactions under a message that may have been missed, as of `until` at the latest."""

    async def warn(self, place: Place, card: Card) -> None:
        """Tell somebody who looks after the place, in private, where the platform can."""

    async def write(self, person: Person, place: Place, card: Card, key: str) -> bool:
        """A private message, once for each `key`; False where the person takes none.

        `place` is where they are known: a platform without private rooms of its own shows it there, to them alone.
        """
