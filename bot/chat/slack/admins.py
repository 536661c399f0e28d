"""Who is an admin of a workspace."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.kit.limits import RecentValues
from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.payload import part
from bot.chat.slack.web_api import ApiError, UncertainError, WebApi

MOST_KNOWN = 10_000
_log = logging.getLogger(__name__)


@dataclass
class Admins:
    _api: WebApi
    _names: MemberNames
    _remember_s: float

    def __post_init__(self) -> None:
        self._known: RecentValues[tuple[str, str], bool] = RecentValues(
            MOST_KNOWN, self._remember_s
        )

    async def has(self, team: str, user: str) -> bool:
        known = self._known.get((team, user))
        return await self._look_up(team, user) if known is None else known

    async def name(self, team: str, user: str, otherwise: str) -> str:
        await self.has(team, user)
        name = self._names.of(team, user)
        return f"@{name}" if name else otherwise or f"@{user}"

    def forget(self, team: str, user: str) -> None:
        self._known.pop((team, user))

    async def _look_up(self, team: str, user: str) -> bool:
        try:
            found = (await self._api.call(team, "users_info", user=user))["user"]
        except (ApiError, UncertainError) as error:
            _log.warning("admins of workspace %s cannot be looked up: %s", team, error)
            return False
        self._names.learn(team, user, found)
        self._known[team, user] = is_admin(team, found)
        return is_admin(team, found)


def is_admin(team: str, user: Mapping[str, Any]) -> bool:
    """An admin of another workspace is a guest in this one."""
    teams = {user.get("team_id"), *(part(user, "enterprise_user").get("teams") or ())}
    is_in_charge = user.get("is_admin") or user.get("is_owner")
    return bool(is_in_charge) and team in teams and not user.get("is_stranger")
