"""Tokens as they lie in the database: sealed with a key that is not in it."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

from bot.errors import OperatorError

SEALED = "gAAAA"
"""How everything sealed begins."""
SECRETS = (
    "bot_token",
    "bot_refresh_token",
    "user_token",
    "user_refresh_token",
    "incoming_webhook_url",
)

Kind = TypeVar("Kind", Bot, Installation)


@dataclass(frozen=True, slots=True)
class TokenCipher:
    keys: Sequence[str]
    """The first one seals; all of them open, so that a key can be changed."""

    def close(self, text: str | None) -> str | None:
        """Sealed; what is sealed already stays as it is."""
        if not text or text.startswith(SEALED):
            return text
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, text: str | None) -> str | None:
        if not text or not text.startswith(SEALED):
            return text
        try:
            return self._fernet().decrypt(text.encode()).decode()
        except InvalidToken:
            raise OperatorError(
                "A workspace’s token was sealed with another key. Put that key behind the new one in "
                "TORCHPROOF_SLACK_KEY, with a comma between."
            ) from None

    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(_key(each)) for each in self.keys])


def _key(words: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"torchproof slack " + words.encode()).digest())


class EncryptedInstallations(AsyncSQLAlchemyInstallationStore):
    """The library's own store; only what is secret never reaches the table in clear.

    A workspace is known by its own id alone, whatever enterprise it belongs to: Slack gives no id twice.
    """

    def __init__(self, client_id: str, engine: Any, seal: TokenCipher) -> None:
        super().__init__(client_id=client_id, engine=engine)
        self._seal = seal

    async def async_save(self, installation: Installation) -> None:
        if not installation.team_id:
            raise BoltError(
                "installed for a whole organisation: install it in each workspace of it"
            )
        await super().async_save(self._sealed(installation))

    async def async_save_bot(self, bot: Bot) -> None:
        await super().async_save_bot(self._sealed(bot))

    async def async_find_bot(self, **where: Any) -> Bot | None:
        found = await super().async_find_bot(**where)
        return self._opened(found) if found else None

    async def async_find_installation(self, **where: Any) -> Installation | None:
        found = await super().async_find_installation(**where)
        return self._opened(found) if found else None

    def _sealed(self, kept: Kind) -> Kind:
        sealed = _each(kept, self._seal.close)
        sealed.enterprise_id = None
        return sealed

    def _opened(self, kept: Kind) -> Kind:
        return _each(kept, self._seal.open)


def _each(kept: Kind, turn: Callable[[str | None], str | None]) -> Kind:
    """The same with its secrets turned over; the one that was handed in stays as it was."""
    turned = copy(kept)
    for name in SECRETS:
        if hasattr(turned, name):
            setattr(turned, name, turn(getattr(turned, name)))
    return turned
