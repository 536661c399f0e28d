"""People: met, named, and shown what they have done."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.errors import UserError
from bot.identity import Person, Place
from bot.model.people import Arrival, Player
from bot.model.profile import Accuracy, Profile, RecentScore, ScoreExplained
from bot.quiz.badges import shown_badge
from bot.quiz.judging.points import Factors
from bot.quizmaster.core import Core
from bot.quizmaster.links import UNDO
from bot.quizmaster.streaks import Streaks
from bot.store import links, people, profile, streaks
from bot.store.batching import Batching
from bot.store.boards import projector
from bot.store.rounds import rounds, sittings

RECENT = 8
REMEMBERED_S = 30.0  # Somebody who was met is known for so long without a query.
MOST_REMEMBERED = 10_000
Member = tuple[str, str, str]  # A platform, a person's id there, and a community.
Value = TypeVar("Value")


class People:
    def __init__(self, core: Core, streaks: Streaks) -> None:
        self._core = core
        self._streaks = streaks
        self._arriving = Batching(self._admit)
        self._met: OrderedDict[Member, tuple[Player, float]] = OrderedDict()
        # What they did before they left may still be on its way.
        self._left: OrderedDict[Member, datetime] = OrderedDict()

    async def find_or_add(self, person: Person, place: Place, at: datetime) -> Player:
        # Whoever acts in a community is a member of it.
        key = (person.platform, person.id, place.community)
        now = asyncio.get_running_loop().time()
        player, until = self._met.get(key, (None, 0.0))
        if player is None or until < now or player.name != (person.sure_name or player.name):
            player, settled = await self._arriving.add(Arrival(person, place, at))
            if (left_at := self._left.get(key)) and at <= left_at:
                await self._remove(player, place, left_at)
            elif settled:
                _remember(self._met, key, (player, now + REMEMBERED_S))
        return player

    async def _admit(self, arrivals: Sequence[Arrival]) -> list[tuple[Player, bool]]:
        """Each with whether it is settled: another process may be linking accounts."""
        found = await self._find_or_add(arrivals)
        now = max(each.at for each in arrivals)
        async with self._core.reading() as tx:
            unsettled = await links.with_pending_link(
                tx, {each.id for each in found}, now - UNDO, now
            )
        return [(player, player.id not in unsettled) for player in found]

    async def _find_or_add(self, arrivals: Sequence[Arrival]) -> list[Player]:
        async with self._core.reading() as tx:
            found = await people.present_members(tx, arrivals)
        pairs = zip(arrivals, found, strict=True)
        strangers = [arrival for arrival, player in pairs if player is None]
        if not strangers:
            return [player for player in found if player]
        async with self._core.transaction() as tx:
            returning = await people.add_all(tx, strangers)
            if returning:
                await projector.lock_scores(tx)
            for arrival, player in returning:
                if arrival.person.sure_name not in ("", player.name):
                    await people.rename(tx, player.id, arrival.person.name)
                if await people.enter_community(tx, player.id, arrival.place, arrival.at):
                    await projector.show_or_hide(tx, player.id, arrival.place, shown=True)
            return await people.get_all(tx, arrivals)

    async def rename(self, person: Person) -> None:
        # Of strangers nothing is stored.
        async with self._core.reading() as tx:
            player = await people.find(tx, person)
        if player is not None and person.name not in ("", player.name):
            async with self._core.transaction() as tx:
                await people.rename(tx, player.id, person.name)

    async def leave(self, person: Person, place: Place, at: datetime) -> None:
        """Hides them on boards until they act again; acts on their way do not count as that."""
        key = (person.platform, person.id, place.community)
        _remember(self._left, key, at)
        async with self._core.reading() as tx:
            player = await people.find(tx, person)
        if player is not None:
            await self._remove(player, place, at)
        self._met.pop(key, None)

    async def _remove(self, player: Player, place: Place, at: datetime) -> None:
        async with self._core.transaction() as tx:
            await projector.lock_scores(tx)
            await people.leave_community(tx, player.id, place, at)
            await projector.show_or_hide(tx, player.id, place, shown=False)

    def clear_cache(self) -> None:
        # Accounts were linked or parted, so a person may be another player now.
        self._met.clear()

    async def set_zone(self, player: Player, zone: str, at: datetime) -> None:
        """Takes effect tomorrow."""
        self._met.clear()
        await self._streaks.set_zone(player, zone, at)

    async def set_name_hidden(self, player: Player, *, hidden: bool) -> None:
        self._met.clear()
        async with self._core.transaction() as tx:
            await people.set_name_hidden(tx, player.id, hidden=hidden)

    # What they have done

    async def profile(self, player: Player, now: datetime) -> Profile:
        async with self._core.reading() as tx:
            player = await people.get(tx, player.id)
            counts = await profile.accuracy_by_wording(tx, player.id)
            latest = await profile.recent_scores(tx, player.id, RECENT)
            asked = await rounds.find_questions(tx, [*counts, *(each.digest for each in latest)])
            past = (await streaks.histories(tx, [player.id], self._core.zone))[player.id]
            badges = await profile.badges_of(tx, player.id)
            packs = self._core.bank().packs
            return Profile(
                player=player,
                zone=past.calendar.zone_at(now),
                coming=past.calendar.next_zone(now),
                points=await profile.total_points(tx, player.id),
                streak=past.streak(now),
                badges=tuple(shown_badge(badge, packs) for badge in badges),
                by_kind=_accuracy(counts, lambda digest: asked[digest].kind),
                by_level=_accuracy(counts, lambda digest: asked[digest].level),
                recent=tuple(RecentScore(each, asked[each.digest]) for each in latest),
            )

    async def explain_score(self, player: Player, round_id: int) -> ScoreExplained:
        async with self._core.reading() as tx:
            round_ = await rounds.find(tx, round_id)
            best = await sittings.best_attempt(tx, player.id, round_id)
        if round_ is None or best is None:
            raise UserError("no_score_there")
        return ScoreExplained(round_.question, best, Factors(**best.factors), round_.tries)


def _remember(memory: OrderedDict[Member, Value], member: Member, value: Value) -> None:
    memory[member] = value
    memory.move_to_end(member)
    if len(memory) > MOST_REMEMBERED:
        memory.popitem(last=False)


def _accuracy(
    counts: dict[str, tuple[int, int]], group_of: Callable[[str], str]
) -> dict[str, Accuracy]:
    asked = Counter[str]()
    solved = Counter[str]()
    for digest, (count, right) in counts.items():
        asked[group_of(digest)] += count
        solved[group_of(digest)] += right
    return {group: Accuracy(solved[group], asked[group]) for group in sorted(asked)}
