"""One slot: a child that waits behind its walls for exactly one snippet, as the worker holds it."""

import asyncio
import fcntl
import json
import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.sandbox.cgroups import Group
from bot.sandbox.handover import Script
from bot.sandbox.job import RunRequest
from bot.sandbox.limits import Limits

PIPE = 256 * 1024
"""Bytes that fit between worker and child: every allowed snippet does, so handing one over never waits."""
MOST_FILES = 16
PATIENCE = 2.0
"""Seconds that a keeper has to go after its child."""


class SlotError(Exception):
    """A slot that could not be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Slot:
    code: int
    output: int
    keeper: socket.socket
    child: int
    watcher: int
    """The child and its keeper, by descriptors that name them for good."""
    group: Group | None

    def hand_over(self, request: RunRequest, limits: Limits) -> None:
        """First the code, then the word to the keeper that its watch begins."""
        os.write(self.code, Script(request.code, request.probes).to_bytes())
        os.close(self.code)
        self.keeper.send(json.dumps({"seconds": limits.seconds, "memory_mb": limits.memory_mb}).encode())

    def kill(self) -> None:
        """At once, without asking the keeper."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.child, signal.SIGKILL)

    def close(self, *, handed_over: bool) -> None:
        """Let go: the keeper sees that and ends what still runs."""
        self.kill()
        self.keeper.close()
        for descriptor in (self.output, *(() if handed_over else (self.code,))):
            os.close(descriptor)

    async def gone(self) -> None:
        """Until its processes are gone, a keeper that hangs among them; then its control group goes, too."""
        await readable(self.child)
        try:
            async with asyncio.timeout(PATIENCE):
                await readable(self.watcher)
        except TimeoutError:
            signal.pidfd_send_signal(self.watcher, signal.SIGKILL)
            await readable(self.watcher)
        os.close(self.child)
        os.close(self.watcher)
        if self.group:
            await self.group.remove()


async def make(channel: socket.socket, group: Group | None, patience: float, *, hurried: bool) -> Slot:
    """A new slot from the zygote at the other end of the channel; in a hurry, a child that has rehearsed nothing."""
    code, ours_code = os.pipe2(os.O_CLOEXEC)
    ours_output, output = os.pipe2(os.O_CLOEXEC)
    fcntl.fcntl(ours_code, fcntl.F_SETPIPE_SZ, PIPE)
    os.set_blocking(ours_output, False)
    keeper, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    keeper.setblocking(False)
    joined = group.descriptors if group else ()
    word = {"groups": len(joined), "counted": bool(group), "hurried": hurried}
    counted = (group.killed,) if group else ()
    try:
        socket.send_fds(channel, [json.dumps(word).encode()], [code, output, theirs.fileno(), *joined, *counted])
        async with asyncio.timeout(patience):
            said, descriptors = await hear(keeper)
    except (OSError, TimeoutError) as error:
        said, descriptors = f"the zygote does not answer ({type(error).__name__})".encode(), []
    finally:
        for each in (code, output):
            os.close(each)
        theirs.close()
    if len(descriptors) != 2:  # noqa: PLR2004 (child and keeper)
        for each in (ours_code, ours_output):
            os.close(each)
        keeper.close()
        raise SlotError(said.decode(errors="replace").removeprefix("failed ") or "its keeper ended")
    child, watcher = descriptors
    return Slot(ours_code, ours_output, keeper, child, watcher, group)


async def hear(keeper: socket.socket) -> tuple[bytes, list[int]]:
    """The next word and the descriptors that came with it; an empty one when the other end is gone."""
    while True:
        try:
            word, descriptors, _, _ = socket.recv_fds(keeper, 1 << 16, MOST_FILES)
        except BlockingIOError:
            await readable(keeper.fileno())
        else:
            return word, list(descriptors)


async def readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not waiting.done():
            waiting.set_result(None)

    loop.add_reader(descriptor, wake)
    try:
        await waiting
    finally:
        loop.remove_reader(descriptor)


def report(word: bytes, descriptors: list[int]) -> tuple[dict[str, Any], dict[str, int]]:
    """A keeper's last word, and the files that it opened, by name."""
    told = json.loads(word)
    return told, dict(zip(told["files"], descriptors, strict=True))
