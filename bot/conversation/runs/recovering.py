"""Runs that a stopped bot left behind, and old ones that are forgotten."""

import asyncio
from dataclasses import dataclass

from bot.conversation.runs.live_runs import LiveRuns
from bot.every import every
from bot.model.runs import Run
from bot.phrases.runs import lost_run_card
from bot.quizmaster.quizmaster import Quizmaster
from bot.sandbox.protocol import End, Outcome

LOOK_S = 10.0
TIDY_S = 3600.0


@dataclass
class RecoverRuns:
    quizmaster: Quizmaster
    live: LiveRuns

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(every(LOOK_S, self._renew_and_recover))
                group.create_task(every(TIDY_S, self._forget))
        finally:
            await self.live.close()

    async def _renew_and_recover(self) -> None:
        if names := self.live.names:
            await self.quizmaster.runs.renew_leases(names, self.quizmaster.now())
        await self.recover()

    async def _forget(self) -> None:
        await self.quizmaster.runs.delete_old(self.quizmaster.now())

    async def recover(self) -> None:
        # A run that was left behind begins anew in its message; one without a message is over.
        for run in await self.quizmaster.runs.take_over_abandoned(self.quizmaster.now()):
            if run.message is not None and not self.live.runner.off:
                self.live.take_over(run)
            else:
                await self._end(run)

    async def _end(self, run: Run) -> None:
        await self.quizmaster.runs.mark_ended(run, End(Outcome.LOST), "", self.quizmaster.now())
        platform = self.live.platforms[run.place.platform]
        if run.message is not None:
            await platform.edit(run.message, lost_run_card(run))
        elif not run.private:
            await platform.post(run.place, lost_run_card(run), f"lost {run.run}")
