"""Leaderboards."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Style, Table
from bot.model.boards import BoardLine, BoardView
from bot.phrases.formatting import SOMEBODY, note, plural, safe_name, sentence, text_card

PERIODS = {"week": "This week", "month": "This month", "all": "All time"}
SCOPES = {"here": "here", "community": "in this community", "everywhere": "everywhere"}


def board_card(view: BoardView) -> Card:
    title = f"🏆 {PERIODS[view.period]}, {SCOPES[view.scope]}"
    board = view.board
    if not board.top:
        empty = "Nobody has points here yet. `/challenge` asks everyone a question."
        return text_card(title, empty, _switches(view))
    blocks: list[Block] = [_table("The top ten", board.top, view)]
    if board.around:
        blocks.append(_table("Around you", board.around, view))
    elif all(line.player_id != view.reader.id for line in board.top):
        blocks.append(sentence("You have no points on this board yet."))
    blocks.append(note(f"{plural(board.members, 'member')} on this board."))
    return Card(title, tuple(blocks), _switches(view))


def _table(caption: str, lines: Sequence[BoardLine], view: BoardView) -> Table:
    rows = tuple((str(line.rank), _name(line, view), f"{line.points:,}") for line in lines)
    marked = next((n for n, line in enumerate(lines) if line.player_id == view.reader.id), None)
    return Table(caption, ("Rank", "Name", "Points"), rows, marked)


def _name(line: BoardLine, view: BoardView) -> str:
    if line.player_id == view.reader.id:
        return f"{safe_name(line.name)} (you{', hidden from others' if line.name_hidden else ''})"
    return public_name(line)


def public_name(line: BoardLine) -> str:
    return SOMEBODY if line.name_hidden else safe_name(line.name)


def _switches(view: BoardView) -> tuple[Button, ...]:
    buttons = []
    style: Style
    for period, label in PERIODS.items():
        style = "primary" if period == view.period else "normal"
        buttons.append(Button(label, f"board:{period}:{view.scope}", style))
    for scope, label in SCOPES.items():
        style = "primary" if scope == view.scope else "quiet"
        buttons.append(Button(label.capitalize(), f"board:{view.period}:{scope}", style))
    return tuple(buttons)
