"""One slot: a child that waits in its jail for one snippet."""

import asyncio
import json
import os
import signal
import socket
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from bot.sandbox.jail.cgroups import RunCgroup
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import RunRequest

# Bytes between worker and child: every snippet that is allowed fits, so sending never waits.
SEND_BUFFER = 256 * 1024
MAX_DESCRIPTORS = 128
EXIT_SECONDS = 2.0  # For a supervisor, once its child is gone


class SlotError(Exception):
    pass


class NoAnswerError(SlotError):
    # The zygote does not answer.
    pass


@dataclass(frozen=True, slots=True)
class Slot:
    """Child and supervisor are pidfds."""

    code: socket.socket
    output: int
    channel: socket.socket  # To the supervisor
    child: int
    supervisor: int
    cgroup: RunCgroup | None

    def start(self, request: RunRequest, limits: Limits) -> None:
        # Sends the code, then tells the supervisor. An OSError if one of them is gone.
        message = request.for_child()
        if self.code.send(message) != len(message):
            raise BlockingIOError("the code did not fit")
        self.code.close()
        command = {"seconds": limits.seconds, "memory_mb": limits.memory_mb}
        self.channel.send(json.dumps(command).encode())

    def kill(self) -> None:
        _kill(self.child)

    def close(self) -> None:
        # The supervisor sees it and ends what still runs.
        self.kill()
        self.channel.close()
        self.code.close()
        os.close(self.output)

    async def cleaned_up(self) -> None:
        # Waits until the processes are gone, killing a hung supervisor, and removes the cgroup.
        await readable(self.child)
        try:
            async with asyncio.timeout(EXIT_SECONDS):
                await readable(self.supervisor)
        except TimeoutError:
            _kill(self.supervisor)
            await readable(self.supervisor)
        os.close(self.child)
        os.close(self.supervisor)
        if self.cgroup:
            await self.cgroup.remove()


def _kill(pidfd: int) -> None:
    with suppress(ProcessLookupError):
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)


async def create_slot(
    zygote: socket.socket, cgroup: RunCgroup | None, patience: float, *, urgent: bool
) -> Slot:
    # Made by the zygote at the other end; an urgent child skips its rehearsal.
    # Code travels through a socket: one run could use up what an account may have in pipes.
    with ExitStack() as ours, ExitStack() as theirs:
        try:
            code, child_code = _socket_pair(ours, theirs, socket.SOCK_STREAM)
            code.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            channel, supervisor_channel = _socket_pair(ours, theirs, socket.SOCK_SEQPACKET)
            output, child_output = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
            ours.callback(os.close, output)
            theirs.callback(os.close, child_output)
            os.set_blocking(child_output, True)
            sent = [child_code.fileno(), child_output, supervisor_channel.fileno()]
            if cgroup:
                sent += [*cgroup.join_files, cgroup.oom_events]
            header = {
                "cgroups": len(cgroup.join_files) if cgroup else 0,
                "oom_events": bool(cgroup),
                "urgent": urgent,
            }
            socket.send_fds(zygote, [json.dumps(header).encode()], sent)
            theirs.close()
            async with asyncio.timeout(patience):
                answer, descriptors = await _receive(channel)
        except (OSError, TimeoutError) as error:
            raise NoAnswerError(
                f"the zygote does not answer ({type(error).__name__}: {error})"
            ) from error
        try:
            child, supervisor = descriptors
        except ValueError:
            reason = answer.decode(errors="replace").removeprefix("failed ")
            raise SlotError(reason or "its supervisor ended") from None
        ours.pop_all()
    return Slot(code, output, channel, child, supervisor, cgroup)


def _socket_pair(
    ours: ExitStack, theirs: ExitStack, kind: socket.SocketKind
) -> tuple[socket.socket, socket.socket]:
    here, there = socket.socketpair(socket.AF_UNIX, kind)
    here.setblocking(False)
    return ours.enter_context(here), theirs.enter_context(there)


async def _receive(channel: socket.socket) -> tuple[bytes, list[int]]:
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(channel, 1 << 16, MAX_DESCRIPTORS)
        except BlockingIOError:
            await readable(channel.fileno())
        else:
            return message, descriptors


async def readable(descriptor: int) -> None:
    loop = asyncio.get_running_loop()
    is_readable = asyncio.Event()
    loop.add_reader(descriptor, is_readable.set)
    try:
        await is_readable.wait()
    finally:
        loop.remove_reader(descriptor)
