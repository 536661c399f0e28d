"""Private reminders: wished for, claimed once a day by one process, and given up with one press."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Person, Place
from bot.model.people import Player
from bot.model.reminders import Reminder, ReminderMessage
from bot.quizmaster.core import Core
from bot.store import reminders
from bot.store.sql.database import Transaction
from bot.store.streaks import zones

BATCH = 50
"""Letters that one process takes at once: so many are on their way well before their lease is over."""
LATE = timedelta(hours=2)
"""A reminder that could not be sent for so long is not sent that day."""
LEASE = timedelta(minutes=1)
"""A letter that was begun so long ago and is not sent is taken over."""
WORTH_IT = timedelta(minutes=10)
"""A question that closes within this time is not worth a reminder."""
KEPT = timedelta(days=30)
FARTHEST = timedelta(days=4)
"""Nobody's hour is further away than that, whatever their clocks do: one that is was reckoned by a clock that ran ahead."""
HOURS = 24


class Reminders:
    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._zone = core.zone

    async def choose(
        self, player: Player, person: Person, place: Place, hour: str, at: datetime
    ) -> Reminder:
        """Once a day at this hour of the member's own, as long as a daily question of theirs is open."""
        if not (hour.isascii() and hour.isdigit() and int(hour) < HOURS):
            raise UserError(
                "Choose an hour from 0 to 23, like `/remind hour:19`, or `/remind hour:off`."
            )
        async with self._database.act() as tx:
            calendar = (await zones.calendars(tx, [player.id], self._zone))[player.id]
            await reminders.set_hour(
                tx, player.id, int(hour), person, place, calendar.next_hour(int(hour), at)
            )
            wish = await reminders.find(tx, player.id)
        assert wish is not None
        return wish

    async def follow(self, player: Player, at: datetime) -> None:
        """Their days begin at other instants from tomorrow on, and so does their hour."""
        async with self._database.act() as tx:
            wish = await reminders.find(tx, player.id)
            if wish and wish.next_at > at:
                calendar = (await zones.calendars(tx, [player.id], self._zone))[player.id]
                await reminders.set_next(tx, [(player.id, calendar.next_hour(wish.hour, at))])

    async def find(self, player: Player) -> Reminder | None:
        async with self._database.look() as tx:
            return await reminders.find(tx, player.id)

    async def stop(self, player: Player) -> bool:
        async with self._database.act() as tx:
            return await reminders.remove(tx, player.id)

    async def take(self, platforms: Collection[str], now: datetime) -> list[ReminderMessage]:
        """Letters to send now, which no other process has: those whose hour has come, and those left by a crash."""
        while True:
            async with self._database.act() as tx:
                begun = await reminders.claim_unsent(tx, platforms, now - LATE, now - LEASE, now)
                found = await reminders.lock_due(tx, platforms, now, now + FARTHEST, BATCH)
                fresh = await self._claim(tx, found, now) if found else []
                taken = await _letters(tx, [*begun, *fresh], now)
            if taken or not found:
                return taken

    async def _claim(
        self, tx: Transaction, found: Sequence[Reminder], now: datetime
    ) -> list[tuple[Reminder, date]]:
        calendars = await zones.calendars(tx, [each.player_id for each in found], self._zone)
        nexts = [
            (each.player_id, calendars[each.player_id].next_hour(each.hour, now)) for each in found
        ]
        await reminders.set_next(tx, nexts)
        timely = {
            each.player_id: each for each in found if timedelta() <= now - each.next_at < LATE
        }
        still = await reminders.open_dailies(tx, list(timely), now + WORTH_IT)
        wanted = [
            (player_id, calendars[player_id].day_of(now))
            for player_id in timely
            if still.get(player_id)
        ]
        return [
            (timely[player_id], day)
            for player_id, day in sorted(await reminders.claim(tx, wanted, now))
        ]

    async def sent(self, letter: ReminderMessage, now: datetime, *, refused: bool = False) -> None:
        """Done with it; a person whom nothing reaches is not tried again until they ask anew."""
        async with self._database.act() as tx:
            await reminders.mark_sent(tx, letter.player_id, letter.day, now)
            if refused:
                await reminders.mark_refused(tx, letter.player_id, now)

    async def tidy(self, now: datetime) -> None:
        async with self._database.act() as tx:
            await reminders.delete_old(tx, now - KEPT)


async def _letters(
    tx: Transaction, begun: Sequence[tuple[Reminder, date]], now: datetime
) -> list[ReminderMessage]:
    """What was answered meanwhile needs no letter any more."""
    still = await reminders.open_dailies(tx, [each.player_id for each, _ in begun], now)
    for each, day in begun:
        if not still.get(each.player_id):
            await reminders.mark_sent(tx, each.player_id, day, now)
    return [
        ReminderMessage(each.player_id, day, each.person, each.place, tuple(still[each.player_id]))
        for each, day in begun
        if still.get(each.player_id)
    ]
