"""A snippet's standard input, output and errors."""

import io
import os
import sys
from contextlib import suppress


def open_streams() -> None:
    # Output and errors share a buffer, so they stay in order; it is flushed after each line.
    buffer = io.BufferedWriter(io.FileIO(1, "wb", closefd=False))
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            buffer, "utf-8", "backslashreplace", line_buffering=True, write_through=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.FileIO(0, closefd=False), "utf-8")  # type: ignore[misc]


def write(text: str) -> None:
    # Straight to the descriptor, whatever the snippet made of `sys.stdout`.
    with suppress(BaseException):
        sys.stdout.flush()
    with suppress(OSError):
        os.write(1, text.encode("utf-8", "backslashreplace"))
