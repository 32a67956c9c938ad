"""How often an app may call: docs.slack.dev/apis/web-api/rate-limits."""

from tests.peers.buckets import Buckets
from tests.peers.clock import Clock

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute; Slack lets bursts above it through, and so does the peer."""

METHODS = {
    "apps.connections.open": 1, "chat.delete": 3, "chat.postEphemeral": 4, "chat.update": 3, "conversations.history": 3,
    "conversations.info": 3, "conversations.list": 2, "conversations.members": 4, "conversations.open": 3,
    "conversations.replies": 3, "files.completeUploadExternal": 4, "files.getUploadURLExternal": 4, "files.info": 4,
    "reactions.add": 3, "team.info": 3, "users.info": 4, "users.list": 2, "users.lookupByEmail": 3,
    "views.open": 4, "views.publish": 4, "views.push": 4, "views.update": 4,
}  # fmt: skip
"""Each method's tier as documented; chat.postMessage and auth.test are special, api.test is not limited."""

POST_BURST = 4
"""Posts into one channel at once; the documents say one per second and 'short bursts'."""


class Limits:
    """Token buckets on the peer's clock. `on = False` lifts them, `burst` is how generous the tiers are."""

    def __init__(self, clock: Clock) -> None:
        self.on = True
        self.burst = 5.0
        self._buckets = Buckets(clock)

    def wait(self, method: str, channel: str | None) -> int | None:
        """The seconds of Retry-After when this call is one too many, else None and the call counts."""
        if not self.on:
            return None
        if method == "chat.postMessage":
            return self._buckets.take(f"{method}/{channel}", 1.0, POST_BURST)
        if method in METHODS:
            rate = TIERS[METHODS[method]] / 60
            return self._buckets.take(method, rate, max(60 * rate * self.burst, 10))
        return None
