"""Discord's markdown: what people and authors wrote never becomes any; what a card means does."""

import re

from bot.chat.card import Mono, Span, Spans, Strong

GAP = "\N{ZERO WIDTH SPACE}"
NOTHING = "…"
"""Stands where Discord wants words and there are none."""

_MARKS = re.compile(r"([\\*_~`|<>\[\]])")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_AT_LINE_START = re.compile(r"^(\s*)(?=#{1,3}\s|-#|[-+]\s|\d+[.)]\s)", re.MULTILINE)
_LINK = re.compile(r"(?i)(https?|steam)(?=:)")
_INVITE = re.compile(r"(?i)discord(?=(\.gg|(app)?\.com/invite|\.me|\.io))")
_CALL = re.compile(r"(?i)@(?=everyone|here)")
_SUSPECT = re.compile(r"(?i)[\0\\*_~`|<>\[\]@:#+\-]|^\s*\d+[.)]|discord", re.MULTILINE)
"""Without any of these a text needs none of the care above."""
_LANGUAGE = re.compile(r"[a-z0-9+-]*")


def escaped(text: str) -> str:
    """The text as it reads, whatever it holds: no marks, no links, no invites, no calls to everyone."""
    if not _SUSPECT.search(text):
        return text
    text = _MARKS.sub(r"\\\1", text.replace("\0", ""))
    text = _AT_LINE_START.sub(r"\1" + GAP, text)
    text = _LINK.sub(rf"\1{GAP}", text)
    text = _INVITE.sub(rf"discord{GAP}", text)
    return _CALL.sub(f"@{GAP}", text)


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def spans(parts: Spans) -> str:
    return "".join(_span(part) for part in parts)


def _span(span: Span) -> str:
    match span:
        case Mono(text=text):
            return mono(text)
        case Strong(text=text):
            return strong(text)
        case str():
            return escaped(span)


def strong(text: str) -> str:
    """In bold, with the blanks at its ends outside, where the marks need them."""
    inner = text.strip()
    if not inner:
        return text
    before, _, after = text.partition(inner)
    return f"{before}**{escaped(inner)}**{after}"


def mono(text: str) -> str:
    """A run of code inside a sentence; where it holds backticks itself, between two of them."""
    inner = one_line(text)
    if not inner:
        return text
    if "`" not in inner:
        return f"`{inner}`"
    return f"`` {inner.replace('``', f'`{GAP}`')} ``"


def fenced(text: str, language: str = "") -> str:
    """A block of code; a fence inside it is broken up so that it ends where it should."""
    inner = text.replace("```", f"`{GAP}`{GAP}`").strip("\n")
    name = language if _LANGUAGE.fullmatch(language) else ""
    end = GAP if inner.endswith("`") else ""
    return f"```{name}\n{inner}{end}\n```"


def small(text: str) -> str:
    """Every line of it as small print."""
    return "\n".join(f"-# {line}" for line in text.splitlines() if line.strip()) or NOTHING
