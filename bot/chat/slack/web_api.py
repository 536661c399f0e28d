"""The Web API with each workspace's bot token."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.chat.kit.files import read_all
from bot.chat.kit.tasks import retried
from bot.chat.platform_interface import Lost
from bot.chat.slack.payload import Json
from bot.chat.slack.workspaces import Workspaces

RETRY_PAUSES_S = (0.3, 1.0, 2.5)
LONGEST_WAIT_S = 60.0
TIMEOUT_S = 10
CONNECTIONS = 64
INVALID_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)
OUTAGES = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
RATE_LIMITED = "ratelimited"
FILE_HOSTS = ".slack.com"
NETWORK_ERRORS = (aiohttp.ClientError, SlackClientError, OSError)


class ApiError(Exception):
    """Slack refused a call."""

    def __init__(self, code: str, explanation: str = "") -> None:
        super().__init__(explanation or code)
        self.code = code


class UncertainError(Exception):
    """The call may or may not have taken effect."""


FAILURES = (ApiError, UncertainError, Lost, OSError)


def open_session() -> aiohttp.ClientSession:
    # Connections stay open, so that many presses at once do not need as many handshakes.
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
    )


def web_client(
    session: aiohttp.ClientSession, api_url: str, token: str, **options: Any
) -> AsyncWebClient:
    return AsyncWebClient(
        token or None,
        base_url=api_url,
        session=session,
        timeout=TIMEOUT_S,
        trust_env_in_session=True,
        **options,
    )


@dataclass
class WebApi:
    _session: aiohttp.ClientSession
    _api_url: str
    _workspaces: Workspaces

    async def call(
        self,
        team: str,
        method: str,
        /,
        *,
        retry: bool = True,
        **args: Any,
    ) -> Json:
        workspace = await self._workspaces.find(team)
        if workspace is None:
            explanation = f"the bot is not in workspace {team} any more"
            raise ApiError("account_inactive", explanation)
        # A call that may have taken effect is only repeated if that does no harm.
        pauses_s = RETRY_PAUSES_S if retry else ()

        async def attempt(token: str) -> Json:
            return await retried(lambda: self._call(token, method, args), pauses_s, UncertainError)

        try:
            return await attempt(workspace.token)
        except ApiError as error:
            if error.code not in INVALID_TOKEN:
                raise
            workspace = await self._workspaces.refused(team, workspace.token, error.code)
            if workspace is None:
                raise
        return await attempt(workspace.token)

    async def download(self, team: str, address: str) -> bytes:
        workspace = await self._workspaces.find(team)
        url = URL(address)
        # The token is sent to nobody but Slack.
        is_api_host = url.origin() == URL(self._api_url).origin()
        is_slacks = (url.host or "").endswith(FILE_HOSTS)
        if workspace is None or not (is_slacks or is_api_host):
            raise ApiError("not_ours", "the file is not where Slack keeps files")
        headers = {"Authorization": f"Bearer {workspace.token}"}
        try:
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK or response.content_type == "text/html":
                    explanation = "Slack shows a page instead of the file"
                    raise ApiError(str(response.status), explanation)
                return await read_all(response.content.iter_any())
        except NETWORK_ERRORS as error:
            raise UncertainError(f"download: {type(error).__name__}") from error

    async def _call(self, token: str, method: str, args: Json) -> Json:
        client = web_client(self._session, self._api_url, token, retry_handlers=[])
        while True:
            try:
                answer = await getattr(client, method)(**args)
            except SlackApiError as error:
                wait_s = _retry_after(error.response.status_code, error.response.headers)
                if wait_s is None or wait_s > LONGEST_WAIT_S:
                    raise _translated(error) from error
                await asyncio.sleep(wait_s)
            except NETWORK_ERRORS as error:
                raise UncertainError(f"{method}: {type(error).__name__}") from error
            else:
                return dict(answer.data)

    async def post(self, url: str, *, retry: bool, **body: Any) -> None:
        for pause in (*RETRY_PAUSES_S, None):
            try:
                async with self._session.post(url, **body) as response:
                    explanation = await response.text()
            except NETWORK_ERRORS as error:
                if pause is None or not retry:
                    raise UncertainError(f"post: {type(error).__name__}") from error
                await asyncio.sleep(pause)
                continue
            status = response.status
            wait_s = _retry_after(status, response.headers)
            if wait_s is not None and pause is not None:
                await asyncio.sleep(min(LONGEST_WAIT_S, wait_s))
                continue
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise UncertainError(f"post: status {status}")
            if status >= HTTPStatus.BAD_REQUEST:
                code = explanation.strip()[:60] or str(status)
                raise ApiError(code, f"post: {status} {explanation[:200]}")
            return


def _retry_after(status: int, headers: Mapping[str, str]) -> float | None:
    is_limited = status == HTTPStatus.TOO_MANY_REQUESTS
    return float(headers.get("Retry-After", 1)) if is_limited else None


def _translated(error: SlackApiError) -> Exception:
    status = error.response.status_code
    payload = error.response.data
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(payload, dict):
        return UncertainError(f"status {status}")
    code = str(payload.get("error", status))
    if code in OUTAGES:
        return UncertainError(code)
    return ApiError(code, f"{code} {payload.get('response_metadata', '')}")
