"""What an answer came to, for the one who gave it."""

from bot.chat.card import Block, Button, Card, Facts, Text, Tone
from bot.model.rounds import Refusal, Round, Sitting, Verdict
from bot.phrases.formatting import (
    answer_text,
    final_card,
    key_text,
    note,
    percent,
    plural,
    prose,
    sentence,
)
from bot.phrases.rounds.buttons import buttons_after
from bot.phrases.rounds.points import calculation
from bot.phrases.rounds.question import ALMOST, explanation, judged_question
from bot.phrases.streaks import streak_news
from bot.quiz.questions import Choices, Question

Buttons = tuple[Button, ...]


def verdict_card(verdict: Verdict, onward: Buttons = (), figure: bytes | None = None) -> Card:
    """`onward`: where a private question leads when it is over."""
    if verdict.refusal:
        return _refused(verdict, onward)
    if not verdict.finished:
        return _try_again(verdict)
    return _finished(verdict, onward, figure)


def _try_again(verdict: Verdict) -> Card:
    left = f"{plural(verdict.tries_left, 'try', 'tries')} left."
    answer = answer_text(verdict.round.question.key, verdict.answer)
    given = Text(("You said ", answer, "."), note=True)
    if verdict.share > ALMOST:
        best = sentence(f"{left} Your best answer counts, so you may leave it at that.")
        return Card(f"Partly right: {percent(verdict.share)}", (best, given), tone="partly")
    return Card(f"Not that. {left}", (given,), tone="bad")


def _finished(verdict: Verdict, onward: Buttons, figure: bytes | None) -> Card:
    tone, title = _outcome(verdict)
    asked = verdict.round
    question = asked.question
    facts = [("You said", answer_text(question.key, verdict.answer))]
    if tone != "good":
        facts.append(("Right answer", key_text(question.key)))
    blocks: list[Block] = [note(f"Read as “{verdict.read_as}”.")] if verdict.read_as else []
    blocks.append(Facts((*facts, *_points(verdict))))
    if verdict.counted:
        blocks += streak_news(verdict.counted)
    if asked.in_public:
        blocks += _why_not(verdict)
    else:  # the verdict replaces the card with the question
        title = f"{title}: {question.title}"
        blocks += judged_question(question, figure)
    why = (Button("Why these points?", f"why:{asked.id}", "quiet"),)
    buttons = (*onward, *(why if asked.mode != "practice" else ()), *buttons_after(asked))
    return Card(title, (*blocks, *explanation(question)), buttons, tone)


def _outcome(verdict: Verdict) -> tuple[Tone, str]:
    if verdict.sitting.solved:
        return "good", "✓ Right"
    if verdict.sitting.share > ALMOST:
        return "partly", f"Partly right: {percent(verdict.sitting.share)}"
    which = "last" if verdict.round.tries > 1 else "only"
    return "bad", f"✗ Not that, and that was the {which} try"


def _points(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    factors = verdict.factors
    if not factors:
        return ()
    paid = factors.pays == "yes"
    return (("Points", str(verdict.sitting.points) if paid else calculation(factors)),)


def _why_not(verdict: Verdict) -> tuple[Text, ...]:
    key = verdict.round.question.key
    if not isinstance(key, Choices):
        return ()
    return tuple(
        Text((f"Why not {option.letter}: ", *prose(option.why_not)))
        for option in key.options
        if option.letter in verdict.answer and option.why_not
    )


def _refused(verdict: Verdict, onward: Buttons) -> Card:
    question = verdict.round.question
    if verdict.refusal is Refusal.SOLVED:
        points = plural(verdict.sitting.points, "point")
        text = f"You solved this one already, for {points}. Your first right answer stands."
        return Card("✓ Solved already", (sentence(text),), onward, "good")
    if verdict.refusal is Refusal.SPENT:
        text = "Your tries on this one are used up."
        return final_card("No tries left", (sentence(text), *_answer(question)), onward)
    return over_card(verdict.round, onward)


def over_card(asked: Round, onward: Buttons = ()) -> Card:
    """To a late press: kindly, and with the key once it is no secret."""
    if not asked.is_over:
        text = "That came just after the time was up, so it could not count."
        return final_card("Time is up", (sentence(text),), onward)
    text = "This round is over and takes no more answers."
    return final_card("This one is over", (sentence(text), *_answer(asked.question)), onward)


def _answer(question: Question) -> tuple[Block, ...]:
    return (Facts((("Right answer", key_text(question.key)),)), *explanation(question))


def missed_card(
    asked: Round, sitting: Sitting, onward: Buttons, figure: bytes | None = None
) -> Card:
    """A private question whose time ran out."""
    question = asked.question
    points = (Facts((("Points", str(sitting.points)),)),) if sitting.points else ()
    blocks = (
        sentence("The clock ran out before the right answer came."),
        Facts((("Right answer", key_text(question.key)),)),
        *points,
        *judged_question(question, figure),
        *explanation(question),
    )
    tone: Tone = "partly" if sitting.share > ALMOST else "over"
    title = f"⏱ Time is up: {question.title}"
    return final_card(title, blocks, (*onward, *buttons_after(asked)), tone)
