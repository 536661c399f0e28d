"""Who looks after a workspace, as Slack says; asked once in a while."""

import asyncio
import logging
from collections import OrderedDict

from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.web_api import Json, Refused, Unsure, WebApi

MANY = 10_000
_log = logging.getLogger(__name__)


class Admins:
    def __init__(self, wire: WebApi, names: MemberNames, known_s: float) -> None:
        self._wire, self._names, self._known_s = wire, names, known_s
        self._known: OrderedDict[tuple[str, str], tuple[bool, float]] = OrderedDict()

    async def has(self, team: str, user: str) -> bool:
        """Whether Slack calls them an admin or an owner of the workspace; not, where it cannot be asked."""
        now = asyncio.get_running_loop().time()
        keeper, until = self._known.get((team, user), (False, 0.0))
        return keeper if until > now else await self._look(team, user)

    async def name(self, team: str, user: str, said: str) -> str:
        """As people know them; what was said of them, where Slack does not tell."""
        await self.has(team, user)
        name = self._names.of(team, user)
        return f"@{name}" if name else said or f"@{user}"

    def forget(self, team: str, user: str) -> None:
        """Something of them has changed."""
        self._known.pop((team, user), None)

    async def _look(self, team: str, user: str) -> bool:
        try:
            told = (await self._wire.ask(team, "users_info", user=user))["user"]
        except (Refused, Unsure) as error:
            _log.warning("who looks after workspace %s cannot be told: %s", team, error)
            return False
        keeper = _keeps(team, told)
        self._names.learn(team, {**told, "id": user})
        self._known[team, user] = keeper, asyncio.get_running_loop().time() + self._known_s
        if len(self._known) > MANY:
            self._known.popitem(last=False)
        return keeper


def _keeps(team: str, told: Json) -> bool:
    """Who comes from another workspace may look after that one, and is a guest here."""
    homes = {told.get("team_id"), *((told.get("enterprise_user") or {}).get("teams") or ())}
    return (
        bool(told.get("is_admin") or told.get("is_owner"))
        and team in homes
        and not told.get("is_stranger")
    )
