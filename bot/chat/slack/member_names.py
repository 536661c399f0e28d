"""What members are called, as Slack shows them: looked up once in many hours, and nobody waits for it."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.chat.slack.outgoing.mrkdwn import one_line
from bot.chat.slack.timeouts import TokenBucket
from bot.chat.slack.web_api import Json, Refused, Unsure, WebApi

MANY = 20_000
"""Members whose names are remembered."""
CROWD = 5_000
"""Members of one workspace who may wait to be looked up; whoever comes then is looked up at their next act."""
LONGEST = 80
RATE, BURST = 50 / 60, 20
"""Half of what Slack allows a workspace: the rest is for who looks after it."""
_log = logging.getLogger(__name__)

Mended = Callable[[str, str, str], Awaitable[None]]


def shown(told: Json) -> str:
    """The name that Slack shows for somebody: the one they chose, their full one, or their handle."""
    profile = told.get("profile") or {}
    every = (
        profile.get("display_name"),
        profile.get("real_name"),
        told.get("real_name"),
        told.get("name"),
    )
    return next(
        (name for each in every if (name := one_line(str(each or ""))[:LONGEST].strip())), ""
    )


class MemberNames:
    """`mended` is told team, user and name of whoever turns out to be called otherwise than was said before."""

    def __init__(self, wire: WebApi, known_s: float, mended: Mended) -> None:
        self._wire, self._known_s, self._mended = wire, known_s, mended
        self._known: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()
        self._waiting: dict[str, OrderedDict[str, str]] = {}
        """By workspace: who is to be looked up, and what was said of them meanwhile."""
        self._budgets: dict[str, TokenBucket] = {}
        self.looking: dict[str, asyncio.Task[None]] = {}

    def of(self, team: str, user: str) -> str:
        """Their name; empty where it is not known yet."""
        return self._known.get((team, user), ("", 0.0))[0]

    def check(self, team: str, user: str, said: str) -> None:
        """Somebody was heard under this name: find out beside it whether that is theirs."""
        if self._fresh(team, user) not in ("", said) or self._is_due(team, user):
            self._wonder(team, user, said)

    def learn(self, team: str, told: Json) -> str:
        """Remember what Slack tells of somebody."""
        user, name = str(told["id"]), shown(told)
        self._remember(team, user, name)
        return name

    async def changed(self, team: str, told: Json) -> None:
        """Slack tells of every change of a member; of interest are the names of those who were met."""
        before, _ = self._known.get((team, str(told["id"])), ("", 0.0))
        if before and (name := self.learn(team, told)) not in ("", before):
            await self._mended(team, str(told["id"]), name)

    async def close(self) -> None:
        tasks = list(self.looking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_due(self, team: str, user: str) -> bool:
        return self._known.get((team, user), ("", 0.0))[1] < asyncio.get_running_loop().time()

    def _fresh(self, team: str, user: str) -> str:
        return "" if self._is_due(team, user) else self._known[team, user][0]

    def _wonder(self, team: str, user: str, said: str) -> None:
        waiting = self._waiting.setdefault(team, OrderedDict())
        if len(waiting) < CROWD:
            waiting.setdefault(user, said)
        if team not in self.looking:
            self.looking[team] = asyncio.create_task(self._look_up(team, waiting))

    async def _look_up(self, team: str, waiting: OrderedDict[str, str]) -> None:
        """One after the other, and never more than the workspace has room for."""
        budget = self._budgets.setdefault(team, TokenBucket(RATE, BURST))
        while waiting:
            user, said = next(iter(waiting.items()))
            try:
                if self._is_due(team, user):
                    await budget.spend()
                await self._ask(team, user, said)
            except Exception:  # noqa: BLE001 (one strange member must not keep the next from their name)
                _log.exception("the name of a member could not be found out")
            finally:
                waiting.pop(user, None)
        del self.looking[team]

    async def _ask(self, team: str, user: str, said: str) -> None:
        try:
            name = self._fresh(team, user) or await self._told(team, user)
        except Unsure as error:
            _log.info("what a member is called cannot be asked just now: %s", error)
        except Refused as refusal:
            _log.info("Slack does not tell what a member is called: %s", refusal)
            self._remember(team, user, said)
        else:
            if name not in ("", said):
                await self._mended(team, user, name)

    async def _told(self, team: str, user: str) -> str:
        told = (await self._wire.ask(team, "users_info", again=False, user=user))["user"]
        return self.learn(team, {**told, "id": user})

    def _remember(self, team: str, user: str, name: str) -> None:
        self._known[team, user] = name, asyncio.get_running_loop().time() + self._known_s
        self._known.move_to_end((team, user))
        if len(self._known) > MANY:
            self._known.popitem(last=False)
