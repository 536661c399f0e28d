"""Discord's markdown."""

import re

from bot.chat.card import Mono, Span, Spans, Strong

GAP = "\N{ZERO WIDTH SPACE}"
NOTHING = "…"  # for empty text that Discord requires, and for what was cut off

_MARKS = re.compile(r"([\\*_~`|<>\[\]])")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_AT_LINE_START = re.compile(r"^(\s*)(?=#{1,3}\s|-#|[-+]\s|\d+[.)]\s)", re.MULTILINE)
_LINK = re.compile(r"(?i)(https?|steam)(?=:)")
_INVITE = re.compile(r"(?i)discord(?=(\.gg|(app)?\.com/invite|\.me|\.io))")
_CALL = re.compile(r"(?i)@(?=everyone|here)")
# A text without any of these needs no escaping.
_SUSPECT = re.compile(r"(?i)[\0\\*_~`|<>\[\]@:#+\-]|^\s*\d+[.)]|discord", re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z0-9+-]*")


def escaped(text: str) -> str:
    if not _SUSPECT.search(text):
        return text
    text = _MARKS.sub(r"\\\1", text.replace("\0", ""))
    text = _AT_LINE_START.sub(r"\1" + GAP, text)
    text = _LINK.sub(rf"\1{GAP}", text)
    text = _INVITE.sub(rf"discord{GAP}", text)
    return _CALL.sub(f"@{GAP}", text)


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def spans_markdown(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Mono(text=text):
            return mono(text)
        case Strong(text=text):
            return strong(text)
        case str():
            return escaped(span)


def strong(text: str) -> str:
    # The marks must touch the text, so blanks at its ends stay outside.
    inner = text.strip()
    if not inner:
        return text
    before, _, after = text.partition(inner)
    return f"{before}**{escaped(inner)}**{after}"


def mono(text: str) -> str:
    inner = one_line(text)
    if not inner:
        return text
    if "`" not in inner:
        return f"`{inner}`"
    return f"`` {inner.replace('``', f'`{GAP}`')} ``"


def code_block(text: str, language: str = "") -> str:
    # A fence inside the code is broken up.
    inner = text.replace("```", f"`{GAP}`{GAP}`").strip("\n")
    name = language if _LANGUAGE.fullmatch(language) else ""
    end = GAP if inner.endswith("`") else ""
    return f"```{name}\n{inner}{end}\n```"


def small(text: str) -> str:
    return "\n".join(f"-# {line}" for line in text.splitlines() if line.strip()) or NOTHING
