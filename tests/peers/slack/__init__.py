"""A stand-in for Slack: its Web API, events, commands, interactivity and Socket Mode, for one installed app.

    async with SlackPeer.opened() as peer:
        ann = peer.world.add_user("ann", tz="Asia/Shanghai", locale="zh-CN")
        north = peer.world.add_channel("north", [ann])
        ...                                      # start the app with peer.api_url and peer.world.app's tokens
        peer.request_url = "http://127.0.0.1:8300/slack/events"  # or leave it None: Socket Mode
        await peer.slash(ann, north, "/deal Acme 120k")
        card = peer.seen_by(ann, north)[-1]
        await peer.press(ann, card, "Approve")

Hands: person.py (channels), forms.py (modals, Home, shortcuts), office.py (accounts, memberships). `peer.faults` breaks
things, `peer.clock.advance(60)` moves retries, triggers and rates, `peer.deliveries.attempts` and `peer.api.calls` are
the traffic, `peer.world.eventually(lambda: ...)` waits for what comes in the background.
"""

from tests.peers.slack.model import ALL_SCOPES, LEAST_SCOPES
from tests.peers.slack.server import SlackPeer

__all__ = ["ALL_SCOPES", "LEAST_SCOPES", "SlackPeer"]
