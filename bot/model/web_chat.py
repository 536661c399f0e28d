"""Messages of the web chat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WebMessage:
    id: int
    version: int  # above all before it, at each addition and each change
    channel: str
    reader: str | None  # None: everyone sees it
    speaker: str | None  # None: the bot
    author: str
    html: str
    text: str
    at: datetime
    replace_key: str | None
    replaced_at: datetime | None
