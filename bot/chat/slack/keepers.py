"""Who looks after a workspace, as Slack says; asked once in a while."""

import asyncio
import logging
from collections import OrderedDict

from bot.chat.slack.wire import Refused, Unsure, Wire

MANY = 10_000
_log = logging.getLogger(__name__)


class Keepers:
    def __init__(self, wire: Wire, known_s: float) -> None:
        self._wire, self._known_s = wire, known_s
        self._known: OrderedDict[tuple[str, str], tuple[bool, str, float]] = OrderedDict()

    async def has(self, team: str, user: str) -> bool:
        """Whether Slack calls them an admin or an owner of the workspace; not, where it cannot be asked."""
        return (await self._look(team, user))[0]

    async def name(self, team: str, user: str) -> str:
        return (await self._look(team, user))[1]

    async def _look(self, team: str, user: str) -> tuple[bool, str]:
        now = asyncio.get_running_loop().time()
        keeper, name, until = self._known.get((team, user), (False, f"@{user}", 0.0))
        if until > now:
            return keeper, name
        try:
            told = (await self._wire.ask(team, "users_info", user=user))["user"]
        except (Refused, Unsure) as error:
            _log.warning("who looks after workspace %s cannot be told: %s", team, error)
            return False, name
        keeper, name = bool(told.get("is_admin") or told.get("is_owner")), f"@{told.get('name') or user}"
        self._known[team, user] = keeper, name, now + self._known_s
        if len(self._known) > MANY:
            self._known.popitem(last=False)
        return keeper, name
