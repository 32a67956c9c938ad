"""A stand-in for Slack: its Web API, events, commands, interactivity and Socket Mode, for one installed app."""

from tests.peers.slack.model import ALL_SCOPES, LEAST_SCOPES
from tests.peers.slack.server import SlackPeer

__all__ = ["ALL_SCOPES", "LEAST_SCOPES", "SlackPeer"]
