"""Votes and reports on questions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.identity import Place
from bot.model.feedback import QuestionVotes, Report
from bot.model.people import Player
from bot.quiz.questions import Question
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.access import get_visible
from bot.store import feedback, places


@dataclass(frozen=True, slots=True)
class Feedback:
    core: Core
    owners: Collection[str]

    async def vote(
        self, round_id: int, player: Player, place: Place, value: int, at: datetime
    ) -> QuestionVotes:
        """Replaces the member's earlier vote on the question."""
        async with self.core.transaction() as tx:
            question = (await get_visible(tx, round_id, player, place)).question
            await feedback.vote(tx, question.id, player.id, value, at)
            return QuestionVotes(question, await feedback.votes_for(tx, question.id))

    async def report(
        self, round_id: int, player: Player, place: Place, reason: str, at: datetime
    ) -> tuple[Question, bool]:
        """False if this member has reported this wording here before."""
        async with self.core.transaction() as tx:
            question = (await get_visible(tx, round_id, player, place)).question
            place_id = (await places.get_or_add(tx, place)).id
            return question, await feedback.report(
                tx,
                question=question.id,
                digest=question.digest,
                player_id=player.id,
                place_id=place_id,
                reason=reason,
                at=at,
            )

    async def open_reports(self, place: Place) -> list[Report]:
        async with self.core.reading() as tx:
            return await feedback.open_reports(tx, self._readable_from(place))

    async def close_report(self, report_id: int, place: Place, at: datetime) -> None:
        async with self.core.transaction() as tx:
            await feedback.close_report(tx, report_id, self._readable_from(place), at)

    def _readable_from(self, place: Place) -> Place | None:
        return None if place.platform in self.owners else place
