"""Members' names, looked up in the background once in some hours."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.kit.limits import RecentValues, TokenBuckets
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.port import Renamed
from bot.chat.slack.core import Core
from bot.chat.slack.identifiers import person_of
from bot.chat.slack.outgoing.mrkdwn import one_line
from bot.chat.slack.payload import part, text
from bot.chat.slack.web_api import ApiError, UncertainError, WebApi

MOST_KNOWN = 20_000
MOST_WAITING = 5_000
"""Members of a workspace who wait to be looked up; the others are at their next interaction."""
LONGEST_NAME = 80
RATE = 50 / 60
BURST = 20
"""Half of the users.info calls that Slack allows: the other half looks for admins."""
_log = logging.getLogger(__name__)


def displayed_name(user: Mapping[str, Any]) -> str:
    profile = part(user, "profile")
    for name in (
        text(profile, "display_name"),
        text(profile, "real_name"),
        text(user, "real_name"),
        text(user, "name"),
    ):
        if shown := one_line(name)[:LONGEST_NAME].strip():
            return shown
    return ""


@dataclass
class MemberNames:
    _core: Core
    _api: WebApi

    def __post_init__(self) -> None:
        self._names: RecentValues[tuple[str, str], str] = RecentValues(MOST_KNOWN)
        self._fresh: RecentValues[tuple[str, str], str] = RecentValues(
            MOST_KNOWN, self._core.timeouts.remember_names
        )
        self._waiting: dict[str, OrderedDict[str, str]] = {}
        """By workspace: the users to look up, and what they were called meanwhile."""
        self._rate_limit = TokenBuckets(RATE, BURST)
        self.lookups = BackgroundTasks()

    def of(self, team: str, user: str) -> str:
        return self._names.get((team, user)) or ""

    def check(self, team: str, user: str, used: str) -> None:
        """Find out in the background whether a member has another name than the one used."""
        fresh = self._fresh.get((team, user))
        if fresh is not None and fresh in {"", used}:
            return
        waiting = self._waiting.setdefault(team, OrderedDict())
        if len(waiting) < MOST_WAITING:
            waiting.setdefault(user, used)
        if not self.lookups.is_running(team):
            self.lookups.start(self._look_up(team, waiting), team)

    def learn(self, team: str, user: str, payload: Mapping[str, Any]) -> str:
        name = displayed_name(payload)
        self._remember(team, user, name)
        return name

    async def user_changed(self, team: str, payload: Mapping[str, Any]) -> None:
        """Slack tells of all members; only those who took part matter."""
        user = str(payload["id"])
        before = self.of(team, user)
        if before and (name := self.learn(team, user, payload)) not in {"", before}:
            await self._rename(team, user, name)

    async def _look_up(self, team: str, waiting: OrderedDict[str, str]) -> None:
        while waiting:
            user, used = next(iter(waiting.items()))
            try:
                if self._fresh.get((team, user)) is None:
                    await self._rate_limit.spend(team)
                await self._find_name(team, user, used)
            except Exception:  # noqa: BLE001 (one strange member must not stop the others)
                _log.exception("a member's name could not be looked up")
            finally:
                waiting.pop(user, None)

    async def _find_name(self, team: str, user: str, used: str) -> None:
        try:
            name = self._fresh.get((team, user)) or await self._ask_name(team, user)
        except UncertainError as error:
            _log.info("a member's name cannot be looked up now: %s", error)
        except ApiError as error:
            _log.info("Slack does not tell a member's name: %s", error)
            self._remember(team, user, used)
        else:
            if name not in {"", used}:
                await self._rename(team, user, name)

    async def _ask_name(self, team: str, user: str) -> str:
        answer = await self._api.call(team, "users_info", retry=False, user=user)
        return self.learn(team, user, answer["user"])

    async def _rename(self, team: str, user: str, name: str) -> None:
        person = person_of(team, user, name)
        event = Renamed(secrets.token_hex(8), person, self._core.now())
        await self._core.hear_unanswered(event, team)

    def _remember(self, team: str, user: str, name: str) -> None:
        self._names[team, user] = name
        self._fresh[team, user] = name
