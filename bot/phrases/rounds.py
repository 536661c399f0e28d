"""What is said around one question: asked, judged, helped along, closed."""

from collections.abc import Mapping

from bot.chat.card import (
    Block,
    Button,
    Card,
    Choice,
    Code,
    Countdown,
    Facts,
    Input,
    Options,
    Picture,
    ShownOption,
    Style,
    Text,
    Tone,
)
from bot.model.rounds import (
    HintsShown,
    NextStep,
    Refusal,
    Round,
    RoundProgress,
    RoundResult,
    Sitting,
    Verdict,
)
from bot.phrases import streaks
from bot.phrases.formatting import (
    ICONS,
    KINDS,
    LEVELS,
    answer_text,
    bare,
    clock,
    key_text,
    lasting,
    many,
    named,
    note,
    paragraphs,
    percent,
    prose,
    sentence,
    took,
)
from bot.phrases.points import sum_of
from bot.quiz.judging import judge
from bot.quiz.judging.points import HINT, SPEED, WORTH
from bot.quiz.questions import Choices, Question

ALMOST = 0.01
LETTERS = {"A": "🇦", "B": "🇧", "C": "🇨", "D": "🇩", "E": "🇪", "F": "🇫"}
"""The emoji that people answer with where reactions are asked for."""


def letter_of(emoji: str) -> str | None:
    """The letter that an emoji stands for, whatever form its platform sends."""
    return next(
        (
            letter
            for letter, sign in LETTERS.items()
            if sign == emoji.replace("\N{VARIATION SELECTOR-16}", "")
        ),
        None,
    )


def challenge(asked: Round, figure: bytes | None, tally: RoundProgress | None = None) -> Card:
    """The public card of a live round that is open."""
    question = asked.question
    facts = (*_facts(asked, str(asked.tries)), ("Worth", f"up to {many(_most(asked), 'point')}"))
    late = (sentence("I was away when this was due: here it is, late."),) if asked.is_late else ()
    crowd = note(_crowd(asked, tally))
    return Card(
        title=_title(question),
        blocks=(
            *late,
            Facts(facts),
            *_asking(question, figure),
            *_answering(asked),
            *_countdown(asked),
            crowd,
        ),
        buttons=(
            *_letters(asked, ()),
            *_joining(asked),
            *_hint(asked, 0),
            *opinions(asked),
        ),
        reactions=tuple(LETTERS[letter] for letter in _known(question))
        if asked.by_reaction
        else (),
    )


def _most(asked: Round) -> int:
    return round(WORTH[asked.question.level] * (1 + SPEED if asked.speed else 1))


def _crowd(asked: Round, tally: RoundProgress | None) -> str:
    if tally is None or not tally.joined:
        return "Everyone here may answer until the time is up."
    ends = (
        "It stays open until its time is up."
        if asked.due_at
        else "It closes when everyone who is in has finished."
    )
    return f"{many(tally.joined, 'member')} in, {tally.finished} finished. {ends}"


def _joining(asked: Round) -> tuple[Button, ...]:
    """A round that closes early waits for whoever says so; one that does not needs no such word."""
    if asked.due_at:
        return ()
    return (Button("I’m in", f"join:{asked.id}", "quiet", spoken="I’m in: the round waits for me"),)


def own(asked: Round, figure: bytes | None, seat: Sitting, tried: tuple[str, ...]) -> Card:
    """A question that one member has before them, with what they tried and which hints they took so far."""
    question = asked.question
    left = asked.tries - seat.tries_used
    again = f"{_so_far(seat)} {many(left, 'try', 'tries')} left." if seat.tries_used else ""
    return Card(
        title=_title(question),
        blocks=(
            *((sentence(again),) if again else ()),
            Facts(_facts(asked, f"{left} left")),
            *_asking(question, figure, tried),
            *_answering(asked),
            *_hint_lines(question.hints[: seat.hints_taken]),
            *_countdown(asked),
        ),
        buttons=(*_letters(asked, tried), *_hint(asked, seat.hints_taken), *opinions(asked)),
        tone="plain" if not seat.tries_used else "partly" if seat.share > ALMOST else "bad",
    )


