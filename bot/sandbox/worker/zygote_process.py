"""A zygote, as its worker holds it."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.cgroups import RunCgroups
from bot.sandbox.protocol import NoSandboxError
from bot.sandbox.worker.slot import Slot, create_slot, readable

START_SECONDS = 120.0  # For importing PyTorch, on the slowest disk
SLOT_SECONDS = 4.0  # For making a slot; a zygote that needs longer hangs


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
            return await create_slot(self.channel, cgroup, SLOT_SECONDS, urgent=urgent)
        except BaseException:
            if cgroup:
                await cgroup.remove()
            raise

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
