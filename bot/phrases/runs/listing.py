"""How to run code, and a member's latest runs."""

from collections.abc import Sequence

from bot.chat.card import Button, Card, Code, Table
from bot.commands import EXAMPLE
from bot.model.runs import Run
from bot.phrases.formatting import final_card, note, sentence
from bot.phrases.runs.code import seconds_text
from bot.phrases.runs.result import OUTCOMES
from bot.phrases.untrusted_text import harmless

LONGEST_LINE = 48
PRELOADED = note(
    "`torch`, `nn`, `F`, `np`, `plt` and `device` are there already, "
    "and the last line’s value is shown."
)


def how_to_run_card() -> Card:
    how = sentence("Type the code after `/run`, on as many lines as you like:")
    return Card("Run PyTorch code", (how, Code(f"/run\n{EXAMPLE}", "text"), PRELOADED))


def runs_are_off_card(why: str) -> Card:
    reasons = tuple(sentence(line) for line in why.splitlines() if line.strip())
    return final_card("Nothing can be run here", reasons)


def my_runs_card(runs: Sequence[Run]) -> Card:
    if not runs:
        return Card("Your runs", (sentence("None yet. Type `/run` and your code after it."),))
    table = Table("The latest first", ("No.", "When", "Code", "Outcome"), tuple(map(_row, runs)))
    buttons = (Button(f"Show {run.id}", f"ran:{run.id}") for run in runs if not run.is_active)
    return Card("Your runs", (table,), tuple(buttons))


def _row(run: Run) -> tuple[str, ...]:
    return str(run.id), f"{run.booked_at:%d %b %H:%M} UTC", _first_line(run), _outcome(run)


def _first_line(run: Run) -> str:
    lines = (line.strip() for line in harmless(run.code).split("\n"))
    line = run.title.strip() or next(filter(None, lines), "")
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"


def _outcome(run: Run) -> str:
    if run.outcome is None:
        return "under way"
    title, _ = OUTCOMES[run.outcome]
    return f"{title}, {seconds_text(run.seconds)}"
