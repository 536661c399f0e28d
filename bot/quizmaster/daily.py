"""Questions that come by themselves: claimed by their local date, asked, told of at their end. Any process may do each."""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.identity import MessageRef
from bot.model.daily import (
    AWAY,
    NOT_POSTED,
    NOTHING_FITS,
    SHUT_OUT,
    DailyResult,
    NewOccurrence,
    Occurrence,
    OccurrenceState,
    Solver,
)
from bot.model.rounds import QuestionFilter, Round, Sitting
from bot.model.schedules import Schedule
from bot.model.streaks import StreakHistory
from bot.quiz.calendar.cron import DueTime, due_by, next_due_time
from bot.quiz.calendar.local_days import DAY, period_keys
from bot.quiz.questions import Choices
from bot.quizmaster.core import Core
from bot.quizmaster.mix import pick
from bot.quizmaster.rounds.access import get
from bot.quizmaster.rounds.rounds import Rounds
from bot.store import links, people, places, schedules
from bot.store.boards import boards
from bot.store.daily import occurrences, shuffle_bag
from bot.store.daily.occurrences import RESTING
from bot.store.rounds import rounds, sittings
from bot.store.schedules import Dated
from bot.store.sql.database import Transaction
from bot.store.streaks import history

BATCH = 500
"""Schedules that are claimed in one transaction."""
LEASE = timedelta(seconds=25)
"""For so long one process may take to post what it took; then another does it."""
AT_ONCE = 20
UNSURE = timedelta(minutes=5)
"""So far the clocks of two processes may lie apart."""
LEAST_LEFT = timedelta(minutes=5)
"""A question that is open still comes late, unless there is hardly time to read it."""
SHOWN = 20
"""Members who are named at the end."""
log = logging.getLogger(__name__)


