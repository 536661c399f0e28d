"""People: met, named, placed in a time zone, and shown what they have done."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.errors import UserError
from bot.identity import Person, Place
from bot.model.people import Arrival, Player
from bot.model.profile import Accuracy, Profile, RecentScore, ScoreExplained
from bot.quiz.badges import earned
from bot.quiz.judging.points import Factors
from bot.quizmaster.core import Core
from bot.quizmaster.links import UNDO
from bot.quizmaster.streaks import Streaks
from bot.store import links, people, profile
from bot.store.batching import Batching
from bot.store.boards import projector
from bot.store.rounds import attempts, rounds, wordings
from bot.store.sql.database import Transaction
from bot.store.streaks import history

RECENT = 8
REMEMBERED_S = 30.0
"""Seconds for which somebody who was met is known without asking."""
CROWD = 10_000
Name = tuple[str, str, str]
"""A person by platform and id, and a community."""
Kept = TypeVar("Kept")


class People:
    def __init__(self, core: Core, streaks: Streaks) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone
        self._streaks = streaks
        self._arriving = Batching(self._let_in)
        self._met: OrderedDict[Name, tuple[Player, float]] = OrderedDict()
        self._left: OrderedDict[Name, datetime] = OrderedDict()
        """When somebody left: what they did before may still be on its way."""

    async def meet(self, person: Person, place: Place, at: datetime) -> Player:
        """The player behind a person; whoever acts in a community is a member of it."""
        key, now = (person.platform, person.id, place.community), asyncio.get_running_loop().time()
        player, until = self._met.get(key, (None, 0.0))
        if player is None or until < now or player.name != (person.sure_name or player.name):
            player, settled = await self._arriving.add(Arrival(person, place, at))
            if (left_at := self._left.get(key)) and at <= left_at:
                await self._take_leave(player, place, left_at)
            elif settled:
                _remember(self._met, key, (player, now + REMEMBERED_S))
        return player

    async def _let_in(self, arriving: Sequence[Arrival]) -> list[tuple[Player, bool]]:
        """Who each of them is, and whether that holds for a while: a link can be made or undone in another process."""
        found = await self._known(arriving)
        async with self._database.look() as tx:
            now = max(each.at for each in arriving)
            unsure = await links.unsettled(tx, {player.id for player in found}, now - UNDO, now)
        return [(player, player.id not in unsure) for player in found]

    async def _known(self, arriving: Sequence[Arrival]) -> list[Player]:
        async with self._database.look() as tx:
            found = await people.present(tx, arriving)
        strangers = [each for each, player in zip(arriving, found, strict=True) if player is None]
        if not strangers:
            return [player for player in found if player]
        async with self._database.act() as tx:
            returning = await people.add_all(tx, strangers)
            if returning:
                await projector.lock_scores(tx)
            for each, player in returning:
                await self._welcome_back(tx, each, player)
            return await people.get_all(tx, arriving)

    async def _welcome_back(self, tx: Transaction, arrival: Arrival, player: Player) -> None:
        """Somebody known, who is new to this community or goes by another name now."""
        if arrival.person.sure_name not in ("", player.name):
            await people.rename(tx, player.id, arrival.person.name)
        if await people.enter_community(tx, player.id, arrival.place, arrival.at):
            await projector.set_shown(tx, player.id, arrival.place, shown=True)

    async def rename(self, person: Person) -> None:
        """Whoever was met goes by this name from now on; of strangers nothing is kept."""
        async with self._database.look() as tx:
            player = await people.find(tx, person)
        if player is not None and person.name not in ("", player.name):
            async with self._database.act() as tx:
                await people.rename(tx, player.id, person.name)

    async def leave(self, person: Person, place: Place, at: datetime) -> None:
        """Off the boards of this community. Nothing that they did is lost, and the board of all places counts it on.

        Whoever acts here again through the same account is back on them. What was on its way when they left is
        answered still, but it brings nobody back, and who never came in is not let in to be let out.
        """
        key = (person.platform, person.id, place.community)
        _remember(self._left, key, at)
        async with self._database.look() as tx:
            player = await people.find(tx, person)
        if player is not None:
            await self._take_leave(player, place, at)
        self._met.pop(key, None)

    async def _take_leave(self, player: Player, place: Place, at: datetime) -> None:
        async with self._database.act() as tx:
            await projector.lock_scores(tx)
            await people.leave_community(tx, player.id, place, at)
            await projector.set_shown(tx, player.id, place, shown=False)

    def forget(self) -> None:
        """Who was met may be somebody else now."""
        self._met.clear()

    async def set_zone(self, player: Player, zone: str, at: datetime) -> None:
        """From tomorrow on."""
        self._met.clear()
        await self._streaks.set_zone(player, zone, at)

    async def hide_name(self, player: Player, *, hidden: bool) -> None:
        self._met.clear()
        async with self._database.act() as tx:
            await people.set_name_hidden(tx, player.id, hidden=hidden)

    async def profile(self, player: Player, now: datetime) -> Profile:
        async with self._database.look() as tx:
            player = await people.get(tx, player.id)
            counts = await profile.accuracy_by_wording(tx, player.id)
            latest = await profile.recent_scores(tx, player.id, RECENT)
            asked = await wordings.find_all(tx, [*counts, *(each.digest for each in latest)])
            past = (await history.histories(tx, [player.id], self._zone))[player.id]
            return Profile(
                player=player,
                zone=past.calendar.zone_at(now),
                coming=past.calendar.next_zone(now),
                points=await profile.total_points(tx, player.id),
                streak=past.streak(now),
                badges=tuple(
                    earned(badge, self._bank().packs)
                    for badge, _ in await profile.badges_of(tx, player.id)
                ),
                by_kind=_accuracy(counts, lambda digest: asked[digest].kind),
                by_level=_accuracy(counts, lambda digest: asked[digest].level),
                recent=tuple(RecentScore(each, asked[each.digest]) for each in latest),
            )

    async def why(self, player: Player, round_id: int) -> ScoreExplained:
        async with self._database.look() as tx:
            asked = await rounds.find(tx, round_id)
            given = await attempts.best(tx, player.id, round_id)
        if asked is None or given is None:
            raise UserError("You have no score there. `/why` lists those you have.")
        return ScoreExplained(asked.question, given, Factors(**given.factors), asked.tries)


def _remember(memory: OrderedDict[Name, Kept], name: Name, kept: Kept) -> None:
    """The latest of a crowd."""
    memory[name] = kept
    memory.move_to_end(name)
    if len(memory) > CROWD:
        memory.popitem(last=False)


def _accuracy(
    counts: dict[str, tuple[int, int]], name: Callable[[str], str]
) -> dict[str, Accuracy]:
    asked: defaultdict[str, int] = defaultdict(int)
    solved: defaultdict[str, int] = defaultdict(int)
    for digest, (count, right) in counts.items():
        asked[name(digest)] += count
        solved[name(digest)] += right
    return {each: Accuracy(solved[each], asked[each]) for each in sorted(asked)}
