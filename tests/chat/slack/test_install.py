"""Workspaces that install the app themselves, and let it go again.

Also what is kept of them, and how.
"""

import asyncio
import hmac
import html
import re
import socket
from dataclasses import replace
from time import time as slack_time
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, select

from bot.chat.platform_interface import Command, Lost, Returned
from bot.chat.slack.manifest import manifest
from bot.chat.slack.oauth import EncryptedInstallations, OAuthApp, TokenCipher
from bot.errors import OperatorError
from bot.identity import Place
from bot.store.key_value import KeyValue
from bot.store.sql.all_tables import metadata
from bot.store.sql.database import Database
from bot.store.sql.tables.adapters import (
    slack_bots,
    slack_installations,
    slack_oauth_states,
    slack_values,
)
from tests.chat.discord.scene import Talk, question
from tests.chat.slack.scene import QUICK, platform, served
from tests.fakes.slack.workspace import Member, Slack, Workspace

KEY, OTHER = "k" * 32, "o" * 32


def installation(token: str = "xoxb-secret") -> Installation:
    return Installation(
        app_id="A1",
        user_id="U1",
        team_id="T1",
        bot_token=token,
        bot_id="B1",
        bot_user_id="U9",
        installed_at=1e9,
    )


def store(database: Database, *keys: str) -> EncryptedInstallations:
    return EncryptedInstallations("client", database.engine, TokenCipher(keys or (KEY,)))


def test_our_tables_have_the_columns_that_the_library_writes() -> None:
    theirs = MetaData()
    tables = (
        (
            slack_installations,
            SQLAlchemyInstallationStore.build_installations_table(theirs, "slack_installations"),
        ),
        (slack_bots, SQLAlchemyInstallationStore.build_bots_table(theirs, "slack_bots")),
        (
            slack_oauth_states,
            SQLAlchemyOAuthStateStore.build_oauth_states_table(theirs, "slack_oauth_states"),
        ),
    )
    for ours, built in tables:
        assert ours.metadata is metadata
        assert [(each.name, each.nullable) for each in ours.c] == [
            (each.name, each.nullable) for each in built.c
        ]


async def test_tokens_lie_sealed_and_come_back_open(database: Database) -> None:
    await store(database).async_save(installation())
    async with database.reading() as tx:
        kept = [*(await tx.execute(select(slack_bots.c.bot_token))).scalars()]
        kept += [*(await tx.execute(select(slack_installations.c.bot_token))).scalars()]
    assert len(kept) == 2
    assert not any("xoxb" in token for token in kept)
    found = await store(database).async_find_bot(enterprise_id=None, team_id="T1")
    assert found is not None
    assert found.bot_token == "xoxb-secret"
    whole = await store(database).async_find_installation(
        enterprise_id=None, team_id="T1", user_id="U1"
    )
    assert whole is not None
    assert whole.bot_token == "xoxb-secret"


async def test_a_key_can_be_changed_while_the_old_one_still_opens(database: Database) -> None:
    await store(database).async_save(installation())
    found = await store(database, OTHER, KEY).async_find_bot(enterprise_id=None, team_id="T1")
    assert found is not None
    assert found.bot_token == "xoxb-secret"
    with pytest.raises(OperatorError, match="TORCHPROOF_SLACK_KEY"):
        await store(database, OTHER).async_find_bot(enterprise_id=None, team_id="T1")


