"""What one answer comes to, given the sitting that the ledger finds."""

from collections.abc import Callable
from datetime import date, datetime

from bot.model.rounds import Refusal, Round
from bot.quiz.judging import points
from bot.quiz.judging.points import Factors, Pays
from bot.quizmaster.rounds.access import is_late
from bot.store.rounds.submissions import Decision, SittingState


def decision(
    round_: Round, share: float, at: datetime, days: tuple[date, ...]
) -> Callable[[SittingState], Decision | Refusal]:
    """`share` is how much is right; `days` are those that it can count for."""

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
            _pays(round_, state, at),
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


def _pays(round_: Round, state: SittingState, at: datetime) -> Pays:
    if round_.mode == "practice":
        return "practice"
    seen = state.seen_at is not None and at - state.seen_at < points.REST
    return "seen" if seen else "yes"
