"""The guard: no name and no answer of a name server leads the webhook to a machine of its own network."""

import asyncio
import ipaddress
import socket
import ssl
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import SystemClock
from bot.settings import Settings, SettingsError
from bot.webhooks.client import LONGEST_WAIT, Client, TroubleError
from bot.webhooks.guard import Allowed, Resolve, is_public, system_resolve
from bot.webhooks.receiver import receiver_of
from tests.peers.webhook import WebhookReceiver

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2002:7f00:1::1",
    "2002:a9fe:a9fe::1", "2001:0:1::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2001:db8::1",
    "192.88.99.1", "168.63.129.16", "64:ff9b::a83f:8110",
)  # fmt: skip
PUBLIC = ("93.184.215.14", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808")


class Answers:
    """A name server that gives one answer after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.asked = list(answers), 0
        self.hosts: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        self.hosts.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Wire(httpx.AsyncBaseTransport):
    """Says 204 to everything and keeps what was sent where."""

    def __init__(self, *unreachable: str) -> None:
        self.requests: list[httpx.Request] = []
        self.unreachable = unreachable
        self.fault: type[httpx.TransportError] = httpx.ConnectError

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host in self.unreachable:
            raise self.fault("no route")
        return httpx.Response(204)


def given(**values: str | None) -> Settings:
    """Settings of the webhook and nothing else."""
    named: dict[str, Any] = {f"regatta_webhook_{name}": value for name, value in values.items()}
    return Settings(_env_file=None, **named)  # type: ignore[call-arg]


def client(url: str, resolve: Resolve, *, allow: str = "", transport: httpx.AsyncBaseTransport | None = None) -> Client:
    receiver = receiver_of(given(url=url, secret="s", allow_private=allow))
    assert receiver is not None
    return Client(receiver, SystemClock(), resolve, transport, seconds=2)


async def tell(one: Client) -> None:
    try:
        await one.tell("e-1", b'{"id":"e-1"}')
    finally:
        await one.close()


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_that_stands_for_a_private_address_is_not_connected_to(address: str) -> None:
    wire = Wire()

    with pytest.raises(TroubleError, match="not public"):
        await tell(client("https://crm.example/hook", Answers([address]), transport=wire))

    assert wire.requests == []
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
async def test_a_public_address_is_connected_to_under_the_name_s_own_certificate(address: str) -> None:
    wire, resolve = Wire(), Answers([address])

    await tell(client("https://crm.example/hook?a=b", resolve, transport=wire))

    (request,) = wire.requests
    assert request.url.host == address
    assert request.url.path == "/hook"
    assert request.headers["host"] == "crm.example"
    assert request.extensions["sni_hostname"] == "crm.example"
    assert resolve.asked == 1


@pytest.mark.parametrize("host", ["xn--strae-oqa.example", "straße.example", "XN--STRAE-OQA.example"])
async def test_a_name_of_other_letters_is_looked_up_as_it_is_encoded_in_the_address(host: str) -> None:
    wire, resolve = Wire(), Answers(["8.8.8.8"])

    await tell(client(f"https://{host}/", resolve, transport=wire))
    allow = "straße.example:443"
    await tell(client(f"https://{host}/", Answers(["10.1.2.3"]), allow=allow, transport=Wire()))

    (request,) = wire.requests
    assert resolve.hosts == ["xn--strae-oqa.example"]
    assert request.headers["host"] == "xn--strae-oqa.example"
    assert request.extensions["sni_hostname"] == "xn--strae-oqa.example"


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    wire = Wire()

    with pytest.raises(TroubleError, match="not public"):
        await tell(client("https://crm.example/", Answers(["8.8.8.8", "10.0.0.1"]), transport=wire))

    assert wire.requests == []


async def test_a_name_that_changes_its_address_is_looked_at_each_time_and_connected_to_as_it_was_looked_at() -> None:
    wire, resolve = Wire(), Answers(["8.8.8.8"], ["127.0.0.1"])
    one = client("https://crm.example/", resolve, transport=wire)

    await one.tell("e-1", b"{}")
    with pytest.raises(TroubleError, match="not public"):
        await tell(one)

    assert [request.url.host for request in wire.requests] == ["8.8.8.8"]
    assert resolve.asked == 2


async def test_the_address_that_was_looked_at_is_connected_to_and_the_name_is_not_asked_again() -> None:
    async with WebhookReceiver.opened("s") as receiver:
        url = f"http://no-name-server-knows-this.invalid:{receiver.port}/"

        await tell(client(url, Answers(["127.0.0.1"]), allow="127.0.0.0/8"))

        assert receiver.connections == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"])
async def test_no_way_of_writing_loopback_reaches_it(host: str) -> None:
    async with WebhookReceiver.opened("s") as receiver:
        with pytest.raises((SettingsError, TroubleError), match=r"not public|cannot be found|no web address"):
            await tell(client(f"https://{host}:{receiver.port}/", system_resolve))
        assert receiver.connections == 0


@pytest.mark.parametrize("fault", [httpx.ConnectError, httpx.ConnectTimeout])
async def test_the_next_address_of_the_other_kind_is_tried_when_the_first_cannot_be_reached(
    fault: type[httpx.TransportError],
) -> None:
    wire = Wire("2606:4700::1111")
    wire.fault = fault
    answers = Answers(["2606:4700::1111", "2606:4700::1112", "8.8.8.8"])

    await tell(client("https://crm.example/", answers, transport=wire))

    assert [request.url.host for request in wire.requests] == ["2606:4700::1111", "8.8.8.8"]


async def test_one_address_may_take_a_part_of_the_time_only() -> None:
    wire = Wire()
    receiver = receiver_of(given(url="https://crm.example/", secret="s"))
    assert receiver is not None

    await tell(Client(receiver, SystemClock(), Answers(["8.8.8.8"]), wire))

    assert wire.requests[0].extensions["timeout"] == {"connect": 3.0, "read": 10.0, "write": 10.0, "pool": 10.0}


async def test_whoever_asks_while_the_name_is_looked_up_gets_the_same_answer() -> None:
    asked: list[str] = []

    async def slow(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        await asyncio.sleep(0.05)
        return ["8.8.8.8"]

    wire = Wire()
    one = client("https://crm.example/", slow, transport=wire)
    await asyncio.gather(*(one.tell(f"e-{number}", b"{}") for number in range(8)))

    assert (len(asked), len(wire.requests)) == (1, 8)
    await tell(one)
    assert len(asked) == 2


async def test_a_slow_name_server_holds_up_nobody_else_s_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def found(*_args: object, **_more: object) -> list[tuple[Any, ...]]:
        threads.append(threading.current_thread().name)
        return [(0, 0, 0, "", ("8.8.8.8", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", found)

    assert await system_resolve("crm.example", 443) == ["8.8.8.8"]
    assert threads[0].startswith("look-up")


async def test_a_name_that_cannot_be_encoded_is_one_that_cannot_be_found() -> None:
    async def odd(_host: str, _port: int) -> Sequence[str]:
        raise UnicodeError("label too long")

    with pytest.raises(TroubleError, match="cannot be found"):
        await tell(client("https://crm.example/", odd, transport=Wire()))


@pytest.mark.parametrize("asked", ["Mon, 01 Jan 99999999999 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 -2359", "soon"])
async def test_a_time_to_wait_that_is_no_time_is_none(asked: str) -> None:
    class Busy(Wire):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(503, headers={"Retry-After": asked}, request=request)

    with pytest.raises(TroubleError, match="answered 503") as raised:
        await tell(client("https://crm.example/", Answers(["8.8.8.8"]), transport=Busy()))

    assert raised.value.wait in (None, LONGEST_WAIT)


@pytest.mark.parametrize("address", ["192.88.99.1", "168.63.129.16", "fd00:ec2::254", "::ffff:168.63.129.16"])
async def test_what_is_never_connected_to_nothing_opens(address: str) -> None:
    allow = "crm.corp:443, 0.0.0.0/0, ::/0"

    with pytest.raises(TroubleError, match="never connected to"):
        await tell(client("https://crm.corp/", Answers([address]), allow=allow, transport=Wire()))


async def test_a_place_that_is_allowed_by_name_opens_no_other_port_and_no_link_local_address() -> None:
    allow = "crm.corp:8443"

    await tell(client("https://crm.corp:8443/", Answers(["10.1.2.3"]), allow=allow, transport=Wire()))
    for url, address in (
        ("https://crm.corp/", "10.1.2.3"), ("https://crm.corp:8443/", "169.254.169.254"),
        ("https://crm.corp:8443/", "::ffff:169.254.169.254"), ("https://crm.corp:8443/", "0.0.0.0"),
    ):  # fmt: skip
        with pytest.raises(TroubleError, match="not public"):
            await tell(client(url, Answers([address]), allow=allow, transport=Wire()))


async def test_http_goes_in_the_clear_only_to_what_is_allowed() -> None:
    with pytest.raises(SettingsError, match="plain http"):
        client("http://crm.example/", Answers(["8.8.8.8"]))
    with pytest.raises(TroubleError, match="in the clear"):
        await tell(client("http://crm.example/", Answers(["8.8.8.8"]), allow="10.0.0.0/8", transport=Wire()))


@pytest.mark.parametrize(
    "text", ["crm.corp", "crm.corp:", ":80", "::1", "10.0.0.0/40", "10.0.0.1/8", "https://crm.corp"]
)
def test_what_is_allowed_is_read_strictly(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Allowed.of(text)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for crm.example that the client trusts."""
    key, file = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    names = ["-subj", "/CN=crm.example", "-addext", "subjectAltName=DNS:crm.example"]
    subprocess.run([*command, *names, "-keyout", key, "-out", file], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context


async def test_the_certificate_must_be_the_name_s_own_though_the_address_is_connected_to(
    certificate: ssl.SSLContext,
) -> None:
    async with WebhookReceiver.opened("s", tls=certificate) as receiver:
        allow = "127.0.0.0/8"

        await tell(client(f"https://crm.example:{receiver.port}/", Answers(["127.0.0.1"]), allow=allow))
        with pytest.raises(TroubleError, match="ConnectError"):
            await tell(client(f"https://other.example:{receiver.port}/", Answers(["127.0.0.1"]), allow=allow))

        assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"secret": None}, "needs REGATTA_WEBHOOK_SECRET"),
        ({"secret": " , "}, "needs REGATTA_WEBHOOK_SECRET"),
        ({"url": "ftp://crm.example/"}, "must begin with https"),
        ({"url": "https://"}, "must begin with https"),
        ({"url": "https://a..b/"}, "no name server can know"),
        ({"url": f"https://{'a' * 70}.example/"}, "no name server can know"),
        ({"url": "https://me:word@crm.example/"}, "no user and password"),
        ({"url": "https://169.254.169.254/latest"}, "not public"),
        ({"events": "deal.logged,deal.lost"}, "names deal.lost"),
        ({"allow_private": "crm.corp"}, "REGATTA_WEBHOOK_ALLOW_PRIVATE is wrong"),
    ],
)
def test_settings_that_cannot_work_do_not_start(values: dict[str, str | None], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        receiver_of(given(**({"url": "https://crm.example/", "secret": "s"} | values)))


def test_neither_address_nor_secret_is_shown() -> None:
    settings = given(url="https://crm.example/hook/t0ken", secret="old,n3w")

    receiver = receiver_of(settings)

    assert {"https://crm.example/hook/t0ken", "old", "n3w"} <= set(settings.secrets())
    for hidden in ("t0ken", "n3w"):
        assert hidden not in repr(settings)
        assert hidden not in repr(receiver)
