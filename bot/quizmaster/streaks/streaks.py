"""Streaks: counted when something is solved, and explained."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model.people import Player
from bot.model.streaks import StreakHistory, StreakNews, StreakView, UnseenLapse
from bot.quiz.badges import Badge, milestones_reached
from bot.quiz.calendar.zones import known_zone
from bot.quiz.streaks import Lapse, LapseOutcome
from bot.quizmaster.core import Core
from bot.quizmaster.streaks.settling import OUTAGE, Settling
from bot.store import people, profile, streaks
from bot.store.batching import Batching
from bot.store.sql.database import Transaction

PAUSE_AFTER = 25  # Streaks in a row, at a millisecond or two each, before others get their turn.


@dataclass(frozen=True, slots=True)
class _CountedDay:
    player: Player
    day: date
    at: datetime


class Streaks:
    def __init__(self, core: Core, outage: timedelta = OUTAGE) -> None:
        self._database = core.database
        self._zone = core.zone
        self._counting = Batching(self._count_all)
        self.settling = Settling(core, outage)

    async def set_zone(self, player: Player, zone: str, at: datetime) -> None:
        """From tomorrow on."""
        name = known_zone(zone)
        async with self._database.act() as tx:
            await streaks.change_zone(tx, player, name, self._zone, at)

    async def count(self, player: Player, day: date, at: datetime) -> StreakNews:
        return await self._counting.add(_CountedDay(player, day, at))

    async def _count_all(self, counted: Sequence[_CountedDay]) -> list[StreakNews]:
        ids = sorted({each.player.id for each in counted})
        async with self._database.look() as tx:
            histories = await streaks.histories(tx, ids, self._zone)
            unseen = await streaks.unseen_lapses(tx, ids, min(each.at for each in counted))
            held = await profile.milestones_of(tx, ids)
        all_news = []
        for number, each in enumerate(counted, 1):
            all_news.append(_news(each, histories[each.player.id], unseen, held))
            if not number % PAUSE_AFTER:
                await asyncio.sleep(0)
        if any(news.badges or news.lapses for news in all_news):
            pairs = zip(counted, all_news, strict=True)
            async with self._database.act() as tx:
                for each, news in sorted(pairs, key=lambda pair: pair[0].player.id):
                    await _mark_seen(tx, each.player.id, news.badges, news.lapses, each.at)
        return all_news

    async def view(self, player: Player, now: datetime) -> StreakView:
        """What is new in it is marked as seen."""
        async with self._database.act() as tx:
            view = await streak_view(tx, player.id, self._zone, now)
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
    excused = {}
    for lapse in streak.lapses:
        if excuse := past.excuses.excuse_for(lapse.day):
            excused[lapse.day] = excuse
    repaired = tuple(await streaks.repairs_of(tx, player_id))
    return StreakView(player, past, streak, excused, repaired, now, home, tuple(new))


def _news(
    counted: _CountedDay,
    past: StreakHistory,
    unseen: Sequence[UnseenLapse],
    held: Mapping[tuple[int, str], datetime],
) -> StreakNews:
    """An act that comes again gets the same news."""
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
