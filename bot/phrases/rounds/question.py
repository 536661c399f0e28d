"""A question while it can be answered, its buttons and hints."""

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
from bot.model.rounds import HintsShown, Round, RoundProgress, Sitting
from bot.phrases.formatting import (
    ICONS,
    KINDS,
    LEVELS,
    note,
    paragraphs,
    parse_markup,
    percent,
    plural,
    rough_duration,
    sentence,
    stopwatch,
    text_card,
    without_marks,
)
from bot.quiz.judging.points import HINT, SPEED, WORTH
from bot.quiz.questions import Choices, Question

# A share up to this is called wrong, not partly right.
ALMOST = 0.01
# The emoji that people answer with where reactions are asked for.
LETTERS = {"A": "🇦", "B": "🇧", "C": "🇨", "D": "🇩", "E": "🇪", "F": "🇫"}


def letter_buttons(
    asked: Round, tried: tuple[str, ...] = (), style: Style = "primary"
) -> tuple[Button, ...]:
    key = asked.question.key
    if not isinstance(key, Choices) or key.several or asked.by_reaction:
        return ()
    return tuple(
        Button(
            option.letter,
            f"answer:{asked.id}:{option.letter}",
            style,
            spoken=f"Answer {option.letter}: {without_marks(option.text)}",
        )
        for option in key.options
        if option.letter not in tried
    )


def hint_button(asked: Round, taken: int) -> tuple[Button, ...]:
    if taken >= len(asked.question.hints):
        return ()
    cost = percent(1 - HINT)
    label, spoken = f"−{cost}", f"A hint, which lowers what this question pays you by {cost}"
    if asked.mode == "practice":
        label, spoken = "free", "A hint, free"
    return (Button(f"Hint ({label})", f"hint:{asked.id}", "quiet", spoken=spoken),)


def vote_and_report_buttons(asked: Round) -> tuple[Button, ...]:
    return (
        Button("👍", f"vote:{asked.id}:up", "quiet", spoken="A good question"),
        Button("👎", f"vote:{asked.id}:down", "quiet", spoken="Not a good question"),
        Button("Report", f"report:{asked.id}", "quiet", spoken="Report a mistake in this question"),
    )


def buttons_after(asked: Round) -> tuple[Button, ...]:
    # What can be pressed once the key is no secret.
    buttons = []
    if asked.question.code:
        run = "Run: see what this question’s code says"
        buttons.append(Button("Run", f"try:{asked.id}", spoken=run))
    if asked.question.proof:
        prove = "Prove it: show the run that proves this answer"
        buttons.append(Button("Prove it", f"prove:{asked.id}", spoken=prove))
    return (*buttons, *vote_and_report_buttons(asked))


def after_practice_buttons(wish: str) -> tuple[Button, ...]:
    return (Button("Another one", f"practice:{wish}", "primary"), Button("Packs", "packs"))


def hint_card(hints: HintsShown) -> Card:
    if not hints.shown:
        return text_card("💡 No hints", "This question comes without a hint.")
    cost = f"Each hint lowers what the question pays you by {percent(1 - HINT)}."
    if hints.free:
        cost = "That cost you nothing."
    title = "💡 Hint" if len(hints.shown) == 1 else f"💡 {len(hints.shown)} hints"
    return Card(title, (*hint_lines(hints.shown), note(f"{cost} Nobody else sees this.")))


