"""One sentence on what to look at, for the errors that everybody meets with PyTorch."""

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.sandbox.limits import Limits

FILE = Path(__file__).with_name("advice.toml")


@cache
def _known() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = tomllib.loads(FILE.read_text("utf-8"))["error"]
    return tuple((re.compile(entry["like"], re.DOTALL), entry["says"]) for entry in entries)


def on(error: str, limits: Limits) -> str:
    """What is said about an error, written as `Type: message`; nothing where nothing is known."""
    return next(
        (limits.named(says) for pattern, says in _known() if pattern.search(error[:2000])), ""
    )
