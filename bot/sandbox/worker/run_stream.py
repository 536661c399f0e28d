"""The events of one run, on the worker's side."""

import asyncio
import json
import os
import signal
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
    Outcome,
    OutputFile,
    OutputText,
    RunRequest,
    Start,
)
from bot.sandbox.worker.attachments import RunFiles
from bot.sandbox.worker.output import OutputBuffer
from bot.sandbox.worker.slot import MAX_DESCRIPTORS, Slot

CHUNK = 1 << 16
OVERDUE = 0.5  # Seconds past the time limit after which a supervisor counts as dead or hung
FINAL_CHUNKS = 64
EXIT_KILLED = 128 + signal.SIGKILL
EXIT_TERMINATED = 128 + signal.SIGTERM
# Exit statuses of an interpreter that itself went down.
CRASHES = frozenset(
    128 + number
    for number in (
        signal.SIGILL,
        signal.SIGTRAP,
        signal.SIGABRT,
        signal.SIGBUS,
        signal.SIGFPE,
        signal.SIGSEGV,
    )
)


class RunStream:
    def __init__(self, slot: Slot, request: RunRequest, limits: Limits) -> None:
        self._slot = slot
        self._request = request
        self._limits = limits
        self._output = OutputBuffer(limits)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._report: dict[str, Any] = {"code": EXIT_KILLED, "cause": Outcome.LOST}
        self._files: dict[str, int] = {}
        self._loop = asyncio.get_running_loop()
        self._cause: Outcome | None = None
        self._is_over = False

    async def events(self, run: str) -> AsyncGenerator[Event]:
        began = time.monotonic()
        self._loop.add_reader(self._slot.output, self._read)
        self._loop.add_reader(self._slot.channel, self._receive_report)
        overdue = self._loop.call_later(self._limits.seconds + OVERDUE, self._end, Outcome.TIME)
        self._heartbeat = self._loop.call_later(HEARTBEAT, self._send_heartbeat)
        try:
            yield Start(run, self._request.device)
            while (event := await self._events.get()) is not None:
                yield event
            async for event in self._leftovers(time.monotonic() - began):
                yield event
        finally:
            self._is_over = True
            overdue.cancel()
            self._heartbeat.cancel()
            self._loop.remove_reader(self._slot.output)
            self._loop.remove_reader(self._slot.channel)
            for descriptor in self._files.values():
                os.close(descriptor)

    def _send_heartbeat(self) -> None:
        self._events.put_nowait(Heartbeat())
        self._heartbeat = self._loop.call_later(HEARTBEAT, self._send_heartbeat)

    def _read(self) -> bool:
        # One chunk of output; False when there is none now.
        try:
            chunk = os.read(self._slot.output, CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            self._loop.remove_reader(self._slot.output)
            return False
        self._show(self._output.add(chunk))
        if self._output.is_full:
            self._loop.remove_reader(self._slot.output)
            self._end(Outcome.OUTPUT)
            return False
        return True

    def _show(self, text: str) -> None:
        if text:
            self._events.put_nowait(OutputText(text))

    def _end(self, cause: Outcome) -> None:
        # Kills the run without waiting for its report, since the cause is known.
        if self._cause is None:
            self._cause = cause
            self._slot.kill()
            self._finish()

    def _receive_report(self) -> None:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._slot.channel, CHUNK, MAX_DESCRIPTORS)
        except BlockingIOError:
            return
        except OSError:
            message, descriptors = b"", []
        if message:
            self._report = json.loads(message)
            self._files = dict(zip(self._report["files"], descriptors, strict=True))
        else:
            self._slot.kill()
        self._loop.remove_reader(self._slot.channel)
        self._finish()

    def _finish(self) -> None:
        # Reads what was written before the end; it lies in the pipe by now.
        if self._is_over:
            return
        self._is_over = True
        if self._cause is not Outcome.OUTPUT:
            for _ in range(FINAL_CHUNKS):
                if not self._read():
                    break
        self._show(self._output.add(b"", final=True))
        self._events.put_nowait(None)

    async def _leftovers(self, seconds: float) -> AsyncIterator[Event]:
        files = RunFiles(self._files, self._limits)
        if self._files:
            for picture in await asyncio.to_thread(lambda: list(files.pictures())):
                yield picture
            for file in files.files():
                yield file
        if self._output.hidden:
            yield OutputFile("output.txt", self._output.content)
        code = self._report["code"]
        outcome = self._cause or _outcome(code, self._report["cause"])
        observed = files.observations()
        device = self._request.device
        yield End(
            outcome=outcome,
            rc=EXIT_TERMINATED if outcome is Outcome.OUTPUT else code,
            note=self._limits.explain(outcome, code),
            seconds=round(self._report.get("seconds", seconds), 6),
            hidden=self._output.hidden,
            device=(observed.device or device) if device == "gpu" else device,
            peak_mb=observed.peak_mb,
            values=observed.values,
        )


def _outcome(code: int, cause: str) -> Outcome:
    if cause in {Outcome.TIME, Outcome.MEMORY, Outcome.LOST}:
        return Outcome(cause)
    if cause != "signal":
        return Outcome.RAISED if code else Outcome.DONE
    return Outcome.CRASHED if code in CRASHES else Outcome.KILLED
