"""Workspaces, each with its own bot token."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.kit.limits import RecentValues
from bot.errors import OperatorError

MOST_KNOWN = 10_000
LONGEST_PAUSE_S = 60.0
# Other refusals can pass: a workspace moves, or a network is shut out.
UNINSTALLED = frozenset({"token_revoked", "account_inactive"})
BAD_TOKEN_CODES = UNINSTALLED | {"invalid_auth", "not_authed", "token_expired"}
BAD_BOT_TOKEN = (
    "Slack refuses the bot token. "  # noqa: S105 (a sentence)
    "Copy it from api.slack.com/apps (OAuth & Permissions) into "
    "TORCHPROOF_SLACK_BOT_TOKEN, or install the app again."
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Workspace:
    team: str
    token: str = field(repr=False)
    bot_id: str
    bot_user: str


@dataclass
class Workspaces:
    _installations: AsyncInstallationStore | None
    _remember_s: float

    def __post_init__(self) -> None:
        # By the bot token in the settings.
        self._own: Workspace | None = None
        self._installed = RecentValues[str, Workspace](
            MOST_KNOWN,
            self._remember_s,
        )
        self._refused = RecentValues[str, str](MOST_KNOWN, self._remember_s)
        self.ready = asyncio.Event()

    async def log_in(self, client: AsyncWebClient, pause_s: float) -> None:
        """Only a token that Slack refuses ends this."""
        while (bot := await _auth_test(client)) is None:
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self._own = Workspace(
            bot["team_id"], client.token or "", bot.get("bot_id", ""), bot["user_id"]
        )

    async def find(self, team: str) -> Workspace | None:
        await self.ready.wait()
        workspace = self._own
        if workspace is None or workspace.team != team:
            workspace = self._installed.get(team)
            if workspace is None and (workspace := await self._load(team)) is not None:
                self._installed[team] = workspace
        if workspace is None or workspace.token == self._refused.get(team):
            return None
        return workspace

    async def bot_user(self, team: str) -> str:
        workspace = await self.find(team)
        return workspace.bot_user if workspace else ""

    async def installer(self, team: str) -> str:
        if self._installations is None:
            return ""
        find = self._installations.async_find_installation
        found = await find(enterprise_id=None, team_id=team)
        return str(found.user_id or "") if found else ""

    async def refused(self, team: str, token: str, code: str) -> Workspace | None:
        """With its new token, where the bot was installed again meanwhile."""
        self._installed.pop(team)
        self._refused[team] = token
        if self._own is not None and self._own.team == team:
            _log.error("Slack took the bot out of workspace %s (%s). %s", team, code, BAD_BOT_TOKEN)
            return None
        workspace = await self._load(team)
        if workspace is None or workspace.token != token:
            return workspace
        _log.warning(
            "workspace %s lets the bot in no more (%s); its admin installs it at /slack/install",
            team,
            code,
        )
        if code in UNINSTALLED and self._installations is not None:
            await self._installations.async_delete_all(enterprise_id=None, team_id=team)
        return None

    async def _load(self, team: str) -> Workspace | None:
        if self._installations is None:
            return None
        bot = await self._installations.async_find_bot(enterprise_id=None, team_id=team)
        if bot is None or not bot.bot_token:
            return None
        return Workspace(team, bot.bot_token, bot.bot_id or "", bot.bot_user_id or "")


async def _auth_test(client: AsyncWebClient) -> Any:
    try:
        return await client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        if code in BAD_TOKEN_CODES:
            raise OperatorError(BAD_BOT_TOKEN) from None
        _log.warning("Slack does not say who the bot is (%s); asking again", code)
    except (aiohttp.ClientError, SlackClientError, OSError) as error:
        _log.warning("Slack does not answer (%s); asking again", type(error).__name__)
    return None
