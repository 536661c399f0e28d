"""The JSON frames that a page sends."""

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.platform_interface import Upload
from bot.errors import UserError

MAX_FRAME_BYTES = 256 * 1024

_MAX_LINE = 2000
_MAX_LINE_WITH_CODE = 8000
# Characters; some commands are followed by code.
_MAX_COMMAND = 20_000
_MAX_ACTION = 100
_MAX_EMOJI = 32
_MAX_VALUES = 32
_MAX_MILLISECONDS = 1e15
_ACT_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Act:
    """Done once, however often its frame is sent."""

    id: str
    channel: str


@dataclass(frozen=True, slots=True)
class TypedLine(Act):
    text: str


@dataclass(frozen=True, slots=True)
class MessageAct(Act):
    message: int


@dataclass(frozen=True, slots=True)
class ButtonPress(MessageAct):
    action: str
    values: tuple[str, ...] = ()
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class EmojiReaction(MessageAct):
    emoji: str
    added: bool


@dataclass(frozen=True, slots=True)
class RunCode(MessageAct):
    block: int


@dataclass(frozen=True, slots=True)
class EarlierMessages:
    channel: str
    before: int


@dataclass(frozen=True, slots=True)
class ClockRequest:
    sent: float


Frame = Act | EarlierMessages | ClockRequest


def parse_frame(raw: str, channels: Collection[str]) -> Frame:
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    kind = fields.get("kind") if isinstance(fields, dict) else None
    if not isinstance(kind, str) or kind not in _PARSERS:
        raise _unreadable()
    return _PARSERS[kind](_FrameFields(fields, channels))


def parse_upload(
    query: Mapping[str, str], upload: Upload, channels: Collection[str]
) -> ButtonPress:
    fields = _FrameFields(query, channels)
    action = fields.text("action", _MAX_ACTION)
    return ButtonPress(*fields.message_act(), action, upload=upload)


def act_id(raw: str) -> str | None:
    """Even if the rest of the frame makes no sense."""
    try:
        act = json.loads(raw)["id"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return act if isinstance(act, str) and _ACT_ID.fullmatch(act) else None


@dataclass
class _FrameFields:
    fields: Mapping[str, Any]
    channels: Collection[str]

    def act(self) -> tuple[str, str]:
        return self._matching("id", _ACT_ID), self.channel()

    def message_act(self) -> tuple[str, str, int]:
        return *self.act(), self.number("message")

    def number(self, name: str) -> int:
        return int(self._matching(name, _NUMBER))

    def channel(self) -> str:
        channel = self._string("channel")
        if channel not in self.channels:
            raise UserError("web_no_such_channel")
        return channel

    def text(self, name: str, most: int) -> str:
        text = _printable(self._string(name)).strip()
        if not text:
            raise UserError("web_nothing_typed")
        if len(text) > most:
            raise UserError("web_text_too_long", most=most)
        return text

    def line(self) -> str:
        text = self._string("text")
        if text.startswith("/"):
            return self.text("text", _MAX_COMMAND)
        return self.text("text", _MAX_LINE_WITH_CODE if "```" in text else _MAX_LINE)

    def values(self) -> tuple[str, ...]:
        values = self.fields.get("values", [])
        if not isinstance(values, list) or len(values) > _MAX_VALUES:
            raise _unreadable()
        for value in values:
            if not isinstance(value, str) or len(value) > _MAX_LINE:
                raise _unreadable()
        return tuple(map(_printable, values))

    def milliseconds(self, name: str) -> float:
        value: Any = self.fields.get(name)
        if type(value) in {int, float} and abs(value) < _MAX_MILLISECONDS:  # NaN is not less
            return float(value)
        raise _unreadable()

    def _string(self, name: str) -> str:
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise _unreadable()
        return value

    def _matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._string(name)
        if not pattern.fullmatch(value):
            raise _unreadable()
        return value


def _printable(text: str) -> str:
    """Without control characters and surrogates, which databases refuse."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}
    )


def _unreadable() -> UserError:
    return UserError("web_frame_unreadable")


_PARSERS: dict[str, Callable[[_FrameFields], Frame]] = {
    "line": lambda fields: TypedLine(*fields.act(), fields.line()),
    "press": lambda fields: ButtonPress(
        *fields.message_act(), fields.text("action", _MAX_ACTION), fields.values()
    ),
    "reaction": lambda fields: EmojiReaction(
        *fields.message_act(), fields.text("emoji", _MAX_EMOJI), fields.fields.get("added") is True
    ),
    "run": lambda fields: RunCode(*fields.message_act(), fields.number("block")),
    "earlier": lambda fields: EarlierMessages(fields.channel(), fields.number("before")),
    "clock": lambda fields: ClockRequest(fields.milliseconds("sent")),
}
