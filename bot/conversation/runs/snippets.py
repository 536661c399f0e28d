"""Code in people's messages: run when written, anew when edited, removed with its message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.platform_interface import Posted, Press, Removed, Reply, Snippet
from bot.conversation.request import Request
from bot.conversation.runs.live_runs import LiveRuns, Post
from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.runs import Run, WantedRun
from bot.phrases.runs import run_removed_card
from bot.quizmaster.quizmaster import Quizmaster
from bot.quizmaster.runs import EDITABLE


@dataclass
class RunSnippets:
    quizmaster: Quizmaster
    live: LiveRuns
    _locks: WeakValueDictionary[MessageRef, asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

    def _lock(self, message: MessageRef) -> asyncio.Lock:
        """What happens to one message happens one after the other."""
        return self._locks.setdefault(message, asyncio.Lock())

    async def run_message(self, request: Request) -> None:
        event, code = request.event, next(iter(request.values), "")
        if not code.strip() or not isinstance(event, Press) or event.message is None:
            raise UserError("run_without_code")
        async with self._lock(event.message):
            wanted = WantedRun(event.id, event.place, code, event.at, source=event.message)
            await self.live.start_public(request, wanted)

    async def written(self, event: Snippet, player: Player, reply: Reply) -> None:
        async with self._lock(event.message):
            runs = await self.quizmaster.runs.from_source(event.message)
            own = [run for run in runs if run.player_id == player.id]
            if not event.code.strip():
                await self._remove(own)
            elif own:
                await self._edited(event, own[0], player)
            elif event.at - (event.written_at or event.at) <= EDITABLE:
                show = reply.show
                await self.live.start(_wanted(event), player, show, repost=show)

    async def removed(self, event: Removed) -> None:
        """The output goes with the message, whoever ran it."""
        async with self._lock(event.message):
            await self._remove(await self.quizmaster.runs.from_source(event.message))

    async def _edited(self, event: Snippet, before: Run, player: Player) -> None:
        wanted = _wanted(event)
        same = (wanted.code, wanted.device) == (before.code, before.device)
        # Platforms deliver edits in any order: one from before the run is old.
        if same or not before.booked_at <= event.at <= before.booked_at + EDITABLE:
            return
        await self.live.halt(before, quietly=True)
        await self.live.start(wanted, player, self._poster_over(before))

    async def _remove(self, runs: Sequence[Run]) -> None:
        for run in runs:
            await self.live.halt(run, quietly=True)
            await self.quizmaster.runs.erase(run)
        for message in {run.message for run in runs if run.message}:
            await self.live.platforms[message.place.platform].edit(message, run_removed_card())

    def _poster_over(self, before: Run) -> Post:
        platform = self.live.platforms[before.place.platform]

        async def post(card: Card) -> Posted:
            if before.message is None:
                return await platform.post(before.place, card, f"run {before.run}")
            await platform.edit(before.message, card)
            return Posted(before.message, self.quizmaster.now())

        return post


def _wanted(event: Snippet) -> WantedRun:
    device = event.device or "cpu"
    return WantedRun(event.id, event.place, event.code, event.at, device, source=event.message)
