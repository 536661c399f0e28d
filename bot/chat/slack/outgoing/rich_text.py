"""Rich text, in which Slack reads no markup, and which can be shortened to a number of letters."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.chat.card import Mono, Span, Spans, Strong, text_of
from bot.chat.kit.text_layout import longest_part, truncated, with_text
from bot.chat.slack.outgoing.mrkdwn import ELLIPSIS, slack_text
from bot.chat.slack.payload import Json

MOST_LETTERS = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """`write(n)` gives its elements with at most `n` letters."""

    length: int
    write: Callable[[int], list[Json]]
    preformatted: bool = False


def text_element(text: str, *, bold: bool = False, code: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("code", code)) if on}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def from_spans(spans: Spans, *, before: str = "", after: str = "") -> Piece:
    shown = [with_text(span, slack_text(text_of((span,)))) for span in spans]
    length = len(text_of(shown))

    def write(n: int) -> list[Json]:
        kept = shown if n >= length else [*truncated(shown, n), ELLIPSIS]
        return _without_empty(
            [text_element(before, bold=True), *map(_element, kept), text_element(after)]
        )

    return Piece(length, write)


def from_elements(elements: Sequence[Json]) -> Piece:
    length = sum(len(element.get("text", "")) for element in elements)

    def write(n: int) -> list[Json]:
        if n >= length:
            return _without_empty(elements)
        return _without_empty([*_shortened(elements, n), text_element(ELLIPSIS)])

    return Piece(length, write)


def _shortened(elements: Sequence[Json], n: int) -> list[Json]:
    kept = []
    for element in elements:
        if n <= 0:
            break
        kept.append({**element, "text": element["text"][:n]} if "text" in element else element)
        n -= len(element.get("text", ""))
    return kept


def from_lines(lines: Sequence[str], say_more: Callable[[int], str]) -> Piece:
    """Monospaced. `say_more` words how many lines were left out."""

    def write(n: int) -> list[Json]:
        kept: list[str] = []
        for line in lines:
            n -= len(line) + 1
            if n < -1:
                kept.append(say_more(len(lines) - len(kept)))
                break
            kept.append(line)
        return [text_element("\n".join(kept) or ELLIPSIS)]

    return Piece(len("\n".join(lines)), write, preformatted=True)


def rich_text(pieces: Sequence[Piece], most: int = MOST_LETTERS) -> Json:
    longest = longest_part([piece.length for piece in pieces], most)
    elements: list[Json] = []
    for piece in pieces:
        written = piece.write(
            piece.length
            if longest is None
            else min(
                longest,
                piece.length,
            )
        )
        if piece.preformatted:
            elements.append({"type": "rich_text_preformatted", "elements": written})
        elif elements and elements[-1]["type"] == "rich_text_section":
            elements[-1]["elements"] += [text_element("\n"), *written]
        else:
            elements.append({"type": "rich_text_section", "elements": written})
    return {"type": "rich_text", "elements": elements}


def _without_empty(elements: Iterable[Json]) -> list[Json]:
    """Slack refuses empty texts."""
    kept = [element for element in elements if element["type"] != "text" or element["text"]]
    return kept or [text_element(ELLIPSIS)]


def _element(span: Span) -> Json:
    return text_element(
        text_of((span,)), bold=isinstance(span, Strong), code=isinstance(span, Mono)
    )
