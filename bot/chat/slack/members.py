"""Members' names and rights."""

import logging
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from bot.chat.kit.limits import RecentValues, TokenBuckets
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Renamed
from bot.chat.slack.outgoing.mrkdwn import one_line
from bot.chat.slack.payload import Json, part, person_of, text
from bot.chat.slack.shared import Core
from bot.chat.slack.web_api import ApiError, UncertainError, WebApi

MOST_NAMES = 20_000
MOST_ADMINS = 10_000
# Members of a workspace who wait to be looked up; the others are at their next interaction.
MOST_WAITING = 5_000
LONGEST_NAME = 80
RATE = 50 / 60
# Half of the users.info calls that Slack allows: the other half looks for admins.
BURST = 20
_log = logging.getLogger(__name__)


def displayed_name(user: Json) -> str:
    profile = part(user, "profile")
    names = (
        text(profile, "display_name"),
        text(profile, "real_name"),
        text(user, "real_name"),
        text(user, "name"),
    )
    return next(filter(None, (one_line(name)[:LONGEST_NAME].strip() for name in names)), "")


@dataclass
class MemberNames:
    _core: Core
    _api: WebApi

    def __post_init__(self) -> None:
        self._names = RecentValues[tuple[str, str], str](MOST_NAMES)
        self._fresh = RecentValues[tuple[str, str], str](
            MOST_NAMES, self._core.timeouts.remember_names
        )
        # By workspace: the users to look up, and what they were called meanwhile.
        self._waiting: dict[str, OrderedDict[str, str]] = {}
        self._rate_limit = TokenBuckets(RATE, BURST)
        self.lookups = BackgroundTasks()

    def of(self, team: str, user: str) -> str:
        return self._names.get((team, user)) or ""

    def check(self, team: str, user: str, used: str) -> None:
        """In the background."""
        if self._fresh.get((team, user)) in {"", used}:
            return
        waiting = self._waiting.setdefault(team, OrderedDict())
        if len(waiting) < MOST_WAITING:
            waiting.setdefault(user, used)
        if not self.lookups.is_running(team):
            self.lookups.start(self._look_up(team, waiting), team)

    def learn(self, team: str, user: str, payload: Json) -> str:
        name = displayed_name(payload)
        self._remember(team, user, name)
        return name

    async def user_changed(self, team: str, payload: Json) -> None:
        user = str(payload["id"])
        # Slack tells of all members; only those who took part matter.
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
            name = self._fresh.get((team, user))
            if not name:
                answer = await self._api.call(team, "users_info", retry=False, user=user)
                name = self.learn(team, user, answer["user"])
        except UncertainError as error:
            _log.info("a member's name cannot be looked up now: %s", error)
        except ApiError as error:
            _log.info("Slack does not tell a member's name: %s", error)
            self._remember(team, user, used)
        else:
            if name not in {"", used}:
                await self._rename(team, user, name)

    async def _rename(self, team: str, user: str, name: str) -> None:
        event = Renamed(secrets.token_hex(8), person_of(team, user, name), self._core.now())
        await self._core.hear_unanswered(event, team)

    def _remember(self, team: str, user: str, name: str) -> None:
        self._names[team, user] = name
        self._fresh[team, user] = name


@dataclass
class Admins:
    _api: WebApi
    _names: MemberNames
    _remember_s: float

    def __post_init__(self) -> None:
        self._known = RecentValues[tuple[str, str], bool](MOST_ADMINS, self._remember_s)

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
        admin = self._known[team, user] = is_admin(team, found)
        return admin


def is_admin(team: str, user: Json) -> bool:
    # An admin of another workspace is a guest in this one.
    teams = {user.get("team_id"), *(part(user, "enterprise_user").get("teams") or ())}
    is_in_charge = user.get("is_admin") or user.get("is_owner")
    return bool(is_in_charge) and team in teams and not user.get("is_stranger")
