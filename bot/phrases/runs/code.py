"""What every card of a run begins with: its title and its code."""

from bot.chat.card import Block, Code
from bot.model.runs import Run
from bot.phrases.formatting import note, plural
from bot.phrases.untrusted_text import harmless

SHOWN_LINES = 60
DEVICES = {"gpu": "GPU", "cpu": "CPU"}


def run_title(run: Run, title: str) -> str:
    return f"{title}: {run.title}" if run.title else title


def code_blocks(run: Run) -> tuple[Block, ...]:
    lines = harmless(run.code).rstrip("\n").split("\n")
    shown = Code("\n".join(lines[:SHOWN_LINES]))
    hidden = len(lines) - SHOWN_LINES
    return (shown, note(f"{plural(hidden, 'more line')} of code.")) if hidden > 0 else (shown,)


def seconds_text(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
