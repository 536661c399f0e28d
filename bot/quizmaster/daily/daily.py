"""The daily question of a date: drawn, posted and ended."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from bot.identity import MessageRef
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, DailyResult, Occurrence, Solver
from bot.model.rounds import QuestionFilter, Round, Sitting
from bot.model.schedules import Schedule
from bot.quiz.calendar.local_days import period_keys
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Question
from bot.quiz.shuffle_bag import ShuffleBag
from bot.quizmaster.core import Core
from bot.quizmaster.daily.claiming import AT_ONCE, LEASE, Claiming, latest_post_time
from bot.quizmaster.rounds.access import answer_style, get
from bot.quizmaster.rounds.rounds import Rounds
from bot.store import daily, links, people, places, schedules, streaks
from bot.store.boards import boards
from bot.store.daily import RESTING
from bot.store.rounds import rounds, sittings
from bot.store.schedules import Dated
from bot.store.sql.database import Transaction

SHOWN = 20  # Members who are named.


def matching(bank: Bank, schedule: Schedule) -> list[str]:
    names: dict[str, None] = {}
    for pack in schedule.packs or (None,):
        for level in schedule.levels or (None,):
            names |= dict.fromkeys(question.id for question in bank.matching(pack, level))
    return list(names)


def draw(
    bank: Bank, schedule: Schedule, day: date, bag: ShuffleBag, pinned: Mapping[Dated, str]
) -> tuple[Question, ShuffleBag] | None:
    """The question and the bag after it. A preview draws the same as the real thing."""
    name = pinned.get((schedule.id, day))
    if name is not None and name in bank.templates:
        rest = bag.without(name)
    else:
        names = matching(bank, schedule)
        if not names:
            return None
        ahead = {
            question
            for (number, when), question in pinned.items()
            if when >= day and (number, when) != (schedule.id, day)
        }
        name, rest = bag.draw(names, ahead)
    seed = blake2b(f"{schedule.id}:{day}".encode(), digest_size=4).digest()
    return bank.variant(name, int.from_bytes(seed, "big")), rest


@dataclass(frozen=True, slots=True)
class DailyResults:
    core: Core
    rounds: Rounds

    async def lease_for_results(
        self, platforms: Collection[str], now: datetime
    ) -> list[Occurrence]:
        async with self.core.transaction() as tx:
            return await daily.lease_for_results(tx, platforms, now, now + LEASE, AT_ONCE)

    async def round_of(self, occurrence: Occurrence) -> Round:
        async with self.core.reading() as tx:
            return await get(tx, occurrence.round_id or 0)

    async def read(self, round_: Round) -> DailyResult:
        result = await self.rounds.closing.result(round_)
        at = round_.closed_at or round_.opened_at
        async with self.core.reading() as tx:
            solved = await sittings.first_solved(tx, round_.id, SHOWN)
            current = await links.current_ids(tx, {sitting.player_id for sitting in solved})
            first: dict[int, Sitting] = {}
            for sitting in solved:
                first.setdefault(current[sitting.player_id], sitting)
            histories = await streaks.histories(tx, list(first), self.core.zone)
            solvers = []
            for player_id, sitting in first.items():
                player = await people.get(tx, player_id)
                days = histories[player_id].streak(at).days
                solvers.append(Solver(player, sitting.tries_used, sitting.points, days))
        figure = self.core.bank().figure(round_.question)
        return DailyResult(result, tuple(solvers), figure)

    async def mark_announced(self, occurrence: Occurrence, round_: Round) -> None:
        self.rounds.in_memory.forget(round_.id)
        async with self.core.transaction() as tx:
            await rounds.change_status(tx, round_.id, "closed", "announced")
            await daily.change_state(tx, occurrence.key, "posted", "announced")


class Daily:
    def __init__(self, core: Core, rounds_: Rounds) -> None:
        self._core = core
        self.claiming = Claiming(core)
        self.results = DailyResults(core, rounds_)

    async def lease_due(self, platforms: Collection[str], now: datetime) -> list[Occurrence]:
        async with self._core.transaction() as tx:
            return await daily.lease_due(tx, platforms, now, now + LEASE, AT_ONCE)

    async def open(self, occurrence: Occurrence, now: datetime) -> Round | None:
        """None if it is too late, or nothing is to be asked."""
        if _is_too_late(occurrence, now):
            reason = NOT_POSTED if occurrence.round_id else AWAY
            await self.claiming.mark_missed(occurrence, reason, now)
            return None
        async with self._core.transaction() as tx:
            if occurrence.round_id is not None:
                return await get(tx, occurrence.round_id)
            schedule = await schedules.find(tx, occurrence.schedule_id)
            assert schedule is not None  # schedules are never deleted
            # A reason says that it was asked for by hand, which a paused schedule allows.
            if schedule.removed or (schedule.paused and not occurrence.reason):
                key = occurrence.key
                await daily.change_state(tx, key, "due", "skipped", reason=RESTING)
                return None
            opened = await self._open(tx, schedule, occurrence, now)
        if opened is None:
            await self.claiming.mark_missed(occurrence, NOTHING_FITS, now)
        return opened

    async def _open(
        self, tx: Transaction, schedule: Schedule, occurrence: Occurrence, now: datetime
    ) -> Round | None:
        bag = await daily.lock_bag(tx, schedule.place_id)
        act = f"daily:{schedule.id}:{occurrence.day}"
        if known := await rounds.by_act(tx, act):
            return known
        pinned = await schedules.pinned_since(tx, schedule.place_id, occurrence.day)
        drawn = draw(self._core.bank(), schedule, occurrence.day, bag, pinned)
        if drawn is None:
            return None
        question, rest = drawn
        await daily.save_bag(tx, schedule.place_id, bag, rest, now)
        style = schedule.answers or (await places.get_or_add(tx, schedule.place)).answers
        pack = schedule.packs[0] if len(schedule.packs) == 1 else None
        round_id = await rounds.claim(
            tx,
            question,
            act=act,
            mode="daily",
            status="claimed",
            place_id=schedule.place_id,
            speed=False,
            answers=answer_style(question, style),
            question_filter=QuestionFilter(pack).code,
            opened_at=now,
            due_at=occurrence.due_at,
            closes_at=occurrence.ends_at,
        )
        assert round_id is not None  # the bag is locked, so nobody claims it at the same instant
        await daily.set_round(tx, occurrence.key, round_id)
        await boards.assign_round(tx, round_id, schedule.place, period_keys(occurrence.day))
        return await get(tx, round_id)

    async def mark_posted(
        self, occurrence: Occurrence, round_: Round, message: MessageRef, at: datetime
    ) -> None:
        """The round ends when it was to end, however late it came."""
        async with self._core.transaction() as tx:
            await rounds.mark_open(tx, round_.id, message.id, at, occurrence.ends_at)
            await daily.change_state(tx, occurrence.key, "due", "posted")
        self._core.woken.set()


def _is_too_late(occurrence: Occurrence, now: datetime) -> bool:
    # A round may stand already, so it is looked for as long as any time is left.
    if occurrence.round_id:
        return now >= occurrence.ends_at
    return now > latest_post_time(occurrence.due_at, occurrence.ends_at)