def hint_lines(hints: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(Text(("💡 ", *parse_markup(hint))) for hint in hints)


def letter_of(emoji: str) -> str | None:
    plain = emoji.replace("\N{VARIATION SELECTOR-16}", "")
    return next((letter for letter, sign in LETTERS.items() if sign == plain), None)


def question_card(asked: Round, figure: bytes | None, tally: RoundProgress | None = None) -> Card:
    worth = round(WORTH[asked.question.level] * (1 + SPEED if asked.speed else 1))
    facts = (*_facts(asked, str(asked.tries)), ("Worth", f"up to {plural(worth, 'point')}"))
    late = (sentence("I was away when this was due: here it is, late."),) if asked.is_late else ()
    return Card(
        title_of(asked.question),
        (
            *late,
            Facts(facts),
            *_prompt_and_options(asked.question, figure),
            *_answer_field(asked),
            *countdown(asked),
            note(_participation_text(asked, tally)),
        ),
        (
            *letter_buttons(asked),
            *_join_button(asked),
            *hint_button(asked, 0),
            *vote_and_report_buttons(asked),
        ),
        reactions=_reactions(asked),
    )


def _participation_text(asked: Round, tally: RoundProgress | None) -> str:
    if tally is None or not tally.joined:
        return "Everyone here may answer until the time is up."
    if asked.due_at:
        end = "It stays open until its time is up."
    else:
        end = "It closes when everyone who is in has finished."
    return f"{plural(tally.joined, 'member')} in, {tally.finished} finished. {end}"


def _join_button(asked: Round) -> tuple[Button, ...]:
    # A daily round never closes early, so nobody has to ask it to wait.
    if asked.due_at:
        return ()
    return (Button("I’m in", f"join:{asked.id}", "quiet", spoken="I’m in: the round waits for me"),)


def _reactions(asked: Round) -> tuple[str, ...]:
    key = asked.question.key
    if not asked.by_reaction or not isinstance(key, Choices):
        return ()
    return tuple(LETTERS[option.letter] for option in key.options)


def joined_card(asked: Round, *, new: bool) -> Card:
    if not new:
        return text_card("You are in", "The round waits for you until its time is up.")
    text = (
        "The round will not close early before you have finished. Your clock is the round’s clock."
    )
    return Card("You are in", (sentence(text), *countdown(asked)))


def own_question_card(
    asked: Round, figure: bytes | None, sitting: Sitting, tried: tuple[str, ...]
) -> Card:
    question, left = asked.question, asked.tries - sitting.tries_used
    tone: Tone = "plain"
    verdict: list[Block] = []
    if sitting.tries_used:
        tone, so_far = "bad", "Not that."
        if sitting.share > ALMOST:
            tone = "partly"
            so_far = f"Partly right ({percent(sitting.share)}); your best answer counts."
        verdict = [sentence(f"{so_far} {plural(left, 'try', 'tries')} left.")]
    return Card(
        title_of(question),
        (
            *verdict,
            Facts(_facts(asked, f"{left} left")),
            *_prompt_and_options(question, figure, tried),
            *_answer_field(asked),
            *hint_lines(question.hints[: sitting.hints_taken]),
            *countdown(asked),
        ),
        (
            *letter_buttons(asked, tried),
            *hint_button(asked, sitting.hints_taken),
            *vote_and_report_buttons(asked),
        ),
        tone,
    )


def title_of(question: Question) -> str:
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
        return stopwatch(asked.question.seconds)
    return rough_duration(asked.closes_at - max(asked.opened_at, asked.due_at))


def prompt(question: Question, figure: bytes | None) -> tuple[Block, ...]:
    blocks: list[Block] = [*paragraphs(question.prompt)]
    if question.figure and figure:
        blocks.append(Picture(figure, question.figure.alt))
    if question.code:
        blocks.append(Code(question.code))
    return tuple(blocks)


def _prompt_and_options(
    question: Question, figure: bytes | None, tried: tuple[str, ...] = ()
) -> tuple[Block, ...]:
    if not isinstance(question.key, Choices):
        return prompt(question, figure)
    options = []
    for option in question.key.options:
        wrong = False if option.letter in tried else None
        options.append(ShownOption(option.letter, parse_markup(option.text), wrong))
    return (*prompt(question, figure), Options(tuple(options)))


def judged_question(question: Question, figure: bytes | None) -> tuple[Block, ...]:
    if not isinstance(question.key, Choices):
        return prompt(question, figure)
    options = tuple(
        ShownOption(
            option.letter, parse_markup(option.text), option.right, why=parse_markup(option.why_not)
        )
        for option in question.key.options
    )
    return (*prompt(question, figure), Options(options))


def _answer_field(asked: Round) -> tuple[Block, ...]:
    key = asked.question.key
    if not isinstance(key, Choices):
        return (Input("Your answer", f"type:{asked.id}"),)
    if asked.by_reaction:
        return (note("React with the letter of your answer. The first one counts."),)
    if not key.several:
        return ()
    rule = note(
        "Tick all that apply. Your share is (right − wrong) ÷ all that are right, "
        "never less than nothing."
    )
    ticks = tuple(
        (option.letter, f"{option.letter}: {without_marks(option.text)}") for option in key.options
    )
    return (rule, Choice("Your answers", f"tick:{asked.id}", ticks))


def countdown(asked: Round) -> tuple[Block, ...]:
    return (Countdown(asked.closes_at),) if asked.closes_at else ()


def explanation(question: Question) -> tuple[Text | Facts, ...]:
    concept = Facts((("Key concept", without_marks(question.concept)),))
    return (*paragraphs(question.explanation), concept)
