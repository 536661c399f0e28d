"""Rate limits.

There is a bucket of tokens for each method and workspace, and for each channel written to.
"""

from dataclasses import dataclass

TIERS = {1: (1, 1 / 60), 2: (20, 20 / 60), 3: (50, 50 / 60), 4: (100, 100 / 60)}
"""How many at once, and how many come back in a second."""
POSTS = (4, 1.0)
"""For each channel, on top of what the method allows."""
SPECIAL = (600, 10.0)
METHODS = {
    "apps.connections.open": SPECIAL,
    "apps.uninstall": TIERS[1],
    "auth.revoke": TIERS[3],
    "auth.test": SPECIAL,
    "bots.info": TIERS[3],
    "chat.delete": TIERS[3],
    "chat.getPermalink": SPECIAL,
    "chat.postEphemeral": TIERS[4],
    "chat.postMessage": (300, 5.0),
    "chat.update": TIERS[3],
    "conversations.history": TIERS[3],
    "conversations.info": TIERS[3],
    "conversations.join": TIERS[3],
    "conversations.list": TIERS[2],
    "conversations.members": TIERS[4],
    "conversations.open": TIERS[3],
    "conversations.replies": TIERS[3],
    "files.completeUploadExternal": TIERS[4],
    "files.delete": TIERS[3],
    "files.getUploadURLExternal": TIERS[4],
    "files.info": TIERS[4],
    "oauth.v2.access": TIERS[4],
    "reactions.add": TIERS[3],
    "reactions.get": TIERS[3],
    "reactions.remove": TIERS[2],
    "team.info": TIERS[3],
    "users.info": TIERS[4],
    "users.list": TIERS[2],
    "views.open": TIERS[4],
    "views.publish": TIERS[4],
    "views.push": TIERS[4],
    "views.update": TIERS[4],
}


class Bucket:
    """Holds so many tokens and gets so many back in a second."""

    def __init__(self, holds: float, per_second: float, now: float) -> None:
        self.holds, self.per_second = holds, per_second
        self._tokens, self._at = float(holds), now

    def take(self, now: float) -> float:
        """Zero when there was a token, otherwise the seconds until there is one."""
        self._tokens = min(self.holds, self._tokens + (now - self._at) * self.per_second)
        self._at = now
        if self._tokens < 1:
            return (1 - self._tokens) / self.per_second
        self._tokens -= 1
        return 0.0


@dataclass
class Limited(Exception):
    retry_after: float


class Rates:
    def __init__(self) -> None:
        self.on = True
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def enter(self, method: str, team: str, channel: str, now: float) -> None:
        """Take a place or be limited."""
        if not self.on:
            return
        self._take((method, team), METHODS[method], now)
        if method == "chat.postMessage":
            self._take((method, f"{team}:{channel}"), POSTS, now)

    def _take(self, key: tuple[str, str], limit: tuple[float, float], now: float) -> None:
        bucket = self._buckets.setdefault(key, Bucket(*limit, now))
        if wait := bucket.take(now):
            raise Limited(wait)

    def drain(self, method: str, team: str, now: float) -> None:
        """As if all places of a method were taken just now."""
        bucket = self._buckets.setdefault((method, team), Bucket(*METHODS[method], now))
        while not bucket.take(now):
            pass
