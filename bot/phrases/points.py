"""Scores, explained from the factors that were stored with them."""

from fractions import Fraction

from bot.chat.card import Button, Card, Facts, Table
from bot.model.profile import RecentScore, ScoreExplained
from bot.phrases.formatting import LEVELS, answer_text, many, note, percent, sentence
from bot.quiz.judging.points import HINT, REST, Factors

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def sum_of(factors: Factors) -> str:
    """The whole calculation in one line."""
    if factors.pays == "practice":
        return "none, this was practice"
    if factors.pays == "seen":
        return f"none, you saw its key less than {REST.days} days ago"
    parts = [str(factors.worth)]
    if factors.share != 1:
        parts.append(f"{_part(factors.share)} ({'partly' if factors.share else 'not'} right)")
    if factors.number > 1:
        parts.append(f"{factors.try_factor:g} ({_nth(factors.number)} try)")
    if factors.hints:
        parts.append(f"{factors.hint_factor:g} ({many(factors.hints, 'hint')})")
    speed = f" + {factors.speed} speed" if factors.speed else ""
    calculation = f"{' × '.join(parts)}{speed}"
    return (
        calculation if calculation == str(factors.points) else f"{calculation} = {factors.points}"
    )


def _part(share: float) -> str:
    """A share as the fraction it is, so that whoever calculates it again comes to the same points."""
    return str(Fraction(share).limit_denominator(100))


def _nth(number: int) -> str:
    return ORDINALS.get(number, f"{number}th")


def why(reason: ScoreExplained) -> Card:
    """Where one score came from."""
    factors, question = reason.factors, reason.question
    facts = (
        ("Your answer", answer_text(question.key, reason.given.answer)),
        ("Worth", f"{factors.worth} ({LEVELS[question.level]})"),
        ("Right", percent(factors.share)),
        ("Try", f"{_nth(factors.number)} of {reason.tries}: × {factors.try_factor:g}"),
        ("Hints", f"{factors.hints}: × {factors.hint_factor:g}"),
        ("Speed", f"+ {factors.speed}"),
        ("Together", sum_of(factors)),
    )
    rule = f"Each hint takes {percent(1 - HINT)} off. A score never changes once it is given."
    return Card(
        f"Why {many(reason.given.points, 'point')}: {question.title}", (Facts(facts), note(rule))
    )


def scores(latest: tuple[RecentScore, ...]) -> Card:
    """The latest scores, each with a button that explains it."""
    if not latest:
        return Card(
            "No scores yet",
            (sentence("Answer a question first: `/challenge`, `/pack` or `/practice`."),),
        )
    rows = tuple(
        (
            str(n),
            each.question.title,
            "right" if each.finished.solved else "not right",
            str(each.finished.points),
        )
        for n, each in enumerate(latest, 1)
    )
    buttons = tuple(
        Button(
            str(n),
            f"why:{each.finished.round_id}",
            "normal",
            spoken=f"Explain score {n}: {each.question.title}",
        )
        for n, each in enumerate(latest, 1)
    )
    table = Table("Your latest scores", ("No.", "Question", "Answer", "Points"), rows)
    return Card(
        "Why these points?", (table, note("Press a number and I explain that score.")), buttons
    )
