"""Workspaces that install the app themselves: the library's flow, its own tables in our database."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.encryption import EncryptedInstallations, TokenCipher
from bot.chat.slack.incoming.http_routes import BACK, INSTALL
from bot.chat.slack.manifest import SCOPES

STATE_S = 600


@dataclass(frozen=True, slots=True)
class App:
    """What Slack calls the app that many workspaces install, and the engine of the database that keeps them."""

    id: str
    secret: str
    keys: tuple[str, ...]
    engine: Any

    def store(self) -> EncryptedInstallations:
        return EncryptedInstallations(self.id, self.engine, TokenCipher(self.keys))


def installing(
    app: App, store: EncryptedInstallations, client: AsyncWebClient, api: str
) -> AsyncOAuthFlow:
    return AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=app.id,
            client_secret=app.secret,
            scopes=SCOPES,
            install_path=INSTALL,
            redirect_uri_path=BACK,
            installation_store=store,
            state_store=AsyncSQLAlchemyOAuthStateStore(
                expiration_seconds=STATE_S, engine=app.engine
            ),
            authorization_url=_page(api),
        ),
    )


def _page(api: str) -> str:
    """Where people agree to it: beside the Web API."""
    address = urlsplit(api)
    return f"{address.scheme}://{address.netloc}/oauth/v2/authorize"
