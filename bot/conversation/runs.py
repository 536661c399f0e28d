"""Code run for people: typed, out of a message, out of a question, or once more."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.port import Platform, Posted, Press, Removed, Reply, Snippet
from bot.conversation.request import Request
from bot.conversation.watching import Draw, LiveRuns, Post
from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.runs import Run, RunProgress, WantedRun
from bot.phrases import proofs as proofs_said
from bot.phrases import runs as said
from bot.quiz.questions import Question
from bot.quizmaster.rounds.rounds import Rounds
from bot.quizmaster.runs import EDITABLE, Runs
from bot.sandbox.bot.queue import Runner
from bot.sandbox.protocol import DEVICES, End, Outcome

log = logging.getLogger(__name__)
LOOK = 10.0
"""Seconds between two looks after leases, and after runs that a bot left behind."""
LOOKS, BETWEEN = 15, 0.1
"""How often, with seconds between, whoever hears the same act again looks whether it has been answered."""
TIDY = 360
"""After so many looks, what was kept long enough is forgotten."""


class RunsTalk:
    def __init__(
        self,
        runs: Runs,
        rounds: Rounds,
        platforms: Mapping[str, Platform],
        runner: Runner,
        now: Callable[[], datetime],
        pause: float,
    ) -> None:
        self._runs, self._rounds, self._platforms = runs, rounds, platforms
        self._runner, self._now = runner, now
        self._sources: WeakValueDictionary[MessageRef, asyncio.Lock] = WeakValueDictionary()
        self._watch = LiveRuns(runs, platforms, runner, now, pause)

    async def serve(self) -> None:
        """Keep the leases of what runs, take over what was left behind, and forget what is old."""
        looks = 0
        try:
            while True:
                await self._look(tidy=looks % TIDY == 0)
                looks += 1
                await asyncio.sleep(LOOK)
        finally:
            await self._watch.close()

    async def _look(self, *, tidy: bool) -> None:
        try:
            if names := self._watch.names:
                await self._runs.renew(names, self._now())
            await self.recover()
            if tidy:
                await self._runs.forget(self._now())
        except Exception:
            log.exception("the runs could not be looked after; the next look tries again")

    async def recover(self) -> None:
        """Runs that a bot left in the middle begin anew in their messages; one without a message is over, and that is said."""
        for run in await self._runs.adopt(self._now()):
            if run.message is not None and not self._runner.off:
                self._watch.take_over(run, self._result)
                continue
            await self._runs.ended(run, End(Outcome.LOST), "", self._now())
            platform = self._platforms[run.place.platform]
            if run.message is not None:
                await platform.edit(run.message, said.lost(run))
            elif not run.private:
                await platform.post(run.place, said.lost(run), f"lost {run.run}")

    # What can be asked

    async def run(self, request: Request) -> None:
        """`/run`, with the code after it."""
        code, event = request.args.get("code", ""), request.event
        if not code.strip():
            await request.reply.whisper(said.how(self._runner.off))
            return
        wanted = WantedRun(event.id, event.place, code, event.at, request.args.get("device", "cpu"))
        await self._start(wanted, request.player, request.reply.show, redo=request.reply.show)

    async def again(self, request: Request) -> None:
        """`again:17`, or `again:17:gpu`: the same code once more, for whoever presses."""
        before, event = await self._runs.find(request.number(1)), request.event
        if before.private and before.player_id != request.player.id:
            raise UserError("run_card_of_another")
        device = request.word(2) if request.word(2) in DEVICES else before.device
        wanted = WantedRun(
            event.id, event.place, before.code, event.at, device, before.title, before.private
        )
        if before.private:
            await self._start(wanted, request.player, request.reply.replace)
        else:
            await self._start(wanted, request.player, request.reply.show, redo=request.reply.show)

    async def question(self, request: Request) -> None:
        """`try:17`: a question's own code, which everybody can read; what it says is told to the one who asks."""
        event = request.event
        asked = await self._rounds.question(request.number(1), request.player, event.place)
        if not asked.code:
            raise UserError("question_without_code")
        wanted = WantedRun(
            event.id, event.place, asked.code, event.at, title=asked.title, private=True
        )
        await self._start(wanted, request.player, request.reply.whisper)

    async def prove(self, request: Request) -> None:
        """Why the key is right: run before their eyes where that can be, or as it ran when it was last checked."""
        event = request.event
        proof = await self._rounds.hints.proof(
            request.number(1), request.player, event.place, event.at
        )
        title = f"Proof: {proof.question.title}"
        wanted = WantedRun(
            event.id, event.place, proof.question.proof, event.at, title=title, private=True
        )
        try:
            await self._start(
                wanted, request.player, request.reply.whisper, _proving(proof.question)
            )
        except UserError:
            await request.reply.whisper(proofs_said.proof(proof))

    async def stop(self, request: Request) -> None:
        """`stop:17`, by whose run it is, or by an admin."""
        run = await self._runs.find(request.number(1))
        if run.player_id != request.player.id and not request.event.person.admin:
            raise UserError("run_of_another")
        await self._watch.halt(run)

    async def mine(self, request: Request) -> None:
        await request.reply.whisper(said.mine(await self._runs.mine(request.player)))

    async def kept(self, request: Request) -> None:
        await request.reply.whisper(
            said.kept(await self._runs.own(request.number(1), request.player))
        )

    # Code in messages

    async def pointed(self, request: Request) -> None:
        """`run`, with the code of a message that somebody pointed at."""
        event, code = request.event, next(iter(request.values), "")
        if not code.strip() or not isinstance(event, Press) or event.message is None:
            raise UserError("run_without_code")
        async with self._turn(event.message):
            wanted = WantedRun(event.id, event.place, code, event.at, source=event.message)
            await self._start(wanted, request.player, request.reply.show, redo=request.reply.show)

    async def snippet(self, event: Snippet, player: Player, reply: Reply) -> None:
        """Run when it is written, in place when it is edited, taken away when its author takes the code out."""
        async with self._turn(event.message):
            ran = [
                run
                for run in await self._runs.from_source(event.message)
                if run.player_id == player.id
            ]
            if not event.code.strip():
                await self._take_away(ran)
            elif ran:
                await self._edited(event, ran[0], player)
            elif event.at - (event.written_at or event.at) <= EDITABLE:
                await self._start(_of(event), player, reply.show, redo=reply.show)

    async def removed(self, event: Removed) -> None:
        """Its message is gone: what the code in it said goes, too, whoever ran it."""
        async with self._turn(event.message):
            await self._take_away(await self._runs.from_source(event.message))

    def _turn(self, source: MessageRef) -> asyncio.Lock:
        """What happens to one message happens one after the other."""
        return self._sources.setdefault(source, asyncio.Lock())

    async def _edited(self, event: Snippet, before: Run, player: Player) -> None:
        """What was written before what ran is old: platforms do not tell everything in its order."""
        wanted = _of(event)
        if (wanted.code, wanted.device) == (before.code, before.device):
            return
        if not before.booked_at <= event.at <= before.booked_at + EDITABLE:
            return
        await self._watch.halt(before, quietly=True)
        await self._start(wanted, player, self._in_place(before))

    async def _take_away(self, ran: Sequence[Run]) -> None:
        for run in ran:
            await self._watch.halt(run, quietly=True)
            await self._runs.empty(run)
        for message in {run.message for run in ran if run.message}:
            await self._platforms[message.place.platform].edit(message, said.taken_away())

    def _in_place(self, before: Run) -> Post:
        """Where the run before was shown."""
        platform = self._platforms[before.place.platform]

        async def post(card: Card) -> Posted:
            if before.message is None:
                return await platform.post(before.place, card, f"run {before.run}")
            await platform.edit(before.message, card)
            return Posted(before.message, self._now())

        return post

    async def _start(
        self,
        wanted: WantedRun,
        player: Player,
        post: Post,
        draw: Draw | None = None,
        redo: Post | None = None,
    ) -> None:
        """Book it and show it; the same act again finds it booked, and shown."""
        if self._runner.off:
            raise UserError("runs_are_off", why=self._runner.off)
        if wanted.device != DEVICES[0] and not self._runner.has(wanted.device):
            raise UserError("run_without_gpu")
        run, new = await self._runs.book(wanted, player)
        if new:
            await self._watch.show(run, draw or self._result, post, redo)
        else:
            await self._shown(run)

    async def _shown(self, run: Run) -> None:
        """Whoever booked it shows it; who hears of it a second time has no answer of their own, and waits for that one."""
        for _ in range(LOOKS):
            if (await self._runs.find(run.id)).message is not None:
                return
            await asyncio.sleep(BETWEEN)

    def _result(self, run: Run, progress: RunProgress) -> Card:
        return said.result(
            run, progress, [device for device in DEVICES if self._runner.has(device)]
        )


def _of(event: Snippet) -> WantedRun:
    device = event.device or DEVICES[0]
    return WantedRun(event.id, event.place, event.code, event.at, device, source=event.message)


def _proving(question: Question) -> Draw:
    return lambda run, progress: said.proven(run, question, progress)
