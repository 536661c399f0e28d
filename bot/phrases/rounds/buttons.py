"""What can be pressed under a question and its verdict."""

from bot.chat.card import Button, Style
from bot.model.rounds import Round
from bot.phrases.formatting import percent, without_marks
from bot.quiz.judging.points import HINT
from bot.quiz.questions import Choices


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


def opinion_buttons(asked: Round) -> tuple[Button, ...]:
    return (
        Button("👍", f"vote:{asked.id}:up", "quiet", spoken="A good question"),
        Button("👎", f"vote:{asked.id}:down", "quiet", spoken="Not a good question"),
        Button("Report", f"report:{asked.id}", "quiet", spoken="Report a mistake in this question"),
    )


def buttons_after(asked: Round) -> tuple[Button, ...]:
    """What can be pressed once the key is no secret."""
    buttons = []
    if asked.question.code:
        run = "Run: see what this question’s code says"
        buttons.append(Button("Run", f"try:{asked.id}", spoken=run))
    if asked.question.proof:
        prove = "Prove it: show the run that proves this answer"
        buttons.append(Button("Prove it", f"prove:{asked.id}", spoken=prove))
    return (*buttons, *opinion_buttons(asked))


def after_practice(wish: str) -> tuple[Button, ...]:
    return (Button("Another one", f"practice:{wish}", "primary"), Button("Packs", "packs"))
