"""A message as data. Each platform has one renderer; only it knows that platform's limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["plain", "good", "bad", "partly", "over"]
Style = Literal["normal", "primary", "quiet", "danger"]


@dataclass(frozen=True, slots=True)
class Mono:
    """Code inside a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Emphasis inside a sentence."""

    text: str


Span = str | Mono | Strong
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, without markup or mentions."""

    spans: Spans
    note: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = "python"


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An answer with its letter. After the end: whether it was right, and how many chose it."""

    letter: str
    spans: Spans
    right: bool | None = None
    chosen: int | None = None
    why: Spans = ()


@dataclass(frozen=True, slots=True)
class Options:
    items: tuple[ShownOption, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: int | None = None
    """The reader's own row."""


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    alt: str
    name: str = "figure.png"


@dataclass(frozen=True, slots=True)
class File:
    """For what is too long to show. A stranger may have written it."""

    data: bytes
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Countdown:
    """The time left, shown together with the instant itself."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """Boxes to tick and a button: a Press with the ticked values."""

    label: str
    action: str
    options: tuple[tuple[str, str], ...]
    """Pairs of value and label."""


@dataclass(frozen=True, slots=True)
class Input:
    """A line to type and a button: a Press with the text as its only value.

    With the suffix of a `file`, such as `.ics`, a file to choose: a Press with an upload.
    """

    label: str
    action: str
    send: str = "Answer"
    file: str = ""


Block = Text | Code | Options | Facts | Table | Picture | File | Countdown | Choice | Input


@dataclass(frozen=True, slots=True)
class Button:
    """`action` comes back in the Press: at most 100 characters, and it never gives away the answer.

    `spoken` is what a screen reader says where the label alone is too short.
    """

    label: str
    action: str
    style: Style = "normal"
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    tone: Tone = "plain"
    reactions: tuple[str, ...] = ()
    """Emoji under the message, for people to answer with."""
    final: bool = False
    """The message will not change again: showing this waits for no rate limit."""


def text_of(spans: Iterable[Span]) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in spans)


def plain_text(card: Card) -> str:
    """For notifications, screen readers and logs."""
    return "\n".join([card.title, *(line for block in card.blocks for line in _lines(block))])


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Text(spans=spans):
            yield text_of(spans)
        case Code(text=text):
            yield text
        case Options(items=items):
            yield from (_option(item) for item in items)
        case Facts(pairs=pairs):
            yield from (f"{label}: {value}" for label, value in pairs)
        case Table(caption=caption, headers=headers, rows=rows):
            yield caption
            yield from (
                ", ".join(f"{head} {cell}" for head, cell in zip(headers, row, strict=True))
                for row in rows
            )
        case Picture(alt=alt):
            yield f"Figure: {alt}"
        case File(label=label, name=name):
            yield f"{label} ({name})"
        case Countdown(until=until):
            yield f"Until {until:%H:%M:%S} UTC"
        case Choice(label=label) | Input(label=label):
            yield label


def _option(option: ShownOption) -> str:
    why = f": {text_of(option.why)}" if option.why else ""
    return f"{option.letter}: {text_of(option.spans)}{outcome(option)}{why}"


def outcome(option: ShownOption) -> str:
    """Whether it was right, and how many chose it, once that may be known."""
    verdict = {True: " (right)", False: " (wrong)", None: ""}[option.right]
    chosen = "" if option.chosen is None else f", chosen by {option.chosen}"
    return f"{verdict}{chosen}"
