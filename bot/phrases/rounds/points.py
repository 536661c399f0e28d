"""Points, explained from the factors that were stored with them."""

from fractions import Fraction

from bot.chat.card import Button, Card, Facts, Table
from bot.model.profile import RecentScore, ScoreExplained
from bot.phrases.formatting import LEVELS, answer_text, note, percent, plural, text_card
from bot.quiz.judging.points import HINT, REST, Factors

ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def calculation(factors: Factors) -> str:
    if factors.pays == "practice":
        return "none, this was practice"
    if factors.pays == "seen":
        return f"none, you saw its key less than {REST.days} days ago"
    parts = [str(factors.worth)]
    if factors.share != 1:
        share = Fraction(factors.share).limit_denominator(100)
        parts.append(f"{share} ({'partly' if factors.share else 'not'} right)")
    if factors.number > 1:
        parts.append(f"{factors.try_factor:g} ({_nth(factors.number)} try)")
    if factors.hints:
        parts.append(f"{factors.hint_factor:g} ({plural(factors.hints, 'hint')})")
    speed = f" + {factors.speed} speed" if factors.speed else ""
    terms, points = f"{' × '.join(parts)}{speed}", str(factors.points)
    return terms if terms == points else f"{terms} = {points}"


def _nth(number: int) -> str:
    return ORDINALS.get(number, f"{number}th")


def score_card(score: ScoreExplained) -> Card:
    factors, question = score.factors, score.question
    facts = (
        ("Your answer", answer_text(question.key, score.given.answer)),
        ("Worth", f"{factors.worth} ({LEVELS[question.level]})"),
        ("Right", percent(factors.share)),
        ("Try", f"{_nth(factors.number)} of {score.tries}: × {factors.try_factor:g}"),
        ("Hints", f"{factors.hints}: × {factors.hint_factor:g}"),
        ("Speed", f"+ {factors.speed}"),
        ("Together", calculation(factors)),
    )
    rule = f"Each hint takes {percent(1 - HINT)} off. A score never changes once it is given."
    title = f"Why {plural(score.given.points, 'point')}: {question.title}"
    return Card(title, (Facts(facts), note(rule)))


def scores_card(scores: tuple[RecentScore, ...]) -> Card:
    if not scores:
        first = "Answer a question first: `/challenge`, `/pack` or `/practice`."
        return text_card("No scores yet", first)
    rows, buttons = [], []
    for n, score in enumerate(scores, 1):
        finished, title = score.finished, score.question.title
        solved = "right" if finished.solved else "not right"
        rows.append((str(n), title, solved, str(finished.points)))
        spoken = f"Explain score {n}: {title}"
        buttons.append(Button(str(n), f"why:{finished.round_id}", spoken=spoken))
    table = Table("Your latest scores", ("No.", "Question", "Answer", "Points"), tuple(rows))
    how = note("Press a number and I explain that score.")
    return Card("Why these points?", (table, how), tuple(buttons))
