"""Bubblewrap's walls around a zygote: what it sees, and the command that starts it there."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.sandbox.jail import python_paths, seccomp
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.jail.python_paths import PythonPaths
from bot.sandbox.limits import MB

BOOT = "import sys; sys.path += sys.argv[3:]; from bot.sandbox.child.zygote import main; main()"
UID = "1000"
"""Who a run is, in its own eyes."""
DEVICES = ("null", "full", "random", "urandom")
STREAMS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/.config",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # the other check would start CUDA, which no fork survives
    "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",
}
GPU_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")


@dataclass(frozen=True, slots=True)
class Jail:
    """How a zygote is started."""

    plan: JailPlan
    ground: PythonPaths
    bubblewrap: str = ""
    """The program; empty means no walls at all."""
    new_proc: bool = True
    """Bubblewrap's own /proc; else this machine's, where a container hides parts of it."""
    gpu: str = ""
    """The number of the GPU that children use, as the driver counts."""

    def start(self, channel: socket.socket, folder: str = "") -> subprocess.Popen[bytes]:
        """The zygote, with its end of the channel. It dies with the thread that calls this, so that is the main one."""
        calls = os.memfd_create("calls")
        try:
            os.write(calls, seccomp.for_builders(seccomp.Calls.read(), gpu=bool(self.gpu)))
            os.lseek(calls, 0, os.SEEK_SET)
            command = [*self._bubblewrap(calls), *self._python(channel.fileno())]
            return subprocess.Popen(  # noqa: S603 (our own program, and no shell)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(channel.fileno(), calls),
                env={**dict(self._environment()), **({"TMPDIR": folder} if folder else {})},
                start_new_session=True,
            )
        finally:
            os.close(calls)

    def _python(self, channel: int) -> list[str]:
        walled = bool(self.bubblewrap)
        paths = self.ground.paths if walled else python_paths.bare_paths()
        python = self.ground.python if walled else python_paths.bare_python()
        return [python, "-s", "-P", "-B", "-c", BOOT, self.plan.to_json(), str(channel), *paths]

    def _environment(self) -> Iterator[tuple[str, str]]:
        yield from ENVIRONMENT.items()
        if self.ground.libraries and self.bubblewrap:
            yield "LD_LIBRARY_PATH", self.ground.libraries
        if self.gpu:
            yield "CUDA_VISIBLE_DEVICES", "0"  # of those whose device is there, which is one

    def _bubblewrap(self, calls: int) -> list[str]:
        if not self.bubblewrap:
            return []
        return [
            self.bubblewrap,
            *("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
            *("--uid", UID, "--gid", UID, "--hostname", "torchproof"),
            *self._folders(),
            *self._devices(),
            *(("--proc", "/proc") if self.new_proc else ("--dev-bind", "/proc", "/proc")),
            *("--remount-ro", "/", "--chdir", "/tmp"),
            *("--seccomp", str(calls), "--"),
        ]

    def _folders(self) -> Iterator[str]:
        for source, place in self.ground.bound:
            yield from ("--ro-bind", source, place)
        for target, place in python_paths.links():
            yield from ("--symlink", target, place)
        for folder in python_paths.folders():
            yield from ("--ro-bind", folder, folder)
        yield from ("--ro-bind", f"{python_paths.ROOM}/jail/etc", "/etc")
        yield from (
            "--size",
            str(self.plan.limits.folder_mb * MB),
            "--perms",
            "0700",
            "--tmpfs",
            "/tmp",
        )

    def _devices(self) -> Iterator[str]:
        """Four harmless ones, and nothing that a run could write to and another find. Mapping /dev/zero is shared memory that nobody counts."""
        yield from ("--tmpfs", "/dev")
        for name in (*DEVICES, *self._gpu_devices()):
            yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
        for name, stream in STREAMS.items():
            yield from ("--symlink", f"/proc/self/fd{stream}", f"/dev/{name}")
        yield from ("--dir", "/dev/shm", "--remount-ro", "/dev")
        if not self.plan.nested:
            size = str(self.plan.limits.shared_mb * MB)
            yield from ("--size", size, "--perms", "0700", "--tmpfs", "/dev/shm")
        if self.gpu:
            yield from ("--ro-bind", "/sys", "/sys")

    def _gpu_devices(self) -> tuple[str, ...]:
        found = (*GPU_DEVICES, f"nvidia{self.gpu}") if self.gpu else ()
        return tuple(name for name in found if os.path.exists(f"/dev/{name}"))
