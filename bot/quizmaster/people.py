"""People: met, named, placed in a time zone, and shown what they have done."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import available_timezones

from bot.errors import UserError
from bot.identity import Person, Place
from bot.news.people import Accuracy, Profile, Score, Why
from bot.quiz.badges import Badge, pack_badge
from bot.quiz.bank import Bank
from bot.quiz.days import local_day
from bot.quiz.points import Factors
from bot.quiz.streaks import streak
from bot.store import people, places, profile, projector, rounds
from bot.store.database import Database, Transaction
from bot.store.people import Arrival, Player
from bot.store.together import Together

RECENT = 8
REMEMBERED_S = 30.0
"""Seconds for which somebody who was met is known without asking."""
CROWD = 10_000


class People:
    def __init__(self, database: Database, bank: Callable[[], Bank], zone: str) -> None:
        self._database = database
        self._bank = bank
        self._zone = zone
        self._arriving = Together(self._let_in)
        self._met: OrderedDict[tuple[str, str, str], tuple[Player, float]] = OrderedDict()

    async def meet(self, person: Person, place: Place, at: datetime) -> Player:
        """The player behind a person; whoever acts in a community is a member of it."""
        key, now = (person.platform, person.id, place.community), asyncio.get_running_loop().time()
        player, until = self._met.get(key, (None, 0.0))
        if player is None or until < now or player.name != (person.name or player.name):
            player = await self._arriving.add(Arrival(person, place, at))
            self._met[key] = (player, now + REMEMBERED_S)
            self._met.move_to_end(key)
            if len(self._met) > CROWD:
                self._met.popitem(last=False)
        return player

    async def _let_in(self, arriving: Sequence[Arrival]) -> list[Player]:
        async with self._database.look() as tx:
            found = await people.present(tx, arriving)
        strangers = [each for each, player in zip(arriving, found, strict=True) if player is None]
        if not strangers:
            return [player for player in found if player]
        async with self._database.act() as tx:
            returning = await people.add_all(tx, strangers)
            for each, player in returning:
                await self._welcome_back(tx, each, player)
            let_in = await people.present(tx, arriving, by_name=False)
        return [player for player in let_in if player]

    async def _welcome_back(self, tx: Transaction, arrival: Arrival, player: Player) -> None:
        """Somebody known, who is new to this community or goes by another name now."""
        if arrival.person.name not in ("", player.name):
            await people.rename(tx, player.id, arrival.person.name)
        await people.enter(tx, player.id, arrival.place)
        await projector.show(tx, player.id, arrival.place, shown=True)

    async def leave(self, player: Player, place: Place, at: datetime) -> None:
        """Off the boards of this community; points and badges stay for a return."""
        self._met.clear()
        async with self._database.act() as tx:
            await people.leave(tx, player.id, place, at)
            await projector.show(tx, player.id, place, shown=False)

    def forget(self) -> None:
        """Who was met may be somebody else now."""
        self._met.clear()

    async def set_zone(self, player: Player, zone: str) -> None:
        name = known_zone(zone)
        self._met.clear()
        async with self._database.act() as tx:
            await people.set_zone(tx, player.id, name)

    async def hide_name(self, player: Player, *, hidden: bool) -> None:
        self._met.clear()
        async with self._database.act() as tx:
            await people.hide_name(tx, player.id, hidden=hidden)

    async def profile(self, player: Player, place: Place, now: datetime) -> Profile:
        async with self._database.look() as tx:
            player = await people.get(tx, player.id)
            room = await places.find(tx, place)
            zone = player.zone or (room.zone if room else None) or self._zone
            counts = await profile.by_wording(tx, player.id)
            latest = await profile.recent(tx, player.id, RECENT)
            wordings = await profile.wordings_of(tx, [*counts, *(each.digest for each in latest)])
            days = await profile.solved_days(tx, player.id)
            return Profile(
                player=player,
                zone=zone,
                points=await profile.points(tx, player.id),
                streak=streak(days, local_day(now, zone)),
                badges=self._badges([badge for badge, _ in await profile.badges_of(tx, player.id)]),
                by_kind=_accuracy(counts, lambda digest: wordings[digest].kind),
                by_level=_accuracy(counts, lambda digest: wordings[digest].level),
                recent=tuple(Score(each, wordings[each.digest]) for each in latest),
            )

    def _badges(self, earned: list[str]) -> tuple[Badge, ...]:
        known = {badge.id: badge for badge in map(pack_badge, self._bank().packs)}
        return tuple(known.get(name) or Badge(name, name.partition(":")[2], "🏅") for name in earned)

    async def why(self, player: Player, round_id: int) -> Why:
        async with self._database.look() as tx:
            asked = await rounds.find(tx, round_id)
            given = await profile.scored(tx, player.id, round_id)
        if asked is None or given is None:
            raise UserError("You have no score there. `/why` lists those you have.")
        return Why(asked.question, given, Factors(**given.factors), asked.tries)


def _accuracy(counts: dict[str, tuple[int, int]], name: Callable[[str], str]) -> dict[str, Accuracy]:
    asked: defaultdict[str, int] = defaultdict(int)
    solved: defaultdict[str, int] = defaultdict(int)
    for digest, (count, right) in counts.items():
        asked[name(digest)] += count
        solved[name(digest)] += right
    return {each: Accuracy(solved[each], asked[each]) for each in sorted(asked)}


def known_zone(zone: str) -> str:
    """The zone's own spelling; a zone is never guessed."""
    names = {name.casefold(): name for name in available_timezones()}
    name = names.get(zone.strip().casefold())
    if name is None:
        raise UserError("That is no time zone I know. Write it like Europe/Berlin, America/New_York or UTC.")
    return name
