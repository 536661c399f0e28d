"""Questions as read from other formats."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from unicodedata import category

BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|pre|hr|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE
)
CODE_TAG = re.compile(r"</?(?:code|tt|kbd|samp)\b[^<>]*>", re.IGNORECASE)
INLINE_TAG = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|sub|sup|font|small|big|td|th|center|mark)\b[^<>]*>",
    re.IGNORECASE,
)
PICTURE = re.compile(
    r"<(?:img|video|audio|iframe|object)\b|@@PLUGINFILE@@|!\[[^\]]*\]\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ForeignAnswer:
    text: str
    right: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """Exactly one of its keys is filled."""

    line: int
    prompt: str
    title: str = ""
    answers: Sequence[ForeignAnswer] = ()
    truth: bool | None = None
    why_not: str = ""
    number: Mapping[str, Any] = field(default_factory=dict)
    phrases: Sequence[str] = ()
    explanation: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class NotImported:
    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


Found = ForeignQuestion | NotImported


def clean(text: str) -> str:
    visible = "".join(
        letter for letter in text if letter in "\n\t\u200d" or not category(letter).startswith("C")
    )
    lines = [" ".join(line.split()) for line in visible.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def without_tags(text: str) -> str:
    # A text of nothing but tags is about them.
    words = INLINE_TAG.sub("", CODE_TAG.sub("`", BLOCK_TAG.sub("\n", text)))
    return unescape(words if words.strip() else text)


def has_picture(text: str) -> bool:
    return PICTURE.search(text) is not None
