"""The addresses at which the chat is reached."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from aiohttp.web import Request

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Address:
    # Where the chat listens.
    host: str
    # What people type, if that differs: https://quiz.example.org.
    public: str = ""

    def is_own_host(self, host: str) -> bool:
        # DNS rebinding sends other names.
        name = _split(f"//{host}").hostname
        if self.public and name == urlsplit(self.public).hostname:
            return True
        return name in LOOPBACK or (not self.public and self.host not in LOOPBACK)

    def is_own_origin(self, origin: str, host: str) -> bool:
        # A proxy may replace the Host header.
        if self.public and origin.lower() == self.public:
            return True
        parts = _split(origin)
        return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()

    def client_ip(self, request: Request) -> str:
        peer = request.remote or ""
        # A proxy in a private network appends the client's address.
        if not self.public or not _is_private(peer):
            return peer
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64] or peer


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_private(ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip.partition("%")[0]).is_private
    except ValueError:
        return False
