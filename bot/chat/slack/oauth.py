"""Installing the app in workspaces: Bolt's OAuth flow, with its tables in our database."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.encryption import EncryptedInstallations, TokenCipher
from bot.chat.slack.incoming.http_routes import INSTALL_PATH, REDIRECT_PATH
from bot.chat.slack.manifest import SCOPES

STATE_S = 600


@dataclass(frozen=True, slots=True, repr=False)
class OAuthApp:
    client_id: str
    client_secret: str
    keys: tuple[str, ...]
    """For the tokens in the database."""
    engine: Any

    def installations(self) -> EncryptedInstallations:
        return EncryptedInstallations(self.client_id, self.engine, TokenCipher(self.keys))


def oauth_flow(
    app: OAuthApp,
    installations: EncryptedInstallations,
    client: AsyncWebClient,
    api_url: str,
) -> AsyncOAuthFlow:
    return AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=app.client_id,
            client_secret=app.client_secret,
            scopes=SCOPES,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=installations,
            state_store=AsyncSQLAlchemyOAuthStateStore(
                expiration_seconds=STATE_S, engine=app.engine
            ),
            authorization_url=urljoin(api_url, "/oauth/v2/authorize"),
        ),
    )
