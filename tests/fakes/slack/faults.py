"""How Slack fails on demand."""

from aiohttp import web

from tests.fakes.faults import Fault, Faults

FATAL = "fatal"
"""200 and fatal_error."""
REFUSED = "refused"
"""200 and the error of the fault."""


class SlackFaults(Faults):
    kinds = Faults.kinds | {FATAL, REFUSED}
    error_page = "<!DOCTYPE html><title>Server Error | Slack</title>"

    def limited(self, seconds: float) -> web.Response:
        wait = str(max(1, int(seconds) + (seconds % 1 > 0)))
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers={"Retry-After": wait})

    def special(self, fault: Fault) -> web.Response | None:
        if fault.kind not in {FATAL, REFUSED}:
            return None
        return web.json_response({"ok": False, "error": fault.error or "fatal_error"})
