"""Weekly digests: wished for by admins, and made once for each place and week."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from bot.identity import Place
from bot.model.boards import Board
from bot.model.digests import Digest, DigestSubscription
from bot.quiz.badges import MILESTONES, Badge, pack_badge
from bot.quiz.calendar.local_days import day_start, local_day, next_monday, week_key
from bot.quizmaster.core import Core
from bot.store import digests, places
from bot.store.boards import boards
from bot.store.sql.database import Transaction

HOUR = 9
BATCH = 20
"""Digests that one process takes at once: each has its picture drawn, and all are posted before their lease is over."""
WEEK = timedelta(days=7)
FARTHEST = timedelta(days=9)
"""No Monday is further away than that: one that is was reckoned by a clock that ran ahead."""
LATE = timedelta(days=2)
"""A digest that could not be posted for so long is left out."""
LEASE = timedelta(minutes=2)
"""One that was begun so long ago and is not posted is taken over."""
BADGES = 20
EMPTY = Board((), (), 0)


class Digests:
    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone

    async def choose(self, place: Place, now: datetime) -> datetime:
        """On Mondays at nine by the place's clock, about the week that ended; when the next one comes."""
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            following = next_monday(room.zone or self._zone, HOUR, now)
            await digests.subscribe(tx, room.id, following)
            return following

    async def follow(self, place: Place, now: datetime) -> None:
        """The place keeps another zone now, and with it another Monday morning."""
        async with self._database.act() as tx:
            wish = await digests.find(tx, (await places.get_or_add(tx, place)).id)
            if wish and wish.next_at > now:
                await digests.set_next(
                    tx, [(wish.place_id, next_monday(self._of(wish), HOUR, now))]
                )

    async def stop(self, place: Place) -> bool:
        async with self._database.act() as tx:
            return await digests.unsubscribe(tx, (await places.get_or_add(tx, place)).id)

    async def next_at(self, place: Place) -> datetime | None:
        wish = await self._wish(place)
        return wish.next_at if wish else None

    async def next_day(self, place: Place) -> date | None:
        """Which Monday that is there: east of here it day_start while others have Sunday."""
        wish = await self._wish(place)
        return self._day(wish) if wish else None

    async def _wish(self, place: Place) -> DigestSubscription | None:
        async with self._database.act() as tx:
            return await digests.find(tx, (await places.get_or_add(tx, place)).id)

    async def take(self, platforms: Collection[str], now: datetime) -> list[Digest]:
        """Digests to post now, which no other process has: those whose hour has come, and those left by a crash."""
        while True:
            async with self._database.act() as tx:
                begun = await digests.claim_unposted(tx, platforms, now - LATE, now - LEASE, now)
                found = await digests.lock_due(tx, platforms, now, now + FARTHEST, BATCH)
                begun += await self._claim(tx, found, now)
                made = [await self._digest(tx, wish, week) for wish, week in begun]
                for quiet in [each for each in made if each.empty]:
                    await digests.mark_posted(tx, quiet.place_id, quiet.week, now, None)
            taken = [each for each in made if not each.empty]
            if taken or not found:
                return taken

    async def _claim(
        self, tx: Transaction, found: list[DigestSubscription], now: datetime
    ) -> list[tuple[DigestSubscription, str]]:
        await digests.set_next(
            tx, [(each.place_id, next_monday(self._of(each), HOUR, now)) for each in found]
        )
        timely = {
            each.place_id: each
            for each in found
            if timedelta() <= now - each.next_at < LATE and not each.paused
        }
        wanted = [(place_id, week_key(self._day(wish) - WEEK)) for place_id, wish in timely.items()]
        return [
            (timely[place_id], week)
            for place_id, week in sorted(await digests.claim(tx, wanted, now))
        ]

    def _of(self, wish: DigestSubscription) -> str:
        return wish.zone or self._zone

    def _day(self, wish: DigestSubscription) -> date:
        return local_day(wish.next_at, self._of(wish))

    async def _digest(self, tx: Transaction, wish: DigestSubscription, week: str) -> Digest:
        monday = date.fromisoformat(f"{week}-1")
        since, until = day_start(monday, self._of(wish)), day_start(monday + WEEK, self._of(wish))
        board_id = await boards.find(tx, "here", wish.place, "week", week)
        found = await digests.new_badges(tx, wish.place, since, until, BADGES)
        return Digest(
            wish.place_id,
            wish.place,
            week,
            monday,
            await boards.read(tx, board_id, 0) if board_id else EMPTY,
            await digests.hardest(tx, wish.place_id, since, until),
            tuple((player, self._badge(badge)) for player, badge in found),
        )

    def _badge(self, name: str) -> Badge:
        known = {
            badge.id: badge
            for badge in (*map(pack_badge, self._bank().packs), *MILESTONES.values())
        }
        return known.get(name) or Badge(name, name.partition(":")[2], "🏅")

    async def posted(self, digest: Digest, message: str, now: datetime) -> None:
        async with self._database.act() as tx:
            await digests.mark_posted(tx, digest.place_id, digest.week, now, message)
