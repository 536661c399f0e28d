"""Votes and reports, and the admins who read them."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases.feedback import (
    REASONS,
    report_card,
    report_reasons_card,
    reports_card,
    vote_card,
)
from bot.quizmaster.feedback import Feedback
from bot.quizmaster.rounds.rounds import Rounds


@dataclass
class FeedbackCommands:
    feedback: Feedback
    rounds: Rounds

    async def vote(self, request: Request) -> None:
        value = -1 if request.word(2) == "down" else 1
        votes = await self.feedback.vote(
            request.number(1), request.player, request.place, value, request.at
        )
        await request.reply.whisper(vote_card(votes, value))

    async def report(self, request: Request) -> None:
        round_id, reason = request.number(1), request.word(2)
        if not reason:
            question = await self.rounds.question(round_id, request.player, request.place)
            await request.reply.whisper(report_reasons_card(question, round_id))
            return
        if reason not in REASONS:
            raise UserError("report_reason_unknown")
        question, new = await self.feedback.report(
            round_id, request.player, request.place, reason, request.at
        )
        await request.reply.replace(report_card(question, new=new))

    async def reports(self, request: Request) -> None:
        await request.answer(reports_card(await self.feedback.open_reports(request.place)))

    async def settle(self, request: Request) -> None:
        await self.feedback.close_report(request.number(1), request.place, request.at)
        await self.reports(request)
