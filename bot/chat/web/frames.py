"""Parses the JSON frames that a page sends."""

import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.chat.port import Upload

MAX_FRAME_BYTES = 256 * 1024

_MAX_LINE = 2000
_MAX_LINE_WITH_CODE = 8000
_MAX_COMMAND = 20_000
"""Characters; some commands are followed by code."""
_MAX_ACTION = 100
_MAX_EMOJI = 32
_MAX_VALUES = 32
_MAX_MILLISECONDS = 1e15
_ACT_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person does once, however often its frame is sent."""

    id: str
    channel: str


@dataclass(frozen=True, slots=True)
class TypedLine(Act):
    """A message to everyone, or a command."""

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
    """The *Run* button of a code block in somebody's message."""

    block: int


@dataclass(frozen=True, slots=True)
class EarlierMessages:
    """Asks for the messages of a channel before one."""

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
        dict[str, Callable[[_FrameFields], Frame]] = {
            "line": lambda fields: TypedLine(*fields.act(), fields.line()),
            "press": lambda fields: ButtonPress(
                *fields.message_act(), fields.text("action", _MAX_ACTION), fields.values()
            ),
            "reaction": lambda fields: EmojiReaction(
                *fields.message_act(), fields.text("emoji", _MAX_EMOJI), fields.flag("added")
            ),
            "run": lambda fields: RunCode(*fields.message_act(), fields.number("block")),
            "earlier": lambda fields: EarlierMessages(fields.channel(), fields.number("before")),
            "clock": lambda fields: ClockRequest(fields.milliseconds("sent")),
        }
