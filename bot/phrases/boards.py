"""Leaderboards."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Table
from bot.model.boards import BoardLine, BoardView
from bot.phrases.formatting import SOMEBODY, called, many, note, sentence

PERIODS = {"week": "This week", "month": "This month", "all": "All time"}
SCOPES = {"here": "here", "community": "in this community", "everywhere": "everywhere"}


def board(view: BoardView) -> Card:
    title = f"🏆 {PERIODS[view.period]}, {SCOPES[view.scope]}"
    if not view.board.top:
        empty = sentence("Nobody has points here yet. `/challenge` asks everyone a question.")
        return Card(title, (empty,), _switches(view))
    blocks: tuple[Block, ...] = (_table("The top ten", view.board.top, view),)
    if view.board.around:
        blocks += (_table("Around you", view.board.around, view),)
    elif all(line.player_id != view.reader.id for line in view.board.top):
        blocks += (sentence("You have no points on this board yet."),)
    return Card(
        title,
        (*blocks, note(f"{many(view.board.members, 'member')} on this board.")),
        _switches(view),
    )


def _table(caption: str, lines: Sequence[BoardLine], view: BoardView) -> Table:
    rows = tuple((str(line.rank), _name(line, view), f"{line.points:,}") for line in lines)
    marked = next((n for n, line in enumerate(lines) if line.player_id == view.reader.id), None)
    return Table(caption, ("Rank", "Name", "Points"), rows, marked)


def _name(line: BoardLine, view: BoardView) -> str:
    if line.player_id == view.reader.id:
        return f"{called(line.name)} (you{', hidden from others' if line.name_hidden else ''})"
    return SOMEBODY if line.name_hidden else called(line.name)


def _switches(view: BoardView) -> tuple[Button, ...]:
    periods = tuple(
        Button(
            words, f"board:{period}:{view.scope}", "primary" if period == view.period else "normal"
        )
        for period, words in PERIODS.items()
    )
    scopes = tuple(
        Button(
            words.capitalize(),
            f"board:{view.period}:{scope}",
            "primary" if scope == view.scope else "quiet",
        )
        for scope, words in SCOPES.items()
    )
    return periods + scopes
