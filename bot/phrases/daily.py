"""The end of a daily question."""

from dataclasses import replace

from bot.chat.card import Block, Button, Card, Table
from bot.model.daily import DailyResult, Solver
from bot.phrases.formatting import note, plural, shown_name
from bot.phrases.rounds.verdict import result_card

SHOWN = 15
BOARD = Button(
    "Board", "board:week:here", "quiet", spoken="Board: who has how many points this week"
)


def daily_end_card(end: DailyResult) -> Card:
    card = result_card(end.result, end.figure)
    score, *rest = card.blocks
    blocks = (score, *_solvers(end), *rest)
    return replace(card, blocks=blocks, buttons=(*card.buttons, BOARD))


def _solvers(end: DailyResult) -> tuple[Block, ...]:
    if not end.solvers:
        return ()
    headers = ("Name", "Tries", "Points", "Streak")
    table = Table("Who solved it", headers, tuple(map(_row, end.solvers[:SHOWN])))
    others = end.result.solved - len(table.rows)
    return (table, note(f"{plural(others, 'other')} solved it too.")) if others > 0 else (table,)


def _row(solver: Solver) -> tuple[str, ...]:
    tries = "first try" if solver.tries == 1 else plural(solver.tries, "try", "tries")
    return shown_name(solver.player), tries, f"{solver.points:,}", plural(solver.streak, "day")
