"""Votes and reports, and the admins who read them."""

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases.feedback import (
    REASONS,
    report_card,
    report_reasons_card,
    reports_card,
    vote_card,
)


async def vote(request: Request) -> None:
    value = -1 if request.word(2) == "down" else 1
    votes = await request.quizmaster.feedback.vote(
        request.number(1), request.player, request.place, value, request.at
    )
    await request.reply.whisper(vote_card(votes, value))


async def report(request: Request) -> None:
    round_id, reason = request.number(1), request.word(2)
    quizmaster, player, place = request.quizmaster, request.player, request.place
    if not reason:
        question = await quizmaster.rounds.question(round_id, player, place)
        await request.reply.whisper(report_reasons_card(question, round_id))
        return
    if reason not in REASONS:
        raise UserError("report_reason_unknown")
    question, new = await quizmaster.feedback.report(round_id, player, place, reason, request.at)
    await request.reply.replace(report_card(question, new=new))


async def reports(request: Request) -> None:
    found = await request.quizmaster.feedback.open_reports(request.place)
    await request.answer(reports_card(found))


async def close_report(request: Request) -> None:
    feedback = request.quizmaster.feedback
    await feedback.close_report(request.number(1), request.place, request.at)
    await reports(request)