class Daily:
    def __init__(self, core: Core, rounds_: Rounds) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone
        self._woken = core.woken
        self._rounds = rounds_

    # Claiming

    async def plan_all(self, now: datetime) -> None:
        """After an update the calendars of the world may differ: work out anew when each schedule asks next."""
        last = 0
        while True:
            async with self._database.act() as tx:
                page = await schedules.active(tx, last, BATCH)
                await plan(
                    tx, [each for each in page if not _is_behind(each, now)], self._zone, now
                )
            if len(page) < BATCH:
                return
            last = page[-1].id

    async def claim(self, now: datetime) -> None:
        """Claim every date whose time has come; of what was missed while nobody was here, the newest may still come."""
        await self._come_back(now)
        while True:
            async with self._database.act() as tx:
                found = await schedules.lock_due(tx, now, BATCH)
                if found:
                    await self._claim(tx, found, now)
            if len(found) < BATCH:
                break
        await self._give_up(now)

    async def _come_back(self, now: datetime) -> None:
        """A clock that ran ahead has dealt with dates that are still to come: those come in their own time."""
        after, last = now + UNSURE, 0
        async with self._database.look() as tx:
            numbers = await occurrences.schedules_ahead(tx, after, BATCH)
        while numbers and numbers[-1] > last:
            async with self._database.act() as tx:
                found = await schedules.lock_active(tx, numbers)
                await occurrences.delete_ahead(tx, numbers, after)
                await plan(tx, found, self._zone, now)
                last, numbers = numbers[-1], await occurrences.schedules_ahead(tx, after, BATCH)
            log.warning("the clock ran ahead; what it dealt with too early comes in its own time")

    async def _claim(self, tx: Transaction, found: Sequence[Schedule], now: datetime) -> None:
        since = min(each.next_day for each in found if each.next_day)
        skipped = await schedules.skipped_since(tx, [each.id for each in found], since)
        off = await schedules.holidays_since(tx, {each.place_id for each in found}, since)
        claims: list[NewOccurrence] = []
        nexts: list[tuple[int, date | None, datetime | None]] = []
        for each in found:
            zone = each.zone(self._zone)
            times = due_by(each.cron, zone, each.next_day or since, now)
            claims += claimed(each, times, skipped, off, now)
            following = next_due_time(each.cron, zone, now, times[-1].day if times else None)
            nexts.append(
                (each.id, following.day if following else None, following.at if following else None)
            )
        await occurrences.claim(tx, claims)
        await schedules.set_next(tx, nexts)

    async def _give_up(self, now: datetime) -> None:
        """What could not be posted while its time lasted."""
        async with self._database.look() as tx:
            late = await occurrences.overdue(tx, now)
        for each in late:
            await self.missed(each, NOT_POSTED, now)

    # Asking

    async def take(self, platforms: Collection[str], now: datetime) -> list[Occurrence]:
        """Some dates whose questions are to be posted now. Nobody else gets them for a while."""
        async with self._database.act() as tx:
            return await occurrences.lease_due(tx, platforms, now, now + LEASE, AT_ONCE)

    async def open(self, occurrence: Occurrence, now: datetime) -> Round | None:
        """The round of a date, claimed by whoever was here first; None where there can be none any more."""
        if _is_stale(occurrence, now):
            await self.missed(occurrence, NOT_POSTED if occurrence.round_id else AWAY, now)
            return None
        async with self._database.act() as tx:
            if occurrence.round_id is not None:
                return await get(tx, occurrence.round_id)
            schedule = await schedules.find(tx, occurrence.schedule_id)
            assert schedule is not None
            if _rests(schedule, occurrence):
                await occurrences.change_state(tx, occurrence.key, "due", "skipped", reason=RESTING)
                return None
            opened = await self._open(tx, schedule, occurrence, now)
        if opened is None:
            await self.missed(occurrence, NOTHING_FITS, now)
        return opened

    async def _open(
        self, tx: Transaction, schedule: Schedule, occurrence: Occurrence, now: datetime
    ) -> Round | None:
        bag = await shuffle_bag.lock(tx, schedule.place_id)
        act = f"daily:{schedule.id}:{occurrence.day}"
        if known := await rounds.by_act(tx, act):
            return known
        pinned = await schedules.pinned_since(tx, schedule.place_id, occurrence.day)
        picked = pick(self._bank(), schedule, occurrence.day, bag, pinned)
        if picked is None:
            return None
        question, left = picked
        await shuffle_bag.save(tx, schedule.place_id, bag, left, now)
        style = schedule.answers or (await places.get_or_add(tx, schedule.place)).answers
        by_reaction = (
            style == "reactions" and isinstance(question.key, Choices) and not question.key.several
        )
        round_id = await rounds.claim(
            tx,
            question,
            act=act,
            mode="daily",
            status="claimed",
            place_id=schedule.place_id,
            speed=False,
            answers="reactions" if by_reaction else "buttons",
            question_filter=QuestionFilter(
                schedule.packs[0] if len(schedule.packs) == 1 else None
            ).code,
            opened_at=now,
            due_at=occurrence.due_at,
            closes_at=occurrence.ends_at,
        )
        assert round_id is not None
        await occurrences.set_round(tx, occurrence.key, round_id)
        await boards.assign_round(tx, round_id, schedule.place, period_keys(occurrence.day))
        return await get(tx, round_id)

    async def posted(
        self, occurrence: Occurrence, asked: Round, message: MessageRef, at: datetime
    ) -> Round:
        """The card stands. Its end stays what it was to be, however late it came."""
        async with self._database.act() as tx:
            await rounds.mark_open(tx, asked.id, message.id, at, occurrence.ends_at)
            await occurrences.change_state(tx, occurrence.key, "due", "posted")
            opened = await get(tx, asked.id)
        self._woken.set()
        return opened

    async def missed(self, occurrence: Occurrence, reason: str, now: datetime) -> None:
        """Recorded with its reason, and never posted."""
        async with self._database.act() as tx:
            there = await occurrences.find(tx, *occurrence.key)
            if (
                await occurrences.change_state(tx, occurrence.key, "due", "missed", reason=reason)
                and there
                and there.round_id
            ):
                await rounds.change_status(tx, there.round_id, "claimed", "void", closed_at=now)

    # Telling the end

    async def ended(self, platforms: Collection[str], now: datetime) -> list[Occurrence]:
        async with self._database.act() as tx:
            return await occurrences.lease_ended(tx, platforms, now, now + LEASE, AT_ONCE)

    async def round_of(self, occurrence: Occurrence) -> Round:
        async with self._database.look() as tx:
            return await get(tx, occurrence.round_id or 0)

    async def summed_up(self, asked: Round) -> DailyResult:
        """Who solved it, in the order in which they did, with what it came to for them."""
        result = await self._rounds.closing.result(asked)
        async with self._database.look() as tx:
            seats = await sittings.first_solved(tx, asked.id, SHOWN)
            who = await links.current_ids(tx, {seat.player_id for seat in seats})
            firsts: dict[int, Sitting] = {}
            for seat in seats:
                firsts.setdefault(who[seat.player_id], seat)
            pasts = await history.histories(tx, list(firsts), self._zone)
            solvers = [await self._solver(tx, asked, firsts[each], pasts[each]) for each in firsts]
        return DailyResult(result, tuple(solvers), self._bank().figure(asked.question))

    async def _solver(
        self, tx: Transaction, asked: Round, seat: Sitting, past: StreakHistory
    ) -> Solver:
        days = past.streak(asked.closed_at or asked.opened_at).days
        return Solver(await people.get(tx, past.player_id), seat.tries_used, seat.points, days)

    async def told(self, occurrence: Occurrence, asked: Round) -> None:
        self._rounds.in_memory.forget(asked.id)
        async with self._database.act() as tx:
            await rounds.change_status(tx, asked.id, "closed", "announced")
            await occurrences.change_state(tx, occurrence.key, "posted", "announced")

    async def next_due(self, now: datetime) -> datetime | None:
        async with self._database.look() as tx:
            soon = (await schedules.next_at(tx), await occurrences.next_lease_end(tx, now))
        return min((at for at in soon if at), default=None)


