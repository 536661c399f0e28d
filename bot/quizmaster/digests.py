"""Weekly digests: one for each place that subscribes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.identity import Place
from bot.model.digests import Digest, DigestSubscription
from bot.quiz.badges import Badge, find_badge
from bot.quiz.calendar.local_days import day_start, local_day, next_monday, week_key
from bot.quizmaster.boards import read_board
from bot.quizmaster.core import Core
from bot.store import digests, places
from bot.store.sql.database import Transaction

HOUR = 9
AT_ONCE = 20  # Their pictures take time, and all are posted before their lease is over.
WEEK = timedelta(days=7)
FARTHEST = timedelta(days=9)  # A Monday further away was reckoned by a clock that was fast.
LATE = timedelta(days=2)  # A digest that could not be posted for so long is left out.
LEASE = timedelta(minutes=2)  # One that was claimed so long ago and is not posted is claimed anew.
BADGES = 20


@dataclass(frozen=True, slots=True)
class Digests:
    core: Core

    async def subscribe(self, place: Place, now: datetime) -> datetime:
        async with self.core.transaction() as tx:
            settings = await places.get_or_add(tx, place)
            next_at = next_monday(settings.zone or self.core.zone, HOUR, now)
            await digests.subscribe(tx, settings.id, next_at)
            return next_at

    async def unsubscribe(self, place: Place) -> bool:
        async with self.core.transaction() as tx:
            return await digests.unsubscribe(tx, (await places.get_or_add(tx, place)).id)

    async def reschedule_for_zone(self, place: Place, now: datetime) -> None:
        async with self.core.transaction() as tx:
            subscription = await digests.find(tx, (await places.get_or_add(tx, place)).id)
            if subscription and subscription.next_at > now:
                await digests.set_next(tx, [self._next(subscription, now)])

    async def next_day(self, place: Place) -> date | None:
        # In the east Monday begins while others have Sunday.
        async with self.core.transaction() as tx:
            subscription = await digests.find(tx, (await places.get_or_add(tx, place)).id)
        return self._day(subscription) if subscription else None

    async def claim_due(self, platforms: Collection[str], now: datetime) -> list[Digest]:
        """Includes what a crash left. No other process gets the same ones."""
        while True:
            async with self.core.transaction() as tx:
                claimed = await digests.claim_unposted(tx, platforms, now - LATE, now - LEASE, now)
                due = await digests.lock_due(tx, platforms, now, now + FARTHEST, AT_ONCE)
                claimed += await self._claim(tx, due, now)
                found = []
                for subscription, week in claimed:
                    digest = await self._digest(tx, subscription, week)
                    if digest.empty:
                        await digests.mark_posted(tx, digest.place_id, week, now, None)
                    else:
                        found.append(digest)
            if found or not due:
                return found

    async def _claim(
        self, tx: Transaction, due: Sequence[DigestSubscription], now: datetime
    ) -> list[tuple[DigestSubscription, str]]:
        await digests.set_next(tx, [self._next(each, now) for each in due])
        by_place = {}
        wanted = []
        for each in due:
            if timedelta() <= now - each.next_at < LATE and not each.paused:
                by_place[each.place_id] = each
                wanted.append((each.place_id, week_key(self._day(each) - WEEK)))
        claimed = await digests.claim(tx, wanted, now)
        return [(by_place[place_id], week) for place_id, week in sorted(claimed)]

    def _zone(self, subscription: DigestSubscription) -> str:
        return subscription.zone or self.core.zone

    def _day(self, subscription: DigestSubscription) -> date:
        return local_day(subscription.next_at, self._zone(subscription))

    def _next(self, subscription: DigestSubscription, now: datetime) -> tuple[int, datetime]:
        return subscription.place_id, next_monday(self._zone(subscription), HOUR, now)

    async def _digest(self, tx: Transaction, subscription: DigestSubscription, week: str) -> Digest:
        place = subscription.place
        monday = date.fromisoformat(f"{week}-1")
        since = day_start(monday, self._zone(subscription))
        until = day_start(monday + WEEK, self._zone(subscription))
        badges = await digests.new_badges(tx, place, since, until, BADGES)
        packs = self.core.bank().packs
        return Digest(
            subscription.place_id,
            place,
            week,
            monday,
            await read_board(tx, "here", place, "week", week, reader_id=0),
            await digests.hardest(tx, subscription.place_id, since, until),
            tuple(
                # The badge of a pack that is gone is called by its id.
                (player, find_badge(badge, packs) or Badge(badge, badge.partition(":")[2], "🏅"))
                for player, badge in badges
            ),
        )

    async def mark_posted(self, digest: Digest, message: str, now: datetime) -> None:
        async with self.core.transaction() as tx:
            await digests.mark_posted(tx, digest.place_id, digest.week, now, message)
