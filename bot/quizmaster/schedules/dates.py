"""Single dates of a schedule: skipped, pinned to a question, or swapped."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import UserError
from bot.identity import Place
from bot.quiz.files.problems import nearest
from bot.quizmaster.core import Core
from bot.quizmaster.schedules.access import date_to_come, lock_own
from bot.quizmaster.schedules.preview import coming_days
from bot.store import schedules
from bot.store.sql.database import Transaction


@dataclass(frozen=True, slots=True)
class ScheduleDates:
    core: Core

    async def skip(self, place: Place, number: int, text: str, now: datetime) -> date:
        async with self.core.act() as tx:
            day = await self._date(tx, place, number, text, now)
            await schedules.skip(tx, number, day)
            return day

    async def unskip(self, place: Place, number: int, text: str, now: datetime) -> date:
        async with self.core.act() as tx:
            day = await self._date(tx, place, number, text, now)
            await schedules.unskip(tx, number, day)
            return day

    async def pin(self, place: Place, number: int, text: str, question: str, now: datetime) -> date:
        """Without a question it comes out of the bag again."""
        async with self.core.act() as tx:
            day = await self._date(tx, place, number, text, now)
            if question:
                self._check_known(question)
                await schedules.pin(tx, number, day, question)
            else:
                await schedules.unpin(tx, number, day)
            return day

    async def _date(
        self, tx: Transaction, place: Place, number: int, text: str, now: datetime
    ) -> date:
        schedule = await lock_own(tx, place, number)
        return await date_to_come(tx, schedule, text, self.core.zone, now)

    def _check_known(self, question: str) -> None:
        names = self.core.bank().templates
        if question not in names:
            like = nearest(question, names)
            raise UserError("no_such_question", question=question[:60], like=like)

    async def swap(
        self, act: str, place: Place, number: int, text: str, other: str, now: datetime
    ) -> tuple[date, date]:
        """Both are pinned from then on. Once for each act."""
        async with self.core.act() as tx:
            schedule = await lock_own(tx, place, number)
            first = await date_to_come(tx, schedule, text, self.core.zone, now)
            second = await date_to_come(tx, schedule, other, self.core.zone, now)
            if first == second:
                raise UserError("schedule_dates_are_one")
            if await schedules.is_pinned_by(tx, number, first, act):
                return first, second
            coming = await coming_days(self.core, tx, schedule.place_id, now)
            asked = {each.day: each.question for each in coming if each.schedule.id == number}
            question = asked.get(first)
            other_question = asked.get(second)
            if question is None or other_question is None:
                raise UserError("schedule_dates_not_in_preview")
            await schedules.pin(tx, number, first, other_question.id, act)
            await schedules.pin(tx, number, second, question.id, act)
        return first, second
