"""Text within limits, and tables of fixed width."""

import unicodedata
from collections.abc import Iterable, Sequence

from bot.chat.card import Span, Spans, text_of

YOU = "◂ you"
# Most phones show so many cells of a line without wrapping.
WIDEST = 44


def longest_part(lengths: Sequence[int], room: int) -> int | None:
    """How long any part may be; None if all fit. The longest give way first."""
    if sum(lengths) <= room:
        return None
    longest = room
    spent = 0
    for number, length in enumerate(sorted(lengths)):
        longest = max(0, room - spent) // (len(lengths) - number)
        if length > longest:
            break
        spent += length
    return longest


def truncated(spans: Iterable[Span], limit: int) -> Spans:
    kept: list[Span] = []
    for span in spans:
        text = text_of((span,))[: max(0, limit)]
        limit -= len(text)
        if text:
            kept.append(with_text(span, text))
    return tuple(kept)


def with_text(span: Span, text: str) -> Span:
    return text if isinstance(span, str) else type(span)(text)


def aligned_rows(rows: Sequence[Sequence[str]], marked: int | None) -> list[str]:
    """Empty if the table is too wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    if not widths or sum(widths) + 2 * len(widths) > WIDEST:
        return []
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        if number == marked:
            cells.append(YOU)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
