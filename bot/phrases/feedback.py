"""Votes and reports."""

from collections.abc import Sequence

from bot.chat.card import Button, Card, Table
from bot.model.feedback import QuestionVotes, Report
from bot.phrases.formatting import plural, safe_name, text_card
from bot.phrases.untrusted_text import one_line
from bot.quiz.questions import Question

REASONS = {
    "key": "The key is wrong",
    "unclear": "It is unclear",
    "typo": "A slip of the pen",
    "code": "The code fails",
    "other": "Something else",
}


def vote_card(votes: QuestionVotes, value: int) -> Card:
    thanks = "Glad you like it." if value > 0 else "Noted: it could be better."
    count = f"“{votes.question.title}” has {votes.votes.up} up, {votes.votes.down} down."
    return _thanks(f"{thanks} {count}")


def report_reasons_card(question: Question, round_id: int) -> Card:
    buttons = tuple(
        Button(words, f"report:{round_id}:{reason}") for reason, words in REASONS.items()
    )
    return text_card("Report a mistake", f"What is wrong with “{question.title}”?", buttons)


def report_card(question: Question, *, new: bool) -> Card:
    text = "The admins will see it." if new else "You reported it before; the admins have it."
    return _thanks(f"{text} (“{question.title}”)")


def _thanks(text: str) -> Card:
    return text_card("Thank you", text, tone="good")


def reports_card(reports: Sequence[Report]) -> Card:
    if not reports:
        return text_card("Reports", "No open reports.", tone="good")
    rows, buttons = [], []
    for report in reports:
        number, day = str(report.id), f"{report.at:%d %b %Y}"
        reason = REASONS.get(report.reason, one_line(report.reason))
        rows.append((number, report.question, reason, safe_name(report.name), day))
        buttons.append(Button(f"Settle {number}", f"settle:{number}"))
    headers = ("No.", "Question", "Reason", "By", "On")
    table = Table(plural(len(rows), "open report"), headers, tuple(rows))
    return Card("Reports", (table,), tuple(buttons))
