"""Everything that is said to Slack: the Web API with a workspace's own token, and the addresses that clicks bring."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.chat.kit.uploads import read_all
from bot.chat.slack.workspaces import Workspaces

Json = dict[str, Any]

PAUSES_S = (0.3, 1.0, 2.5)
"""Seconds before each new attempt of what may safely be done twice."""
PATIENCE_S = 60.0
"""Seconds that Slack may ask to wait; if it asks for more, the request is given up."""
TIMEOUT_S = 10
CONNECTIONS = 64
GONE = frozenset(
    {
        "invalid_auth",
        "token_revoked",
        "account_inactive",
        "not_authed",
        "token_expired",
        "org_login_required",
    }
)
"""Slack's words for a token that is worth nothing any more."""
FILES = ".slack.com"
BUSY = "ratelimited"
"""Slack's word for: later, and not for long yet."""
_log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 (an answer of Slack, which the callers judge)
    """Slack would not do it; `code` is its own word for why."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(said or code)
        self.code = code


class Unsure(Exception):  # noqa: N818 (as above)
    """The connection failed or Slack itself did, so that it may have been done or not."""


def session() -> aiohttp.ClientSession:
    """A few connections that are kept open: a storm of clicks must not begin with a storm of handshakes."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
    )


class WebApi:
    def __init__(self, session: aiohttp.ClientSession, api: str, workspaces: Workspaces) -> None:
        self._session, self._api, self._workspaces = session, api, workspaces

    def client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(
            token,
            base_url=self._api,
            session=self._session,
            timeout=TIMEOUT_S,
            retry_handlers=[],
            trust_env_in_session=True,
        )

    async def ask(self, team: str, method: str, /, *, again: bool = True, **given: Any) -> Json:
        """One call of the Web API. With `again`, what went wrong on the way is tried again."""
        known = await self._workspaces.find(team)
        if known is None:
            raise Refused("account_inactive", f"the bot is not in workspace {team} any more")
        try:
            return await self._again(known.token, method, given, again=again)
        except Refused as refusal:
            if refusal.code not in GONE:
                raise
            newer = await self._workspaces.refused(team, known.token, refusal.code)
            if newer is None:
                raise
        return await self._again(newer.token, method, given, again=again)

    async def fetch(self, team: str, address: str) -> bytes:
        """A file of a workspace, read with its token, which nobody but Slack gets to see."""
        known, there, api = await self._workspaces.find(team), URL(address), URL(self._api)
        if known is None or not (
            there.origin() == api.origin() or (there.host or "").endswith(FILES)
        ):
            raise Refused("not_ours", "the file is not where Slack keeps files")
        try:
            async with self._session.get(
                there, headers={"Authorization": f"Bearer {known.token}"}, allow_redirects=False
            ) as response:
                if response.status != 200 or response.content_type == "text/html":  # noqa: PLR2004 (there it is)
                    raise Refused(
                        str(response.status), "Slack shows its own page in place of the file"
                    )
                return await read_all(response.content.iter_any())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unsure(f"fetch: {type(error).__name__}") from error

    async def put(self, address: str, content: bytes) -> None:
        """A file to where Slack said it wants it."""
        await self._sent("put", address, data=content)

    async def respond(self, address: str, body: Mapping[str, Any]) -> None:
        """Say something at the address that a click brought with it; it lives for half an hour and five uses."""
        await self._sent("respond", address, json=body)

    async def _again(
        self, token: str, method: str, given: Mapping[str, Any], *, again: bool
    ) -> Json:
        for pause in (*PAUSES_S, None):
            try:
                return await self._calm(token, method, given)
            except Unsure as error:
                if not again or pause is None:
                    raise
                _log.info("Slack did not take %s: %s; trying again", method, error)
                await asyncio.sleep(pause)
        raise AssertionError("unreachable")

    async def _calm(self, token: str, method: str, given: Mapping[str, Any]) -> Json:
        """Until there is an answer: what was merely asked to wait waits and asks again."""
        while True:
            try:
                answer = await getattr(self.client(token), method)(**given)
            except SlackApiError as error:
                wait = _wait(error)
                if wait is None:
                    raise _judged(error) from error
                _log.info("Slack asks to wait %s s before %s", wait, method)
                await asyncio.sleep(wait)
            except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
                raise Unsure(f"{method}: {type(error).__name__}") from error
            else:
                return dict(answer.data)

    async def _sent(self, what: str, address: str, **body: Any) -> None:
        for pause in (*PAUSES_S, None):
            try:
                async with self._session.post(address, **body) as response:
                    status, text = response.status, await response.text()
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                if what == "respond" or pause is None:
                    raise Unsure(f"{what}: {type(error).__name__}") from error
                await asyncio.sleep(pause)
                continue
            if status == 429 and pause is not None:  # noqa: PLR2004 (too many requests)
                await asyncio.sleep(min(PATIENCE_S, float(response.headers.get("Retry-After", 1))))
            elif status >= 500:  # noqa: PLR2004 (every server error)
                raise Unsure(f"{what}: status {status}")
            elif status >= 400:  # noqa: PLR2004 (every other refusal)
                raise Refused(text.strip()[:60] or str(status), f"{what}: {status} {text[:200]}")
            else:
                return


def _wait(error: SlackApiError) -> float | None:
    """How long Slack asks to wait; None where it does not, or for too long."""
    if error.response.status_code != 429:  # noqa: PLR2004 (too many requests)
        return None
    wait = float(error.response.headers.get("Retry-After", 1))
    return wait if wait <= PATIENCE_S else None


def _judged(error: SlackApiError) -> Exception:
    status, said = error.response.status_code, error.response.data
    if status >= 500 or not isinstance(said, dict):  # noqa: PLR2004 (every server error)
        return Unsure(f"status {status}")
    code = str(said.get("error", status))
    if code in {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}:
        return Unsure(code)
    return Refused(code, f"{code} {said.get('response_metadata', '')}")