def _so_far(seat: Sitting) -> str:
    return (
        f"Partly right ({percent(seat.share)}); your best answer counts."
        if seat.share > ALMOST
        else "Not that."
    )


def _title(question: Question) -> str:
    return f"{ICONS[question.kind]} {question.title}"


def _facts(asked: Round, tries: str) -> tuple[tuple[str, str], ...]:
    question = asked.question
    return (
        ("Kind", KINDS[question.kind]),
        ("Level", LEVELS[question.level]),
        ("Time", _time(asked)),
        ("Tries", tries),
    )


def _time(asked: Round) -> str:
    if asked.closes_at is None:
        return "no clock"
    if asked.due_at is None:
        return clock(asked.question.seconds)
    return lasting(asked.closes_at - max(asked.opened_at, asked.due_at))


def _stem(question: Question, figure: bytes | None) -> tuple[Block, ...]:
    """What is asked, with its figure and its code, without the options."""
    picture = (Picture(figure, question.figure.alt),) if question.figure and figure else ()
    return (
        *paragraphs(question.prompt),
        *picture,
        *((Code(question.code),) if question.code else ()),
    )


def _asking(
    question: Question, figure: bytes | None, tried: tuple[str, ...] = ()
) -> tuple[Block, ...]:
    if not isinstance(question.key, Choices):
        return _stem(question, figure)
    items = tuple(
        ShownOption(option.letter, prose(option.text), False if option.letter in tried else None)
        for option in question.key.options
    )
    return (*_stem(question, figure), Options(items))


def _answering(asked: Round) -> tuple[Block, ...]:
    key = asked.question.key
    if isinstance(key, Choices):
        if asked.by_reaction:
            return (note("React with the letter of your answer. The first one counts."),)
        if not key.several:
            return ()
        rule = note(
            "Tick all that apply. Your share is (right − wrong) ÷ all that are right, never less than nothing."
        )
        ticks = tuple(
            (option.letter, f"{option.letter}: {bare(option.text)}") for option in key.options
        )
        return (rule, Choice("Your answers", f"tick:{asked.id}", ticks))
    return (Input("Your answer", f"type:{asked.id}"),)


def _countdown(asked: Round) -> tuple[Block, ...]:
    return (Countdown(asked.closes_at),) if asked.closes_at else ()


def _known(question: Question) -> tuple[str, ...]:
    return (
        tuple(option.letter for option in question.key.options)
        if isinstance(question.key, Choices)
        else ()
    )


def _letters(asked: Round, tried: tuple[str, ...], style: Style = "primary") -> tuple[Button, ...]:
    key = asked.question.key
    if not isinstance(key, Choices) or key.several or asked.by_reaction:
        return ()
    return tuple(
        Button(
            option.letter,
            f"answer:{asked.id}:{option.letter}",
            style,
            spoken=f"Answer {option.letter}: {bare(option.text)}",
        )
        for option in key.options
        if option.letter not in tried
    )


def _hint(asked: Round, taken: int) -> tuple[Button, ...]:
    if taken >= len(asked.question.hints):
        return ()
    free = asked.mode == "practice"
    cost = "free" if free else f"−{percent(1 - HINT)}"
    spoken = (
        "A hint, free"
        if free
        else f"A hint, which lowers what this question pays you by {percent(1 - HINT)}"
    )
    return (Button(f"Hint ({cost})", f"hint:{asked.id}", "quiet", spoken=spoken),)


def opinions(asked: Round) -> tuple[Button, ...]:
    return (
        Button("👍", f"vote:{asked.id}:up", "quiet", spoken="A good question"),
        Button("👎", f"vote:{asked.id}:down", "quiet", spoken="Not a good question"),
        Button("Report", f"report:{asked.id}", "quiet", spoken="Report a mistake in this question"),
    )


def _after(asked: Round) -> tuple[Button, ...]:
    """What can be pressed once the key is due."""
    proof = Button(
        "Prove it", f"prove:{asked.id}", spoken="Prove it: show the run that proves this answer"
    )
    run = Button("Run", f"try:{asked.id}", spoken="Run: see what this question’s code says")
    ways = (*((run,) if asked.question.code else ()), *((proof,) if asked.question.proof else ()))
    return (*ways, *opinions(asked))


