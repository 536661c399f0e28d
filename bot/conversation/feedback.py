"""Votes and reports, and the admins who read them."""

from bot.conversation.request import Turn
from bot.errors import UserError
from bot.phrases import feedback as said
from bot.quizmaster.feedback import Feedback


class FeedbackTalk:
    def __init__(self, feedback: Feedback) -> None:
        self._feedback = feedback

    async def vote(self, turn: Turn) -> None:
        value = -1 if turn.word(2) == "down" else 1
        poll = await self._feedback.vote(
            turn.number(1), turn.player, turn.event.place, value, turn.event.at
        )
        await turn.reply.whisper(said.voted(poll, value))

    async def report(self, turn: Turn) -> None:
        """Ask what is wrong; the second press files it."""
        round_id, reason = turn.number(1), turn.word(2)
        if not reason:
            question = await self._feedback.question(round_id, turn.player, turn.event.place)
            await turn.reply.whisper(said.reasons(question, round_id))
            return
        if reason not in said.REASONS:
            raise UserError("Choose one of the reasons on the card.")
        question, new = await self._feedback.report(
            round_id, turn.player, turn.event.place, reason, turn.event.at
        )
        await turn.reply.turn(said.reported(question, new=new))

    async def reports(self, turn: Turn) -> None:
        await turn.reply.whisper(said.reports(await self._feedback.open_reports(turn.event.place)))

    async def settle(self, turn: Turn) -> None:
        await self._feedback.settle(turn.number(1), turn.event.place, turn.event.at)
        await turn.reply.turn(said.reports(await self._feedback.open_reports(turn.event.place)))
