"""Hints that were taken."""

from bot.chat.card import Card, Text
from bot.model.rounds import HintsShown
from bot.phrases.formatting import note, percent, prose, sentence
from bot.quiz.judging.points import HINT


def hint_card(hints: HintsShown) -> Card:
    if not hints.shown:
        return Card("💡 No hints", (sentence("This question comes without a hint."),))
    cost = f"Each hint lowers what the question pays you by {percent(1 - HINT)}."
    if hints.free:
        cost = "That cost you nothing."
    title = "💡 Hint" if len(hints.shown) == 1 else f"💡 {len(hints.shown)} hints"
    return Card(title, (*hint_lines(hints.shown), note(f"{cost} Nobody else sees this.")))


def hint_lines(hints: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(Text(("💡 ", *prose(hint))) for hint in hints)
