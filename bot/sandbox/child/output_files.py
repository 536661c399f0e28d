"""The files in a run's two output folders."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from bot.sandbox.jail.namespaces import OPEN_FOLDER, OUT, SHOWN
from bot.sandbox.limits import Limits

MAX_ENTRIES = 256


def list_files(folder: str, limits: Limits) -> Iterator[str]:
    # A bounded number of names, such as out/loss.csv.
    for name, most in ((SHOWN, limits.pictures + 1), (OUT, limits.files)):
        try:
            descriptor = os.open(f"{folder}/{name}", OPEN_FOLDER)
        except OSError:
            continue
        with os.scandir(descriptor) as entries:
            names = sorted(
                entry.name for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False)
            )
        os.close(descriptor)
        yield from (f"{name}/{file}" for file in names[:most])


def open_files(folder: str, names: list[str]) -> Iterator[tuple[str, int]]:
    # Plain files only: follows no link and waits for nothing that could block.
    for path in names:
        parent, _, name = path.partition("/")
        with suppress(OSError):
            descriptor = os.open(f"{folder}/{parent}", OPEN_FOLDER)
            try:
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=descriptor)
            finally:
                os.close(descriptor)
            if stat.S_ISREG(os.fstat(file).st_mode):
                yield path, file
            else:
                os.close(file)
