"""Small words that every room says the same way."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import cycle

from bot.chat.card import Mono, Span, Spans, Strong, Text, text_of
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
_FORMS: tuple[Callable[[str], Span], ...] = (str, Mono, Strong)
"""What stands between the marks, in the first kind of mark, and in the second."""


def prose(text: str) -> Spans:
    """An author's text: words in backticks are code, words in double asterisks are strong."""
    parts = zip(cycle(_FORMS), _MARKED.split(text.strip()), strict=False)
    return tuple(form(part) for form, part in parts if part)


def bare(text: str) -> str:
    """An author's text without its marks, for cells and labels."""
    return text_of(prose(text))


def paragraphs(text: str) -> tuple[Text, ...]:
    """An author's text, split where an empty line stands."""
    return tuple(
        Text(prose(re.sub(r"\s*\n\s*", " ", part)))
        for part in re.split(r"\n\s*\n", text.strip())
        if part
    )


def sentence(text: str) -> Text:
    return Text(prose(text))


def note(text: str) -> Text:
    return Text(prose(text), note=True)


def many(n: int, one: str, more: str = "") -> str:
    """`1 try`, `2 tries`."""
    return f"{n:,} {one if n == 1 else more or one + 's'}"


def clock(seconds: int) -> str:
    """Minutes and seconds, as on a stopwatch: 1:30."""
    return f"{seconds // 60}:{seconds % 60:02}"


def took(time: timedelta) -> str:
    return f"{time.total_seconds():.1f} s" if time < 10 * MINUTE else lasting(time)


def lasting(time: timedelta) -> str:
    """A time that nobody counts in seconds: `45 min`, `2 h 5 min`, `3 days`."""
    minutes = max(1, round(time / MINUTE))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = (
        many(days, "day") if days else "",
        f"{hours} h" if hours else "",
        f"{rest} min" if rest else "",
    )
    return " ".join(part for part in parts if part)


def percent(share: float) -> str:
    return f"{round(share * 100)} %"


def called(name: str) -> str:
    """A name that somebody gave themselves."""
    return one_line(name) or SOMEBODY


def named(player: Player) -> str:
    return SOMEBODY if player.name_hidden else called(player.name)


def key_text(key: Key) -> str:
    """The right answer in words."""
    match key:
        case Choices(options=options):
            return "; ".join(
                f"{option.letter}: {bare(option.text)}" for option in options if option.right
            )
        case Number(value=value, within=within):
            return f"{value:.12g} (±{within:.12g})" if within else f"{value:.12g}"
        case _:
            return bare(key.accept[0])


def answer_text(key: Key, answer: tuple[str, ...]) -> str:
    """What somebody answered, in words."""
    if isinstance(key, Choices):
        texts = {option.letter: bare(option.text) for option in key.options}
        return "; ".join(f"{letter}: {texts.get(letter, '?')}" for letter in answer)
    return one_line(" ".join(answer))
