"""How Discord fails on demand."""

from aiohttp import web

from tests.fakes.faults import Fault, Faults

BANNED = "banned"
"""429 from the network in front, which sends no Via."""


class DiscordFaults(Faults):
    kinds = Faults.kinds | {BANNED}
    error_page = "<!DOCTYPE html><title>discord.com | 5xx</title>"

    def limited(self, seconds: float) -> web.Response:
        body = {
            "message": "You are being rate limited.",
            "retry_after": seconds,
            "global": False,
            "code": 0,
        }
        return web.json_response(body, status=429, headers=limited_headers("shared"))

    def special(self, fault: Fault) -> web.Response | None:
        return self.page(429) if fault.kind == BANNED else None


def limited_headers(scope: str) -> dict[str, str]:
    return {"Via": "1.1 google", "X-RateLimit-Scope": scope}
