"""The file with the secret that signs cookies."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.errors import OperatorError

LENGTH = 32


def cookie_secret(path: Path) -> bytes:
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be used ({error.strerror}). Make it readable for this account."
        ) from error
    if len(secret) != LENGTH:
        raise OperatorError(
            f"{path} is not what I wrote there. "
            "Delete it: a new one is made, and everyone enters again."
        )
    return secret


def _make(path: Path) -> None:
    """Nobody reads half a secret, and the first of two processes wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="secret-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
