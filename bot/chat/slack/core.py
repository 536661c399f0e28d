"""What all parts of the adapter share."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.chat.kit.replies import unanswered
from bot.chat.kit.storage import Storage
from bot.chat.kit.typed_commands import Sources
from bot.chat.port import Event, Hear, Say
from bot.chat.slack.identifiers import PLATFORM
from bot.chat.slack.timeouts import Timeouts
from bot.chat.slack.web_api import FAILURES
from bot.identity import Person, Place

_log = logging.getLogger(__name__)

IsNamedAdmin = Callable[[Person, Place], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Core:
    hear: Hear
    storage: Storage
    sources: Callable[[], Sources]
    is_named_admin: IsNamedAdmin
    """Whom other admins named; Slack knows the workspace's own."""
    say: Say
    now: Callable[[], datetime]
    timeouts: Timeouts

    async def hear_unanswered(self, event: Event, team: str = "") -> None:
        await self.hear(event, unanswered(PLATFORM, self.now(), team))


@contextmanager
def logged_failures(failure: str) -> Iterator[None]:
    """What is answered has happened in any case, so a failure to answer it is only logged."""
    try:
        yield
    except FAILURES as error:
        _log.warning("%s: %s", failure, error)
