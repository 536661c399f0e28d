"""Messages as data. Each platform renders them within its limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Tone = Literal["plain", "good", "bad", "partly", "over"]
Style = Literal["normal", "primary", "quiet", "danger"]


@dataclass(frozen=True, slots=True)
class Mono:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


Span = str | Mono | Strong
Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Without markup or mentions."""

    spans: Spans
    note: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = "python"


@dataclass(frozen=True, slots=True)
class ShownOption:
    # After the end: whether it was right, and how many chose it.

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
    marked: int | None = None  # the reader's own row


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    alt: str
    name: str = "figure.png"


@dataclass(frozen=True, slots=True)
class File:
    """A stranger may have written it."""

    data: bytes
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Countdown:
    until: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """A Press with the ticked values."""

    label: str
    action: str
    options: tuple[tuple[str, str], ...]  # pairs of value and label


@dataclass(frozen=True, slots=True)
class Input:
    """A Press with one value: the text. With a `file` suffix (`.ics`): with an upload."""

    label: str
    action: str
    send: str = "Answer"
    file: str = ""


Block = Text | Code | Options | Facts | Table | Picture | File | Countdown | Choice | Input


@dataclass(frozen=True, slots=True)
class Button:
    """`action`: at most 100 characters, never the answer. `spoken`: for screen readers."""

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
    reactions: tuple[str, ...] = ()  # emoji under the message, for people to answer with
    # The message will not change again: showing this waits for no rate limit.
    final: bool = False


def text_of(spans: Iterable[Span]) -> str:
    return "".join(span if isinstance(span, str) else span.text for span in spans)


def plain_text(card: Card) -> str:
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
    verdict = {True: " (right)", False: " (wrong)", None: ""}[option.right]
    chosen = "" if option.chosen is None else f", chosen by {option.chosen}"
    return f"{verdict}{chosen}"
