"""What is said of running code: where it waits, what it says while it runs, how it ended."""

from collections.abc import Sequence

from bot.chat.card import Block, Button, Card, Code, File, Picture, Table, Text, Tone
from bot.commands import EXAMPLE
from bot.model.runs import Run, RunProgress
from bot.phrases.formatting import key_text, many, note, sentence
from bot.phrases.untrusted_text import harmless
from bot.quiz.questions import Question
from bot.sandbox.protocol import End, Outcome, OutputFile

CODE_LINES = 60
LIVE_LINES = 30
LISTED_LETTERS = 48
RESULT_LINES = 60
RESULT_LETTERS = 6000
DEVICES = {"gpu": "GPU", "cpu": "CPU"}
ENDED: dict[str, tuple[str, Tone]] = {
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
ADVICE = "→ "
PRELOADED = "`torch`, `nn`, `F`, `np`, `plt` and `device` are there already, and the last line’s value is shown."


def how(off: str) -> Card:
    """What `/run` alone says."""
    if off:
        return unable(off)
    return Card(
        "Run PyTorch code",
        (
            sentence("Type the code after `/run`, on as many lines as you like:"),
            Code(f"/run\n{EXAMPLE}", "text"),
            note(PRELOADED),
        ),
    )


def unable(off: str) -> Card:
    return Card(
        "Nothing can be run here",
        tuple(sentence(line) for line in off.splitlines() if line.strip()),
        tone="over",
        final=True,
    )


def running(run: Run, progress: RunProgress, elapsed: float) -> Card:
    """A run that has not ended, with its last lines of output."""
    return Card(
        _titled(run, _standing(run, progress)),
        (*_code(run), *_so_far(progress, elapsed)),
        (_stop(run),),
    )


def _standing(run: Run, progress: RunProgress) -> str:
    if progress.started:
        return f"▶ Running on the {DEVICES[run.device]}"
    return f"⏳ In the queue, place {progress.place}" if progress.place else "⏳ About to run"


def _so_far(progress: RunProgress, elapsed: float) -> tuple[Block, ...]:
    restarted = (note("Its worker died, so it was started again."),) if progress.restarted else ()
    lines = harmless(progress.output).rstrip("\n").split("\n")
    shown = (
        (Code("\n".join(lines[-LIVE_LINES:])[-RESULT_LETTERS:], "text"),)
        if progress.output.strip()
        else ()
    )
    return (*restarted, *shown, note(f"{elapsed:.0f} s so far."))


def _stop(run: Run) -> Button:
    return Button("Stop", f"stop:{run.id}", "quiet", spoken="Stop this run")


def result(run: Run, progress: RunProgress, others: Sequence[str]) -> Card:
    """How a run ended. `others` are the devices that it could be run on as well."""
    end = progress.end or End(Outcome.LOST)
    title, tone = ENDED[end.outcome]
    blocks: tuple[Block, ...] = (
        *_code(run),
        *_reason(end),
        *_said(progress, end),
        *_drawn(progress),
        *_left(progress),
        _bill(run, progress, end),
    )
    return Card(
        _titled(
            run, f"{title} in {_seconds(end.seconds)}" if end.outcome is Outcome.DONE else title
        ),
        blocks,
        _again(run, others),
        tone,
        final=tone == "over",
    )


def proven(run: Run, question: Question, progress: RunProgress) -> Card:
    """A proof that was run before the reader's eyes."""
    end = progress.end or End(Outcome.LOST)
    held = end.outcome is Outcome.DONE
    words = "Every assertion in it held." if held else f"{ENDED[end.outcome][0]} this time."
    said = sentence(f"The key is {key_text(question.key)}. This is what shows it:")
    blocks = (
        said,
        Code(question.proof),
        *_reason(end),
        *_said(progress, end),
        *_drawn(progress),
        note(words),
        _bill(run, progress, end),
    )
    again = (Button("Run again", f"again:{run.id}", "quiet"),)
    return Card(
        f"Proof: {question.title}", blocks, again, "good" if held else ENDED[end.outcome][1]
    )


def _titled(run: Run, title: str) -> str:
    return f"{title}: {run.title}" if run.title else title


def _code(run: Run) -> tuple[Block, ...]:
    lines = harmless(run.code).rstrip("\n").split("\n")
    more = len(lines) - CODE_LINES
    hidden = (note(f"{many(more, 'more line')} of code."),) if more > 0 else ()
    return (Code("\n".join(lines[:CODE_LINES])), *hidden)


def _reason(end: End) -> tuple[Block, ...]:
    said = harmless(end.note)
    return (Text((f"{said[:1].upper()}{said[1:]}.",)),) if said else ()


def _said(progress: RunProgress, end: End) -> tuple[Block, ...]:
    """The output, its advice as a sentence of its own, and how much of it is not shown."""
    output, advice = _advised(harmless(progress.output).rstrip(), end)
    lines = output.split("\n")
    shown = "\n".join(lines[:RESULT_LINES])[:RESULT_LETTERS]
    unseen = end.hidden + len(lines) - shown.count("\n") - 1
    blocks: list[Block] = [Code(shown, "text")] if shown.strip() else []
    if not blocks and end.outcome is Outcome.DONE and not progress.pictures:
        blocks.append(note("It said nothing. Print something, or let its last line be a value."))
    if unseen > 0 or len(shown) == RESULT_LETTERS:
        blocks.append(
            note(f"{many(unseen, 'line')} hidden." if unseen > 0 else "The end of it is hidden.")
        )
        if not any(file.name == "output.txt" for file in progress.files):
            blocks.append(
                _file(OutputFile("output.txt", progress.output.encode("utf-8", "replace")))
            )
    return (*blocks, *advice)


def _advised(output: str, end: End) -> tuple[str, tuple[Block, ...]]:
    before, found, advice = output.rpartition(f"\n{ADVICE}")
    if end.outcome is Outcome.RAISED and found and "\n" not in advice:
        return before, (Text((f"💡 {advice}",)),)
    return output, ()


def _drawn(progress: RunProgress) -> tuple[Picture, ...]:
    return tuple(
        Picture(picture.png, _alt(number, len(progress.pictures)), f"figure-{number}.png")
        for number, picture in enumerate(progress.pictures, 1)
    )


def _alt(number: int, of: int) -> str:
    return f"What this code draws{f', picture {number} of {of}' if of > 1 else ''}."


def _left(progress: RunProgress) -> tuple[File, ...]:
    return tuple(map(_file, progress.files))


def _file(file: OutputFile) -> File:
    """A whole output is made harmless too, but not the files that the code wrote: whoever opens one asked for it."""
    if file.name == "output.txt":
        text = harmless(file.content.decode("utf-8", "replace"))
        return File(text.encode(), file.name, "The whole output")
    name = harmless(file.name).replace("\n", " ")[:80] or "file"
    return File(file.content, name, f"File: {name}")


def _bill(run: Run, progress: RunProgress, end: End) -> Text:
    again = " Its worker died once, so it was started again." if progress.restarted else ""
    memory = f", {end.peak_mb:,.0f} MB at most" if end.peak_mb is not None else ""
    return note(f"{_seconds(end.seconds)} on the {DEVICES[run.device]}{memory}.{again}")


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _again(run: Run, others: Sequence[str]) -> tuple[Button, ...]:
    elsewhere = (
        Button(f"Run again on {DEVICES[each]}", f"again:{run.id}:{each}")
        for each in others
        if each != run.device
    )
    return (Button("Run again", f"again:{run.id}"), *elsewhere)


def lost(run: Run) -> Card:
    """A run that a bot left behind when it stopped, and that nobody can begin anew."""
    return Card(
        _titled(run, "The bot stopped in the middle"),
        (*_code(run), sentence("Nothing came of this run. Run it again.")),
        _again(run, ()),
        "over",
        final=True,
    )


def taken_away() -> Card:
    return Card(
        "Taken away",
        (note("The code was deleted, and what it said with it."),),
        tone="over",
        final=True,
    )


def refused(run: Run, said: str) -> Card:
    return Card(
        _titled(run, "That could not be run"), (*_code(run), Text((said,))), _again(run, ()), "bad"
    )


def mine(runs: Sequence[Run]) -> Card:
    if not runs:
        return Card("Your runs", (sentence("None yet. Type `/run` and your code after it."),))
    rows = tuple(
        (str(run.id), f"{run.booked_at:%d %b %H:%M} UTC", _first_line(run), _outcome(run))
        for run in runs
    )
    buttons = tuple(Button(f"Show {run.id}", f"ran:{run.id}") for run in runs if not run.is_active)
    return Card(
        "Your runs", (Table("The latest first", ("No.", "When", "Code", "Outcome"), rows),), buttons
    )


def _first_line(run: Run) -> str:
    line = (
        run.title or next((line for line in harmless(run.code).split("\n") if line.strip()), "")
    ).strip()
    return line if len(line) <= LISTED_LETTERS else f"{line[:LISTED_LETTERS]}…"


def _outcome(run: Run) -> str:
    if run.outcome is None:
        return "under way"
    title, _ = ENDED[run.outcome]
    return f"{title}, {_seconds(run.seconds)}"


def kept(run: Run) -> Card:
    """A run out of the list, as far as it is kept: its words, without its pictures."""
    end = End(
        Outcome(run.outcome or "lost"),
        note=run.note,
        seconds=run.seconds,
        hidden=run.hidden,
        device=run.device,
    )
    return result(run, RunProgress(output=run.output, end=end), ())
