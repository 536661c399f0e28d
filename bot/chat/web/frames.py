"""What a page may send, read strictly: anything else is answered with a sentence, never with a fault."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.port import Upload
from bot.errors import UserError

LONGEST_LINE = 2000
LONGEST_CODE = 20_000
"""Characters of a command: some are followed by code."""
LONGEST_WITH_CODE = 8000
"""Characters of words for everyone with a block of code among them."""
FENCE = "```"
LARGEST_FRAME = 256 * 1024

_ACT = re.compile(r"[A-Za-z0-9_-]{16,64}")
_ID = re.compile(r"[0-9]{1,18}")
_LONGEST_ACTION = 100
_LONGEST_EMOJI = 32
_MOST_VALUES = 32


@dataclass(frozen=True, slots=True)
class Line:
    """Something typed: words for everyone, or a command."""

    id: str
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    id: str
    channel: str
    message: int
    action: str
    values: tuple[str, ...]
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    id: str
    channel: str
    message: int
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True)
class Ran:
    """The press that runs a block of code out of somebody's words."""

    id: str
    channel: str
    message: int
    block: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """Asks for the messages of a channel before one."""

    channel: str
    before: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Asks what time it is."""

    sent: float


Act = Line | Pressed | Reacted | Ran
Frame = Act | Earlier | Clock


def read(raw: str, channels: Collection[str]) -> Frame:
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        fields = None
    if (
        not isinstance(fields, dict)
        or not isinstance(kind := fields.get("kind"), str)
        or kind not in _KINDS
    ):
        raise UserError("That was not understood. Reload the page and try again.")
    return _KINDS[kind](_Fields(fields, channels))


def handed_over(fields: Mapping[str, str], upload: Upload, channels: Collection[str]) -> Pressed:
    """A file, with what a press of its button would say."""
    read_ = _Fields(dict(fields), channels)
    action = read_.words("action", _LONGEST_ACTION)
    return Pressed(read_.act(), read_.channel(), read_.number("message"), action, (), upload)


def act_id(raw: str) -> str | None:
    """The act that a frame names, even where the rest of it makes no sense."""
    try:
        act = json.loads(raw)["id"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return act if isinstance(act, str) and _ACT.fullmatch(act) else None


class _Fields:
    def __init__(self, fields: dict[str, Any], channels: Collection[str]) -> None:
        self._fields, self._channels = fields, channels

    def act(self) -> str:
        return self._matching("id", _ACT)

    def number(self, name: str) -> int:
        return int(self._matching(name, _ID))

    def channel(self) -> str:
        channel = self._text("channel")
        if channel not in self._channels:
            raise UserError(
                "There is no such channel here any more. Reload the page to see which there are."
            )
        return channel

    def words(self, name: str, longest: int) -> str:
        words = _printable(self._text(name)).strip()
        if not words:
            raise UserError("There was nothing in it. Type something first.")
        if len(words) > longest:
            raise UserError(f"That is too long: at most {longest} characters, please.")
        return words

    def typed(self) -> str:
        text = self._text("text")
        more = LONGEST_WITH_CODE if FENCE in text else LONGEST_LINE
        return self.words("text", LONGEST_CODE if text.startswith("/") else more)

    def values(self) -> tuple[str, ...]:
        values = self._fields.get("values", [])
        if not isinstance(values, list) or len(values) > _MOST_VALUES:
            raise _strange()
        return tuple(_value(value) for value in values)

    def flag(self, name: str) -> bool:
        return self._fields.get(name) is True

    def instant(self, name: str) -> float:
        value = self._fields.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 1e15:  # noqa: PLR2004 (ms; a NaN fails too)
            raise _strange()
        return float(value)

    def _text(self, name: str) -> str:
        value = self._fields.get(name)
        if not isinstance(value, str):
            raise _strange()
        return value

    def _matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._text(name)
        if not pattern.fullmatch(value):
            raise _strange()
        return value


def _value(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_LINE:
        raise _strange()
    return _printable(value)


def _printable(text: str) -> str:
    """Without what no database and no screen can show: control characters and halves of characters."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}
    )


def _strange() -> UserError:
    return UserError("That was not understood. Reload the page and try again.")


_KINDS: dict[str, Callable[[_Fields], Frame]] = {
    "line": lambda fields: Line(fields.act(), fields.channel(), fields.typed()),
    "press": lambda fields: Pressed(
        fields.act(),
        fields.channel(),
        fields.number("message"),
        fields.words("action", _LONGEST_ACTION),
        fields.values(),
    ),
    "reaction": lambda fields: Reacted(
        fields.act(),
        fields.channel(),
        fields.number("message"),
        fields.words("emoji", _LONGEST_EMOJI),
        fields.flag("added"),
    ),
    "run": lambda fields: Ran(
        fields.act(), fields.channel(), fields.number("message"), fields.number("block")
    ),
    "earlier": lambda fields: Earlier(fields.channel(), fields.number("before")),
    "clock": lambda fields: Clock(fields.instant("sent")),
}
