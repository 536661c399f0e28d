"""Packs: taken as a sitting, challenge by challenge, up to the badge and the summary."""

import random
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.packs import PackLine, PackOffer, PackSummary, Take
from bot.model.people import Player
from bot.model.rounds import Round, Sitting
from bot.quiz.badges import badge_id, deserves
from bot.quiz.calendar.local_days import local_day, period_keys
from bot.quiz.questions import Pack
from bot.quizmaster.core import Core
from bot.store import packs, places, profile
from bot.store.boards import boards
from bot.store.rounds import attempts, rounds, sittings, wordings
from bot.store.sql.database import Transaction

EARLY = "That is not due yet. `/pack` shows where you are."


class Packs:
    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone
        self._woken = core.woken

    async def offers(self, player: Player) -> list[PackOffer]:
        async with self._database.look() as tx:
            return [await _offer(tx, pack, player) for pack in self._bank().packs]

    async def length(self, take_id: int) -> int:
        async with self._database.look() as tx:
            take = await packs.find(tx, take_id)
            return len(take.digests) if take else 0

    async def offer(self, name: str, player: Player) -> PackOffer:
        async with self._database.look() as tx:
            return await _offer(tx, self._bank().pack(name), player)

    def _known(self, name: str) -> Pack | None:
        return next((pack for pack in self._bank().packs if pack.name == name), None)

    async def start(
        self, player: Player, place: Place, name: str, after: int, at: datetime
    ) -> Round:
        """Begin a take: its first challenge opens now, and its clock runs. After the same take comes the same one.

        Takes are not numbered by how many there are: linking accounts, and parting them, changes that.
        """
        pack = self._bank().pack(name)
        act = f"take:{player.id}:{name}:after:{after}"
        async with self._database.act() as tx:
            room = await places.get_or_add(tx, place)
            questions = [
                self._bank().variant(question.id, random.getrandbits(32))
                for question in pack.questions
            ]
            for question in questions:
                await wordings.add(tx, question)
            digests = [question.digest for question in questions]
            take = await packs.start(tx, act, player.id, room.id, pack.name, digests, at)
            opened = await self._open(tx, take, 0, at)
        self._woken.set()
        return opened

    async def go(self, take_id: int, position: int, player: Player, at: datetime) -> Round:
        """The challenge at a position of a take: opened on the first call, found on every other."""
        async with self._database.act() as tx:
            take = await _own(tx, take_id, player)
            asked = await rounds.in_take(tx, take_id)
            if position < len(asked):
                return asked[position]
            if asked and not await _is_done(tx, take, asked[-1], at):
                return asked[-1]
            if position > len(asked) or position >= len(take.digests):
                raise UserError(EARLY)
            opened = await self._open(tx, take, position, at)
        self._woken.set()
        return opened

    async def _open(self, tx: Transaction, take: Take, position: int, at: datetime) -> Round:
        act = f"take:{take.id}:{position}"
        known = await rounds.by_act(tx, act)
        if known:
            return known
        room = await places.get_or_add(tx, take.place)
        question = await wordings.get(tx, take.digests[position])
        round_id = await rounds.claim(
            tx,
            question,
            act=act,
            mode="pack",
            status="open",
            place_id=take.place_id,
            player_id=take.player_id,
            take_id=take.id,
            position=position,
            speed=room.speed,
            answers="buttons",
            opened_at=at,
            closes_at=at + timedelta(seconds=question.seconds),
        )
        if round_id is not None:
            await sittings.join(tx, round_id, take.player_id, at)
            await boards.assign_round(
                tx, round_id, take.place, period_keys(local_day(at, room.zone or self._zone))
            )
        opened = await rounds.by_act(tx, act)
        assert opened is not None
        return opened

    async def settle(self, take_id: int, at: datetime) -> None:
        """End a take whose every challenge is finished, once, and give its badge where it is deserved."""
        async with self._database.act() as tx:
            take = await packs.find(tx, take_id)
            seats = await _seats(tx, take) if take else []
            if (
                take is None
                or len(seats) < len(take.digests)
                or any(seat.finished_at is None for seat in seats)
            ):
                return
            solved = [seat.solved for seat in seats]
            first = await packs.finish(tx, take_id, sum(solved), at)
            if first and deserves(solved, len(take.digests)):
                await profile.award_badge(tx, take.player_id, badge_id(take.pack), at)

    async def settle_all(self, at: datetime) -> None:
        """Takes that a crash left between their last answer and their end."""
        async with self._database.look() as tx:
            ripe = await packs.ready_to_finish(tx)
        for take_id in ripe:
            await self.settle(take_id, at)

    async def summary(self, take_id: int, player: Player, at: datetime) -> PackSummary:
        await self.settle(take_id, at)
        async with self._database.look() as tx:
            take = await _own(tx, take_id, player)
            if take.finished_at is None:
                raise UserError(EARLY)
            asked = await rounds.in_take(tx, take_id)
            seats = {seat.round_id: seat for seat in await _seats(tx, take)}
            answers = await attempts.in_rounds(tx, [each.id for each in asked], player.id)
            last = {given.round_id: given for given in answers}
            lines = tuple(
                PackLine(each.question, last.get(each.id), seats[each.id]) for each in asked
            )
            best = (await packs.best_results(tx, player.id)).get(take.pack, 0)
            pack = self._known(take.pack)
            has_badge = await _has_badge(tx, take.pack, player)
            return PackSummary(take, pack, lines, best, has_badge=has_badge)


async def _seats(tx: Transaction, take: Take) -> list[Sitting]:
    """One a challenge; one that was set aside when accounts were linked is a part of the take all the same."""
    asked = await rounds.in_take(tx, take.id)
    found = await sittings.of_participants(tx, [each.id for each in asked])
    own_last = sorted(found, key=lambda seat: seat.player_id == take.player_id)
    return list({seat.round_id: seat for seat in own_last}.values())


async def _is_done(tx: Transaction, take: Take, asked: Round, at: datetime) -> bool:
    """Whether its member has finished it. What a crash kept from ending ends here: the next one takes over its card."""
    if not any(seat.round_id == asked.id and seat.finished_at for seat in await _seats(tx, take)):
        return False
    await rounds.change_status(tx, asked.id, "open", "announced", closed_at=at)
    await rounds.change_status(tx, asked.id, "closed", "announced")
    return True


async def _own(tx: Transaction, take_id: int, player: Player) -> Take:
    take = await packs.find(tx, take_id)
    if take is None or take.player_id != player.id:
        raise UserError("That card is somebody else's. `/pack` gives you your own.")
    return take


async def _offer(tx: Transaction, pack: Pack, player: Player) -> PackOffer:
    best = (await packs.best_results(tx, player.id)).get(pack.name, 0)
    latest = await packs.latest(tx, player.id, pack.name)
    take = latest if latest and latest.finished_at is None else None
    reached = len(await rounds.in_take(tx, take.id)) if take else 0
    return PackOffer(
        pack,
        best,
        latest.id if latest else 0,
        await _has_badge(tx, pack.name, player),
        take,
        reached,
    )


async def _has_badge(tx: Transaction, pack: str, player: Player) -> bool:
    return badge_id(pack) in {badge for badge, _ in await profile.badges_of(tx, player.id)}
