"""Installations in workspaces, with their tokens encrypted."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urljoin

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.incoming.http_routes import INSTALL_PATH, REDIRECT_PATH
from bot.chat.slack.manifest import SCOPES
from bot.errors import OperatorError

STATE_S = 600
ENCRYPTED_PREFIX = "gAAAA"
SECRETS = (
    "bot_token",
    "bot_refresh_token",
    "user_token",
    "user_refresh_token",
    "incoming_webhook_url",
)

Row = TypeVar("Row", Bot, Installation)


@dataclass(frozen=True, slots=True, repr=False)
class TokenCipher:
    # The first one encrypts; all of them decrypt, so that a key can be changed.
    keys: Sequence[str]

    def encrypt(self, text: str | None) -> str | None:
        if not text or text.startswith(ENCRYPTED_PREFIX):
            return text
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, text: str | None) -> str | None:
        if not text or not text.startswith(ENCRYPTED_PREFIX):
            return text
        try:
            return self._fernet().decrypt(text.encode()).decode()
        except InvalidToken:
            raise OperatorError(
                "A workspace’s token was sealed with another key. Put that key behind the new one "
                "in TORCHPROOF_SLACK_KEY, with a comma between."
            ) from None

    def _fernet(self) -> MultiFernet:
        digests = (
            hashlib.sha256(b"torchproof slack " + key.encode()).digest() for key in self.keys
        )
        return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class EncryptedInstallations(AsyncSQLAlchemyInstallationStore):
    """Workspaces are known by their own ids, which are unique across enterprises."""

    def __init__(self, client_id: str, engine: Any, cipher: TokenCipher) -> None:
        super().__init__(client_id=client_id, engine=engine)
        self._cipher = cipher

    async def async_save(self, installation: Installation) -> None:
        if not installation.team_id:
            raise BoltError(
                "installed for a whole organisation: install it in each workspace of it"
            )
        await super().async_save(self._encrypted(installation))

    async def async_save_bot(self, bot: Bot) -> None:
        await super().async_save_bot(self._encrypted(bot))

    async def async_find_bot(self, **where: Any) -> Bot | None:
        bot = await super().async_find_bot(**where)
        return _with_secrets(bot, self._cipher.decrypt) if bot else None

    async def async_find_installation(self, **where: Any) -> Installation | None:
        found = await super().async_find_installation(**where)
        return _with_secrets(found, self._cipher.decrypt) if found else None

    def _encrypted(self, row: Row) -> Row:
        encrypted = _with_secrets(row, self._cipher.encrypt)
        encrypted.enterprise_id = None
        return encrypted


def _with_secrets(row: Row, change: Callable[[str | None], str | None]) -> Row:
    changed = copy(row)
    for name in SECRETS:
        if hasattr(changed, name):
            setattr(changed, name, change(getattr(changed, name)))
    return changed


@dataclass(frozen=True, slots=True, repr=False)
class OAuthApp:
    client_id: str
    client_secret: str
    # For the tokens in the database.
    keys: tuple[str, ...]
    engine: Any

    def installations(self) -> EncryptedInstallations:
        return EncryptedInstallations(self.client_id, self.engine, TokenCipher(self.keys))

    def flow(
        self, installations: EncryptedInstallations, client: AsyncWebClient, api_url: str
    ) -> AsyncOAuthFlow:
        states = AsyncSQLAlchemyOAuthStateStore(expiration_seconds=STATE_S, engine=self.engine)
        return AsyncOAuthFlow(
            client=client,
            settings=AsyncOAuthSettings(
                client_id=self.client_id,
                client_secret=self.client_secret,
                scopes=SCOPES,
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                installation_store=installations,
                state_store=states,
                authorization_url=urljoin(api_url, "/oauth/v2/authorize"),
            ),
        )
