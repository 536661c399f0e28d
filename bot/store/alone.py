"""One bot for one SQLite: two would each ask, answer and remind as if there were no other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UserError

LOCK = "lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Holds the data folder. The kernel lets go of it with the process, however that ends."""
    try:
        file = (folder / LOCK).open("a")
    except OSError as error:
        raise UserError(
            f"{folder / LOCK} cannot be written ({error.strerror}). Give this account the right."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"Torchproof is running already with the data folder {folder}. "
                "Stop it, or give this one a folder of its own with TORCHPROOF_DATA_DIR."
            ) from error
        yield
