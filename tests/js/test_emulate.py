"""Slack as somebody else made it: what a server that we did not write makes of the adapter's calls.

It is strict about scopes and has OAuth, messages, views and direct messages, but presses no
buttons: what people do is signed here as Slack signs it. Of slack_sdk's calls it knows those that
carry their arguments in the body.
"""

import asyncio
import hmac
import html
import json
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from bot.chat.platform_interface import Command, Press, Visit
from bot.chat.slack.manifest import SCOPES
from bot.chat.slack.oauth import OAuthApp
from bot.chat.slack.platform import SlackPlatform
from bot.phrases.say import say
from bot.store.sql.database import Database
from tests.chat.discord.scene import Talk, question, showing
from tests.chat.memory_storage import MemoryStorage
from tests.chat.slack.scene import QUICK, vouched
from tests.fakes.client import DEADLINE_S
from tests.js.client import is_there, started

if not is_there("emulate"):
    pytest.skip(
        "emulate is not installed (make test tells why): its checks are left out",
        allow_module_level=True,
    )

SECRET, TEAM, CHANNEL, ADA = "s" * 32, "T000000001", "C000000001", "U000000001"
BACK = "https://quiz.example/slack/oauth_redirect"
SIGNED = "application/x-www-form-urlencoded"


@pytest.fixture
def talk() -> Talk:
    return Talk()


@asynccontextmanager
async def another_slack() -> AsyncIterator[str]:
    """The address of its Web API; the app may do what our manifest asks for, and no more."""
    app = {
        "client_id": "1.2",
        "client_secret": "hush",
        "name": "Torchproof",
        "redirect_uris": [BACK],
        "scopes": SCOPES,
        "bot_name": "torchproof",
    }
    seed = {"strict_scopes": True, "signing_secret": SECRET, "oauth_apps": [app]}
    async with started("emulate.js", SEED=json.dumps(seed)) as made:
        yield f"http://127.0.0.1:{urlsplit((await made.tells('ready'))['url']).port}"


class Outsider:
    """The adapter by signed HTTP before that server, and a person who acts."""

    def __init__(self, slack: str, address: str, browser: aiohttp.ClientSession) -> None:
        self.slack, self.address, self.browser = slack, address, browser
        self.token = ""

    async def install(self) -> None:
        """From our page through its consent and back.

        It keeps no cookie that is for HTTPS, so it is handed over.
        """
        async with self.browser.get(f"{self.address}/slack/install") as response:
            link = html.unescape(
                re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', await response.text())[0]
            )
        asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
        allowed = {**asked, "user_id": ADA, "redirect_uri": BACK}
        consent = f"{self.slack}/oauth/v2/authorize/callback"
        async with self.browser.post(consent, data=allowed, allow_redirects=False) as response:
            query = urlsplit(response.headers["Location"]).query
        headers = {"Cookie": f"slack-app-oauth-state={asked['state']}"}
        async with self.browser.get(
            f"{self.address}/slack/oauth_redirect?{query}", headers=headers
        ) as response:
            assert response.status == 200

    async def says(self, body: str, kind: str = SIGNED) -> None:
        at = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), "sha256").hexdigest()
        headers = {
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={signature}",
            "Content-Type": kind,
        }
        async with self.browser.post(
            f"{self.address}/slack/events", data=body, headers=headers
        ) as response:
            assert response.status == 200, await response.text()

    async def slash(self, text: str) -> None:
        where = {
            "team_id": TEAM,
            "channel_id": CHANNEL,
            "channel_name": "general",
            "user_id": ADA,
            "user_name": "ada",
        }
        act = {
            "command": "/quiz",
            "text": text,
            "trigger_id": "1.1.a",
            "api_app_id": "A1",
            "token": "t",
        }
        await self.says(urlencode({**where, **act, "response_url": f"{self.slack}/nowhere"}))

    async def press(self, action: str, ts: str) -> None:
        button = {
            "type": "button",
            "action_id": action,
            "block_id": "b",
            "value": action,
            "action_ts": f"{time.time()}",
        }
        act = {
            "type": "block_actions",
            "user": {"id": ADA, "username": "ada", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "emulate"},
            "api_app_id": "A1",
            "trigger_id": "1.1.b",
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": CHANNEL,
                "is_ephemeral": False,
            },
            "channel": {"id": CHANNEL, "name": "general"},
            "message": {"type": "message", "ts": ts, "text": "", "user": "U1"},
            "response_url": f"{self.slack}/nowhere",
            "actions": [button],
        }
        await self.says(urlencode({"payload": json.dumps(act)}))

    async def opens_home(self) -> None:
        event = {
            "type": "app_home_opened",
            "user": ADA,
            "channel": "D1",
            "tab": "home",
            "event_ts": f"{time.time()}",
        }
        told = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A1",
            "event_id": "Ev1",
            "event": event,
        }
        await self.says(json.dumps(told), "application/json")

    async def finds(self, words: str) -> dict[str, Any]:
        """The one message of the channel with these words, there or coming."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with asyncio.timeout(DEADLINE_S):
            while True:
                url = f"{self.slack}/api/conversations.history"
                async with self.browser.post(
                    url, json={"channel": CHANNEL}, headers=headers
                ) as response:
                    found = [
                        each
                        for each in (await response.json())["messages"]
                        if words in each["text"]
                    ]
                if found:
                    return dict(found[0])


@asynccontextmanager
async def opened(database: Database, talk: Talk) -> AsyncIterator[tuple[SlackPlatform, Outsider]]:
    app = OAuthApp("1.2", "hush", ("k" * 32,), database.engine)
    async with another_slack() as slack, aiohttp.ClientSession() as browser:
        made = made_for(slack, app)
        running = asyncio.create_task(made.run(talk.hear))
        try:
            async with asyncio.timeout(DEADLINE_S):
                await made.ready.wait()
            person = Outsider(slack, made.address, browser)
            await person.install()
            bot = await app.installations().async_find_bot(enterprise_id=None, team_id=TEAM)
            assert bot
            person.token = str(bot.bot_token)
            yield made, person
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def made_for(slack: str, app: OAuthApp) -> SlackPlatform:
    return SlackPlatform(
        bot_token="",
        app_token="",
        signing_secret=SECRET,
        app=app,
        host="127.0.0.1",
        port=0,
        api_url=f"{slack}/api/",
        storage=MemoryStorage(),
        sources=dict,
        is_named_admin=vouched,
        say=say,
        now=lambda: datetime.now(UTC),
        timeouts=QUICK,
    )


async def test_a_server_that_we_did_not_write_takes_what_the_adapter_says(
    database: Database, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Installed by consent, a question asked by a command, pressed and changed.

    A home is drawn; and no scope is missing.
    """
    talk.answers["challenge"] = showing
    talk.visited = showing
    async with opened(database, talk) as (made, ada):
        await ada.slash("challenge")
        await talk.hears(Command)
        asked = await ada.finds("Question 1")
        await ada.press("answer:1:A", asked["ts"])
        (press,) = await talk.hears(Press)
        assert (press.action, press.message.id, press.person.id) == (
            "answer:1:A",
            asked["ts"],
            f"{TEAM}/{ADA}",
        )
        await made.edit(press.message, question(2))
        assert (await ada.finds("Question 2"))["ts"] == asked["ts"]
        await ada.opens_home()
        await talk.hears(Visit)
    assert "missing_scope" not in caplog.text
    assert "a home could not be shown" not in caplog.text
