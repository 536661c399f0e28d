"""What all parts of the adapter share."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.kit.replies import discarding_reply
from bot.chat.kit.storage import Storage
from bot.chat.kit.typed_commands import Sources
from bot.chat.platform_interface import Command, Event, Hear, Press, Say, Snippet
from bot.chat.slack.payload import PLATFORM, user_of
from bot.chat.slack.web_api import FAILURES
from bot.commands import RUN
from bot.identity import MessageRef, Person, Place

IsNamedAdmin = Callable[[Person, Place], Awaitable[bool]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timeouts:
    # Slack wants interactions acknowledged within three seconds.
    acknowledge: float = 1.8
    # Soon after the start, another process may still finish a post that it began.
    other_process: float = 4.0
    between_updates: float = 3.0
    # The first pause between two connections; it doubles up to `longest_reconnect`.
    reconnect: float = 1.0
    longest_reconnect: float = 60.0
    watch: float = 5.0
    silent: float = 60.0
    ping: float = 5.0
    login: float = 8.0
    remember: float = 300.0
    remember_names: float = 6 * 3600.0
    home_tab: float = 3600.0
    shutdown: float = 2.0


@dataclass(frozen=True, slots=True)
class Core:
    hear: Hear
    storage: Storage
    sources: Callable[[], Sources]
    # Whom other admins named; Slack knows the workspace's own.
    is_named_admin: IsNamedAdmin
    say: Say
    now: Callable[[], datetime]
    timeouts: Timeouts

    async def hear_unanswered(self, event: Event, team: str = "") -> None:
        await self.hear(event, discarding_reply(PLATFORM, self.now(), team))


@contextmanager
def logged_failures(failure: str) -> Iterator[None]:
    # What is answered has happened in any case.
    try:
        yield
    except FAILURES as error:
        _log.warning("%s: %s", failure, error)


@dataclass(frozen=True, slots=True)
class Interaction:
    event: Command | Press | Snippet
    # Takes up to five answers within half an hour.
    response_url: str = field(default="", repr=False)
    # The card that was pressed, where only this member sees it.
    private_card: MessageRef | None = None
    in_home_tab: bool = False
    # The thread it happened in, where it is answered.
    thread_ts: str = ""

    @property
    def id(self) -> str:
        return self.event.id

    @property
    def place(self) -> Place:
        return self.event.place

    @property
    def team(self) -> str:
        return self.place.community

    @property
    def user(self) -> str:
        return user_of(self.event.person)

    @property
    def action(self) -> str:
        match self.event:
            case Command(name=name):
                return name
            case Press(action=action):
                return action
            case Snippet():
                return RUN.name
