"""Where the chat is found, by whom: at its own port, or behind a proxy under another name."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    """`public` is what people type, where that is not where the chat listens: https://quiz.example.org."""

    listens: str
    public: str = ""

    @property
    def secure(self) -> bool:
        return self.public.startswith("https://")

    def knows_host(self, host: str) -> bool:
        """A name that a page elsewhere gave to this machine is none of ours."""
        if self.public and _host_name(host) == urlsplit(self.public).hostname:
            return True
        return _host_name(host) in LOOPBACK or (not self.public and self.listens not in LOOPBACK)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether a page of this origin is ours; proxies keep the host's name or put their own in its place."""
        if self.public and origin.lower() == self.public:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()

    def remote(self, request: web.Request) -> str:
        """Where somebody is. A proxy, which is near, says it for them: what it heard itself stands last."""
        peer = request.remote or ""
        if not self.public or not _is_near(peer):
            return peer
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64] or peer


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_near(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer.partition("%")[0]).is_private
    except ValueError:
        return False
