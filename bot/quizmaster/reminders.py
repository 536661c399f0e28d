"""Private reminders of a daily question that is still open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Person, Place
from bot.model.people import Player
from bot.model.reminders import Reminder, ReminderMessage
from bot.quizmaster.core import Core
from bot.store import reminders, streaks
from bot.store.sql.database import Transaction

AT_ONCE = 50  # All are on their way well before their lease is over.
LATE = timedelta(hours=2)  # A reminder that could not be sent for so long is not sent that day.
LEASE = timedelta(minutes=1)  # One that was claimed so long ago and is not sent is claimed anew.
WORTH_IT = timedelta(minutes=10)  # A question that closes within this time is not worth a reminder.
KEPT = timedelta(days=30)
FARTHEST = timedelta(days=4)  # An hour further away was reckoned by a clock that was fast.
HOURS = 24


@dataclass(frozen=True, slots=True)
class Reminders:
    core: Core

    async def set_hour(
        self, player: Player, person: Person, place: Place, text: str, at: datetime
    ) -> Reminder:
        if not (text.isascii() and text.isdigit() and int(text) < HOURS):
            raise UserError("reminder_hour_unreadable")
        hour = int(text)
        async with self.core.transaction() as tx:
            next_at = await self._next(tx, player, hour, at)
            await reminders.set_hour(tx, player.id, hour, person, place, next_at)
            reminder = await reminders.find(tx, player.id)
        assert reminder is not None
        return reminder

    async def reschedule_for_zone(self, player: Player, at: datetime) -> None:
        async with self.core.transaction() as tx:
            reminder = await reminders.find(tx, player.id)
            if reminder and reminder.next_at > at:
                next_at = await self._next(tx, player, reminder.hour, at)
                await reminders.set_next(tx, [(player.id, next_at)])

    async def _next(self, tx: Transaction, player: Player, hour: int, at: datetime) -> datetime:
        calendars = await streaks.calendars(tx, [player.id], self.core.zone)
        return calendars[player.id].next_hour(hour, at)

    async def find(self, player: Player) -> Reminder | None:
        async with self.core.reading() as tx:
            return await reminders.find(tx, player.id)

    async def remove(self, player: Player) -> bool:
        async with self.core.transaction() as tx:
            return await reminders.remove(tx, player.id)

    async def claim_due(self, platforms: Collection[str], now: datetime) -> list[ReminderMessage]:
        """Includes what a crash left. No other process gets the same ones."""
        while True:
            async with self.core.transaction() as tx:
                claimed = await reminders.claim_unsent(tx, platforms, now - LATE, now - LEASE, now)
                due = await reminders.lock_due(tx, platforms, now, now + FARTHEST, AT_ONCE)
                if due:
                    claimed += await self._claim(tx, due, now)
                messages = await _messages(tx, claimed, now)
            if messages or not due:
                return messages

    async def _claim(
        self, tx: Transaction, due: Sequence[Reminder], now: datetime
    ) -> list[tuple[Reminder, date]]:
        calendars = await streaks.calendars(tx, [each.player_id for each in due], self.core.zone)
        nexts = []
        timely = {}
        for each in due:
            next_at = calendars[each.player_id].next_hour(each.hour, now)
            nexts.append((each.player_id, next_at))
            if timedelta() <= now - each.next_at < LATE:
                timely[each.player_id] = each
        await reminders.set_next(tx, nexts)
        open_dailies = await reminders.open_dailies(tx, list(timely), now + WORTH_IT)
        wanted = [
            (player_id, calendars[player_id].day_of(now))
            for player_id in timely
            if open_dailies.get(player_id)
        ]
        claimed = await reminders.claim(tx, wanted, now)
        return [(timely[player_id], day) for player_id, day in sorted(claimed)]

    async def mark_sent(
        self, message: ReminderMessage, now: datetime, *, refused: bool = False
    ) -> None:
        # Whom nothing reaches gets no more until they ask anew.
        async with self.core.transaction() as tx:
            await reminders.mark_sent(tx, message.player_id, message.day, now)
            if refused:
                await reminders.mark_refused(tx, message.player_id, now)

    async def delete_old(self, now: datetime) -> None:
        async with self.core.transaction() as tx:
            await reminders.delete_old(tx, now - KEPT)


async def _messages(
    tx: Transaction, claimed: Sequence[tuple[Reminder, date]], now: datetime
) -> list[ReminderMessage]:
    # Whoever has answered meanwhile gets none.
    open_dailies = await reminders.open_dailies(tx, [each.player_id for each, _ in claimed], now)
    messages = []
    for each, day in claimed:
        if dailies := open_dailies.get(each.player_id):
            message = ReminderMessage(each.player_id, day, each.person, each.place, tuple(dailies))
            messages.append(message)
        else:
            await reminders.mark_sent(tx, each.player_id, day, now)
    return messages
