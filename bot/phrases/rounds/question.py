"""A question while it can be answered: the card for everyone, and the card of one member."""

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
    Text,
    Tone,
)
from bot.model.rounds import Round, RoundProgress, Sitting
from bot.phrases.formatting import (
    ICONS,
    KINDS,
    LEVELS,
    note,
    paragraphs,
    percent,
    plural,
    prose,
    rough_duration,
    sentence,
    stopwatch,
    without_marks,
)
from bot.phrases.rounds.buttons import hint_button, letter_buttons, opinion_buttons
from bot.phrases.rounds.hints import hint_lines
from bot.quiz.judging.points import SPEED, WORTH
from bot.quiz.questions import Choices, Question

ALMOST = 0.01
"""A share up to this is called wrong, not partly right."""
LETTERS = {"A": "🇦", "B": "🇧", "C": "🇨", "D": "🇩", "E": "🇪", "F": "🇫"}
"""The emoji that people answer with where reactions are asked for."""


def letter_of(emoji: str) -> str | None:
    """The letter that an emoji stands for, whatever form its platform sends."""
    plain = emoji.replace("\N{VARIATION SELECTOR-16}", "")
    return next((letter for letter, sign in LETTERS.items() if sign == plain), None)


def question_card(asked: Round, figure: bytes | None, tally: RoundProgress | None = None) -> Card:
    """The public card of a live or daily round that is open."""
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
            note(_crowd(asked, tally)),
        ),
        (
            *letter_buttons(asked),
            *_join_button(asked),
            *hint_button(asked, 0),
            *opinion_buttons(asked),
        ),
        reactions=_reactions(asked),
    )


def _crowd(asked: Round, tally: RoundProgress | None) -> str:
    if tally is None or not tally.joined:
        return "Everyone here may answer until the time is up."
    if asked.due_at:
        end = "It stays open until its time is up."
    else:
        end = "It closes when everyone who is in has finished."
    return f"{plural(tally.joined, 'member')} in, {tally.finished} finished. {end}"


def _join_button(asked: Round) -> tuple[Button, ...]:
    """A daily round never closes early, so nobody has to ask it to wait."""
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
        return Card("You are in", (sentence("The round waits for you until its time is up."),))
    text = (
        "The round will not close early before you have finished. Your clock is the round’s clock."
    )
    return Card("You are in", (sentence(text), *countdown(asked)))


def own_question_card(
    asked: Round, figure: bytes | None, sitting: Sitting, tried: tuple[str, ...]
) -> Card:
    question, left = asked.question, asked.tries - sitting.tries_used
    verdict = (sentence(_so_far(sitting, left)),) if sitting.tries_used else ()
    tone: Tone = "partly" if sitting.share > ALMOST else "bad"
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
            *opinion_buttons(asked),
        ),
        tone if sitting.tries_used else "plain",
    )


def _so_far(sitting: Sitting, left: int) -> str:
    tries = f"{plural(left, 'try', 'tries')} left."
    if sitting.share > ALMOST:
        return f"Partly right ({percent(sitting.share)}); your best answer counts. {tries}"
    return f"Not that. {tries}"


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
    """What is asked, with its figure and its code, without the options."""
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
        options.append(ShownOption(option.letter, prose(option.text), wrong))
    return (*prompt(question, figure), Options(tuple(options)))


def judged_question(question: Question, figure: bytes | None) -> tuple[Block, ...]:
    if not isinstance(question.key, Choices):
        return prompt(question, figure)
    options = tuple(
        ShownOption(option.letter, prose(option.text), option.right, why=prose(option.why_not))
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
