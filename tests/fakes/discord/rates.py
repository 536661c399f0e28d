"""Rate limits: buckets told in headers, a limit over all, and the hidden ones."""

import re
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

GLOBAL = (50, 1.0)
REFUSALS = (10_000, 600.0)
"""So many refused requests within ten minutes, and the network in front closes."""
DEFAULT = (50, 1.0)
OLD_EDITS = (3, 20.0)
"""For each channel, edits of messages older than an hour."""
FOLLOWED = (30, 10.0)
"""For each channel, follow-ups of all interactions together; told in no header."""
MESSAGES, MESSAGE = (
    "/channels/{channel_id}/messages",
    "/channels/{channel_id}/messages/{message_id}",
)
HOOK = "/webhooks/{webhook_id}/{webhook_token}"
REACTIONS = re.compile(re.escape(MESSAGE) + "/reactions")
LIMITS = {
    ("POST", MESSAGES): (5, 5.0),
    ("PATCH", MESSAGE): (5, 5.0),
    ("DELETE", MESSAGE): (5, 1.0),
    ("POST", "/channels/{channel_id}/typing"): (5, 5.0),
    ("POST", HOOK): (5, 2.0),
    ("PATCH", f"{HOOK}/messages/@original"): (5, 2.0),
    ("PATCH", f"{HOOK}/messages/{{message_id}}"): (5, 2.0),
}
MAJOR = ("channel_id", "guild_id", "webhook_token")


class Window:
    """So many within so many seconds."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._taken: deque[float] = deque()

    def take(self, now: float) -> float:
        """Zero when there was room, otherwise the seconds until there is."""
        self._forget(now)
        if len(self._taken) >= self.limit:
            return self._taken[0] + self.seconds - now
        self._taken.append(now)
        return 0.0

    def left(self, now: float) -> int:
        self._forget(now)
        return self.limit - len(self._taken)

    def fresh_in(self, now: float) -> float:
        """Seconds until it is empty again."""
        return self._taken[-1] + self.seconds - now if self._taken else self.seconds

    def _forget(self, now: float) -> None:
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()


@dataclass
class Limited(Exception):
    retry_after: float
    everywhere: bool = False
    scope: str = "user"
    code: int = 0
    message: str = "You are being rate limited."


class Rates:
    def __init__(self) -> None:
        self.on = True
        self.everything = Window(*GLOBAL)
        self.refused = Window(*REFUSALS)
        self._buckets: dict[str, Window] = {}
        self._hidden: dict[tuple[str, str], Window] = {}

    def enter(self, method: str, template: str, params: dict[str, str], now: float) -> None:
        """Take a place or be limited. What answers an interaction counts nowhere else."""
        if not self.on or "/callback" in template:
            return
        if not template.startswith(HOOK) and (wait := self.everything.take(now)):
            raise Limited(wait, everywhere=True, scope="global")
        if wait := self.bucket(method, template, params).take(now):
            raise Limited(wait)

    def bucket(self, method: str, template: str, params: dict[str, str]) -> Window:
        name, limit = _rule(method, template)
        key = ":".join([name, *(params[one] for one in MAJOR if one in params)])
        return self._buckets.setdefault(key, Window(*limit))

    def headers(
        self, method: str, template: str, params: dict[str, str], now: float, wall: float
    ) -> dict[str, str]:
        if not self.on or "/callback" in template:
            return {}
        bucket = self.bucket(method, template, params)
        after = bucket.fresh_in(now)
        return {
            "X-RateLimit-Bucket": sha256(_rule(method, template)[0].encode()).hexdigest()[:32],
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.left(now)),
            "X-RateLimit-Reset": f"{wall + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
        }

    def hidden(self, kind: str, channel: str, now: float) -> None:
        limit = OLD_EDITS if kind == "old edits" else FOLLOWED
        wait = (
            self._hidden.setdefault((kind, channel), Window(*limit)).take(now) if self.on else 0.0
        )
        if wait and kind == "old edits":
            sent = "Maximum number of edits to messages older than 1 hour reached. Try again later."
            raise Limited(wait, scope="shared", code=30046, message=sent)
        if wait:
            raise Limited(wait, scope="shared")


def _rule(method: str, template: str) -> tuple[str, tuple[int, float]]:
    if REACTIONS.match(template) and method != "GET":
        return "reactions", (1, 0.25)
    return f"{method} {template}", LIMITS.get((method, template), DEFAULT)
