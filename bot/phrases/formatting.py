"""Texts, names, times and answers, written the same way on every card."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from bot.chat.card import Block, Button, Card, Mono, Span, Spans, Strong, Text, Tone, text_of
from bot.model.people import Player
from bot.phrases.untrusted_text import one_line
from bot.quiz.questions import Choices, Key, Kind, Level, Number

ICONS = {
    Kind.CONCEPTUAL: "🧠",
    Kind.PREDICT_OUTPUT: "❓",
    Kind.MODEL_CHOICE: "🧩",
    Kind.HYPERPARAMETER: "🎛️",
    Kind.METRICS: "📏",
    Kind.DEBUG: "🔧",
}
KINDS = {
    Kind.CONCEPTUAL: "Conceptual",
    Kind.PREDICT_OUTPUT: "Predict output",
    Kind.MODEL_CHOICE: "Model choice",
    Kind.HYPERPARAMETER: "Hyperparameter",
    Kind.METRICS: "Metrics",
    Kind.DEBUG: "Debug",
}
LEVELS = {level: level.value.capitalize() for level in Level}
SOMEBODY = "Somebody"
MINUTE = timedelta(minutes=1)
_MARKED = re.compile(r"`([^`]+)`|(?<!\w)\*\*(?!\s)([^*]+)(?<!\s)\*\*")
# For the text between marks, in backticks, and in asterisks: `_MARKED` splits it in this order.
_FORMS: tuple[Callable[[str], Span], ...] = (str, Mono, Strong)


def parse_markup(text: str) -> Spans:
    """An author's text: words in backticks are code, words in double asterisks are strong."""
    parts = zip(cycle(_FORMS), _MARKED.split(text.strip()), strict=False)
    return tuple(form(part) for form, part in parts if part)


def without_marks(text: str) -> str:
    return text_of(parse_markup(text))


def paragraphs(text: str) -> tuple[Text, ...]:
    return tuple(
        Text(parse_markup(re.sub(r"\s*\n\s*", " ", part)))
        for part in re.split(r"\n\s*\n", text.strip())
        if part
    )


def sentence(text: str) -> Text:
    return Text(parse_markup(text))


def note(text: str) -> Text:
    return Text(parse_markup(text), note=True)


def text_card(
    title: str, text: str, buttons: tuple[Button, ...] = (), tone: Tone = "plain"
) -> Card:
    return Card(title, (sentence(text),), buttons, tone)


def final_card(
    title: str, blocks: tuple[Block, ...], buttons: tuple[Button, ...] = (), tone: Tone = "over"
) -> Card:
    return Card(title, blocks, buttons, tone, final=True)


def plural(n: int, one: str, more: str = "") -> str:
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def stopwatch(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def duration(time: timedelta) -> str:
    return f"{time.total_seconds():.1f} s" if time < 10 * MINUTE else rough_duration(time)


def rough_duration(time: timedelta) -> str:
    # `45 min`, `2 h 5 min`, `3 days`
    hours, minutes = divmod(max(1, round(time / MINUTE)), 60)
    days, hours = divmod(hours, 24)
    parts = (
        plural(days, "day") if days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
    )
    return " ".join(filter(None, parts))


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def safe_name(name: str) -> str:
    return one_line(name) or SOMEBODY


def shown_name(player: Player) -> str:
    return SOMEBODY if player.name_hidden else safe_name(player.name)


def right_answer_text(key: Key) -> str:
    match key:
        case Choices(options=options):
            return "; ".join(
                f"{option.letter}: {without_marks(option.text)}"
                for option in options
                if option.right
            )
        case Number(value=value, within=within):
            return f"{value:.12g} (±{within:.12g})" if within else f"{value:.12g}"
        case _:
            return without_marks(key.accept[0])


def answer_text(key: Key, answer: tuple[str, ...]) -> str:
    if isinstance(key, Choices):
        texts = {option.letter: without_marks(option.text) for option in key.options}
        return "; ".join(f"{letter}: {texts.get(letter, '?')}" for letter in answer)
    return one_line(" ".join(answer))
