"""Packs: taken challenge by challenge, up to the badge."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.packs import PackLine, PackOffer, PackSummary, Take
from bot.model.people import Player
from bot.model.rounds import Round, Sitting
from bot.quiz.badges import deserves_badge, pack_badge_id
from bot.quiz.calendar.local_days import local_day, period_keys
from bot.quiz.questions import Pack
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.access import random_variant
from bot.store import packs, places, profile
from bot.store.boards import boards
from bot.store.rounds import rounds, sittings
from bot.store.sql.database import Transaction


@dataclass(frozen=True, slots=True)
class Packs:
    core: Core

    async def offers(self, player: Player) -> list[PackOffer]:
        async with self.core.reading() as tx:
            return [await _offer(tx, pack, player) for pack in self.core.bank().packs]

    async def offer(self, name: str, player: Player) -> PackOffer:
        async with self.core.reading() as tx:
            return await _offer(tx, self.core.bank().pack(name), player)

    async def length(self, take_id: int) -> int:
        async with self.core.reading() as tx:
            take = await packs.find(tx, take_id)
        return len(take.digests) if take else 0

    async def start(
        self, player: Player, place: Place, name: str, after: int, at: datetime
    ) -> Round:
        """Takes are not numbered: linking accounts changes how many there are."""
        bank = self.core.bank()
        pack = bank.pack(name)
        act = f"take:{player.id}:{name}:after:{after}"
        async with self.core.transaction() as tx:
            place_id = (await places.get_or_add(tx, place)).id
            digests = []
            for question in pack.questions:
                variant = random_variant(bank, question.id)
                await rounds.add_wording(tx, variant)
                digests.append(variant.digest)
            take = await packs.start(
                tx,
                act,
                player_id=player.id,
                place_id=place_id,
                pack=pack.name,
                digests=digests,
                started_at=at,
            )
            opened = await self._open(tx, take, 0, at)
        self.core.woken.set()
        return opened

    async def go_to(self, take_id: int, position: int, player: Player, at: datetime) -> Round:
        async with self.core.transaction() as tx:
            take = await _find_own_take(tx, take_id, player)
            opened = await rounds.of_pack_take(tx, take_id)
            if position < len(opened):
                return opened[position]
            if opened and not await _end_if_finished(tx, take, opened[-1], at):
                return opened[-1]
            if position > len(opened) or position >= len(take.digests):
                raise UserError("pack_too_early")
            next_round = await self._open(tx, take, position, at)
        self.core.woken.set()
        return next_round

    async def _open(self, tx: Transaction, take: Take, position: int, at: datetime) -> Round:
        act = f"take:{take.id}:{position}"
        if known := await rounds.by_act(tx, act):
            return known
        settings = await places.get_or_add(tx, take.place)
        question = await rounds.find_question(tx, take.digests[position])
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
            speed=settings.speed,
            answers="buttons",
            opened_at=at,
            closes_at=at + timedelta(seconds=question.seconds),
        )
        if round_id is not None:
            await sittings.join(tx, round_id, take.player_id, at)
            day = local_day(at, settings.zone or self.core.zone)
            await boards.assign_round(tx, round_id, take.place, period_keys(day))
        opened = await rounds.by_act(tx, act)
        assert opened is not None  # claimed above, or by a press at the same instant
        return opened

    async def finish_if_done(self, take_id: int, at: datetime) -> None:
        async with self.core.transaction() as tx:
            take = await packs.find(tx, take_id)
            if take is None:
                return
            found = await _sittings(tx, take)
            if len(found) < len(take.digests) or not all(each.finished_at for each in found):
                return
            solved = [each.solved for each in found]
            first = await packs.finish(tx, take_id, sum(solved), at)
            if first and deserves_badge(solved, len(take.digests)):
                await profile.award_badge(tx, take.player_id, pack_badge_id(take.pack), at)

    async def finish_all_done(self, at: datetime) -> None:
        """A crash may leave takes between their last answer and their end."""
        async with self.core.reading() as tx:
            take_ids = await packs.ready_to_finish(tx)
        for take_id in take_ids:
            await self.finish_if_done(take_id, at)

    async def summary(self, take_id: int, player: Player, at: datetime) -> PackSummary:
        await self.finish_if_done(take_id, at)
        async with self.core.reading() as tx:
            take = await _find_own_take(tx, take_id, player)
            if take.finished_at is None:
                raise UserError("pack_too_early")
            asked = await rounds.of_pack_take(tx, take_id)
            by_round = {sitting.round_id: sitting for sitting in await _sittings(tx, take)}
            answers = await sittings.attempts_in(tx, [each.id for each in asked], player.id)
            last = {answer.round_id: answer for answer in answers}
            lines = [
                PackLine(each.question, last.get(each.id), by_round[each.id]) for each in asked
            ]
            return PackSummary(
                take,
                next((pack for pack in self.core.bank().packs if pack.name == take.pack), None),
                tuple(lines),
                (await packs.best_results(tx, player.id)).get(take.pack, 0),
                has_badge=await _has_badge(tx, take.pack, player),
            )


async def _sittings(tx: Transaction, take: Take) -> list[Sitting]:
    """Includes sittings that were set aside when accounts were linked."""
    asked = await rounds.of_pack_take(tx, take.id)
    found = await sittings.of_participants(tx, [each.id for each in asked])
    own_last = sorted(found, key=lambda sitting: sitting.player_id == take.player_id)
    return list({sitting.round_id: sitting for sitting in own_last}.values())


async def _end_if_finished(tx: Transaction, take: Take, last: Round, at: datetime) -> bool:
    """Whether its member has finished it. Ends it if a crash kept it from ending."""
    found = await _sittings(tx, take)
    if not any(sitting.round_id == last.id and sitting.finished_at for sitting in found):
        return False
    await rounds.change_status(tx, last.id, "open", "announced", closed_at=at)
    await rounds.change_status(tx, last.id, "closed", "announced")
    return True


async def _find_own_take(tx: Transaction, take_id: int, player: Player) -> Take:
    take = await packs.find(tx, take_id)
    if take is None or take.player_id != player.id:
        raise UserError("pack_of_another")
    return take


async def _offer(tx: Transaction, pack: Pack, player: Player) -> PackOffer:
    latest = await packs.latest(tx, player.id, pack.name)
    under_way = latest if latest and latest.finished_at is None else None
    return PackOffer(
        pack,
        (await packs.best_results(tx, player.id)).get(pack.name, 0),
        latest.id if latest else 0,
        await _has_badge(tx, pack.name, player),
        under_way,
        len(await rounds.of_pack_take(tx, under_way.id)) if under_way else 0,
    )


async def _has_badge(tx: Transaction, pack: str, player: Player) -> bool:
    return pack_badge_id(pack) in await profile.badges_of(tx, player.id)
