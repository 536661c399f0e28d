"""The end of a question that came by itself."""

from dataclasses import replace

from bot.chat.card import Block, Button, Card, Table
from bot.model.daily import DailyResult, Solver
from bot.phrases import rounds
from bot.phrases.formatting import many, named, note

NAMED = 15


def end(told: DailyResult) -> Card:
    """A message of its own: who solved it, then what it was and why."""
    card = rounds.result(told.result, told.figure)
    score, *rest = card.blocks
    board = Button(
        "Board", "board:week:here", "quiet", spoken="Board: who has how many points this week"
    )
    return replace(card, blocks=(score, *_solvers(told), *rest), buttons=(*card.buttons, board))


def _solvers(told: DailyResult) -> tuple[Block, ...]:
    if not told.solvers:
        return ()
    headers = ("Name", "Tries", "Points", "Streak")
    table = Table("Who solved it", headers, tuple(_row(each) for each in told.solvers[:NAMED]))
    others = told.result.solved - len(table.rows)
    return (table, note(f"{many(others, 'other')} solved it too.")) if others > 0 else (table,)


def _row(solver: Solver) -> tuple[str, ...]:
    tries = "first try" if solver.tries == 1 else many(solver.tries, "try", "tries")
    return named(solver.player), tries, f"{solver.points:,}", many(solver.streak, "day")