def claimed(
    schedule: Schedule,
    times: Sequence[DueTime],
    skipped: Collection[Dated],
    off: Mapping[Dated, str],
    now: datetime,
) -> list[NewOccurrence]:
    """What becomes of each date: a day off, the newest one that is still welcome, or one that was missed."""
    lasts = timedelta(minutes=schedule.minutes)
    claims = []
    for due in times:
        state, reason = _fate(schedule, due, skipped, off)
        if state == "due" and (due is not times[-1] or now > _too_late(due.at, due.at + lasts)):
            state, reason = "missed", AWAY
        claims.append(NewOccurrence(schedule.id, due.day, state, reason, due.at, due.at + lasts))
    return claims


def _fate(
    schedule: Schedule, due: DueTime, skipped: Collection[Dated], off: Mapping[Dated, str]
) -> tuple[OccurrenceState, str]:
    """What a date is to be, had it come in time."""
    if (schedule.id, due.day) in skipped:
        return "skipped", "skipped"
    if (schedule.place_id, due.day) in off:
        return "skipped", off[schedule.place_id, due.day] or "holiday"
    return ("missed", SHUT_OUT) if schedule.shut_out else ("due", "")


def _is_stale(occurrence: Occurrence, now: datetime) -> bool:
    """Where somebody may have posted it already, it is gone for, whatever time is left."""
    if occurrence.round_id is not None:
        return now >= occurrence.ends_at
    return now > _too_late(occurrence.due_at, occurrence.ends_at)


def _too_late(due_at: datetime, ends_at: datetime) -> datetime:
    """From then on a question that nobody saw is not asked any more."""
    return ends_at - min(LEAST_LEFT, (ends_at - due_at) / 2)


def _rests(schedule: Schedule, occurrence: Occurrence) -> bool:
    """Whether an admin let it rest after the date was claimed. What was asked for by hand comes from a pause too."""
    return schedule.removed or (schedule.paused and not occurrence.reason)


def _is_behind(schedule: Schedule, now: datetime) -> bool:
    """Its time has come already: first it is claimed."""
    return schedule.next_at is not None and schedule.next_at <= now


async def plan(tx: Transaction, found: Sequence[Schedule], home: str, now: datetime) -> None:
    """When each of these asks next: later than now, and on a date that was not dealt with."""
    done = await occurrences.last_days(tx, [each.id for each in found], now + DAY)
    nexts = []
    for each in found:
        due = next_due_time(each.cron, each.zone(home), now, done.get(each.id))
        nexts.append((each.id, due.day if due else None, due.at if due else None))
    await schedules.set_next(tx, nexts)
