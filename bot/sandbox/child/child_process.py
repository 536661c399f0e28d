"""A supervisor's child, until it is reaped."""

import fcntl
import os
import select
import signal
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

READY_SECONDS = 10.0

SECCOMP_IOCTL_NOTIF_RECV = 0xC0502100
SECCOMP_IOCTL_NOTIF_SEND = 0xC0182101
SECCOMP_IOCTL_NOTIF_SET_FLAGS = 0x40082104
SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP = 1
SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1
SIZEOF_SECCOMP_NOTIF = 80
OFFSET_OF_ARGS = 32


def poll_of(*descriptors: int) -> select.poll:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return poll


@dataclass(frozen=True, slots=True)
class ChildEnd:
    # How a child ended: its exit status as a shell has it, and why its supervisor ended it.
    code: int
    cause: str = ""
    notification: int | None = None  # Of its exit call, which does not happen before `resume`


@dataclass(frozen=True, slots=True)
class ChildProcess:
    pid: int
    pidfd: int
    listener: int | None  # Hears of processes that are about to exit, where the kernel can tell

    def receive_exit(self) -> ChildEnd | None:
        # The child's own exit, which is held. Other processes of the run may exit at once.
        assert self.listener is not None
        notification = bytearray(SIZEOF_SECCOMP_NOTIF)
        try:
            fcntl.ioctl(self.listener, SECCOMP_IOCTL_NOTIF_RECV, notification)
        except OSError:
            return None
        number, pid = struct.unpack_from("=QI", notification)
        if pid == self.pid:
            status = struct.unpack_from("=Q", notification, OFFSET_OF_ARGS)[0]
            return ChildEnd(int(status) & 0xFF, notification=number)
        self.resume(number)
        return None

    def resume(self, notification: int | None) -> None:
        if self.listener is not None and notification is not None:
            answer = struct.pack("=QqiI", notification, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE)
            with suppress(OSError):
                fcntl.ioctl(self.listener, SECCOMP_IOCTL_NOTIF_SEND, bytearray(answer))

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, number)

    def reap(self, patience: float) -> None:
        # Kills it after so many seconds. All that it started ends with it.
        poll_of(self.pidfd).poll(patience * 1000)
        self.send_signal(signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def wait_until_ready(pid: int, channel: socket.socket) -> ChildProcess:
    channel.settimeout(READY_SECONDS)
    listener = None
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 512, 1)
        if descriptors:
            listener = descriptors[0]
        if message == b"ready":
            break
        if message != b"filtered":
            raise OSError(message.decode(errors="replace") or "the child ended before it was ready")
    if listener is not None:
        with suppress(OSError):  # since Linux 6.6: wakes the listener on the same processor
            flags = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
            fcntl.ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags)
    return ChildProcess(pid, os.pidfd_open(pid), listener)
