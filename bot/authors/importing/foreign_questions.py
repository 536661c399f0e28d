"""Questions from elsewhere on their way into the bank: what a reader of a foreign format hands over."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from unicodedata import category

BREAK = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|pre|hr|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE
)
MONO = re.compile(r"</?(?:code|tt|kbd|samp)\b[^<>]*>", re.IGNORECASE)
INLINE = re.compile(
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
    """One question that could be read; exactly one of its keys is filled."""

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
    """One thing that could not be taken, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def shown(text: str) -> str:
    """A foreign text without the characters that cannot be seen, each line without white space around it."""
    seen = "".join(
        letter for letter in text if letter in "\n\t\u200d" or not category(letter).startswith("C")
    )
    rows = [" ".join(row.split()) for row in seen.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(rows)).strip()


def without_tags(text: str) -> str:
    """The words of an HTML text; a paragraph's end stays a line's end, and a tag that the question is about stays."""
    freed = INLINE.sub("", MONO.sub("`", BREAK.sub("\n", text)))
    return unescape(freed if freed.strip() else text)


def has_picture(text: str) -> bool:
    return PICTURE.search(text) is not None
