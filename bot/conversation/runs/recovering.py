"""Runs that a stopped bot left behind, and old ones that are forgotten."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.port import Platform
from bot.conversation.runs.live_runs import LiveRuns
from bot.conversation.runs.starting import StartRuns
from bot.every import every
from bot.model.runs import Run
from bot.phrases.runs import lost_run_card
from bot.quizmaster.core import Core
from bot.quizmaster.runs import Runs
from bot.sandbox.protocol import End, Outcome

LOOK_S = 10.0
TIDY_S = 3600.0


@dataclass
class RecoverRuns:
    runs: Runs
    live: LiveRuns
    starting: StartRuns
    platforms: Mapping[str, Platform]
    core: Core

    async def run(self) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(every(LOOK_S, self._look))
                group.create_task(every(TIDY_S, self._forget))
        finally:
            await self.live.close()

    async def _look(self) -> None:
        if names := self.live.names:
            await self.runs.renew_leases(names, self.core.now())
        await self.recover()

    async def _forget(self) -> None:
        await self.runs.delete_old(self.core.now())

    async def recover(self) -> None:
        """A run that was left behind begins anew in its message; one without a message is over."""
        for run in await self.runs.adopt(self.core.now()):
            if run.message is not None and not self.starting.runner.off:
                self.live.take_over(run, self.starting.result_card)
            else:
                await self._end(run)

    async def _end(self, run: Run) -> None:
        await self.runs.mark_ended(run, End(Outcome.LOST), "", self.core.now())
        platform = self.platforms[run.place.platform]
        if run.message is not None:
            await platform.edit(run.message, lost_run_card(run))
        elif not run.private:
            await platform.post(run.place, lost_run_card(run), f"lost {run.run}")
