"""A chat that can do less than any other: no edits, no threads, no forms, nothing private in a group, 20 a minute.

Modelled after what WeCom and DingTalk let a robot do. It keeps its limits by refusing, so that whoever speaks here has
degraded before.
"""

from tests.peers.poorest.server import PoorestPeer

__all__ = ["PoorestPeer"]
