"""The outer jail: bubblewrap, and a zygote in it."""

import os
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.jail import python_paths, seccomp
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.jail.python_paths import PythonPaths
from bot.sandbox.limits import MB

PROGRAM = "import sys; sys.path += sys.argv[3:]; from bot.sandbox.child.zygote import main; main()"
UID = "1000"  # Of a run, inside its jail
DEVICES = ("null", "full", "random", "urandom")
GPU_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
STREAMS = {"fd": "", "stdin": "/0", "stdout": "/1", "stderr": "/2"}
ENVIRONMENT = Path(__file__).with_name("environment.toml")


@dataclass(frozen=True, slots=True)
class Jail:
    plan: JailPlan
    paths: PythonPaths
    bubblewrap: str = ""  # The program; empty means no jail at all
    # Bubblewrap mounts a new /proc; else this machine's is used, as some containers demand.
    new_proc: bool = True
    gpu: str = ""  # The driver's number of the GPU that children use

    def start(self, channel: socket.socket, folder: str = "") -> subprocess.Popen[bytes]:
        # The zygote. It dies with the thread that calls this, so call it from the main one.
        python = self.paths.python if self.bubblewrap else sys.executable
        search = self.paths.search if self.bubblewrap else (python_paths.PROJECT,)
        filter_file = os.memfd_create("calls")
        try:
            os.write(filter_file, seccomp.builder_filter(gpu=bool(self.gpu)))
            os.lseek(filter_file, 0, os.SEEK_SET)
            return subprocess.Popen(  # noqa: S603 (our own program, and no shell)
                [
                    *self._bubblewrap_command(filter_file),
                    *(python, "-s", "-P", "-B", "-c", PROGRAM),
                    *(self.plan.to_json(), str(channel.fileno()), *search),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=(channel.fileno(), filter_file),
                env=self._environment() | ({"TMPDIR": folder} if folder else {}),
                start_new_session=True,
            )
        finally:
            os.close(filter_file)

    def _environment(self) -> dict[str, str]:
        environment: dict[str, str] = tomllib.loads(ENVIRONMENT.read_text("utf-8"))
        if self.paths.libraries and self.bubblewrap:
            environment["LD_LIBRARY_PATH"] = self.paths.libraries
        if self.gpu:
            environment["CUDA_VISIBLE_DEVICES"] = "0"  # the only one whose device file is there
        return environment

    def _bubblewrap_command(self, filter_file: int) -> list[str]:
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
            *("--seccomp", str(filter_file), "--"),
        ]

    def _folders(self) -> Iterator[str]:
        for source, target in self.paths.mounts:
            yield from ("--ro-bind", source, target)
        for target, link in python_paths.system_links():
            yield from ("--symlink", target, link)
        for folder in python_paths.system_folders():
            yield from ("--ro-bind", folder, folder)
        yield from ("--ro-bind", f"{python_paths.SANDBOX}/jail/etc", "/etc")
        yield from _tmpfs("/tmp", self.plan.limits.folder_mb)

    def _devices(self) -> Iterator[str]:
        # Nothing that one run could write and another read: not /dev/zero either.
        # Mapping /dev/zero is shared memory that no limit counts.
        yield from ("--tmpfs", "/dev")
        gpu_devices = (*GPU_DEVICES, f"nvidia{self.gpu}") if self.gpu else ()
        present = (name for name in gpu_devices if os.path.exists(f"/dev/{name}"))
        for name in (*DEVICES, *present):
            yield from ("--dev-bind", f"/dev/{name}", f"/dev/{name}")
        for name, stream in STREAMS.items():
            yield from ("--symlink", f"/proc/self/fd{stream}", f"/dev/{name}")
        yield from ("--dir", "/dev/shm", "--remount-ro", "/dev")
        if not self.plan.own_namespaces:
            yield from _tmpfs("/dev/shm", self.plan.limits.shared_mb)
        if self.gpu:
            yield from ("--ro-bind", "/sys", "/sys")


def _tmpfs(path: str, megabytes: int) -> tuple[str, ...]:
    return ("--size", str(megabytes * MB), "--perms", "0700", "--tmpfs", path)
