"""What all parts of the web chat share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.port import Say
from bot.chat.web.http.address import Address
from bot.chat.web.storage import ChatStorage


@dataclass(frozen=True, slots=True)
class Chat:
    storage: ChatStorage
    channels: Sequence[str]
    sources: Callable[[], Mapping[str, Sequence[str]]]
    """What can follow a command, such as the names of packs."""
    address: Address
    now: Callable[[], datetime]
    say: Say
