"""Messages of the web chat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WebMessage:
    id: int
    version: int
    """Every addition and every change gets a version above all before it."""
    channel: str
    reader: str | None
    """The one person who sees it; None: everyone does."""
    speaker: str | None
    """The person who wrote it; None: the bot."""
    author: str
    html: str
    text: str
    at: datetime
    replace_key: str | None
    replaced_at: datetime | None
