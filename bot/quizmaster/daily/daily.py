"""The daily question of a date is drawn and posted."""

from collections.abc import Collection
from datetime import datetime

from bot.identity import MessageRef
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, Occurrence
from bot.model.rounds import QuestionFilter, Round
from bot.model.schedules import Schedule
from bot.quiz.calendar.local_days import period_keys
from bot.quizmaster.core import Core
from bot.quizmaster.daily.claiming import Claiming
from bot.quizmaster.daily.drawing import draw
from bot.quizmaster.daily.occurrences import AT_ONCE, LEASE, mark_missed, posted_until
from bot.quizmaster.daily.results import DailyResults
from bot.quizmaster.rounds.access import get
from bot.quizmaster.rounds.opening import answer_style
from bot.quizmaster.rounds.rounds import Rounds
from bot.store import daily, places, schedules
from bot.store.boards import boards
from bot.store.daily import RESTING
from bot.store.rounds import rounds
from bot.store.sql.database import Transaction


class Daily:
    def __init__(self, core: Core, rounds_: Rounds) -> None:
        self._core = core
        self.claiming = Claiming(core)
        self.results = DailyResults(core, rounds_)

    async def lease_due(self, platforms: Collection[str], now: datetime) -> list[Occurrence]:
        async with self._core.act() as tx:
            return await daily.lease_due(tx, platforms, now, now + LEASE, AT_ONCE)

    async def open(self, occurrence: Occurrence, now: datetime) -> Round | None:
        """None where it is too late, or nothing is to be asked."""
        if _is_too_late(occurrence, now):
            await self.mark_missed(occurrence, NOT_POSTED if occurrence.round_id else AWAY, now)
            return None
        async with self._core.act() as tx:
            if occurrence.round_id is not None:
                return await get(tx, occurrence.round_id)
            schedule = await schedules.find(tx, occurrence.schedule_id)
            assert schedule is not None  # schedules are never deleted
            # A reason says that it was asked for by hand, which a paused schedule allows.
            if schedule.removed or (schedule.paused and not occurrence.reason):
                key = occurrence.key
                await daily.change_state(tx, key, "due", "skipped", reason=RESTING)
                return None
            opened = await self._open(tx, schedule, occurrence, now)
        if opened is None:
            await self.mark_missed(occurrence, NOTHING_FITS, now)
        return opened

    async def _open(
        self, tx: Transaction, schedule: Schedule, occurrence: Occurrence, now: datetime
    ) -> Round | None:
        bag = await daily.lock_bag(tx, schedule.place_id)
        act = f"daily:{schedule.id}:{occurrence.day}"
        if known := await rounds.by_act(tx, act):
            return known
        pinned = await schedules.pinned_since(tx, schedule.place_id, occurrence.day)
        drawn = draw(self._core.bank(), schedule, occurrence.day, bag, pinned)
        if drawn is None:
            return None
        question, rest = drawn
        await daily.save_bag(tx, schedule.place_id, bag, rest, now)
        style = schedule.answers or (await places.get_or_add(tx, schedule.place)).answers
        pack = schedule.packs[0] if len(schedule.packs) == 1 else None
        round_id = await rounds.claim(
            tx,
            question,
            act=act,
            mode="daily",
            status="claimed",
            place_id=schedule.place_id,
            speed=False,
            answers=answer_style(question, style),
            question_filter=QuestionFilter(pack).code,
            opened_at=now,
            due_at=occurrence.due_at,
            closes_at=occurrence.ends_at,
        )
        assert round_id is not None  # the bag is locked, so nobody claims it at the same instant
        await daily.set_round(tx, occurrence.key, round_id)
        await boards.assign_round(tx, round_id, schedule.place, period_keys(occurrence.day))
        return await get(tx, round_id)

    async def mark_posted(
        self, occurrence: Occurrence, round_: Round, message: MessageRef, at: datetime
    ) -> None:
        """It ends when it was to end, however late it came."""
        async with self._core.act() as tx:
            await rounds.mark_open(tx, round_.id, message.id, at, occurrence.ends_at)
            await daily.change_state(tx, occurrence.key, "due", "posted")
        self._core.woken.set()

    async def mark_missed(self, occurrence: Occurrence, reason: str, now: datetime) -> None:
        await mark_missed(self._core, occurrence, reason, now)


def _is_too_late(occurrence: Occurrence, now: datetime) -> bool:
    # A round may stand already, so it is looked for as long as any time is left.
    if occurrence.round_id is not None:
        return now >= occurrence.ends_at
    return now > posted_until(occurrence.due_at, occurrence.ends_at)
