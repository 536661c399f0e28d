"""Schedules as admins keep them: added, shown, rested, looked into beforehand."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.daily import NewOccurrence, Occurrence
from bot.model.people import Player
from bot.model.schedules import (
    DaysOff,
    PreviewDay,
    Schedule,
    ScheduleEntry,
    ScheduleList,
    SchedulePreview,
    WantedSchedule,
)
from bot.quiz.calendar import holidays
from bot.quiz.calendar.cron import DueTime, due_times, upcoming
from bot.quiz.calendar.holidays import Holiday
from bot.quiz.calendar.local_days import DAY, local_day
from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.quiz.files.problems import nearest
from bot.quizmaster.core import Core
from bot.quizmaster.daily import plan
from bot.quizmaster.mix import fitting, pick
from bot.quizmaster.plans import read, revised
from bot.store import places, schedules
from bot.store.daily import occurrences, shuffle_bag
from bot.store.schedules import Dated
from bot.store.sql.database import Transaction

AHEAD = timedelta(days=14)
NEXT = 3
MANY = 25
"""Schedules that a place may have."""
MISSED = 3


class Schedules:
    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone
        self._woken = core.woken

    async def add(
        self, act: str, player: Player, place: Place, wanted: WantedSchedule, now: datetime
    ) -> Schedule:
        """A new schedule in a place; it asks from the next time on."""
        columns = read(wanted, self._bank())
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            if len(await schedules.in_place(tx, room.id)) >= MANY:
                raise UserError(
                    f"This place has {MANY} schedules. Remove one first: `/schedule list` shows them."
                )
            added = await schedules.add(
                tx, act, place_id=room.id, player_id=player.id, created_at=now, **columns
            )
            if not fitting(self._bank(), added):
                raise UserError(
                    "No question fits that. Name another level or pack, or leave one out."
                )
            await plan(tx, [added], self._zone, now)
            added = await self._mine(tx, place, added.id)
        self._woken.set()
        return added

    async def change(
        self, place: Place, number: int, wanted: WantedSchedule, now: datetime
    ) -> None:
        """What is written becomes so, the rest stays; a date that it has asked on already is not asked on again."""
        async with self._database.act() as tx:
            await schedules.change(
                tx, number, **revised(await self._mine(tx, place, number), wanted, self._bank())
            )
            changed = await self._mine(tx, place, number)
            if not fitting(self._bank(), changed):
                raise UserError("No question fits that. Name another level or pack, or packs:all.")
            if (
                changed.next_at is not None and changed.next_at > now
            ):  # one that is due is about to be claimed
                await plan(tx, [changed], self._zone, now)
        self._woken.set()

    async def agenda(self, place: Place, player: Player, now: datetime) -> ScheduleList:
        """Every schedule here and when it asks next, in the zone of who reads it."""
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            found = await schedules.in_place(tx, room.id)
            entries = [await self._entry(tx, each, now) for each in found]
            missed = [
                each
                for each in await occurrences.latest(tx, room.id, MANY)
                if each.state == "missed"
            ]
        titles = {pack.name: pack.title for pack in self._bank().packs}
        reader_zone = player.zone or room.zone or self._zone
        return ScheduleList(tuple(entries), reader_zone, titles, tuple(missed[:MISSED]))

    async def entry(self, place: Place, number: int, player: Player, now: datetime) -> ScheduleList:
        """One of them."""
        agenda = await self.agenda(place, player, now)
        found = tuple(each for each in agenda.entries if each.schedule.id == number)
        if not found:
            raise UserError(_unknown(number))
        return ScheduleList(found, agenda.reader_zone, agenda.titles)

    async def next_in(self, place: Place, now: datetime) -> datetime | None:
        """When the next question comes by itself anywhere in the community of a place."""
        async with self._database.look() as tx:
            entries = [
                await self._entry(tx, each, now)
                for each in await schedules.next_in_community(tx, place, MANY)
            ]
        return min((entry.next_times[0].at for entry in entries if entry.next_times), default=None)

    async def _entry(self, tx: Transaction, schedule: Schedule, now: datetime) -> ScheduleEntry:
        zone = schedule.zone(self._zone)
        if schedule.next_at is None:
            return ScheduleEntry(schedule, zone, ())
        off = await _rests(tx, schedule, now)
        done = (await occurrences.last_days(tx, [schedule.id], now + DAY)).get(schedule.id)
        ahead = upcoming(schedule.cron, zone, now, NEXT + len(off), done)
        return ScheduleEntry(
            schedule, zone, tuple(due for due in ahead if due.day not in off)[:NEXT]
        )

    async def _mine(
        self, tx: Transaction, place: Place, number: int, *, removed: bool = False
    ) -> Schedule:
        found = await schedules.lock(tx, number)
        if found is None or found.place != place or (found.removed and not removed):
            raise UserError(_unknown(number))
        return found

    async def follow(self, place: Place, now: datetime) -> None:
        """The place keeps another zone now, and so do its schedules without one of their own."""
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            found = await schedules.in_place(tx, room.id)
            following = [
                each
                for each in found
                if each.own_zone is None and each.next_at and each.next_at > now
            ]
            await plan(tx, following, self._zone, now)
        self._woken.set()

    # Resting

    async def pause(self, place: Place, number: int, now: datetime) -> None:
        async with self._database.act() as tx:
            await self._mine(tx, place, number)
            await schedules.change(tx, number, paused_at=now, next_day=None, next_at=None)

    async def resume(self, place: Place, number: int, now: datetime) -> None:
        """Go on after a pause, or take back what was removed. What the rest left out is not made up for."""
        async with self._database.act() as tx:
            await self._mine(tx, place, number, removed=True)
            await schedules.change(tx, number, paused_at=None, removed_at=None)
            await plan(tx, [await self._mine(tx, place, number)], self._zone, now)
        self._woken.set()

    async def remove(self, place: Place, number: int, now: datetime) -> None:
        """No more of it. What it asked stays, and it can be taken back."""
        async with self._database.act() as tx:
            await self._mine(tx, place, number, removed=True)
            await schedules.change(tx, number, removed_at=now, next_day=None, next_at=None)

    async def skip(self, place: Place, number: int, day: str, now: datetime) -> date:
        """One date on which it does not ask."""
        async with self._database.act() as tx:
            schedule = await self._mine(tx, place, number)
            chosen = await self._coming(tx, schedule, day, now)
            await schedules.skip(tx, number, chosen)
            return chosen

    async def unskip(self, place: Place, number: int, day: str, now: datetime) -> date:
        """A date that was skipped is asked on after all."""
        async with self._database.act() as tx:
            chosen = await self._coming(tx, await self._mine(tx, place, number), day, now)
            await schedules.unskip(tx, number, chosen)
            return chosen

    async def _coming(self, tx: Transaction, schedule: Schedule, day: str, now: datetime) -> date:
        """A date on which it asks, and has not asked yet."""
        zone = schedule.zone(self._zone)
        chosen = _date(day, local_day(now, zone))
        due = next(due_times(schedule.cron, zone, chosen), None)
        if due is None or due.day != chosen:
            raise UserError(
                f"Schedule {schedule.id} asks nothing on {chosen}. `/schedule preview` shows its dates."
            )
        if due.at <= now or await occurrences.find(tx, schedule.id, chosen):
            raise UserError(f"The question of {chosen} is out already. Choose a later date.")
        return chosen

    async def days_off(self, place: Place, now: datetime) -> DaysOff:
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            today = local_day(now, room.zone or self._zone)
            found = await schedules.holidays_since(tx, [room.id], today)
        return DaysOff(tuple(Holiday(day, name) for (_, day), name in sorted(found.items())))

    async def keep_off(
        self, place: Place, text: str, now: datetime, *, back: bool = False
    ) -> DaysOff:
        """Days on which no schedule of this place asks; or take such days back."""
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
        today = local_day(now, room.zone or self._zone)
        reading = await asyncio.to_thread(
            holidays.parse_holidays, text, today
        )  # a large calendar keeps nobody waiting
        days = [each.day for each in reading.days]
        async with self._database.act() as tx:
            if back:
                changed = await schedules.remove_holidays(tx, room.id, days)
            else:
                changed = len(days)
                await schedules.add_holidays(tx, room.id, reading.days)
            is_late = (
                today in days and not back and await occurrences.is_asked_on(tx, room.id, today)
            )
        there = await self.days_off(place, now)
        return DaysOff(
            there.days, changed, taken_back=back, skipped=reading.skipped, too_late=is_late
        )

    # Looking ahead

    async def preview(self, place: Place, player: Player, now: datetime) -> SchedulePreview:
        """The questions of the next two weeks, as they will come if nobody asks the bag empty before."""
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            slots = await self._slots(tx, room.id, await schedules.in_place(tx, room.id), now)
        return SchedulePreview(tuple(slots), player.zone or room.zone or self._zone)

    async def _slots(
        self, tx: Transaction, place_id: int, found: Sequence[Schedule], now: datetime
    ) -> list[PreviewDay]:
        """All schedules of a place draw from one bag, in the order of their times."""
        since = now.date() - DAY
        skipped = await schedules.skipped_since(tx, [each.id for each in found], since)
        off = await schedules.holidays_since(tx, [place_id], since)
        pinned, bag = (
            await schedules.pinned_since(tx, place_id, since),
            await shuffle_bag.lock(tx, place_id),
        )
        ahead = [(due, each) for each in found for due in await self._ahead(tx, each, now)]
        slots = []
        for due, each in sorted(ahead, key=lambda pair: (pair[0].at, pair[1].id)):
            rest = "skipped" if (each.id, due.day) in skipped else off.get((place_id, due.day))
            if rest is None:
                slot, bag = self._slot(each, due, bag, pinned)
                slots.append(slot)
            else:
                slots.append(PreviewDay(each, due.day, due.at, None, off=rest or "holiday"))
        return slots

    async def _ahead(self, tx: Transaction, schedule: Schedule, now: datetime) -> list[DueTime]:
        if schedule.next_at is None:
            return []
        done = (await occurrences.last_days(tx, [schedule.id], now + DAY)).get(schedule.id)
        found = upcoming(schedule.cron, schedule.zone(self._zone), now, AHEAD.days + 1, done)
        return [due for due in found if due.at <= now + AHEAD]

    def _slot(
        self, schedule: Schedule, due: DueTime, bag: ShuffleBag, pinned: dict[Dated, str]
    ) -> tuple[PreviewDay, ShuffleBag]:
        picked = pick(self._bank(), schedule, due.day, bag, pinned)
        if picked is None:
            return PreviewDay(schedule, due.day, due.at, None, off="no question fits"), bag
        question, left = picked
        is_pinned = pinned.get((schedule.id, due.day)) == question.id
        return PreviewDay(schedule, due.day, due.at, question, pinned=is_pinned), left

    async def pin(self, place: Place, number: int, day: str, question: str, now: datetime) -> date:
        """Set the question of a date; without a question it comes out of the bag again."""
        async with self._database.act() as tx:
            schedule = await self._mine(tx, place, number)
            chosen = await self._coming(tx, schedule, day, now)
            if question:
                await schedules.pin(tx, number, chosen, self._known(question))
            else:
                await schedules.unpin(tx, number, chosen)
            return chosen

    async def swap(
        self, act: str, place: Place, number: int, day: str, to: str, now: datetime
    ) -> tuple[date, date]:
        """Two dates of a schedule change questions; both are set from then on. The same act again changes nothing."""
        async with self._database.act() as tx:
            schedule = await self._mine(tx, place, number)
            first, second = [await self._coming(tx, schedule, each, now) for each in (day, to)]
            if first == second:
                raise UserError("Those are one date. Name two that are to change questions.")
            if await schedules.is_pinned_by(tx, number, first, act):
                return first, second
            room_slots = await self._slots(
                tx, schedule.place_id, await schedules.in_place(tx, schedule.place_id), now
            )
            asked = {slot.day: slot.question for slot in room_slots if slot.schedule.id == number}
            one, other = asked.get(first), asked.get(second)
            if one is None or other is None:
                raise UserError(
                    "Both dates must be among those that `/schedule preview` shows with a question."
                )
            await schedules.pin(tx, number, first, other.id, act)
            await schedules.pin(tx, number, second, one.id, act)
        return first, second

    def _known(self, question: str) -> str:
        names = self._bank().templates
        if question in names:
            return question
        like = nearest(question, names)
        raise UserError(
            f"There is no question {question[:60]}. "
            + (f"Did you mean {like}?" if like else "Write it as pack/name, as its file is called.")
        )

    async def post_now(self, act: str, place: Place, number: int, now: datetime) -> None:
        """Today's question at once, and not again at its time. Its row says by which act: the same again is no other."""
        reason = f"asked for by {act}"
        async with self._database.act() as tx:
            schedule = await self._mine(tx, place, number)
            today = local_day(now, schedule.zone(self._zone))
            if not fitting(self._bank(), schedule):
                raise UserError(
                    "No question fits this schedule any more: its packs are gone. Add another schedule."
                )
            ends_at = now + timedelta(minutes=schedule.minutes)
            await occurrences.claim(tx, [NewOccurrence(number, today, "due", reason, now, ends_at)])
            there = await occurrences.find(tx, number, today)
            assert there is not None
            if there.reason != reason and not await occurrences.make_due_again(
                tx, there.key, reason=reason, due_at=now, ends_at=ends_at
            ):
                raise UserError(_gone(there))
            if schedule.next_at is not None:
                await plan(tx, [schedule], self._zone, now)
        self._woken.set()


async def _rests(tx: Transaction, schedule: Schedule, now: datetime) -> set[date]:
    since = now.date() - DAY
    skipped = await schedules.skipped_since(tx, [schedule.id], since)
    off = await schedules.holidays_since(tx, [schedule.place_id], since)
    return {day for _, day in (*skipped, *off)}


def _unknown(number: int) -> str:
    return f"There is no schedule {number} here. `/schedule list` shows those there are, with their numbers."


def _gone(there: Occurrence) -> str:
    """Why today's question cannot come at once."""
    if there.state == "missed":
        return "Today's question of this schedule could not be posted, and its time is over. `/challenge` asks another."
    return "Today's question of this schedule is out already. `/challenge` asks another at once."


def _date(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        said = f"{text[:20]} is no date." if text else "Say which date."
        raise UserError(f"{said} Write it like date:{today}.") from None
    if not today <= day <= today + timedelta(days=366):
        raise UserError(f"{day} is not within a year from today. Write it like {today}.")
    return day