def _onward(ways: tuple[NextStep, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(way.label, way.action, "primary" if not n else "normal")
        for n, way in enumerate(ways)
    )


def verdict(given: Verdict, ways: tuple[NextStep, ...] = (), figure: bytes | None = None) -> Card:
    """What an answer came to, for the one who gave it."""
    if given.refusal:
        return _refused(given, ways)
    if not given.finished:
        return _again(given)
    return _judged(given, ways, figure)


def _again(given: Verdict) -> Card:
    left = f"{many(given.tries_left, 'try', 'tries')} left."
    said = Text(("You said ", answer_text(given.round.question.key, given.answer), "."), note=True)
    if given.share > ALMOST:
        return Card(
            f"Partly right: {percent(given.share)}",
            (sentence(f"{left} Your best answer counts, so you may leave it at that."), said),
            tone="partly",
        )
    return Card(f"Not that. {left}", (said,), tone="bad")


def _judged(given: Verdict, ways: tuple[NextStep, ...], figure: bytes | None) -> Card:
    tone, title = _outcome(given)
    question = given.round.question
    remarks = (note(given.note),) if given.note else ()
    facts: tuple[tuple[str, str], ...] = (("You said", answer_text(question.key, given.answer)),)
    if tone != "good":
        facts += (("Right answer", key_text(question.key)),)
    why = (
        (Button("Why these points?", f"why:{given.round.id}", "quiet"),)
        if given.round.mode != "practice"
        else ()
    )
    in_public = given.round.in_public
    return Card(
        title if in_public else f"{title}: {question.title}",
        (
            *remarks,
            Facts(facts + _points(given)),
            *(streaks.counted(given.counted) if given.counted else ()),
            *(_why_not(given) if in_public else _again_shown(question, figure)),
            *explained(question),
        ),
        (*_onward(ways), *why, *_after(given.round)),
        tone,
    )


def _again_shown(question: Question, figure: bytes | None) -> tuple[Block, ...]:
    """A private card is replaced by its verdict, so the question stands in it once more, with its options judged."""
    if not isinstance(question.key, Choices):
        return _stem(question, figure)
    items = tuple(
        ShownOption(option.letter, prose(option.text), option.right, why=prose(option.why_not))
        for option in question.key.options
    )
    return (*_stem(question, figure), Options(items))


def _outcome(given: Verdict) -> tuple[Tone, str]:
    if given.sitting.solved:
        return "good", "✓ Right"
    if given.sitting.share > ALMOST:
        return "partly", f"Partly right: {percent(given.sitting.share)}"
    return "bad", f"✗ Not that, and that was the {'last' if given.round.tries > 1 else 'only'} try"


def _points(given: Verdict) -> tuple[tuple[str, str], ...]:
    if not given.factors:
        return ()
    return (
        (
            "Points",
            f"{given.sitting.points}" if given.factors.pays == "yes" else sum_of(given.factors),
        ),
    )


def _why_not(given: Verdict) -> tuple[Text, ...]:
    """What is wrong with the wrong options that were chosen."""
    key = given.round.question.key
    if not isinstance(key, Choices):
        return ()
    return tuple(
        Text((f"Why not {option.letter}: ", *prose(option.why_not)))
        for option in key.options
        if option.letter in given.answer and option.why_not
    )


def explained(question: Question) -> tuple[Block, ...]:
    return (*paragraphs(question.explanation), Facts((("Key concept", bare(question.concept)),)))


def _refused(given: Verdict, ways: tuple[NextStep, ...]) -> Card:
    question = given.round.question
    if given.refusal is Refusal.SOLVED:
        said = f"You solved this one already, for {many(given.sitting.points, 'point')}. Your first right answer stands."
        return Card("✓ Solved already", (sentence(said),), _onward(ways), "good")
    if given.refusal is Refusal.SPENT:
        said = "Your tries on this one are used up."
        return Card(
            "No tries left", (sentence(said), *_key(question)), _onward(ways), "over", final=True
        )
    return over(given.round, ways)


def over(asked: Round, ways: tuple[NextStep, ...] = ()) -> Card:
    """A late press, however late: kindly, and with the key once it is no secret."""
    if not asked.is_over:
        said = "That came just after the time was up, so it could not count."
        return Card("Time is up", (sentence(said),), _onward(ways), "over", final=True)
    said = "This round is over and takes no more answers."
    return Card(
        "This one is over",
        (sentence(said), *_key(asked.question)),
        _onward(ways),
        "over",
        final=True,
    )


def _key(question: Question) -> tuple[Block, ...]:
    return (Facts((("Right answer", key_text(question.key)),)), *explained(question))


def missed(
    asked: Round, seat: Sitting, ways: tuple[NextStep, ...], figure: bytes | None = None
) -> Card:
    """A private question whose time ran out."""
    tone: Tone = "partly" if seat.share > ALMOST else "over"
    points = (Facts((("Points", str(seat.points)),)),) if seat.points else ()
    said = "The clock ran out before the right answer came."
    right = Facts((("Right answer", key_text(asked.question.key)),))
    return Card(
        f"⏱ Time is up: {asked.question.title}",
        (
            sentence(said),
            right,
            *points,
            *_again_shown(asked.question, figure),
            *explained(asked.question),
        ),
        (*_onward(ways), *_after(asked)),
        tone,
        final=True,
    )


def hint(given: HintsShown) -> Card:
    if not given.shown:
        return Card("💡 No hints", (sentence("This question comes without a hint."),))
    cost = (
        "That cost you nothing."
        if given.free
        else f"Each hint lowers what the question pays you by {percent(1 - HINT)}."
    )
    title = "💡 Hint" if len(given.shown) == 1 else f"💡 {len(given.shown)} hints"
    return Card(title, (*_hint_lines(given.shown), note(f"{cost} Nobody else sees this.")))


def _hint_lines(shown: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(Text(("💡 ", *prose(text))) for text in shown)


def joined(asked: Round, *, new: bool) -> Card:
    if not new:
        return Card("You are in", (sentence("The round waits for you until its time is up."),))
    said = (
        "The round will not close early before you have finished. Your clock is the round’s clock."
    )
    return Card("You are in", (sentence(said), *_countdown(asked)))


def result(ended: RoundResult, figure: bytes | None) -> Card:
    """The public card after the close: who chose what, the key, and who was first."""
    asked = ended.round
    question = asked.question
    again = Button(
        "Ask another",
        f"challenge:{asked.question_filter}",
        "normal",
        spoken="Ask everyone another question",
    )
    return Card(
        title=f"{_title(question)} (over)",
        blocks=(
            Facts(_score(ended)),
            *_stem(question, figure),
            *_chosen(question, ended.chosen),
            *explained(question),
        ),
        buttons=(*_letters(asked, (), "quiet"), again, *_after(asked)),
        tone="over",
        final=True,
    )


def _score(ended: RoundResult) -> tuple[tuple[str, str], ...]:
    solved = (
        f"{ended.solved} of {many(ended.joined, 'member')}"
        if ended.joined
        else "nobody (no one took part)"
    )
    if ended.first is None or ended.first_after is None:
        return (("Solved by", solved),)
    return (
        ("Solved by", solved),
        ("First", f"{named(ended.first)} after {took(ended.first_after)}"),
    )


def _chosen(question: Question, chosen: Mapping[str, int]) -> tuple[Block, ...]:
    key = question.key
    if isinstance(key, Choices):
        items = tuple(
            ShownOption(o.letter, prose(o.text), o.right, chosen.get(o.letter, 0), prose(o.why_not))
            for o in key.options
        )
        return (Options(items),)
    right = sum(n for said, n in chosen.items() if judge.mark(key, (said,)).share == 1)
    counted = f"{right} right, {sum(chosen.values()) - right} other" if chosen else "none"
    return (Facts((("Right answer", key_text(key)), ("Answers", counted))),)
