"""A run: booked, begun and shown, once for each act."""

import asyncio
from dataclasses import dataclass

from bot.chat.card import Card
from bot.conversation.request import Request
from bot.conversation.runs.live_runs import Draw, LiveRuns, Post
from bot.errors import UserError
from bot.model.people import Player
from bot.model.runs import Run, RunProgress, WantedRun
from bot.phrases.runs import run_result_card
from bot.quizmaster.runs import Runs
from bot.sandbox.bot.queue import Runner
from bot.sandbox.protocol import DEVICES

LOOKS = 15
PAUSE_S = 0.1


@dataclass
class StartRuns:
    runs: Runs
    live: LiveRuns
    runner: Runner

    async def start_public(self, request: Request, wanted: WantedRun) -> None:
        show = request.reply.show
        await self.start(wanted, request.player, show, repost=show)

    async def start(
        self,
        wanted: WantedRun,
        player: Player,
        post: Post,
        draw: Draw | None = None,
        repost: Post | None = None,
    ) -> None:
        if self.runner.off:
            raise UserError("runs_are_off", why=self.runner.off)
        if wanted.device != "cpu" and not self.runner.has(wanted.device):
            raise UserError("run_without_gpu")
        run, new = await self.runs.book(wanted, player)
        if new:
            await self.live.show(run, draw or self.result_card, post, repost)
        else:
            await self._wait_until_shown(run)

    async def _wait_until_shown(self, run: Run) -> None:
        """The same act came in twice: the first time it is answered, the second time it waits."""
        for _ in range(LOOKS):
            if (await self.runs.get(run.id)).message is not None:
                return
            await asyncio.sleep(PAUSE_S)

    def result_card(self, run: Run, progress: RunProgress) -> Card:
        devices = [device for device in DEVICES if self.runner.has(device)]
        return run_result_card(run, progress, devices)
