"""Votes and reports, and the admins who read them."""

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases import feedback as said
from bot.quizmaster.feedback import Feedback


class FeedbackTalk:
    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    async def vote(self, request: Request) -> None:
        value = -1 if request.word(2) == "down" else 1
        poll = await self._feedback.vote(
            request.number(1), request.player, request.event.place, value, request.event.at
        )
        await request.reply.whisper(said.voted(poll, value))

    async def report(self, request: Request) -> None:
        """Ask what is wrong; the second press files it."""
        round_id, reason = request.number(1), request.word(2)
        if not reason:
            question = await self._feedback.question(round_id, request.player, request.event.place)
            await request.reply.whisper(said.reasons(question, round_id))
            return
        if reason not in said.REASONS:
            raise UserError("report_reason_unknown")
        question, new = await self._feedback.report(
            round_id, request.player, request.event.place, reason, request.event.at
        )
        await request.reply.replace(said.reported(question, new=new))

    async def reports(self, request: Request) -> None:
        await request.reply.whisper(
            said.reports(await self._feedback.open_reports(request.event.place))
        )

    async def settle(self, request: Request) -> None:
        await self._feedback.settle(request.number(1), request.event.place, request.event.at)
        await request.reply.replace(
            said.reports(await self._feedback.open_reports(request.event.place))
        )
