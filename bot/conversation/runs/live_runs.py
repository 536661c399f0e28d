"""Runs under way: each is followed from the queue to its end, and shown in one message."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field

from bot.chat.card import Card
from bot.chat.platform_interface import Lost, Platform, Posted
from bot.conversation.request import Request
from bot.errors import UserError
from bot.identity import MessageRef
from bot.model.people import Player
from bot.model.runs import Run, RunProgress, WantedRun
from bot.phrases.runs import run_refused_card, run_result_card, running_card
from bot.phrases.say import say
from bot.phrases.untrusted_text import harmless
from bot.quizmaster.quizmaster import Quizmaster
from bot.sandbox.bot.queue import QueueFullError, Runner, RunUpdate, Ticket
from bot.sandbox.protocol import DEVICES, End, Outcome, RequestError, RunRequest

# Most runs end within this time: then the first that is shown of one is its result.
FIRST_LOOK_S = 0.3
LOOKS = 15
LOOK_AGAIN_S = 0.1
Draw = Callable[[Run, RunProgress], Card]  # The card of a run that has ended.
Post = Callable[[Card], Awaitable[Posted]]
log = logging.getLogger(__name__)


@dataclass(slots=True, repr=False)
class LiveRun:
    run: Run
    draw: Draw
    reading: asyncio.Task[None]
    # Replaces what was posted, for as long as its act can be answered.
    repost: Post | None = None
    progress: RunProgress = field(default_factory=RunProgress)
    refusal: str = ""
    began: float = field(default_factory=time.monotonic)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    # None where it was posted with its end, or belongs to another run by now.
    message: "asyncio.Future[MessageRef | None]" = field(default_factory=asyncio.Future)
    drawn_at: float = 0.0
    halted: bool = False
    quiet: bool = False  # Its message, if it has one, belongs to another run by now.

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def card(self) -> Card:
        if self.refusal:
            return run_refused_card(self.run, self.refusal)
        if self.progress.end is None:
            return running_card(self.run, self.progress, self.elapsed)
        return self.draw(self.run, self.progress)


@dataclass(repr=False)
class LiveRuns:
    quizmaster: Quizmaster
    platforms: Mapping[str, Platform]
    runner: Runner
    pause: float
    _live: dict[int, tuple[LiveRun, asyncio.Task[None]]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [live.run.run for live, _ in self._live.values()]

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
        run, new = await self.quizmaster.runs.book(wanted, player)
        if new:
            await self._show(run, draw or self._result_card, post, repost)
            return
        # The same act came in twice: the first time it is answered, the second time it waits.
        for _ in range(LOOKS):
            if (await self.quizmaster.runs.get(run.id)).message is not None:
                return
            await asyncio.sleep(LOOK_AGAIN_S)

    def _result_card(self, run: Run, progress: RunProgress) -> Card:
        return run_result_card(run, progress, list(filter(self.runner.has, DEVICES)))

    async def _show(self, run: Run, draw: Draw, post: Post, repost: Post | None) -> None:
        live = self._begin(run, draw, repost)
        with suppress(TimeoutError):
            async with asyncio.timeout(FIRST_LOOK_S):
                await live.over.wait()
        over = live.over.is_set()
        try:
            posted = await post(live.card())
            await self.quizmaster.runs.set_message(run, posted.message)
        except BaseException:
            await self.halt(run, quietly=True)
            raise
        if not live.message.done():
            live.message.set_result(None if over else posted.message)

    def take_over(self, run: Run) -> None:
        """One that another process left behind, with its message."""
        self._begin(run, self._result_card).message.set_result(run.message)

    async def halt(self, run: Run, *, quietly: bool = False) -> None:
        # Quietly: its message belongs to another run from now on.
        if run.id not in self._live:
            return
        live, task = self._live[run.id]
        live.halted = True
        live.quiet = quietly
        if quietly and not live.message.done():
            live.message.set_result(None)
        live.reading.cancel()
        await asyncio.wait([task])

    async def close(self) -> None:
        # What still runs is left to whoever looks next: this bot when it is back, or another.
        under_way = list(self._live.values())
        for live, _ in under_way:
            live.reading.cancel()
        await asyncio.gather(*(task for _, task in under_way))

    def _begin(self, run: Run, draw: Draw, repost: Post | None = None) -> LiveRun:
        signs: asyncio.Queue[RunUpdate | None] = asyncio.Queue()
        live = LiveRun(run, draw, asyncio.create_task(self._read(run, signs)), repost)
        self._live[run.id] = live, asyncio.create_task(self._follow(live, signs))
        return live

    async def _read(self, run: Run, signs: "asyncio.Queue[RunUpdate | None]") -> None:
        # The one task that is ever cancelled: it writes nothing.
        community = f"{run.place.platform}:{run.place.community}"
        request = RunRequest(run.code, device=run.device)
        ticket = Ticket(run.run, str(run.player_id), community, request)
        try:
            async with aclosing(self.runner.run(ticket)) as coming:
                async for sign in coming:
                    signs.put_nowait(sign)
        finally:
            signs.put_nowait(None)

    async def _follow(self, live: LiveRun, signs: "asyncio.Queue[RunUpdate | None]") -> None:
        try:
            while await _apply_updates(live, signs):
                if live.progress.end is None:
                    await self._show_progress(live)
            await asyncio.wait([live.reading])
            if _is_left_behind(live):
                await self.quizmaster.runs.release(live.run, self.quizmaster.now())
            else:
                await self._finish(live)
        except Exception:
            log.exception("run %s could not be brought to its end", live.run.run)
        finally:
            live.over.set()
            self._live.pop(live.run.id, None)

    async def _show_progress(self, live: LiveRun) -> None:
        # The runs of one place share the budget of edits that its platform allows.
        message = live.message.result() if live.message.done() else None
        neighbours = sum(other.run.place == live.run.place for other, _ in self._live.values())
        if message and time.monotonic() - live.drawn_at >= self.pause * neighbours:
            live.drawn_at = time.monotonic()
            await self._edit(live, message)

    async def _finish(self, live: LiveRun) -> None:
        end = live.progress.end or End(Outcome.LOST, note=live.refusal)
        await self.quizmaster.runs.mark_ended(
            live.run, end, harmless(live.progress.output), self.quizmaster.now()
        )
        live.over.set()
        message = await live.message
        if message and not live.quiet:
            await self._edit(live, message)

    async def _edit(self, live: LiveRun, message: MessageRef) -> None:
        try:
            if not await _reposted(live):
                await self.platforms[message.place.platform].edit(message, live.card())
        except Lost as lost:
            log.info("run %s is shown no further: %s", live.run.run, lost)
        except Exception:
            log.exception("run %s could not be shown", live.run.run)


def _is_left_behind(live: LiveRun) -> bool:
    """Whether it was broken off because the bot stops. Any other reason is noted on it."""
    if live.progress.end is not None:
        return False
    if live.reading.cancelled():
        live.progress = live.progress.with_update(End(Outcome.CANCELLED, seconds=live.elapsed))
        return not live.halted
    error = live.reading.exception()
    if isinstance(error, RequestError | QueueFullError):
        live.refusal = str(error)
    else:
        log.error("run %s failed", live.run.run, exc_info=error)
        live.refusal = say("run_failed")
    return False


async def _reposted(live: LiveRun) -> bool:
    # An act can be answered without rights in its place.
    if live.repost is None:
        return False
    try:
        await live.repost(live.card())
    except Exception as error:  # noqa: BLE001 (whatever fails, the message can still be edited)
        log.info("run %s goes on in its message alone: %s", live.run.run, error)
        live.repost = None
        return False
    return True


async def _apply_updates(live: LiveRun, signs: "asyncio.Queue[RunUpdate | None]") -> bool:
    """Take in every sign that is there, so that the latest is shown; False after the last one."""
    sign = await signs.get()
    while sign is not None:
        live.progress = live.progress.with_update(sign)
        if signs.empty():
            return True
        sign = signs.get_nowait()
    return False
