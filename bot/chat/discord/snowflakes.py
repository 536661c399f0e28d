"""Discord's ids, which carry the time they were made."""

from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


def time_of(snowflake: int | str) -> datetime:
    return datetime.fromtimestamp(((int(snowflake) >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)
