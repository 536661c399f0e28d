"""Tables: columns where they are narrow enough for a telephone, sentences where they are not."""

import unicodedata
from collections.abc import Sequence

from bot.chat.card import Table
from bot.chat.discord.markdown import escaped, fenced, one_line, strong
from bot.chat.discord.pieces import Piece, lines

WIDEST = 44
"""Cells of a fixed-width line that still stand in one line on most screens."""
YOU = "◂ you"


def table(of: Table) -> Piece:
    rows = [[one_line(cell) for cell in row] for row in (of.headers, *of.rows)]
    caption = f"{strong(one_line(of.caption))}\n" if of.caption.strip() else ""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(of.headers))]
    if sum(widths) + 2 * len(widths) <= WIDEST and of.headers:
        drawn = [_aligned(row, widths, marked=number == of.marked) for number, row in enumerate(rows[1:])]
        head = _aligned(rows[0], widths, marked=False)
        return lines(drawn, lambda body: caption + fenced(f"{head}\n{body}"), _more)
    said = [_said(rows[0], row, marked=number == of.marked) for number, row in enumerate(rows[1:])]
    return lines(said, lambda body: caption + body, _more)


def _more(left: int) -> str:
    return f"… and {left} more"


def _aligned(row: Sequence[str], widths: Sequence[int], *, marked: bool) -> str:
    cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
    return "  ".join((*cells, YOU) if marked else cells).rstrip()


def _said(heads: Sequence[str], row: Sequence[str], *, marked: bool) -> str:
    cells = ", ".join(f"{strong(head)} {escaped(cell)}" for head, cell in zip(heads, row, strict=True))
    return f"• {cells}{f' {YOU}' if marked else ''}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
