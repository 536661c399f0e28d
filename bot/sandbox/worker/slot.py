"""One slot: a child that waits behind its walls for exactly one snippet, as the worker holds it."""

import asyncio
import json
import os
import signal
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any

from bot.sandbox.child.script_pipe import Script
from bot.sandbox.jail.cgroups import Group
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import RunRequest

LARGEST = 256 * 1024
"""Bytes that fit between worker and child: every allowed snippet does, so handing one over never waits."""
MOST_FILES = 128
PATIENCE = 2.0
"""Seconds that a keeper has to go after its child."""


class SlotError(Exception):
    """A slot that could not be made; the text says why."""


class SilentError(SlotError):
    """It could not, since nobody answers there."""


@dataclass(frozen=True, slots=True)
class Slot:
    code: socket.socket
    output: int
    keeper: socket.socket
    child: int
    watcher: int
    """The child and its keeper, by descriptors that name them for good."""
    group: Group | None

    def hand_over(self, request: RunRequest, limits: Limits) -> None:
        """First the code, then the word to the keeper that its watch begins. An OSError if one of them is gone."""
        handed = Script(request.code, request.probes).to_bytes()
        if self.code.send(handed) != len(handed):
            raise BlockingIOError("the code did not fit")
        self.code.close()
        self.keeper.send(
            json.dumps({"seconds": limits.seconds, "memory_mb": limits.memory_mb}).encode()
        )

    def kill(self) -> None:
        """At once, without asking the keeper."""
        _end(self.child)

    def close(self) -> None:
        """Let go: the keeper sees that and ends what still runs."""
        self.kill()
        self.keeper.close()
        self.code.close()
        os.close(self.output)

    async def gone(self) -> None:
        """Until its processes are gone, a keeper that hangs among them; then its control group goes, too."""
        await readable(self.child)
        try:
            async with asyncio.timeout(PATIENCE):
                await readable(self.watcher)
        except TimeoutError:
            _end(self.watcher)  # unless it went just now
            await readable(self.watcher)
        os.close(self.child)
        os.close(self.watcher)
        if self.group:
            await self.group.remove()


def _end(pidfd: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


async def make(
    channel: socket.socket, group: Group | None, patience: float, *, hurried: bool
) -> Slot:
    """A new slot from the zygote at the other end of the channel; in a hurry, a child that has rehearsed nothing.

    Code goes by a socket, not by a pipe: one run could fill what its account may have in pipes, and starve the others.
    """
    with ExitStack() as ours, ExitStack() as theirs:
        try:
            code, its_code = _pair(ours, theirs, socket.SOCK_STREAM)
            keeper, its_keeper = _pair(ours, theirs, socket.SOCK_SEQPACKET)
            code.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
            output, its_output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            ours.callback(os.close, output)
            theirs.callback(os.close, its_output)
            os.set_blocking(its_output, True)
            joined = group.descriptors if group else ()
            word = {"groups": len(joined), "counted": bool(group), "hurried": hurried}
            given = [
                its_code.fileno(),
                its_output,
                its_keeper.fileno(),
                *joined,
                *((group.killed,) if group else ()),
            ]
            socket.send_fds(channel, [json.dumps(word).encode()], given)
            theirs.close()
            async with asyncio.timeout(patience):
                said, descriptors = await hear(keeper)
        except (OSError, TimeoutError) as error:
            raise SilentError(
                f"the zygote does not answer ({type(error).__name__}: {error})"
            ) from error
        if len(descriptors) != 2:  # noqa: PLR2004 (child and keeper)
            raise SlotError(
                said.decode(errors="replace").removeprefix("failed ") or "its keeper ended"
            )
        ours.pop_all()
    child, watcher = descriptors
    return Slot(code, output, keeper, child, watcher, group)


def _pair(
    ours: ExitStack, theirs: ExitStack, kind: socket.SocketKind
) -> tuple[socket.socket, socket.socket]:
    here, there = socket.socketpair(socket.AF_UNIX, kind)
    here.setblocking(False)
    return ours.enter_context(here), theirs.enter_context(there)


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
