"""What came of an answer and of a round, and the proof of a key."""

from bot.chat.card import (
    Block,
    Button,
    Card,
    Code,
    Facts,
    Options,
    Picture,
    ShownOption,
    Text,
    Tone,
)
from bot.model.rounds import ProofShown, Refusal, Round, RoundResult, Sitting, Verdict
from bot.phrases.formatting import (
    answer_text,
    duration,
    final_card,
    note,
    parse_markup,
    percent,
    plural,
    right_answer_text,
    sentence,
    shown_name,
    text_card,
)
from bot.phrases.rounds.points import calculation
from bot.phrases.rounds.question import (
    ALMOST,
    buttons_after,
    explanation,
    judged_question,
    letter_buttons,
    prompt,
    title_of,
)
from bot.phrases.streaks import streak_news
from bot.quiz.judging import judge
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
        facts.append(("Right answer", right_answer_text(question.key)))
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
        Text((f"Why not {option.letter}: ", *parse_markup(option.why_not)))
        for option in key.options
        if option.letter in verdict.answer and option.why_not
    )


def _refused(verdict: Verdict, onward: Buttons) -> Card:
    question = verdict.round.question
    if verdict.refusal is Refusal.SOLVED:
        points = plural(verdict.sitting.points, "point")
        text = f"You solved this one already, for {points}. Your first right answer stands."
        return text_card("✓ Solved already", text, onward, "good")
    if verdict.refusal is Refusal.SPENT:
        text = "Your tries on this one are used up."
        return final_card("No tries left", (sentence(text), *_answer(question)), onward)
    return over_card(verdict.round, onward)


def over_card(asked: Round, onward: Buttons = ()) -> Card:
    if not asked.is_over:
        text = "That came just after the time was up, so it could not count."
        return final_card("Time is up", (sentence(text),), onward)
    text = "This round is over and takes no more answers."
    return final_card("This one is over", (sentence(text), *_answer(asked.question)), onward)


def _answer(question: Question) -> tuple[Block, ...]:
    return (Facts((("Right answer", right_answer_text(question.key)),)), *explanation(question))


def missed_card(
    asked: Round, sitting: Sitting, onward: Buttons, figure: bytes | None = None
) -> Card:
    question = asked.question
    points = (Facts((("Points", str(sitting.points)),)),) if sitting.points else ()
    blocks = (
        sentence("The clock ran out before the right answer came."),
        Facts((("Right answer", right_answer_text(question.key)),)),
        *points,
        *judged_question(question, figure),
        *explanation(question),
    )
    tone: Tone = "partly" if sitting.share > ALMOST else "over"
    title = f"⏱ Time is up: {question.title}"
    return Card(title, blocks, (*onward, *buttons_after(asked)), tone, final=tone == "over")


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
                    parse_markup(option.text),
                    option.right,
                    chosen.get(option.letter, 0),
                    parse_markup(option.why_not),
                )
                for option in key.options
            )
        )
    right = sum(n for answer, n in chosen.items() if judge.mark(key, (answer,)).share == 1)
    counted = f"{right} right, {sum(chosen.values()) - right} other" if chosen else "none"
    return Facts((("Right answer", right_answer_text(key)), ("Answers", counted)))


def proof_card(proof: ProofShown) -> Card:
    """As it ran when its question was last checked."""
    title = proof_title(proof.question)
    if proof.seen is None:
        never = note(
            "It has not been run since it was last changed. `python -m bot check` runs it."
        )
        return Card(title, (*proof_code(proof.question), never))
    blocks: list[Block] = [Code(proof.seen.output.rstrip(), "text")]
    if proof.seen.picture:
        alt = f"What the proof of “{proof.question.title}” draws."
        blocks.append(Picture(proof.seen.picture, alt, "proof.png"))
    blocks.append(note(f"It ran under torch {proof.seen.torch}, and every assertion in it held."))
    return Card(title, (*proof_code(proof.question), *blocks), tone="good")


def proof_title(question: Question) -> str:
    return f"Proof: {question.title}"


def proof_code(question: Question) -> tuple[Block, ...]:
    key = f"The key is {right_answer_text(question.key)}. This is what shows it:"
    return sentence(key), Code(question.proof)
