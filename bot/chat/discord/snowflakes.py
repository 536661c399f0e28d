"""The time that Discord's own ids carry."""

from datetime import UTC, datetime

_FIRST_MS = 1_420_070_400_000
"""The millisecond from which ids count: the beginning of 2015."""


def time_of(snowflake: int | str) -> datetime:
    return datetime.fromtimestamp(((int(snowflake) >> 22) + _FIRST_MS) / 1000, UTC)
