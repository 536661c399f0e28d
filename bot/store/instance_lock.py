"""A number for each bot that shares a data folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from bot.errors import OperatorError


@contextmanager
def instance_number(folder: Path) -> Iterator[int]:
    """1 for the first. The kernel frees it with the process, however that ends."""
    for number in count(1):
        with _opened(folder / f"bot-{number}.lock") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield number
            return


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a")
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be written ({error.strerror}). Give this account the right."
        ) from error
