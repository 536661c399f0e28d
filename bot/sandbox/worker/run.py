"""One run on the worker's side: output as it comes, then what the keeper saw, then what was left."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from bot.sandbox.limits import Limits
from bot.sandbox.protocol import (
    HEARTBEAT,
    End,
    Event,
    Heartbeat,
    Out,
    Outcome,
    OutputFile,
    RunRequest,
    Start,
)
from bot.sandbox.worker import slot as slots
from bot.sandbox.worker.attachments import RunFiles
from bot.sandbox.worker.output import Output
from bot.sandbox.worker.slot import Slot

CHUNK = 1 << 16
OVERDUE = 0.5
"""Seconds past the time limit after which a keeper is taken for dead or hung."""
FINAL_CHUNKS = 64
SIGNALS_OF_CRASHES = frozenset(128 + number for number in (4, 5, 6, 7, 8, 11))
"""Illegal instruction, trap, abort, bus, arithmetic, segment: the interpreter itself went down."""


class Running:
    """A snippet in its slot, from the moment when it was handed over."""

    def __init__(self, slot: Slot, request: RunRequest, limits: Limits) -> None:
        self._slot, self._request, self._limits = slot, request, limits
        self._output = Output(limits)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._told: dict[str, Any] | None = None
        self._files: dict[str, int] = {}
        self._loop = asyncio.get_running_loop()
        self._cause: Outcome | None = None
        self._is_over = False

    async def events(self, run: str) -> AsyncGenerator[Event]:
        began = time.monotonic()
        self._listen()
        overdue = self._loop.call_later(self._limits.seconds + OVERDUE, self._lose, Outcome.TIME)
        self._beat_later()
        try:
            yield Start(run, self._request.device)
            while (event := await self._events.get()) is not None:
                yield event
            async for event in self._left(time.monotonic() - began):
                yield event
        finally:
            self._is_over = True
            overdue.cancel()
            self._beat.cancel()
            self._unlisten()
            for descriptor in self._files.values():
                os.close(descriptor)

    def _beat_later(self) -> None:
        self._beat = self._loop.call_later(HEARTBEAT, self._still_there)

    def _still_there(self) -> None:
        self._events.put_nowait(Heartbeat())
        self._beat_later()

    def _listen(self) -> None:
        self._loop.add_reader(self._slot.output, self._read)
        self._loop.add_reader(self._slot.keeper, self._hear)

    def _unlisten(self) -> None:
        self._loop.remove_reader(self._slot.output)
        self._loop.remove_reader(self._slot.keeper)

    def _read(self) -> bool:
        """One chunk of output; False when there is none now."""
        try:
            chunk = os.read(self._slot.output, CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            self._loop.remove_reader(self._slot.output)
            return False
        self._show(self._output.take(chunk))
        if self._output.is_too_much:
            self._loop.remove_reader(self._slot.output)
            self._lose(Outcome.OUTPUT)
            return False
        return True

    def _show(self, text: str) -> None:
        if text:
            self._events.put_nowait(Out(text))

    def _lose(self, cause: Outcome) -> None:
        """Kill it, and wait for nobody: why it ended is known."""
        if self._cause is None:
            self._cause = cause
            self._slot.kill()
            self._finish()

    def _hear(self) -> None:
        """The keeper's last word, or its end without one."""
        try:
            word, descriptors, _, _ = socket.recv_fds(self._slot.keeper, CHUNK, slots.MOST_FILES)
        except BlockingIOError:
            return
        except OSError:
            word, descriptors = b"", []
        if word:
            self._told, self._files = slots.report(word, list(descriptors))
        else:
            self._slot.kill()
        self._loop.remove_reader(self._slot.keeper)
        self._finish()

    def _finish(self) -> None:
        """Whatever was written before the end lies in the pipe by now."""
        if self._is_over:
            return
        self._is_over = True
        if self._cause is not Outcome.OUTPUT:
            for _ in range(FINAL_CHUNKS):
                if not self._read():
                    break
        self._show(self._output.take(b"", final=True))
        self._events.put_nowait(None)

    async def _left(self, seconds: float) -> AsyncIterator[Event]:
        leavings = RunFiles(self._files, self._limits)
        if self._files:
            for picture in await asyncio.to_thread(lambda: list(leavings.pictures())):
                yield picture
            for file in leavings.files():
                yield file
        if self._output.hidden:
            yield OutputFile("output.txt", self._output.whole)
        yield self._end(leavings, seconds)

    def _end(self, leavings: RunFiles, seconds: float) -> End:
        told = self._told or {"code": 137, "why": "lost"}
        outcome = self._cause or _outcome(told["code"], told["why"])
        noted = leavings.noted()
        return End(
            outcome=outcome,
            rc=143 if outcome is Outcome.OUTPUT else told["code"],
            note=self._limits.say(outcome, told["code"]),
            seconds=round(told.get("seconds", seconds), 6),
            hidden=self._output.hidden,
            device=noted.device
            if self._request.device == "gpu" and noted.device
            else self._request.device,
            peak_mb=noted.peak_mb,
            values=noted.values,
        )


def _outcome(code: int, why: str) -> Outcome:
    if why in {Outcome.TIME, Outcome.MEMORY, Outcome.LOST}:
        return Outcome(why)
    if why != "signal":
        return Outcome.RAISED if code else Outcome.DONE
    return Outcome.CRASHED if code in SIGNALS_OF_CRASHES else Outcome.KILLED
