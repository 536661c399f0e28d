"""Streaks: counted when something is solved, settled when days are over, explained, and repaired by admins."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.streaks import StreakHistory, StreakNews, StreakView, UnseenLapse
from bot.quiz.badges import Badge, milestones
from bot.quiz.calendar.local_days import DAY, GRACE, ZoneHistory
from bot.quiz.calendar.zones import known_zone
from bot.quiz.streaks import MOST, Lapse, LapseOutcome
from bot.quizmaster.core import Core
from bot.store import people, profile
from bot.store.batching import Batching
from bot.store.daily import occurrences
from bot.store.sql.database import Transaction
from bot.store.streaks import counting, history, lapses, outages, repairs, zones

SILENCE = timedelta(minutes=5)
"""A heartbeat that stopped for so long tells of an outage."""
SETTLED = timedelta(minutes=15)
"""Between two looks for days that are over: everywhere on earth they end at a quarter of an hour."""
LATEST_REPAIR = timedelta(days=60)
LOOK_BACK = timedelta(days=60)
"""Outages of so long ago can still lie within a streak that nobody went on with."""
AT_ONCE = 500
A_BREATH = 25
"""After so many streaks others get their turn: each takes a millisecond or two."""
LONGEST_REASON = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Lit:
    player: Player
    day: date
    at: datetime


class Streaks:
    def __init__(self, core: Core, silence: timedelta = SILENCE) -> None:
        self._database = core.database
        self._zone = core.zone
        self._silence = silence
        self._counting = Batching(self._count_all)
        self._settled_at: datetime | None = None

    def calendar(self, player: Player) -> ZoneHistory:
        """A member's days as far as what they do now is concerned."""
        return player.calendar(self._zone)

    async def set_zone(self, player: Player, zone: str, at: datetime) -> ZoneHistory:
        """From tomorrow on."""
        name = known_zone(zone)
        async with self._database.act() as tx:
            return await zones.change(tx, player, name, self._zone, at)

    # When something new is solved

    async def count(self, player: Player, day: date, at: datetime) -> StreakNews:
        """What a day that began to count came to. Many at once are told together."""
        return await self._counting.add(_Lit(player, day, at))

    async def _count_all(self, lit: Sequence[_Lit]) -> list[StreakNews]:
        ids = sorted({each.player.id for each in lit})
        async with self._database.look() as tx:
            pasts = await history.histories(tx, ids, self._zone)
            unseen = await lapses.unseen(tx, ids, min(each.at for each in lit))
            held = await profile.milestones_of(tx, ids)
        told = []
        for number, each in enumerate(lit, 1):
            told.append(_counted(each, pasts[each.player.id], unseen, held))
            if not number % A_BREATH:
                await asyncio.sleep(0)
        if any(news.badges or news.lapses for news in told):
            async with self._database.act() as tx:
                for each, news in sorted(
                    zip(lit, told, strict=True), key=lambda pair: pair[0].player.id
                ):
                    await _remember(tx, each.player.id, news.badges, news.lapses, each.at)
        return told

    async def standing(self, player: Player, now: datetime) -> StreakView:
        """A streak with all that explains it; what the member did not know yet, they know now."""
        async with self._database.act() as tx:
            standing = await self._standing(tx, player.id, now)
            unseen = await lapses.unseen(tx, [player.id], now)
            await _remember(tx, player.id, standing.badges, [each.lapse for each in unseen], now)
        return standing

    async def _standing(self, tx: Transaction, player_id: int, now: datetime) -> StreakView:
        player = await people.get(tx, player_id)
        past = (await history.histories(tx, [player_id], self._zone))[player_id]
        found = past.streak(now)
        held = await profile.milestones_of(tx, [player_id])
        new = tuple(
            badge for badge in milestones(found.longest) if (player_id, badge.id) not in held
        )
        excused = {
            lapse.day: why for lapse in found.lapses if (why := past.excuses.excuse_for(lapse.day))
        }
        repaired = tuple(await repairs.of_player(tx, player_id))
        return StreakView(player, past, found, excused, repaired, now, self._zone, new)

    # When days are over

    async def beat(self, now: datetime) -> None:
        """Say that the bot is here. A silence before it is kept, and excuses days by the rule of `quiz/excuses`."""
        async with self._database.act() as tx:
            outage = await outages.record_heartbeat(tx, now, self._silence)
        if outage:
            log.warning(
                "nobody was here from %s to %s; days are excused by it",
                outage.began_at,
                outage.ended_at,
            )
            self._settled_at = None

    async def settle(self, now: datetime) -> None:
        """Write down which days freezes were used for, and which ended streaks. Safe for many processes at once."""
        if self._settled_at is not None and timedelta() <= now - self._settled_at < SETTLED:
            return
        async with self._database.look() as tx:
            found = await counting.recent_days(tx, await self._since(tx, now))
        behind = [
            each.player.id
            for each in found
            if not each.is_settled(self.calendar(each.player).last_over(now))
        ]
        for start in range(0, len(behind), AT_ONCE):
            await self._settle(behind[start : start + AT_ONCE], now)
        self._settled_at = now

    async def _since(self, tx: Transaction, now: datetime) -> date:
        """Whose last day lies before this has no streak: freezes and excused days do not reach so far."""
        first = (now - LOOK_BACK).date()
        away = [
            outage for outage in await outages.all_outages(tx) if outage.ended_at.date() >= first
        ]
        days = sum(((outage.ended_at - outage.began_at + GRACE) // DAY + 2 for outage in away), 0)
        days += len(await occurrences.missed_days(tx, first))
        return now.date() - timedelta(days=MOST + 4 + days)

    async def _settle(self, player_ids: Sequence[int], now: datetime) -> None:
        async with self._database.act() as tx:
            since = await self._since(tx, now)
            pasts = await history.histories(tx, player_ids, self._zone)
            new = [
                (player_id, lapse)
                for player_id, past in pasts.items()
                for lapse in past.streak(now).lapses
                if lapse.day >= since and lapse.outcome is not LapseOutcome.EXCUSED
            ]
            await lapses.add(tx, new, now)

    # When an admin mends something

    async def repair(
        self, by: Player, place: Place, name: str, day: str, reason: str, now: datetime
    ) -> StreakView:
        """Give a member back a day, with a reason that stands beside it for good. It is told to whoever gave it."""
        if not reason.strip():
            raise UserError(
                "Say why, for example `/repair member:Ada day:2026-03-02 the train had no network`. It is shown to them."
            )
        async with self._database.act() as tx:
            player = _one(await people.find_by_name(tx, place, name), name)
            past = (await history.histories(tx, [player.id], self._zone))[player.id]
            chosen = _repairable(day, past.calendar.day_of(now))
            if not await repairs.add(
                tx, player.id, chosen, by.id, reason.strip()[:LONGEST_REASON], now
            ):
                raise UserError(
                    f"{chosen} counts for {player.name} already. `/streak` shows them which days do."
                )
            standing = await self._standing(tx, player.id, now)
        log.info(
            "%s (%s) repaired %s of player %s: %s",
            by.name,
            by.id,
            chosen,
            player.id,
            reason.strip(),
        )
        return standing


def _counted(
    lit: _Lit,
    past: StreakHistory,
    unseen: Sequence[UnseenLapse],
    held: Mapping[tuple[int, str], datetime],
) -> StreakNews:
    """The same for an act that comes again. What was written down of a day that counts by now is no news any more."""
    found, player_id = past.streak(lit.at), lit.player.id
    new = tuple(
        badge
        for badge in milestones(found.longest)
        if held.get((player_id, badge.id), lit.at) == lit.at
    )
    news = {
        each.lapse.day
        for each in unseen
        if each.player_id == player_id and each.seen_at in (None, lit.at)
    }
    gone = tuple(
        each
        for each in found.lapses
        if each.day in news and each.outcome is not LapseOutcome.EXCUSED
    )
    return StreakNews(lit.day, past.calendar.day_of(lit.at), found, new, gone)


async def _remember(
    tx: Transaction, player_id: int, badges: Sequence[Badge], passed: Sequence[Lapse], at: datetime
) -> None:
    """What a member has been told now."""
    await lapses.mark_seen(tx, [(player_id, lapse.day) for lapse in passed], at)
    for badge in badges:
        await profile.award_badge(tx, player_id, badge.id, at)


def _one(found: Sequence[Player], name: str) -> Player:
    if not found:
        raise UserError(
            f"I know nobody here who is called “{name}”. Write the name as boards show it. I know whoever has asked me anything here."
        )
    if len(found) > 1:
        raise UserError(
            f"{len(found)} members here are called “{name}”. Ask one of them to change the name for a moment."
        )
    return found[0]


def _repairable(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"“{text[:40]}” is no date I can read. Write it like {today}.") from None
    if not today - LATEST_REPAIR <= day <= today:
        raise UserError(f"Only days from {today - LATEST_REPAIR} to {today} can be repaired.")
    return day
