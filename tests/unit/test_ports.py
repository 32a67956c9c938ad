"""The ports that tests start their servers at."""

import socket
from pathlib import Path

import pytest

from tests.ports import free_port

GOING_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


@pytest.mark.skipif(not GOING_OUT.exists(), reason="the range is asked of Linux")
def test_no_connection_that_goes_out_can_take_the_port_of_a_server_that_is_started_again() -> None:
    first, last = map(int, GOING_OUT.read_text(encoding="ascii").split())

    assert not {free_port() for _ in range(20)} & set(range(first, last + 1))


def test_two_servers_of_a_test_never_share_a_port() -> None:
    ports = [free_port() for _ in range(20)]

    assert len(set(ports)) == len(ports)


def test_a_port_that_somebody_listens_at_is_left_out() -> None:
    following = free_port() + 1
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", following))
        taken.listen()

        assert free_port() != following
