"""A run that has not ended: where it waits, and its latest output."""

from bot.chat.card import Block, Button, Card, Code
from bot.model.runs import Run, RunProgress
from bot.phrases.formatting import note
from bot.phrases.runs.code import DEVICES, code_blocks, run_title
from bot.phrases.untrusted_text import harmless

SHOWN_LINES = 30
SHOWN_LETTERS = 6000


def running_card(run: Run, progress: RunProgress, elapsed: float) -> Card:
    blocks: list[Block] = []
    if progress.restarted:
        blocks.append(note("Its worker died, so it was started again."))
    if progress.output.strip():
        lines = harmless(progress.output).rstrip("\n").split("\n")
        latest = "\n".join(lines[-SHOWN_LINES:])[-SHOWN_LETTERS:]
        blocks.append(Code(latest, "text"))
    blocks.append(note(f"{elapsed:.0f} s so far."))
    stop = Button("Stop", f"stop:{run.id}", "quiet", spoken="Stop this run")
    title = run_title(run, _state(run, progress))
    return Card(title, (*code_blocks(run), *blocks), (stop,))


def _state(run: Run, progress: RunProgress) -> str:
    if progress.started:
        return f"▶ Running on the {DEVICES[run.device]}"
    return f"⏳ In the queue, place {progress.place}" if progress.place else "⏳ About to run"
