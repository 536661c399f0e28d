"""Who is at the door: the signed cookie, and the link that makes its holder the owner."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

COOKIE_AGE = 400 * 24 * 3600
"""Seconds; browsers keep nothing longer."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a cookie says. Without an id its holder has not entered yet."""

    id: str = ""
    owner: bool = False


class CookieSigner:
    """Signs passes, and reads only what it signed."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.cookie = f"torchproof-{sha256(b'web cookie ' + secret).hexdigest()[:8]}"
        """Its name: browsers tell no ports apart, and two chats on one machine must not sign each other's people out."""

    def sign(self, holder: Session) -> str:
        words = f"{holder.id}.{'owner' if holder.owner else 'member'}"
        return f"{words}.{self._signature(words)}"

    def read(self, cookie: str) -> Session | None:
        words, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(
            self._signature(words).encode(), signature.encode(errors="replace")
        ):
            return None
        person, _, role = words.partition(".")
        return Session(person, role == "owner")

    def _signature(self, words: str) -> str:
        return hmac.new(
            self._secret, b"web pass " + words.encode(errors="replace"), sha256
        ).hexdigest()


class OwnerLink:
    """A token that works once."""

    def __init__(self) -> None:
        self._token = secrets.token_urlsafe(24)
        self._used = False

    @property
    def token(self) -> str:
        return self._token

    def use(self, token: str) -> bool:
        right = (
            hmac.compare_digest(self._token.encode(), token.encode(errors="replace"))
            and not self._used
        )
        self._used = self._used or right
        return right


def new_id() -> str:
    return secrets.token_urlsafe(12)


def same(one: str, other: str) -> bool:
    """Whether two passwords are equal, in a time that tells nothing."""
    return hmac.compare_digest(
        sha256(one.encode(errors="replace")).digest(),
        sha256(other.encode(errors="replace")).digest(),
    )
