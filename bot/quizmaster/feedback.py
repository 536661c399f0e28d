"""Votes and reports."""

from datetime import datetime

from bot.identity import Place
from bot.news.feedback import Poll
from bot.quiz.questions import Question
from bot.quizmaster.rounds import allowed
from bot.quizmaster.standing import get
from bot.store import feedback
from bot.store.database import Database
from bot.store.feedback import Report
from bot.store.people import Player


class Feedback:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def vote(self, round_id: int, player: Player, place: Place, value: int, at: datetime) -> Poll:
        """One vote a member and question, before or after answering; the last one stands."""
        async with self._database.act() as tx:
            question = allowed(await get(tx, round_id), player, place).question
            await feedback.vote(tx, question.id, player.id, value, at)
            return Poll(question, await feedback.votes_for(tx, question.id))

    async def question(self, round_id: int, player: Player, place: Place) -> Question:
        async with self._database.look() as tx:
            return allowed(await get(tx, round_id), player, place).question

    async def report(
        self, round_id: int, player: Player, place: Place, reason: str, at: datetime
    ) -> tuple[Question, bool]:
        """File a report for the admins; False where this member reported this wording before."""
        async with self._database.act() as tx:
            question = allowed(await get(tx, round_id), player, place).question
            return question, await feedback.report(tx, question.id, question.digest, player.id, reason, at)

    async def open_reports(self) -> list[Report]:
        async with self._database.look() as tx:
            return await feedback.open_reports(tx)

    async def settle(self, report_id: int, at: datetime) -> None:
        async with self._database.act() as tx:
            await feedback.settle(tx, report_id, at)
