"""Runs: their code, their progress, and what came of them."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Code, File, Picture, Table, Text, Tone
from bot.commands import EXAMPLE
from bot.model.runs import Run, RunProgress
from bot.phrases.formatting import final_card, note, plural, sentence, text_card
from bot.phrases.rounds.verdict import proof_code, proof_title
from bot.phrases.untrusted_text import harmless
from bot.quiz.questions import Question
from bot.sandbox.protocol import End, Outcome, OutputFile

SHOWN_LINES = 60
DEVICES = {"gpu": "GPU", "cpu": "CPU"}
LONGEST_LINE = 48
PRELOADED = note(
    "`torch`, `nn`, `F`, `np`, `plt` and `device` are there already, "
    "and the last line’s value is shown."
)
LATEST_LINES = 30
SHOWN_LETTERS = 6000
LONGEST_FILE_NAME = 80
WHOLE_OUTPUT = "output.txt"
OUTCOMES: dict[str, tuple[str, Tone]] = {
    Outcome.DONE: ("✓ Done", "good"),
    Outcome.RAISED: ("✗ It raised an error", "bad"),
    Outcome.TIME: ("⏱ Out of time", "bad"),
    Outcome.MEMORY: ("✗ Out of memory", "bad"),
    Outcome.OUTPUT: ("✗ Too much output", "bad"),
    Outcome.CRASHED: ("✗ It crashed", "bad"),
    Outcome.KILLED: ("✗ It was killed", "bad"),
    Outcome.CANCELLED: ("■ Stopped", "over"),
    Outcome.LOST: ("The sandbox lost it", "over"),
}
# Stands before the sandbox's advice, in the last line of what an error printed.
ADVICE = "\n→ "


def run_title(run: Run, title: str) -> str:
    return f"{title}: {run.title}" if run.title else title


def code_blocks(run: Run) -> tuple[Block, ...]:
    lines = harmless(run.code).rstrip("\n").split("\n")
    shown = Code("\n".join(lines[:SHOWN_LINES]))
    hidden = len(lines) - SHOWN_LINES
    return (shown, note(f"{plural(hidden, 'more line')} of code.")) if hidden > 0 else (shown,)


def seconds_text(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def how_to_run_card() -> Card:
    how = sentence("Type the code after `/run`, on as many lines as you like:")
    return Card("Run PyTorch code", (how, Code(f"/run\n{EXAMPLE}", "text"), PRELOADED))


def runs_are_off_card(why: str) -> Card:
    reasons = tuple(sentence(line) for line in why.splitlines() if line.strip())
    return final_card("Nothing can be run here", reasons)


def my_runs_card(runs: Sequence[Run]) -> Card:
    if not runs:
        return text_card("Your runs", "None yet. Type `/run` and your code after it.")
    table = Table("The latest first", ("No.", "When", "Code", "Outcome"), tuple(map(_row, runs)))
    buttons = (Button(f"Show {run.id}", f"ran:{run.id}") for run in runs if not run.is_active)
    return Card("Your runs", (table,), tuple(buttons))


def _row(run: Run) -> tuple[str, ...]:
    lines = (line.strip() for line in harmless(run.code).split("\n"))
    line = run.title.strip() or next(filter(None, lines), "")
    if len(line) > LONGEST_LINE:
        line = f"{line[:LONGEST_LINE]}…"
    outcome = "under way"
    if run.outcome is not None:
        outcome = f"{OUTCOMES[run.outcome][0]}, {seconds_text(run.seconds)}"
    return str(run.id), f"{run.booked_at:%d %b %H:%M} UTC", line, outcome


def running_card(run: Run, progress: RunProgress, elapsed: float) -> Card:
    blocks: list[Block] = []
    if progress.restarted:
        blocks.append(note("Its worker died, so it was started again."))
    if progress.output.strip():
        lines = harmless(progress.output).rstrip("\n").split("\n")
        latest = "\n".join(lines[-LATEST_LINES:])[-SHOWN_LETTERS:]
        blocks.append(Code(latest, "text"))
    blocks.append(note(f"{elapsed:.0f} s so far."))
    stop = Button("Stop", f"stop:{run.id}", "quiet", spoken="Stop this run")
    title = run_title(run, _state(run, progress))
    return Card(title, (*code_blocks(run), *blocks), (stop,))


def _state(run: Run, progress: RunProgress) -> str:
    if progress.started:
        return f"▶ Running on the {DEVICES[run.device]}"
    return f"⏳ In the queue, place {progress.place}" if progress.place else "⏳ About to run"


def run_result_card(run: Run, progress: RunProgress, devices: Sequence[str]) -> Card:
    end = progress.end or End(Outcome.LOST)
    title, tone = OUTCOMES[end.outcome]
    if end.outcome is Outcome.DONE:
        title = f"{title} in {seconds_text(end.seconds)}"
    return Card(
        run_title(run, title),
        (*code_blocks(run), *_what_came_out(progress, end), _resources(run, progress, end)),
        again_buttons(run, devices),
        tone,
        final=tone == "over",
    )


def proof_run_card(run: Run, question: Question, progress: RunProgress) -> Card:
    end = progress.end or End(Outcome.LOST)
    title, tone = OUTCOMES[end.outcome]
    done = end.outcome is Outcome.DONE
    blocks = (
        *proof_code(question),
        *_what_came_out(progress, end),
        note("Every assertion in it held." if done else f"{title} this time."),
        _resources(run, progress, end),
    )
    again = Button("Run again", f"again:{run.id}", "quiet")
    return Card(proof_title(question), blocks, (again,), tone, final=tone == "over")


def stored_run_card(run: Run) -> Card:
    end = End(
        Outcome(run.outcome or "lost"),
        note=run.note,
        seconds=run.seconds,
        hidden=run.hidden,
        device=run.device,
    )
    return run_result_card(run, RunProgress(output=run.output, end=end), ())


def lost_run_card(run: Run) -> Card:
    text = sentence("Nothing came of this run. Run it again.")
    title = run_title(run, "The bot stopped in the middle")
    return final_card(title, (*code_blocks(run), text), again_buttons(run))


def run_refused_card(run: Run, reason: str) -> Card:
    title = run_title(run, "That could not be run")
    return Card(title, (*code_blocks(run), Text((reason,))), again_buttons(run), "bad")


def run_removed_card() -> Card:
    text = note("The code was deleted, and what it said with it.")
    return final_card("Taken away", (text,))


def again_buttons(run: Run, devices: Sequence[str] = ()) -> tuple[Button, ...]:
    elsewhere = (
        Button(f"Run again on {DEVICES[device]}", f"again:{run.id}:{device}")
        for device in devices
        if device != run.device
    )
    return (Button("Run again", f"again:{run.id}"), *elsewhere)


def _what_came_out(progress: RunProgress, end: End) -> tuple[Block, ...]:
    reason = harmless(end.note)
    blocks: list[Block] = [Text((f"{reason[:1].upper()}{reason[1:]}.",))] if reason else []
    blocks += _output(progress, end)
    count = len(progress.pictures)
    for number, picture in enumerate(progress.pictures, 1):
        which = f", picture {number} of {count}" if count > 1 else ""
        alt = f"What this code draws{which}."
        blocks.append(Picture(picture.png, alt, f"figure-{number}.png"))
    return (*blocks, *map(_file, progress.files))


def _output(progress: RunProgress, end: End) -> tuple[Block, ...]:
    output, advice = _split_advice(harmless(progress.output).rstrip(), end)
    lines = output.split("\n")
    shown = "\n".join(lines[:SHOWN_LINES])[:SHOWN_LETTERS]
    hidden = end.hidden + len(lines) - shown.count("\n") - 1
    blocks: list[Block] = []
    if shown.strip():
        blocks.append(Code(shown, "text"))
    elif end.outcome is Outcome.DONE and not progress.pictures:
        blocks.append(note("It said nothing. Print something, or let its last line be a value."))
    if hidden > 0 or len(shown) == SHOWN_LETTERS:
        how_much = plural(hidden, "line") if hidden > 0 else "The end of it is"
        blocks.append(note(f"{how_much} hidden."))
        if all(file.name != WHOLE_OUTPUT for file in progress.files):
            whole = progress.output.encode("utf-8", "replace")
            blocks.append(_file(OutputFile(WHOLE_OUTPUT, whole)))
    return (*blocks, *advice)


def _split_advice(output: str, end: End) -> tuple[str, tuple[Block, ...]]:
    before, found, advice = output.rpartition(ADVICE)
    if end.outcome is Outcome.RAISED and found and "\n" not in advice:
        return before, (Text((f"💡 {advice}",)),)
    return output, ()


def _file(file: OutputFile) -> File:
    # The content of a file that the code wrote stays as it is: whoever opens it asked for it.
    if file.name == WHOLE_OUTPUT:
        text = harmless(file.content.decode("utf-8", "replace"))
        return File(text.encode(), file.name, "The whole output")
    name = harmless(file.name).replace("\n", " ")[:LONGEST_FILE_NAME] or "file"
    return File(file.content, name, f"File: {name}")


def _resources(run: Run, progress: RunProgress, end: End) -> Text:
    again = " Its worker died once, so it was started again." if progress.restarted else ""
    memory = f", {end.peak_mb:,.0f} MB at most" if end.peak_mb is not None else ""
    return note(f"{seconds_text(end.seconds)} on the {DEVICES[run.device]}{memory}.{again}")
