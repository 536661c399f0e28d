"""A zygote and its slots, each a child that waits for one snippet."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.cgroups import RunCgroup, RunCgroups
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import NoSandboxError, RunRequest

START_SECONDS = 120.0  # For importing PyTorch, on the slowest disk
CREATE_SECONDS = 4.0  # For making a slot; a zygote that needs longer hangs
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

    zygote: "ZygoteProcess"
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


@dataclass(slots=True, eq=False)
class ZygoteProcess:
    process: subprocess.Popen[bytes]
    channel: socket.socket
    folder: str  # What its runs write lies here where there is no jail
    born: float = field(default_factory=time.monotonic)
    slots_made: int = 0
    slots_in_use: int = 0
    failures: int = 0  # Slots in a row that it could not make
    retired: bool = False

    @classmethod
    async def start(cls, jail: Jail) -> "ZygoteProcess":
        channel, zygote_channel = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel.setblocking(False)
        folder = "" if jail.bubblewrap else tempfile.mkdtemp(prefix="torchproof-runs-")
        try:
            process = jail.start(zygote_channel, folder)
        except OSError as error:
            channel.close()
            raise NoSandboxError(f"The sandbox could not be started: {error}.") from error
        finally:
            zygote_channel.close()
        zygote = cls(process, channel, folder)
        try:
            async with asyncio.timeout(START_SECONDS):
                answer = await asyncio.get_running_loop().sock_recv(channel, 1024)
        except (TimeoutError, OSError):
            answer = b""
        except BaseException:
            zygote.close()
            raise
        if answer != b"ready":
            reason = zygote.failure(answer)
            raise NoSandboxError(f"The sandbox could not be started: {reason}.")
        zygote.born = time.monotonic()
        return zygote

    def failure(self, answer: bytes) -> str:
        self._kill()
        assert self.process.stderr
        reason = answer.removeprefix(b"failed ") or self.process.stderr.read()[-400:]
        self.close()
        return reason.decode(errors="replace").strip().rstrip(".") or "it ended without a word"

    async def create_slot(self, cgroups: RunCgroups | None, *, urgent: bool) -> Slot:
        self.slots_made += 1
        cgroup = cgroups.create() if cgroups else None
        try:
            return await self._create_slot(cgroup, urgent=urgent)
        except BaseException:
            if cgroup:
                await cgroup.remove()
            raise

    async def _create_slot(self, cgroup: RunCgroup | None, *, urgent: bool) -> Slot:
        # An urgent child skips its rehearsal.
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
                socket.send_fds(self.channel, [json.dumps(header).encode()], sent)
                theirs.close()
                async with asyncio.timeout(CREATE_SECONDS):
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
        return Slot(self, code, output, channel, child, supervisor, cgroup)

    async def ended(self) -> None:
        pidfd = os.pidfd_open(self.process.pid)
        try:
            await readable(pidfd)
        finally:
            os.close(pidfd)

    def close(self) -> None:
        # All that runs inside its bubblewrap ends with it, at once.
        self._kill()
        self.channel.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.process.stderr:
            self.process.stderr.close()

    def _kill(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


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
