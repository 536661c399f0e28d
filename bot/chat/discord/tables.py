"""Tables: columns where they are narrow enough for a telephone, sentences where they are not."""

from collections.abc import Sequence

from bot.chat.card import Table
from bot.chat.discord.markdown import escaped, fenced, one_line, strong
from bot.chat.discord.text_pieces import Piece, lines
from bot.chat.kit.text_tables import YOU, aligned_rows


def table(of: Table) -> Piece:
    rows = [[one_line(cell) for cell in row] for row in (of.headers, *of.rows)]
    caption = f"{strong(one_line(of.caption))}\n" if of.caption.strip() else ""
    if drawn := aligned_rows(rows, None if of.marked is None else of.marked + 1):
        head = drawn[0]
        return lines(drawn[1:], lambda body: caption + fenced(f"{head}\n{body}"), _more)
    said = [_said(rows[0], row, marked=number == of.marked) for number, row in enumerate(rows[1:])]
    return lines(said, lambda body: caption + body, _more)


def _more(left: int) -> str:
    return f"… and {left} more"


def _said(heads: Sequence[str], row: Sequence[str], *, marked: bool) -> str:
    cells = ", ".join(
        f"{strong(head)} {escaped(cell)}" for head, cell in zip(heads, row, strict=True)
    )
    return f"• {cells}{f' {YOU}' if marked else ''}"
