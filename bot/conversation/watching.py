"""A run under way: followed from its place in the queue to its end, and shown in one message."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Lost, Platform, Posted
from bot.identity import MessageRef
from bot.model.runs import Run, RunProgress
from bot.phrases import runs as said
from bot.phrases.say import say
from bot.phrases.untrusted_text import harmless
from bot.quizmaster.runs import Runs
from bot.sandbox.bot.queue import QueueFullError, Runner, Sign, Ticket
from bot.sandbox.protocol import End, Outcome, RequestError, RunRequest

log = logging.getLogger(__name__)
AT_ONCE = 0.3
"""Seconds within which most runs end: then the first that is shown of one is its result."""
Draw = Callable[[Run, RunProgress], Card]
Post = Callable[[Card], Awaitable[Posted]]


@dataclass(slots=True)
class LiveRun:
    """How far a run is, and where that is shown."""

    run: Run
    draw: Draw
    reading: asyncio.Task[None]
    redo: Post | None = None
    """Replaces what was posted, for as long as the act that asked for it can be answered."""
    progress: RunProgress = field(default_factory=RunProgress)
    refusal: str = ""
    began: float = field(default_factory=time.monotonic)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    posted: "asyncio.Future[MessageRef | None]" = field(default_factory=asyncio.Future)
    """The message; nothing where it needs no last stroke."""
    painted: float = 0.0
    halted: bool = False
    quiet: bool = False
    """Its message, if it has one, is no longer its own."""

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def card(self) -> Card:
        if self.refusal:
            return said.refused(self.run, self.refusal)
        if self.progress.end is None:
            return said.running(self.run, self.progress, self.elapsed)
        return self.draw(self.run, self.progress)


class LiveRuns:
    """All runs of this bot that are under way."""

    def __init__(
        self,
        runs: Runs,
        platforms: Mapping[str, Platform],
        runner: Runner,
        now: Callable[[], datetime],
        pause: float,
    ) -> None:
        self._runs, self._platforms, self._runner = runs, platforms, runner
        self._now, self._pause = now, pause
        self._under_way: dict[int, tuple[LiveRun, asyncio.Task[None]]] = {}

    @property
    def names(self) -> list[str]:
        return [watched.run.run for watched, _ in self._under_way.values()]

    async def show(self, run: Run, draw: Draw, post: Post, redo: Post | None) -> None:
        """Begin it, and show how it stands after a moment; what comes later replaces that."""
        watched = self._begin(run, draw, redo)
        with suppress(TimeoutError):
            async with asyncio.timeout(AT_ONCE):
                await watched.over.wait()
        over = watched.over.is_set()
        try:
            posted = await post(watched.card())
            await self._runs.shown_as(run, posted.message)
        except BaseException:
            await self.halt(run, quietly=True)
            raise
        if not watched.posted.done():
            watched.posted.set_result(None if over else posted.message)

    def take_over(self, run: Run, draw: Draw) -> None:
        """One that another bot left in the middle; its message stands."""
        self._begin(run, draw).posted.set_result(run.message)

    async def halt(self, run: Run, *, quietly: bool = False) -> bool:
        """Whether it was under way here, and is stopped now. Quietly: its message is somebody else's from now on."""
        if run.id not in self._under_way:
            return False
        watched, task = self._under_way[run.id]
        watched.halted, watched.quiet = True, quietly
        if quietly and not watched.posted.done():
            watched.posted.set_result(None)
        watched.reading.cancel()
        await asyncio.wait([task])
        return True

    async def close(self) -> None:
        """What still runs is left to whoever looks next: this bot when it is back, or another one."""
        under_way = list(self._under_way.values())
        for watched, _ in under_way:
            watched.reading.cancel()
        await asyncio.gather(*(task for _, task in under_way))

    def _begin(self, run: Run, draw: Draw, redo: Post | None = None) -> LiveRun:
        signs: asyncio.Queue[Sign | None] = asyncio.Queue()
        watched = LiveRun(run, draw, asyncio.create_task(self._read(run, signs)), redo)
        self._under_way[run.id] = watched, asyncio.create_task(self._perform(watched, signs))
        return watched

    async def _read(self, run: Run, into: "asyncio.Queue[Sign | None]") -> None:
        """The one part of a run that is ever cancelled: nothing is written here."""
        community = f"{run.place.platform}:{run.place.community}"
        ticket = Ticket(
            run.run, str(run.player_id), community, RunRequest(run.code, device=run.device)
        )
        try:
            async with aclosing(self._runner.run(ticket)) as signs:
                async for sign in signs:
                    into.put_nowait(sign)
        finally:
            into.put_nowait(None)

    async def _perform(self, watched: LiveRun, signs: "asyncio.Queue[Sign | None]") -> None:
        try:
            while await _heard(watched, signs):
                if watched.progress.end is None:
                    await self._paint(watched)
            await asyncio.wait([watched.reading])
            if self._is_left(watched):
                await self._runs.give_up(watched.run, self._now())
            else:
                await self._finish(watched)
        except Exception:
            log.exception("run %s could not be brought to its end", watched.run.run)
        finally:
            watched.over.set()
            self._under_way.pop(watched.run.id, None)

    def _is_left(self, watched: LiveRun) -> bool:
        """Whether it was broken off because this bot stops; how else it broke off is put into words."""
        if watched.progress.end is not None:
            return False
        if watched.reading.cancelled():
            watched.progress = watched.progress.after(
                End(Outcome.CANCELLED, seconds=watched.elapsed)
            )
            return not watched.halted
        error = watched.reading.exception()
        if isinstance(error, RequestError | QueueFullError):
            watched.refusal = str(error)
        else:
            log.error("run %s failed", watched.run.run, exc_info=error)
            watched.refusal = say("run_failed")
        return False

    async def _paint(self, watched: LiveRun) -> None:
        """Seldom enough for any platform, whose budget the runs of one place share; each speaks up every other second."""
        message = watched.posted.result() if watched.posted.done() else None
        if message is None or time.monotonic() - watched.painted < self._pause * self._beside(
            watched
        ):
            return
        watched.painted = time.monotonic()
        await self._edit(watched, message)

    def _beside(self, watched: LiveRun) -> int:
        """How many runs of its place are under way, itself among them."""
        return sum(other.run.place == watched.run.place for other, _ in self._under_way.values())

    async def _finish(self, watched: LiveRun) -> None:
        end = watched.progress.end or End(Outcome.LOST, note=watched.refusal)
        output = harmless(watched.progress.output)
        await self._runs.ended(watched.run, end, output, self._now())
        watched.over.set()
        if (message := await watched.posted) is not None and not watched.quiet:
            await self._edit(watched, message)

    async def _edit(self, watched: LiveRun, message: MessageRef) -> None:
        try:
            if not await _redone(watched):
                await self._platforms[message.place.platform].edit(message, watched.card())
        except Lost as lost:
            log.info("run %s is shown no further: %s", watched.run.run, lost)
        except Exception:
            log.exception("run %s could not be shown", watched.run.run)


async def _redone(watched: LiveRun) -> bool:
    """Where an answer can still be replaced, that needs no rights in its place."""
    if watched.redo is None:
        return False
    try:
        await watched.redo(watched.card())
    except Exception as error:  # noqa: BLE001 (whatever a platform says, its message is there to be edited)
        log.info("run %s goes on in its message alone: %s", watched.run.run, error)
        watched.redo = None
    return watched.redo is not None


async def _heard(watched: LiveRun, signs: "asyncio.Queue[Sign | None]") -> bool:
    """Take in every sign that is there, so that what is painted next is the latest; False after the last one."""
    sign = await signs.get()
    while sign is not None:
        watched.progress = watched.progress.after(sign)
        if signs.empty():
            return True
        sign = signs.get_nowait()
    return False
