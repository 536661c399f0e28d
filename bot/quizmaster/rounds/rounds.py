"""Rounds: opened in a place, posted and read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import MessageRef, Place
from bot.model.people import Player
from bot.model.rounds import QuestionFilter, Round, RoundProgress
from bot.quiz.calendar.local_days import DAY, local_day, period_keys
from bot.quiz.questions import Question
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.access import (
    answer_style,
    find_by_act,
    get,
    get_visible,
    matching,
    random_variant,
)
from bot.quizmaster.rounds.answers import Answers, Hints
from bot.quizmaster.rounds.closing import Closing, OpenRounds
from bot.quizmaster.streaks import Streaks
from bot.store import daily, places, schedules
from bot.store.boards import boards
from bot.store.rounds import rounds, sittings
from bot.store.rounds.ledger import Ledger
from bot.store.sql.database import Transaction

# A round that was claimed but not posted, as after a crash, is still posted within this time.
POST_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LiveRounds:
    core: Core

    async def open(self, act: str, place: Place, wanted: QuestionFilter, at: datetime) -> Round:
        """A repeated act finds the round it claimed."""
        async with self.core.transaction() as tx:
            if known := await find_by_act(tx, act):
                return known
            settings = await places.get_or_add(tx, place)
            if settings.paused:
                raise UserError("place_paused")
            question = await self._draw(tx, settings.id, wanted, at)
            round_id = await rounds.claim(
                tx,
                question,
                act=act,
                mode="live",
                status="claimed",
                place_id=settings.id,
                live_in=settings.id,
                speed=settings.speed,
                answers=answer_style(question, settings.answers),
                question_filter=wanted.code,
                opened_at=at,
                closes_at=at + timedelta(seconds=question.seconds),
            )
            claimed = await rounds.by_act(tx, act)
            if claimed is None:
                other = await rounds.live_in(tx, settings.id)
                raise UserError("round_under_way", closes_at=other.closes_at if other else None)
            if round_id is not None:
                day = local_day(at, settings.zone or self.core.zone)
                await boards.assign_round(tx, round_id, place, period_keys(day))
            return claimed

    async def _draw(
        self, tx: Transaction, place_id: int, wanted: QuestionFilter, at: datetime
    ) -> Question:
        # From the end of the bag that schedules do not draw from.
        bank = self.core.bank()
        names = [question.id for question in matching(bank, wanted)]
        bag = await daily.lock_bag(tx, place_id)
        pinned = await schedules.pinned_since(tx, place_id, at.date() - DAY)
        name, rest = bag.draw(names, set(pinned.values()), "bottom")
        await daily.save_bag(tx, place_id, bag, rest, at)
        return random_variant(bank, name)

    async def mark_posted(self, round_id: int, message: MessageRef, at: datetime) -> Round:
        # Its card stands, so both clocks start.
        async with self.core.transaction() as tx:
            claimed = await get(tx, round_id)
            closes_at = at + timedelta(seconds=claimed.question.seconds)
            await rounds.mark_open(tx, round_id, message.id, at, closes_at)
            opened = await get(tx, round_id)
        self.core.woken.set()
        return opened

    async def open_ids(self) -> list[int]:
        async with self.core.reading() as tx:
            found = await rounds.left_in_status(tx, "open")
        return [round_.id for round_ in found if round_.mode == "live"]

    async def unposted(self, now: datetime, age: timedelta = timedelta()) -> list[Round]:
        """Rounds claimed at least `age` ago; any older than POST_WITHIN are dropped."""
        waiting = []
        async with self.core.transaction() as tx:
            for round_ in await rounds.left_in_status(tx, "claimed"):
                if round_.opened_at < now - POST_WITHIN:
                    await rounds.change_status(tx, round_.id, "claimed", "void", closed_at=now)
                elif round_.opened_at <= now - age:
                    waiting.append(round_)
        return waiting

    async def drop(self, round_: Round, now: datetime) -> None:
        async with self.core.transaction() as tx:
            await rounds.change_status(tx, round_.id, "claimed", "void", closed_at=now)


class Rounds:
    def __init__(self, core: Core, ledger: Ledger, packs: Packs, streaks: Streaks) -> None:
        self._core = core
        self.in_memory = OpenRounds(core.database)
        self.live = LiveRounds(core)
        self.answers = Answers(core, ledger, self.in_memory, packs, streaks)
        self.hints = Hints(core)
        self.closing = Closing(core, self.in_memory, packs)

    async def by_message(self, message: MessageRef) -> Round | None:
        async with self._core.reading() as tx:
            return await rounds.by_message(tx, message)

    async def by_reaction(self, platform: str) -> list[Round]:
        async with self._core.reading() as tx:
            return await rounds.open_by_reaction(tx, platform)

    async def tally(self, round_id: int) -> tuple[Round, RoundProgress]:
        async with self._core.reading() as tx:
            return await get(tx, round_id), await sittings.count(tx, round_id)

    async def question(self, round_id: int, player: Player, place: Place) -> Question:
        async with self._core.reading() as tx:
            return (await get_visible(tx, round_id, player, place)).question

    def figure(self, question: Question) -> bytes | None:
        return self._core.bank().figure(question)

    async def set_message(self, round_id: int, message: MessageRef) -> None:
        # Its end is shown on this private card.
        async with self._core.transaction() as tx:
            await rounds.set_message(tx, round_id, message.id)
        self._core.woken.set()
