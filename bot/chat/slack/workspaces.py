"""The workspaces that the bot is in, each with its own token."""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OperatorError

_log = logging.getLogger(__name__)
LONGEST_S = 60.0
OVER = frozenset({"token_revoked", "account_inactive"})
"""Slack's words for an installation that is no more. The others can pass: a workspace that moves, a network that is shut out."""
REFUSED = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
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
        self._shut: dict[str, tuple[str, float]] = {}
        """Tokens that were refused, and for how long they are not tried again."""
        self.ready = asyncio.Event()

    async def enter(self, client: AsyncWebClient | None, pause_s: float) -> None:
        """Learn which workspace the token from the settings belongs to; without one, installations tell."""
        if client is not None:
            self._own = await entered(client, pause_s)
        self.ready.set()

    async def find(self, team: str) -> Workspace | None:
        """None where the bot is in no such workspace, or was refused there a moment ago."""
        await self.ready.wait()
        now = asyncio.get_running_loop().time()
        known, until = self._known.get(team, (None, 0.0))
        if self._own is not None and self._own.team == team:
            known = self._own
        elif known is None or until <= now:
            known = await self._installed(team)
            if known is not None:
                self._known[team] = (known, now + self._known_s)
        token, until = self._shut.get(team, ("", 0.0))
        return None if known is None or (known.token == token and until > now) else known

    async def keeper(self, team: str) -> str:
        """Who installed the bot there; empty where that is not known."""
        if self._store is None:
            return ""
        found = await self._store.async_find_installation(enterprise_id=None, team_id=team)
        return str(found.user_id) if found and found.user_id else ""

    async def refused(self, team: str, token: str, why: str) -> Workspace | None:
        """Slack takes a token no more. The workspace with its new one, where it has installed the bot anew meanwhile."""
        self._known.pop(team, None)
        self._shut[team] = (token, asyncio.get_running_loop().time() + self._known_s)
        if self._own is not None and self._own.team == team:
            _log.error("Slack took the bot out of workspace %s (%s). %s", team, why, BAD_TOKEN)
            return None
        there = await self._installed(team)
        if there is None or there.token != token:
            return there
        _log.warning(
            "workspace %s lets the bot in no more (%s); its admin installs it at /slack/install",
            team,
            why,
        )
        if why in OVER and self._store is not None:
            await self._store.async_delete_all(enterprise_id=None, team_id=team)
        return None

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
            raise OperatorError(BAD_TOKEN) from None
        _log.warning(
            "Slack does not say who the bot is (%s); asking again", error.response.get("error")
        )
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        _log.warning("Slack does not answer (%s); asking again", type(error).__name__)
    return None
