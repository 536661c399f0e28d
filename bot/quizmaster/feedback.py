"""Votes and reports."""

from collections.abc import Collection
from datetime import datetime

from bot.identity import Place
from bot.model.feedback import QuestionVotes, Report
from bot.model.people import Player
from bot.quiz.questions import Question
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.access import get_visible
from bot.store import feedback, places


class Feedback:
    """Admins read what was reported in their own community; those of a platform whose admins own the bot read all."""

    def __init__(self, core: Core, owned: Collection[str]) -> None:
        self._database = core.database
        self._owned = owned

    async def vote(
        self, round_id: int, player: Player, place: Place, value: int, at: datetime
    ) -> QuestionVotes:
        """One vote a member and question, before or after answering; the last one stands."""
        async with self._database.act() as tx:
            question = (await get_visible(tx, round_id, player, place)).question
            await feedback.vote(tx, question.id, player.id, value, at)
            return QuestionVotes(question, await feedback.votes_for(tx, question.id))

    async def question(self, round_id: int, player: Player, place: Place) -> Question:
        async with self._database.look() as tx:
            return (await get_visible(tx, round_id, player, place)).question

    async def report(
        self, round_id: int, player: Player, place: Place, reason: str, at: datetime
    ) -> tuple[Question, bool]:
        """File a report for the admins of the place; False where this member reported this wording there before."""
        async with self._database.act() as tx:
            question = (await get_visible(tx, round_id, player, place)).question
            room = await places.get_or_add(tx, place)
            return question, await feedback.report(
                tx, question.id, question.digest, player.id, room.id, reason, at
            )

    async def open_reports(self, place: Place) -> list[Report]:
        async with self._database.look() as tx:
            return await feedback.open_reports(tx, self._reach(place))

    async def settle(self, report_id: int, place: Place, at: datetime) -> None:
        async with self._database.act() as tx:
            await feedback.settle(tx, report_id, self._reach(place), at)

    def _reach(self, place: Place) -> Place | None:
        return None if place.platform in self._owned else place
