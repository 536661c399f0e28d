"""Advice for the common errors of PyTorch."""

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.sandbox.limits import Limits

FILE = Path(__file__).with_name("advice.toml")


@cache
def _entries() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = tomllib.loads(FILE.read_text("utf-8"))["error"]
    return tuple((re.compile(entry["like"], re.DOTALL), entry["says"]) for entry in entries)


def advice_for(error: str, limits: Limits) -> str:
    # For an error written as `Type: message`; empty where none is known.
    for pattern, sentence in _entries():
        if pattern.search(error[:2000]):
            return limits.fill_in(sentence)
    return ""
