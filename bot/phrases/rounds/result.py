"""How a public round ended: who chose what, the key, and who was first."""

from bot.chat.card import Block, Button, Card, Facts, Options, ShownOption
from bot.model.rounds import RoundResult
from bot.phrases.formatting import duration, final_card, key_text, plural, prose, shown_name
from bot.phrases.rounds.buttons import buttons_after, letter_buttons
from bot.phrases.rounds.question import explanation, prompt, title_of
from bot.quiz.judging import judge
from bot.quiz.questions import Choices


def result_card(result: RoundResult, figure: bytes | None) -> Card:
    asked = result.round
    question = asked.question
    again = Button(
        "Ask another", f"challenge:{asked.question_filter}", spoken="Ask everyone another question"
    )
    return final_card(
        f"{title_of(question)} (over)",
        (
            Facts(_score(result)),
            *prompt(question, figure),
            _answers(result),
            *explanation(question),
        ),
        (*letter_buttons(asked, style="quiet"), again, *buttons_after(asked)),
    )


def _score(result: RoundResult) -> tuple[tuple[str, str], ...]:
    solved = "nobody (no one took part)"
    if result.joined:
        solved = f"{result.solved} of {plural(result.joined, 'member')}"
    if result.first is None or result.first_after is None:
        return (("Solved by", solved),)
    first = f"{shown_name(result.first)} after {duration(result.first_after)}"
    return ("Solved by", solved), ("First", first)


def _answers(result: RoundResult) -> Block:
    key, chosen = result.round.question.key, result.chosen
    if isinstance(key, Choices):
        return Options(
            tuple(
                ShownOption(
                    option.letter,
                    prose(option.text),
                    option.right,
                    chosen.get(option.letter, 0),
                    prose(option.why_not),
                )
                for option in key.options
            )
        )
    right = sum(n for answer, n in chosen.items() if judge.mark(key, (answer,)).share == 1)
    counted = f"{right} right, {sum(chosen.values()) - right} other" if chosen else "none"
    return Facts((("Right answer", key_text(key)), ("Answers", counted)))