class Open:
    """A platform that workspaces install, and the people who do."""

    def __init__(self, slack: Slack, database: Database, talk: Talk, **options: Any) -> None:
        app = OAuthApp(slack.client_id, slack.client_secret, (KEY,), database.engine)
        self.slack, self.talk = slack, talk
        memory = KeyValue(database, slack_values)
        self.platform = platform(slack, "", signed=True, app=app, storage=memory, **options)
        self._running: asyncio.Task[Any] | None = None

    async def __aenter__(self) -> Self:
        self._running = asyncio.create_task(self.platform.run(self.talk.hear))
        async with asyncio.timeout(10):
            await self.platform.ready.wait()
        await self.slack.manifest(manifest("https://quiz.example"))
        await self.slack.request_url(f"{self.platform.address}/slack/events")
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._running
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def install(self, admin: Member) -> int:
        """From the install page, through Slack's consent, and back."""
        query = await self.agree(admin)
        return await self.come_back(query, parse_qs(query)["state"][0])

    async def agree(self, admin: Member) -> str:
        """What the browser brings back from Slack's page."""
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(f"{self.platform.address}/slack/install") as response,
        ):
            page = await response.text()
        link = html.unescape(re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', page)[0])
        assert parse_qs(urlsplit(link).query)["state"]
        back = await admin.allows(
            f"{link}&redirect_uri={self.platform.address}/slack/oauth_redirect"
        )
        return urlsplit(back).query

    async def come_back(self, query: str, cookie: str) -> int:
        address = f"{self.platform.address}/slack/oauth_redirect?{query}"
        cookies = {"slack-app-oauth-state": cookie} if cookie else {}
        async with (
            aiohttp.ClientSession() as browser,
            browser.get(address, cookies=cookies) as response,
        ):
            return response.status


async def test_two_workspaces_install_it_and_one_lets_it_go(
    slack: Slack, database: Database, talk: Talk
) -> None:
    first = await slack.workspace("First", installed=False)
    second = await slack.workspace("Second", installed=False)
    ada, bob = await first.join("Ada", admin=True), await second.join("Bob", admin=True)
    async with Open(slack, database, talk) as there:
        assert await there.install(ada) == 200
        assert await there.install(bob) == 200
        await first.installed()
        await second.installed()
        await ada.slash("/quiz", "me")
        await bob.slash("/quiz", "me")
        heard = await talk.hears(Command, 2)
        assert {each.place.community for each in heard} == {first.id, second.id}
        place = Place("slack", first.id, first.channels["general"])
        await there.platform.post(place, question(1), "round:1")
        await ada.finds("Question 1")
        await first.uninstall()
        with pytest.raises(Lost):
            await there.platform.post(place, question(2), "round:2")
        await bob.slash("/quiz", "board")
        assert (await talk.hears(Command, 3))[-1].place.community == second.id
        async with asyncio.timeout(10):
            while await _teams(database) != {second.id}:
                await talk.hears(Command, 3)
                await bob.slash("/quiz", "me")


async def test_what_comes_back_from_slack_counts_once_and_only_in_the_browser_that_left(
    slack: Slack, database: Database, talk: Talk
) -> None:
    there, other = (
        await slack.workspace("First", installed=False),
        await slack.workspace("Other", installed=False),
    )
    ada, bob = await there.join("Ada", admin=True), await other.join("Bob", admin=True)
    async with Open(slack, database, talk) as open_:
        query = await open_.agree(ada)
        state = parse_qs(query)["state"][0]
        assert await open_.come_back(query, "") == 400, "another browser"
        assert await open_.come_back(query, "another") == 400
        assert await _teams(database) == set()
        assert await open_.come_back(query, state) == 200
        assert await open_.come_back(query, state) == 401, "its state is used up"
        stolen = parse_qs(await open_.agree(bob))["code"][0]
        assert await open_.come_back(f"code={stolen}&state={state}", state) == 401, (
            "with another's code, too"
        )
        assert await open_.come_back(f"code={stolen}&state=invented", "invented") == 401
        assert await open_.come_back("error=access_denied", "") == 200
    assert await _teams(database) == {there.id}


async def test_a_workspace_of_an_organisation_installs_it_like_any_other(
    slack: Slack, database: Database, talk: Talk
) -> None:
    """Slack names the organisation at each turn; a workspace is known by its own id alone."""
    home = await slack.workspace("Study group", installed=False, enterprise="E0GRID00001")
    ada = await home.join("Ada", admin=True)
    async with Open(slack, database, talk) as there:
        assert await there.install(ada) == 200
        await home.installed()
        assert (await ada.slash("/quiz", "me")).acknowledged
        await ada.finds("Heard")
        await ada.writes(f"<@{(await slack.do('installation', team=home.id))['bot']}> board")
        heard = await talk.hears(Command, 2)
        assert {event.place.community for event in heard} == {home.id}
        await home.uninstall()
        with pytest.raises(Lost):
            await there.platform.post(
                Place("slack", home.id, home.channels["general"]), question(2), "round:2"
            )
    assert await _teams(database) == set()


async def test_an_installation_for_a_whole_organisation_is_refused(database: Database) -> None:
    whole = installation()
    whole.team_id, whole.enterprise_id, whole.is_enterprise_install = None, "E1", True
    with pytest.raises(BoltError, match="each workspace"):
        await store(database).async_save(whole)


async def test_a_workspace_that_installs_it_anew_is_served_at_once_and_stays(
    slack: Slack, database: Database, talk: Talk
) -> None:
    """The news of the uninstallation comes late, again and again.

    A process that knew the old token has it still.
    """
    home = await slack.workspace("Study group", installed=False)
    ada = await home.join("Ada", admin=True)
    general = Place("slack", home.id, home.channels["general"])
    async with Open(slack, database, talk) as there, Open(slack, database, Talk()) as other:
        await there.install(ada)
        await there.platform.post(general, question(1), "round:1")
        await other.platform.post(general, question(2), "round:2")
        await slack.hold()
        await home.uninstall()
        with pytest.raises(Lost):
            await there.platform.post(general, question(3), "round:3")
        assert await there.install(ada) == 200
        await other.platform.post(general, question(4), "round:4")
        await slack.release()
        await slack.heard("tokens_revoked")
        await slack.heard("app_uninstalled")
        await there.platform.post(general, question(5), "round:5")
        await other.platform.post(general, question(6), "round:6")
        assert (await ada.slash("/quiz", "me")).acknowledged
    assert await _teams(database) == {home.id}
    assert len([seen for seen in await ada.sees() if seen.by_bot and not seen.private]) == 5


async def test_a_refusal_that_can_pass_forgets_nobody(
    slack: Slack, database: Database, talk: Talk
) -> None:
    """An organisation that moves, an address that is shut out.

    The token is good again afterwards.
    """
    home = await slack.workspace("Study group", installed=False)
    ada = await home.join("Ada", admin=True)
    general = Place("slack", home.id, home.channels["general"])
    timeouts = replace(QUICK, remember=0)
    async with Open(slack, database, talk, timeouts=timeouts) as there:
        await there.install(ada)
        await slack.fault("refused", "POST /chat.postMessage", times=1, error="org_login_required")
        with pytest.raises(Lost):
            await there.platform.post(general, question(1), "round:1")
        assert await _teams(database) == {home.id}
        await there.platform.post(general, question(1), "round:1")


async def _teams(database: Database) -> set[str]:
    async with database.reading() as tx:
        return set((await tx.execute(select(slack_bots.c.team_id))).scalars())


async def test_a_token_that_was_revoked_without_a_word_is_noticed(
    slack: Slack, home: Workspace, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    made = platform(slack, home.token)
    running = asyncio.create_task(made.run(talk.hear))
    async with asyncio.timeout(10):
        await made.ready.wait()
    await home.uninstall(quietly=True)
    with pytest.raises(Lost):
        await made.post(Place("slack", home.id, home.channels["general"]), question(1), "round:1")
    assert "took the bot out of workspace" in caplog.text
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_token_that_slack_refuses_from_the_start_ends_with_what_to_do(
    slack: Slack, talk: Talk
) -> None:
    with pytest.raises(OperatorError, match="TORCHPROOF_SLACK_BOT_TOKEN"):
        await platform(slack, "xoxb-wrong").run(talk.hear)


async def test_a_network_that_fails_at_the_start_is_waited_for(
    slack: Slack, home: Workspace, talk: Talk
) -> None:
    await slack.fault("failed", "POST /auth.test", times=2)
    await slack.fault("cut", "POST /auth.test", times=1)
    async with served(slack, home, talk):
        assert talk.of(Returned)


async def test_a_port_that_is_taken_is_said(slack: Slack, home: Workspace, talk: Talk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ExceptionGroup) as refused:
        await platform(slack, home.token, signed=True, port=taken.getsockname()[1]).run(talk.hear)
    assert refused.group_contains(OperatorError, match="TORCHPROOF_SLACK_HOST or _PORT")


async def test_a_call_that_is_not_signed_or_old_is_refused(
    slack: Slack, home: Workspace, talk: Talk
) -> None:
    async with served(slack, home, talk, signed=True) as made, aiohttp.ClientSession() as stranger:
        body = "command=%2Fquiz&text=me"
        now = int(slack_time())
        mine = slack.signing_secret
        for at, secret in (
            (str(now), "another"),
            (str(now - 301), mine),
            (str(now + 400), mine),
            ("soon", mine),
            ("", mine),
        ):
            signature = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), "sha256").hexdigest()
            headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
            async with stranger.post(
                f"{made.address}/slack/events", data=body, headers=headers
            ) as response:
                assert response.status == 401
    assert talk.of(Command) == []


async def test_what_strangers_send_fills_no_log(
    slack: Slack, home: Workspace, talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    async with served(slack, home, talk, signed=True) as made, aiohttp.ClientSession() as stranger:
        caplog.clear()
        for body in (b"{", b"\xff", b"payload=%7B", b"", b"payload=null"):
            headers = {
                "X-Slack-Request-Timestamp": str(int(slack_time())),
                "X-Slack-Signature": "v0=0",
            }
            async with stranger.post(
                f"{made.address}/slack/events", data=body, headers=headers
            ) as response:
                assert response.status in {400, 401}
    assert not [record for record in caplog.records if record.exc_info]
