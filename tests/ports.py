"""Ports for servers that are stopped and started again in one test."""

import os
import secrets
import socket
from contextlib import suppress
from itertools import count

FIRST, _STRETCH, _STRETCHES = 16_000, 2_000, 8
_taken = count(secrets.randbelow(_STRETCH))  # another run of tests beside this one begins elsewhere


def free_port() -> int:
    """A port that nobody listens at, and that nobody gets by chance while its server is being started again.

    It is below those that a system gives to connections that go out (RFC 6335: from 49152; Linux: from 32768), and each
    process of a run of tests has a stretch of its own.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for _ in range(_STRETCH):
        port = FIRST + worker % _STRETCHES * _STRETCH + next(_taken) % _STRETCH
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"Every port from {FIRST} to {FIRST + _STRETCH * _STRETCHES} is in use.")
