"""Pieces of rich text, which Slack shows as they are: no markup is read in them. Each knows how to say less."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.card import Mono, Span, Spans, Strong, text_of
from bot.chat.kit.text_fitting import longest_part, truncated, with_text
from bot.chat.slack.outgoing.mrkdwn import NOTHING, here

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """`write(n)` is its elements with at most `n` of its letters; a preformatted piece stands by itself."""

    length: int
    write: Callable[[int], list[Json]]
    preformatted: bool = False


def word(text: str, *, bold: bool = False, code: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def of_spans(parts: Spans, *, before: str = "", after: str = "") -> Piece:
    """Spans with a bold head and a plain end, cut at a letter."""
    shown = [with_text(part, here(text_of((part,)))) for part in parts]
    length = len(text_of(shown))

    def write(n: int) -> list[Json]:
        kept = shown if n >= length else [*truncated(shown, n), NOTHING]
        return _solid([word(before, bold=True), *map(_element, kept), word(after)])

    return Piece(length, write)


def of_elements(elements: Sequence[Json]) -> Piece:
    """Elements of any kind, of which the last words can be left out."""
    length = sum(len(each.get("text", "")) for each in elements)
    return Piece(
        length, lambda n: _solid(elements if n >= length else [*_begun(elements, n), word(NOTHING)])
    )


def _begun(elements: Sequence[Json], n: int) -> list[Json]:
    kept = []
    for each in elements:
        if n <= 0:
            break
        kept.append({**each, "text": each["text"][:n]} if "text" in each else each)
        n -= len(each.get("text", ""))
    return kept


def of_lines(lines: Sequence[str], more: Callable[[int], str]) -> Piece:
    """Lines of equal letters, of which the last ones can be left out, with a word of how many."""
    text = "\n".join(lines)
    return Piece(len(text), lambda n: [word(_fewer(lines, n, more) or NOTHING)], preformatted=True)


def _fewer(lines: Sequence[str], n: int, more: Callable[[int], str]) -> str:
    kept: list[str] = []
    for line in lines:
        n -= len(line) + 1
        if n < -1:
            return "\n".join((*kept, more(len(lines) - len(kept))))
        kept.append(line)
    return "\n".join(kept)


def rich(pieces: Sequence[Piece], room: int) -> Json:
    """One block of all these pieces, within so many letters."""
    most = longest_part([piece.length for piece in pieces], room)
    elements: list[Json] = []
    for piece in pieces:
        written = piece.write(piece.length if most is None else min(most, piece.length))
        if piece.preformatted:
            elements.append({"type": "rich_text_preformatted", "elements": written})
        elif elements and elements[-1]["type"] == "rich_text_section":
            elements[-1]["elements"] += [word("\n"), *written]
        else:
            elements.append({"type": "rich_text_section", "elements": written})
    return {"type": "rich_text", "elements": elements}


def _solid(elements: Iterable[Json]) -> list[Json]:
    """Slack takes no empty texts."""
    solid = [each for each in elements if each["type"] != "text" or each["text"]]
    return solid or [word(NOTHING)]


def _element(span: Span) -> Json:
    return word(text_of((span,)), bold=isinstance(span, Strong), code=isinstance(span, Mono))
