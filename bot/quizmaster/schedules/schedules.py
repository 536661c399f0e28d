"""Schedules: added, changed, listed, paused and removed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.daily import NewOccurrence
from bot.model.people import Player
from bot.model.schedules import (
    Schedule,
    ScheduleEntry,
    ScheduleList,
    SchedulePreview,
    WantedSchedule,
)
from bot.quiz.calendar.cron import upcoming
from bot.quiz.calendar.local_days import DAY, local_day
from bot.quizmaster.core import Core
from bot.quizmaster.daily.claiming import set_next_times
from bot.quizmaster.daily.daily import matching
from bot.quizmaster.schedules import parsing
from bot.quizmaster.schedules.dates import Holidays, ScheduleDates, coming_days, lock_own
from bot.store import daily, places, schedules
from bot.store.sql.database import Transaction

NEXT = 3  # Times to come that are listed of each schedule.
MOST = 25  # Schedules that a place may have.
MISSED = 3  # Missed dates that are listed.


class Schedules:
    def __init__(self, core: Core) -> None:
        self._core = core
        self.dates = ScheduleDates(core)
        self.holidays = Holidays(core)

    async def add(
        self, act: str, player: Player, place: Place, wanted: WantedSchedule, now: datetime
    ) -> Schedule:
        columns = parsing.parse(wanted, self._core.bank())
        async with self._core.transaction() as tx:
            place_id = (await places.get_or_add(tx, place)).id
            if len(await schedules.of_place(tx, place_id)) >= MOST:
                raise UserError("too_many_schedules", most=MOST)
            added = await schedules.add(
                tx, act, place_id=place_id, player_id=player.id, created_at=now, **columns
            )
            if not matching(self._core.bank(), added):
                raise UserError("no_question_fits_new_schedule")
            await set_next_times(tx, [added], self._core.zone, now)
            added = await lock_own(tx, place, added.id)
        self._core.woken.set()
        return added

    async def change(
        self, place: Place, number: int, wanted: WantedSchedule, now: datetime
    ) -> None:
        """Never asks twice on one date."""
        async with self._core.transaction() as tx:
            before = await lock_own(tx, place, number)
            columns = parsing.parse_changes(before, wanted, self._core.bank())
            await schedules.change(tx, number, **columns)
            changed = await lock_own(tx, place, number)
            if not matching(self._core.bank(), changed):
                raise UserError("no_question_fits_changed_schedule")
            await self._plan_again(tx, [changed], now)
        self._core.woken.set()

    async def _plan_again(self, tx: Transaction, found: Sequence[Schedule], now: datetime) -> None:
        """Schedules that are due keep their time, since they are about to be claimed."""
        ahead = [each for each in found if each.next_at and each.next_at > now]
        await set_next_times(tx, ahead, self._core.zone, now)

    async def reschedule_for_zone(self, place: Place, now: datetime) -> None:
        async with self._core.transaction() as tx:
            place_id = (await places.get_or_add(tx, place)).id
            found = await schedules.of_place(tx, place_id)
            await self._plan_again(tx, [each for each in found if each.own_zone is None], now)
        self._core.woken.set()

    async def pause(self, place: Place, number: int, now: datetime) -> None:
        async with self._core.transaction() as tx:
            await lock_own(tx, place, number)
            await schedules.change(tx, number, paused_at=now, next_day=None, next_at=None)

    async def resume(self, place: Place, number: int, now: datetime) -> None:
        """Also restores a removed schedule. Dates that passed meanwhile are left out."""
        async with self._core.transaction() as tx:
            await lock_own(tx, place, number, removed=True)
            await schedules.change(tx, number, paused_at=None, removed_at=None)
            await set_next_times(tx, [await lock_own(tx, place, number)], self._core.zone, now)
        self._core.woken.set()

    async def remove(self, place: Place, number: int, now: datetime) -> None:
        async with self._core.transaction() as tx:
            await lock_own(tx, place, number, removed=True)
            await schedules.change(tx, number, removed_at=now, next_day=None, next_at=None)

    async def post_now(self, act: str, place: Place, number: int, now: datetime) -> None:
        """Asks today's question at once, not again at its time, and once for each act."""
        reason = f"asked for by {act}"
        async with self._core.transaction() as tx:
            schedule = await lock_own(tx, place, number)
            today = local_day(now, schedule.zone(self._core.zone))
            if not matching(self._core.bank(), schedule):
                raise UserError("no_question_fits_old_schedule")
            ends_at = now + timedelta(minutes=schedule.minutes)
            new = NewOccurrence(number, today, "due", reason, now, ends_at)
            await daily.claim(tx, [new])
            found = await daily.find(tx, number, today)
            assert found is not None  # claimed above, by this act or another
            if found.reason != reason and not await daily.make_due_again(
                tx, found.key, reason=reason, due_at=now, ends_at=ends_at
            ):
                is_missed = found.state == "missed"
                raise UserError("todays_question_missed" if is_missed else "todays_question_is_out")
            if schedule.next_at is not None:
                await set_next_times(tx, [schedule], self._core.zone, now)
        self._core.woken.set()

    # Listed

    async def list(self, place: Place, player: Player, now: datetime) -> ScheduleList:
        async with self._core.transaction() as tx:
            settings = await places.get_or_add(tx, place)
            found = await schedules.of_place(tx, settings.id)
            entries = [await self._entry(tx, each, now) for each in found]
            latest = await daily.latest(tx, settings.id, MOST)
        missed = [each for each in latest if each.state == "missed"]
        titles = {pack.name: pack.title for pack in self._core.bank().packs}
        zone = player.zone or settings.zone or self._core.zone
        return ScheduleList(tuple(entries), zone, titles, tuple(missed[:MISSED]))

    async def list_one(
        self, place: Place, number: int, player: Player, now: datetime
    ) -> ScheduleList:
        listed = await self.list(place, player, now)
        found = tuple(each for each in listed.entries if each.schedule.id == number)
        if not found:
            raise UserError("no_such_schedule", number=number)
        return ScheduleList(found, listed.reader_zone, listed.titles)

    async def preview(self, place: Place, player: Player, now: datetime) -> SchedulePreview:
        """Comes true unless `/challenge` empties the bag before."""
        async with self._core.transaction() as tx:
            settings = await places.get_or_add(tx, place)
            days = await coming_days(self._core, tx, settings.id, now)
        return SchedulePreview(tuple(days), player.zone or settings.zone or self._core.zone)

    async def next_in_community(self, place: Place, now: datetime) -> datetime | None:
        async with self._core.reading() as tx:
            found = await schedules.next_in_community(tx, place, MOST)
            entries = [await self._entry(tx, each, now) for each in found]
        return min((each.next_times[0].at for each in entries if each.next_times), default=None)

    async def _entry(self, tx: Transaction, schedule: Schedule, now: datetime) -> ScheduleEntry:
        zone = schedule.zone(self._core.zone)
        if schedule.next_at is None:
            return ScheduleEntry(schedule, zone, ())
        off = await _days_off(tx, schedule, now)
        done = (await daily.last_days(tx, [schedule.id], now + DAY)).get(schedule.id)
        times = upcoming(schedule.cron, zone, now, NEXT + len(off), done)
        asked = [due for due in times if due.day not in off]
        return ScheduleEntry(schedule, zone, tuple(asked[:NEXT]))


async def _days_off(tx: Transaction, schedule: Schedule, now: datetime) -> set[date]:
    since = now.date() - DAY
    skipped = await schedules.skipped_since(tx, [schedule.id], since)
    holidays = await schedules.holidays_since(tx, [schedule.place_id], since)
    return {day for _, day in (*skipped, *holidays)}
