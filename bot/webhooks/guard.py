"""The guard: which addresses may be connected to, so that no name leads the process to a machine of its own network.

A name is looked up once; every address that it stands for is looked at, and those very addresses are connected to.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_OWN = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_CARRIES_IPV4 = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))  # 6to4, Teredo
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER = tuple(  # a relay that is no more, and where two clouds answer a machine's questions about itself
    ipaddress.ip_network(network) for network in ("192.88.99.0/24", "168.63.129.16/32", "fd00:ec2::254/128")
)
_LOOKING_UP = ThreadPoolExecutor(2, thread_name_prefix="look-up")
"""A slow name server blocks these threads and none that others work in."""


class BlockedError(Exception):
    """Raised with a sentence for an address that may not be connected to."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be reached though it is not public: networks, and places (host, port).

    A place may stand at loopback or private addresses; link-local ones, where clouds keep a machine's secrets, only
    a network opens.
    """

    networks: tuple[Network, ...] = ()
    places: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """Read `crm.corp.example:8443, 10.20.0.0/16`; raise ValueError for anything else."""
        networks, places = [], set()
        for part in (part.strip() for part in text.split(",")):
            host, colon, port = part.rpartition(":")
            if "/" in part:
                networks.append(ipaddress.ip_network(part))
            elif colon and port.isdecimal() and host and (":" not in host or host[0] + host[-1] == "[]"):
                places.add((_ascii(host.strip("[]")), int(port)))
            elif part:
                msg = f"{part} is neither host:port nor a network such as 10.20.0.0/16"
                raise ValueError(msg)
        return cls(tuple(networks), frozenset(places))

    def opens(self, host: str, port: int, address: Address) -> bool:
        """Whether an address of a host was allowed in so many words."""
        named = (host.casefold(), port) in self.places
        return any(address in network for network in (*self.networks, *(_OWN if named else ())))


@dataclass(frozen=True, slots=True)
class Guard:
    """Finds the addresses of a host, and refuses them all when one may not be connected to."""

    allowed: Allowed
    resolve: Resolve

    async def addresses(self, host: str, port: int, *, encrypted: bool) -> list[str]:
        """Where to connect to; raise BlockedError, or OSError when nobody knows the name."""
        found = [ipaddress.ip_address(text) for text in await self.resolve(host, port)]
        if not found:
            msg = f"{host} has no address"
            raise BlockedError(msg)
        for address in found:
            self.check(host, port, address, encrypted=encrypted)
        return [str(address) for address in found]

    def check(self, host: str, port: int, address: Address, *, encrypted: bool) -> None:
        """Raise BlockedError for an address that is not public, or that http would reach in the clear."""
        if _is_never(address):
            msg = f"{host} stands at {address}, which is not public and is never connected to"
            raise BlockedError(msg)
        if self.allowed.opens(host, port, address):
            return
        if not is_public(address):
            msg = f"{host} stands at {address}, which is not public; REGATTA_WEBHOOK_ALLOW_PRIVATE does not list it"
            raise BlockedError(msg)
        if not encrypted:
            msg = f"{host} would be reached in the clear; use https"
            raise BlockedError(msg)


def _ascii(host: str) -> str:
    """A host as httpx encodes it, so that a name of other letters is the one of the address."""
    if host.isascii():
        return host.casefold()
    import httpx  # noqa: PLC0415  dear, and an operator's command needs the guard's words without it

    try:
        return httpx.URL(scheme="https", host=host).raw_host.decode("ascii")
    except httpx.InvalidURL as error:
        raise ValueError(str(error)) from error


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet; one that carries another counts as that other."""
    if _is_never(address):
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    carries = any(address in network for network in _CARRIES_IPV4)
    return address in _GLOBAL_UNICAST and address.is_global and not carries


def _is_never(address: Address) -> bool:
    """Whether nothing opens an address, carried in another one or not."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_never(address.ipv4_mapped)
        if address in _NAT64:
            return _is_never(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return any(address in network for network in _NEVER)


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for the addresses of a host."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOKING_UP, look_up)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))
