"""Streaks: counted, settled day by day, explained and repaired."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.streaks import StreakHistory, StreakNews, StreakView, UnseenLapse
from bot.quiz.badges import Badge, milestones_reached
from bot.quiz.calendar.local_days import DAY, GRACE, known_zone
from bot.quiz.streaks import MOST, Lapse, LapseOutcome
from bot.quizmaster.core import Core
from bot.store import daily, people, profile, streaks
from bot.store.batching import Batching
from bot.store.sql.database import Transaction

OUTAGE = timedelta(minutes=5)  # So long without a heartbeat is an outage.
# Days end at a quarter of an hour everywhere on earth, so nothing changes in between.
PAUSE = timedelta(minutes=15)
LOOK_BACK = timedelta(days=60)  # Outages of so long ago can still lie within a streak.
AT_ONCE = 500
log = logging.getLogger(__name__)
PAUSE_AFTER = 25  # Streaks in a row, at a millisecond or two each, before others get their turn.
LATEST = timedelta(days=60)
LONGEST_REASON = 200


class LapseRecorder:
    def __init__(self, core: Core, outage: timedelta) -> None:
        self._core = core
        self._outage = outage
        self._settled_at: datetime | None = None

    async def heartbeat(self, now: datetime) -> None:
        async with self._core.transaction() as tx:
            outage = await streaks.record_heartbeat(tx, now, self._outage)
        if outage:
            times = outage.began_at, outage.ended_at
            log.warning("nobody was here from %s to %s; days are excused by it", *times)
            self._settled_at = None

    async def record_lapses(self, now: datetime) -> None:
        """Safe in many processes at once."""
        if self._settled_at is not None and timedelta() <= now - self._settled_at < PAUSE:
            return
        async with self._core.reading() as tx:
            recent = await streaks.recent_days(tx, await self._since(tx, now))
        unsettled = [
            each.player.id
            for each in recent
            if not each.is_settled(each.player.calendar(self._core.zone).last_finished_day(now))
        ]
        for start in range(0, len(unsettled), AT_ONCE):
            await self._settle(unsettled[start : start + AT_ONCE], now)
        self._settled_at = now

    async def _since(self, tx: Transaction, now: datetime) -> date:
        """A streak cannot bridge a longer gap, with all freezes and excuses."""
        first = (now - LOOK_BACK).date()
        days = len(await daily.missed_days(tx, first))
        for outage in await streaks.all_outages(tx):
            if outage.ended_at.date() >= first:
                days += (outage.ended_at - outage.began_at + GRACE) // DAY + 2
        return now.date() - timedelta(days=MOST + 4 + days)

    async def _settle(self, player_ids: Sequence[int], now: datetime) -> None:
        async with self._core.transaction() as tx:
            since = await self._since(tx, now)
            histories = await streaks.histories(tx, player_ids, self._core.zone)
            new = [
                (player_id, lapse)
                for player_id, past in histories.items()
                for lapse in past.streak(now).lapses
                if lapse.day >= since and lapse.outcome is not LapseOutcome.EXCUSED
            ]
            await streaks.add_lapses(tx, new, now)


@dataclass(frozen=True, slots=True)
class _CountedDay:
    player: Player
    day: date
    at: datetime


class Streaks:
    def __init__(self, core: Core, outage: timedelta = OUTAGE) -> None:
        self._core = core
        self._counting = Batching(self._count_all)
        self.settling = LapseRecorder(core, outage)

    async def set_zone(self, player: Player, zone: str, at: datetime) -> None:
        """Takes effect tomorrow."""
        name = known_zone(zone)
        async with self._core.transaction() as tx:
            await streaks.change_zone(tx, player, name, self._core.zone, at)

    async def count(self, player: Player, day: date, at: datetime) -> StreakNews:
        return await self._counting.add(_CountedDay(player, day, at))

    async def _count_all(self, counted: Sequence[_CountedDay]) -> list[StreakNews]:
        ids = sorted({each.player.id for each in counted})
        async with self._core.reading() as tx:
            histories = await streaks.histories(tx, ids, self._core.zone)
            unseen = await streaks.unseen_lapses(tx, ids, min(each.at for each in counted))
            held = await profile.milestones_of(tx, ids)
        all_news = []
        for number, each in enumerate(counted, 1):
            all_news.append(_news(each, histories[each.player.id], unseen, held))
            if not number % PAUSE_AFTER:
                await asyncio.sleep(0)
        if any(news.badges or news.lapses for news in all_news):
            pairs = zip(counted, all_news, strict=True)
            async with self._core.transaction() as tx:
                for each, news in sorted(pairs, key=lambda pair: pair[0].player.id):
                    await _mark_seen(tx, each.player.id, news.badges, news.lapses, each.at)
        return all_news

    async def view(self, player: Player, now: datetime) -> StreakView:
        """Marks what is new as seen."""
        async with self._core.transaction() as tx:
            view = await streak_view(tx, player.id, self._core.zone, now)
            unseen = await streaks.unseen_lapses(tx, [player.id], now)
            await _mark_seen(tx, player.id, view.badges, [each.lapse for each in unseen], now)
        return view


async def streak_view(tx: Transaction, player_id: int, home: str, now: datetime) -> StreakView:
    player = await people.get(tx, player_id)
    past = (await streaks.histories(tx, [player_id], home))[player_id]
    streak = past.streak(now)
    held = await profile.milestones_of(tx, [player_id])
    new = [
        badge for badge in milestones_reached(streak.longest) if (player_id, badge.id) not in held
    ]
    excused = {
        lapse.day: excuse
        for lapse in streak.lapses
        if (excuse := past.excuses.excuse_for(lapse.day))
    }
    repaired = tuple(await streaks.repairs_of(tx, player_id))
    return StreakView(player, past, streak, excused, repaired, now, home, tuple(new))


def _news(
    counted: _CountedDay,
    past: StreakHistory,
    unseen: Sequence[UnseenLapse],
    held: Mapping[tuple[int, str], datetime],
) -> StreakNews:
    """A repeated act gets the same news."""
    streak = past.streak(counted.at)
    player_id = counted.player.id
    badges = [
        badge
        for badge in milestones_reached(streak.longest)
        if held.get((player_id, badge.id), counted.at) == counted.at
    ]
    new_days = {
        each.lapse.day
        for each in unseen
        if each.player_id == player_id and each.seen_at in (None, counted.at)
    }
    new_lapses = [
        lapse
        for lapse in streak.lapses
        if lapse.day in new_days and lapse.outcome is not LapseOutcome.EXCUSED
    ]
    today = past.calendar.day_of(counted.at)
    return StreakNews(counted.day, today, streak, tuple(badges), tuple(new_lapses))


async def _mark_seen(
    tx: Transaction, player_id: int, badges: Sequence[Badge], seen: Sequence[Lapse], at: datetime
) -> None:
    await streaks.mark_lapses_seen(tx, [(player_id, lapse.day) for lapse in seen], at)
    for badge in badges:
        await profile.award_badge(tx, player_id, badge.id, at)


@dataclass(frozen=True, slots=True)
class Repairs:
    core: Core

    async def repair(
        self, by: Player, place: Place, name: str, day: str, reason: str, now: datetime
    ) -> StreakView:
        """The reason stays visible beside the day."""
        reason = reason.strip()
        if not reason:
            raise UserError("repair_without_reason")
        async with self.core.transaction() as tx:
            player = await _named(tx, place, name)
            calendar = (await streaks.calendars(tx, [player.id], self.core.zone))[player.id]
            chosen = _parse_day(day, calendar.day_of(now))
            if not await streaks.add_repair(
                tx, player.id, chosen, by.id, reason[:LONGEST_REASON], now
            ):
                raise UserError("repair_day_counts_already", day=chosen, name=player.name)
            view = await streak_view(tx, player.id, self.core.zone, now)
        log.info("%s (%s) repaired %s of player %s: %s", by.name, by.id, chosen, player.id, reason)
        return view


async def _named(tx: Transaction, place: Place, name: str) -> Player:
    found = await people.find_by_name(tx, place, name)
    if not found:
        raise UserError("repair_nobody_of_that_name", name=name)
    if len(found) > 1:
        raise UserError("repair_several_of_that_name", count=len(found), name=name)
    return found[0]


def _parse_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError("repair_day_unreadable", text=text[:40], today=today) from None
    first = today - LATEST
    if not first <= day <= today:
        raise UserError("repair_day_too_far", first=first, last=today)
    return day
