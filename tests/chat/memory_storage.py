"""Storage in memory."""

from datetime import UTC, datetime


class MemoryStorage:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def set(self, key: str, value: str, at: datetime) -> None:  # noqa: ARG002 (the port names it)
        self.values[key] = value

    async def delete(self, key: str) -> None:
        self.values.pop(key, None)

    async def claim(self, key: str, at: datetime) -> bool:  # noqa: ARG002 (the port names it)
        known = key in self.values
        self.values.setdefault(key, "")
        return not known

    async def with_prefix(self, prefix: str) -> list[tuple[str, str, datetime]]:
        now = datetime.now(UTC)
        return [(key, value, now) for key, value in self.values.items() if key.startswith(prefix)]

    async def delete_claims(self, before: datetime) -> None:
        """A test is too short for that."""
