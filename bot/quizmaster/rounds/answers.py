"""Members join a round, take hints and answer it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import Attempt, HintsShown, ProofShown, Refusal, Round, Sitting, Verdict
from bot.quiz.judging import judge, points
from bot.quiz.judging.judge import Answer
from bot.quiz.judging.points import Factors, Pays
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.access import (
    check_visible,
    get,
    get_visible,
    is_late,
    record_answer_seen,
)
from bot.quizmaster.rounds.closing import OpenRounds
from bot.quizmaster.streaks import Streaks
from bot.store import links
from bot.store.rounds import rounds, sittings
from bot.store.rounds.ledger import Ledger
from bot.store.rounds.submissions import Decision, RecordedAttempt, SittingState, Submission


@dataclass(frozen=True, slots=True)
class Answers:
    core: Core
    ledger: Ledger
    open_rounds: OpenRounds
    packs: Packs
    streaks: Streaks

    async def join(
        self, round_id: int, player: Player, place: Place, at: datetime
    ) -> tuple[Round, bool | None]:
        """The round, and whether the member is new in it; None if it is over."""
        async with self.core.transaction() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            round_ = await get_visible(tx, round_id, player, place)
            if is_late(round_, at) or not await rounds.lock_if_open(tx, round_id):
                round_ = await get(tx, round_id)
                await record_answer_seen(tx, round_, player, at)
                return round_, None
            return round_, await sittings.join(tx, round_id, player_id, at)

    async def submit(
        self,
        act: str,
        round_id: int,
        player: Player,
        place: Place,
        values: Sequence[str],
        at: datetime,
    ) -> Verdict:
        """A repeated act gets the same verdict."""
        round_ = check_visible(await self.open_rounds.get(round_id), player, place)
        answer = judge.read(round_.question.key, values)
        mark = judge.mark(round_.question.key, answer)
        submission = Submission(
            act,
            round_id,
            player.id,
            round_.question.id,
            answer,
            at,
            decision_maker(round_, mark.share, at, self._countable(player, at)),
            is_late(round_, at),
            self._countable,
        )
        outcome = await self.ledger.submit(submission)
        if not isinstance(outcome, RecordedAttempt):
            return await self._refused(round_id, answer, outcome, player, at)
        made = outcome.decision
        sitting = outcome.sitting
        counted = None
        if outcome.counted_day:
            player = replace(player, id=sitting.player_id)
            counted = await self.streaks.count(player, outcome.counted_day, at)
        if sitting.finished_at:
            await self.open_rounds.close_early(round_, at)
            if round_.take_id is not None:
                await self.packs.finish_if_done(round_.take_id, at)
            self.core.woken.set()
        factors = Factors(**made.factors)
        return Verdict(round_, answer, sitting, None, made.share, factors, mark.read_as, counted)

    def _countable(self, player: Player, at: datetime) -> tuple[date, ...]:
        return player.calendar(self.core.zone).countable(at)

    async def _refused(
        self, round_id: int, answer: Answer, refusal: Refusal, player: Player, at: datetime
    ) -> Verdict:
        async with self.core.reading() as tx:
            round_ = await get(tx, round_id)
            sitting = await sittings.find(tx, round_id, player.id)
        if sitting is None:
            async with self.core.transaction() as tx:
                await record_answer_seen(tx, round_, player, at)
            sitting = Sitting(round_id, player.id)
        return Verdict(round_, answer, sitting, refusal)

    async def sitting_and_attempts(
        self, round_: Round, player_id: int
    ) -> tuple[Sitting, list[Attempt]]:
        async with self.core.reading() as tx:
            sitting = await sittings.find(tx, round_.id, player_id)
            given = await sittings.attempts_in(tx, [round_.id], player_id)
        return sitting or Sitting(round_.id, player_id), given


def verdict_again(round_: Round, sitting: Sitting, last: Attempt) -> Verdict:
    return Verdict(round_, last.answer, sitting, None, last.share, Factors(**last.factors))


def decision_maker(
    round_: Round, share: float, at: datetime, days: tuple[date, ...]
) -> Callable[[SittingState], Decision | Refusal]:
    """`share` is how much is right, `days` those that the answer can count for."""

    def decide(state: SittingState) -> Decision | Refusal:
        sitting = state.sitting
        if sitting.solved:
            return Refusal.SOLVED
        if sitting.tries_used >= round_.tries:
            return Refusal.SPENT
        if not state.is_open or sitting.finished_at or is_late(round_, at):
            return Refusal.OVER
        number = sitting.tries_used + 1
        factors = points.score(
            round_.question.level,
            share,
            number,
            sitting.hints_taken,
            _time_left(round_, at),
            _points_rule(round_, state, at),
        )
        solved = share == 1
        return Decision(
            share=share,
            points=factors.points,
            gain=max(0, factors.points - sitting.points),
            factors={name: getattr(factors, name) for name in Factors.__slots__},
            solved=solved,
            finished=solved or number == round_.tries,
            days=days if solved and not state.solved_before else (),
        )

    return decide


def _time_left(round_: Round, at: datetime) -> float:
    if not round_.speed or round_.closes_at is None:
        return 0.0
    return (round_.closes_at - at) / (round_.closes_at - round_.opened_at)


def _points_rule(round_: Round, state: SittingState, at: datetime) -> Pays:
    if round_.mode == "practice":
        return "practice"
    seen = state.seen_at is not None and at - state.seen_at < points.REST
    return "seen" if seen else "yes"


@dataclass(frozen=True, slots=True)
class Hints:
    core: Core

    async def take(
        self, act: str, round_id: int, player: Player, place: Place, at: datetime
    ) -> HintsShown:
        """Hints are free once the member has finished."""
        async with self.core.transaction() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            round_ = await get_visible(tx, round_id, player, place)
            texts = round_.question.hints
            is_free = round_.mode == "practice"
            is_open = not is_late(round_, at) and await rounds.lock_if_open(tx, round_id)
            if is_open:
                await sittings.join(tx, round_id, player_id, at)
            sitting = await sittings.find(tx, round_id, player_id)
            if sitting is None or not is_open or sitting.finished_at:
                return HintsShown(round_, texts, free=True)
            if await sittings.hint_was_taken_by(tx, act):
                return HintsShown(round_, texts[: sitting.hints_taken], free=is_free)
            number = min(sitting.hints_taken + 1, len(texts))
            taken = await sittings.take_hint(tx, act, round_id, player_id, number, at)
            return HintsShown(round_, texts[:number], free=is_free or not taken)

    async def proof(self, round_id: int, player: Player, place: Place, at: datetime) -> ProofShown:
        async with self.core.transaction() as tx:
            round_ = await get_visible(tx, round_id, player, place)
            sitting = await sittings.find(tx, round_id, player.id)
            if not round_.is_over and (sitting is None or sitting.finished_at is None):
                raise UserError("proof_too_early")
            await record_answer_seen(tx, round_, player, at)
        return ProofShown(round_.question, self.core.bank().proof_output(round_.question))
