"""The workspaces that the bot is in, each with its own token."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import UserError

_log = logging.getLogger(__name__)
LONGEST_S = 60.0
REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})
BAD_TOKEN = (
    "Slack refuses the bot token. Copy it from api.slack.com/apps (OAuth & Permissions) into "  # noqa: S105 (a sentence)
    "TORCHPROOF_SLACK_BOT_TOKEN, or install the app again."
)


@dataclass(frozen=True, slots=True)
class Workspace:
    team: str
    token: str
    bot: str
    """The bot's id, which its messages carry, and its user's, which mentions carry."""
    user: str


class Workspaces:
    """One by its token from the settings, any number by installations; what was found is remembered for a while."""

    def __init__(self, store: AsyncInstallationStore | None, known_s: float) -> None:
        self._store, self._known_s = store, known_s
        self._own: Workspace | None = None
        self._known: dict[str, tuple[Workspace, float]] = {}
        self._revoked: set[str] = set()
        self.ready = asyncio.Event()

    async def enter(self, client: AsyncWebClient | None, pause_s: float) -> None:
        """Learn which workspace the token from the settings belongs to; without one, installations tell."""
        if client is not None:
            self._own = await entered(client, pause_s)
        self.ready.set()

    async def find(self, team: str) -> Workspace | None:
        await self.ready.wait()
        if self._own is not None and self._own.team == team:
            return None if team in self._revoked else self._own
        now = asyncio.get_running_loop().time()
        known, until = self._known.get(team, (None, 0.0))
        if known is not None and until > now:
            return known
        found = await self._installed(team)
        if found is not None:
            self._known[team] = (found, now + self._known_s)
        return found

    async def keeper(self, team: str) -> str:
        """Who installed the bot there; empty where that is not known."""
        if self._store is None:
            return ""
        found = await self._store.async_find_installation(enterprise_id=None, team_id=team)
        return str(found.user_id) if found and found.user_id else ""

    async def gone(self, team: str, why: str) -> None:
        """The bot was taken out of a workspace, or its token is worth nothing any more."""
        self._known.pop(team, None)
        if self._own is not None and self._own.team == team:
            if team not in self._revoked:
                _log.error("Slack took the bot out of workspace %s (%s). %s", team, why, BAD_TOKEN)
            self._revoked.add(team)
        elif self._store is not None and await self._installed(team):
            _log.warning(
                "workspace %s has let the bot go (%s); its admin installs it again at /slack/install", team, why
            )
            await self._store.async_delete_all(enterprise_id=None, team_id=team)

    def forget(self, team: str) -> None:
        """It was installed anew; look again."""
        self._known.pop(team, None)

    async def _installed(self, team: str) -> Workspace | None:
        if self._store is None:
            return None
        bot = await self._store.async_find_bot(enterprise_id=None, team_id=team)
        if bot is None or not bot.bot_token:
            return None
        return Workspace(team, bot.bot_token, bot.bot_id or "", bot.bot_user_id or "")


async def entered(client: AsyncWebClient, pause_s: float) -> Workspace:
    """However long the network takes; only a token that Slack refuses ends it."""
    while (said := await _asked(client)) is None:
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_S)
    return Workspace(said["team_id"], client.token or "", said.get("bot_id", ""), said["user_id"])


async def _asked(client: AsyncWebClient) -> Any:
    """Who the bot is; None where Slack cannot be asked just now."""
    try:
        return await client.auth_test()
    except SlackApiError as error:
        if error.response.get("error") in REFUSED:
            raise UserError(BAD_TOKEN) from None
        _log.warning("Slack does not say who the bot is (%s); asking again", error.response.get("error"))
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        _log.warning("Slack does not answer (%s); asking again", type(error).__name__)
    return None
