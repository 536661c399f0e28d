"""Key-value storage that adapters need."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Storage(Protocol):
    async def get(self, key: str) -> str | None: ...

    async def set(self, key: str, value: str, at: datetime) -> None: ...

    async def delete(self, key: str) -> None: ...

    async def claim(self, key: str, at: datetime) -> bool:
        """Whether the key was new: one of several callers wins."""

    async def with_prefix(self, prefix: str) -> Sequence[tuple[str, str, datetime]]:
        """Key, value and time, the oldest first."""

    async def delete_claims(self, before: datetime) -> None: ...
