"""The end of a daily question: who solved it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.model.daily import DailyResult, Occurrence, Solver
from bot.model.rounds import Round, Sitting
from bot.quizmaster.core import Core
from bot.quizmaster.daily.occurrences import AT_ONCE, LEASE
from bot.quizmaster.rounds.access import get
from bot.quizmaster.rounds.rounds import Rounds
from bot.store import daily, links, people, streaks
from bot.store.rounds import rounds, sittings

SHOWN = 20  # Members who are named.


@dataclass(frozen=True, slots=True)
class DailyResults:
    core: Core
    rounds: Rounds

    async def lease_ended(self, platforms: Collection[str], now: datetime) -> list[Occurrence]:
        async with self.core.act() as tx:
            return await daily.lease_ended(tx, platforms, now, now + LEASE, AT_ONCE)

    async def round_of(self, occurrence: Occurrence) -> Round:
        async with self.core.look() as tx:
            return await get(tx, occurrence.round_id or 0)

    async def read(self, round_: Round) -> DailyResult:
        result = await self.rounds.closing.result(round_)
        at = round_.closed_at or round_.opened_at
        async with self.core.look() as tx:
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
        async with self.core.act() as tx:
            await rounds.change_status(tx, round_.id, "closed", "announced")
            await daily.change_state(tx, occurrence.key, "posted", "announced")
