"""Votes and reports."""

from collections.abc import Sequence

from bot.chat.card import Button, Card, Table
from bot.model.feedback import QuestionVotes, Report
from bot.phrases.formatting import called, many, sentence
from bot.phrases.untrusted_text import one_line
from bot.quiz.questions import Question

REASONS = {
    "key": "The key is wrong",
    "unclear": "It is unclear",
    "typo": "A slip of the pen",
    "code": "The code fails",
    "other": "Something else",
}


def voted(poll: QuestionVotes, value: int) -> Card:
    said = "Glad you like it." if value > 0 else "Noted: it could be better."
    return Card(
        "Thank you",
        (
            sentence(
                f"{said} “{poll.question.title}” has {poll.votes.up} up, {poll.votes.down} down."
            ),
        ),
        tone="good",
    )


def reasons(question: Question, round_id: int) -> Card:
    buttons = tuple(
        Button(words, f"report:{round_id}:{reason}") for reason, words in REASONS.items()
    )
    return Card("Report a mistake", (sentence(f"What is wrong with “{question.title}”?"),), buttons)


def reported(question: Question, *, new: bool) -> Card:
    said = "The admins will see it." if new else "You reported it before; the admins have it."
    return Card("Thank you", (sentence(f"{said} (“{question.title}”)"),), tone="good")


def reports(open_reports: Sequence[Report]) -> Card:
    if not open_reports:
        return Card("Reports", (sentence("No open reports."),), tone="good")
    rows = tuple(
        (
            str(r.id),
            r.question,
            REASONS.get(r.reason, one_line(r.reason)),
            called(r.name),
            f"{r.at:%d %b %Y}",
        )
        for r in open_reports
    )
    table = Table(many(len(rows), "open report"), ("No.", "Question", "Reason", "By", "On"), rows)
    buttons = tuple(Button(f"Settle {r.id}", f"settle:{r.id}") for r in open_reports)
    return Card("Reports", (table,), buttons)
