"""Signed session cookies, and the owner's one-time link."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

# Seconds; browsers cap it here.
COOKIE_AGE = 400 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Session:
    # Empty before somebody has chosen a name.
    person_id: str = ""
    owner: bool = False


class CookieSigner:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        # Cookies ignore ports: two chats on one machine need different names.
        self.cookie = f"torchproof-{sha256(b'web cookie ' + secret).hexdigest()[:8]}"

    def sign(self, session: Session) -> str:
        content = f"{session.person_id}.{'owner' if session.owner else 'member'}"
        return f"{content}.{self._signature(content)}"

    def read(self, cookie: str) -> Session | None:
        content, _, signature = cookie.rpartition(".")
        if not _same(self._signature(content), signature):
            return None
        person_id, _, role = content.partition(".")
        return Session(person_id, role == "owner")

    def _signature(self, content: str) -> str:
        message = b"web pass " + content.encode(errors="replace")
        return hmac.new(self._secret, message, sha256).hexdigest()


class OwnerLink:
    """Works once."""

    def __init__(self) -> None:
        self.token = secrets.token_urlsafe(24)
        self._used = False

    def use(self, token: str) -> bool:
        valid = _same(self.token, token) and not self._used
        self._used = self._used or valid
        return valid


def same_password(one: str, other: str) -> bool:
    digests = (sha256(text.encode(errors="replace")).digest() for text in (one, other))
    return hmac.compare_digest(*digests)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
