"""The client: one event, one signed request, to an address that the guard looked at; only the status counts.

`Regatta-Signature: t=SECONDS,v1=HEX` holds an HMAC-SHA256 over `SECONDS.BODY` for every secret that is set.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain, zip_longest

import httpx

from bot.clock import Clock
from bot.webhooks.guard import BlockedError, Guard, Resolve, system_resolve
from bot.webhooks.receiver import Receiver

SECONDS = 10.0
"""How long one try may take from the look-up of the name to the status."""
CONNECT_SECONDS = 3.0
"""How long one address may take to be connected to, so that there is time for another one."""
LONGEST_WAIT = 86_400.0
_WAITS = frozenset({429, 503})
_REFUSALS = frozenset({400, 409, 413, 422})
"""What is about this event; any other 4xx is about the place or the secret, and would be said of every event."""


class TroubleError(Exception):
    """Raised with a sentence when the receiver did not say that it has the event; it may have it all the same.

    `wait` are the seconds that the receiver asks for. `refused` says that it answered and did not want this event,
    `gone` that it wants none any more.
    """

    def __init__(self, why: str, *, wait: float | None = None, refused: bool = False, gone: bool = False) -> None:
        super().__init__(why)
        self.wait, self.refused, self.gone = wait, refused, gone


class Client:
    """Tells a receiver; one connection a request, no proxy and no redirect, since either would pass by the guard."""

    def __init__(
        self,
        receiver: Receiver,
        clock: Clock,
        resolve: Resolve = system_resolve,
        transport: httpx.AsyncBaseTransport | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self.receiver, self._clock, self._seconds = receiver, clock, seconds
        self._guard = Guard(receiver.allowed, resolve)
        self._looking: asyncio.Task[list[str]] | None = None
        limits = httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds / 3))
        self._http = httpx.AsyncClient(
            transport=transport, verify=_trust() if receiver.encrypted else False, trust_env=False,
            follow_redirects=False, timeout=limits, headers={"User-Agent": "Regatta"},
        )  # fmt: skip

    async def tell(self, event_id: str, body: bytes) -> None:
        """Send an event; raise TroubleError unless the receiver answered 2xx."""
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._post(event_id, body)
        except TimeoutError as error:
            raise TroubleError(f"no answer within {self._seconds:g} s") from error
        except BlockedError as error:
            raise TroubleError(str(error)) from error
        except (OSError, UnicodeError) as error:
            raise TroubleError(f"{self.receiver.host} cannot be found") from error
        except httpx.HTTPError as error:
            raise TroubleError(f"no answer ({type(error).__name__})") from error
        if not response.is_success:
            raise self._trouble(response)

    async def _post(self, event_id: str, body: bytes) -> httpx.Response:
        """Try the addresses in turn until one can be connected to."""
        url = self.receiver.url
        places = _in_turn(await self._addresses())
        headers = {
            "Host": url.netloc.decode("ascii"),
            "Content-Type": "application/json",
            "Regatta-Event-Id": event_id,
            "Regatta-Signature": signature(self.receiver.secrets, self._clock.now(), body),
        }
        for place in places:
            request = self._http.build_request(
                "POST", url.copy_with(host=place), content=body, headers=headers,
                extensions={"sni_hostname": self.receiver.host},
            )  # fmt: skip
            try:
                response = await self._http.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if place == places[-1]:
                    raise
            else:
                await response.aclose()  # what else the receiver says is of no use, however long it is
                return response
        raise AssertionError  # the guard gives at least one address

    async def _addresses(self) -> list[str]:
        """Look the host up; whoever asks meanwhile gets the same answer, so that a slow name server is asked once."""
        if self._looking is None:
            to = self.receiver
            self._looking = asyncio.create_task(self._guard.addresses(to.host, to.port, encrypted=to.encrypted))
            self._looking.add_done_callback(self._looked)
        return await asyncio.shield(self._looking)

    def _looked(self, task: "asyncio.Task[list[str]]") -> None:
        self._looking = None
        if not task.cancelled():
            task.exception()  # nobody may be waiting for it any more

    def _trouble(self, response: httpx.Response) -> TroubleError:
        """What an answer without success means."""
        status = response.status_code
        if response.is_redirect:
            return TroubleError(f"it answered {status}; redirects are not followed, so set the new address")
        if status == httpx.codes.GONE:
            return TroubleError("it answered 410: it wants no more events", gone=True)
        if status in _WAITS:
            return TroubleError(f"it answered {status}", wait=self._wait(response.headers.get("retry-after", "")))
        return TroubleError(f"it answered {status}", refused=status in _REFUSALS)

    def _wait(self, text: str) -> float | None:
        """The seconds that Retry-After asks for, given as such or as a date (RFC 9110, 10.2.3)."""
        try:
            seconds = float(text) if text.isdecimal() else (_date(text) - self._clock.now()).total_seconds()
        except (ValueError, OverflowError):
            return None
        return min(max(seconds, 0.0), LONGEST_WAIT)

    async def close(self) -> None:
        """Let the connections go."""
        if self._looking is not None:
            self._looking.cancel()
        await self._http.aclose()


def signature(secrets: Sequence[bytes], at: datetime, body: bytes) -> str:
    """Sign a body at an instant with every secret."""
    seconds = str(int(at.timestamp()))
    signed = seconds.encode() + b"." + body
    marks = [f"v1={hmac.new(secret, signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join((f"t={seconds}", *marks))


def _in_turn(places: Sequence[str]) -> list[str]:
    """The addresses in their order, of the two kinds in turn: of one the network may know nothing."""
    kinds = [ipaddress.ip_address(place).version for place in places]
    first = [place for place, kind in zip(places, kinds, strict=True) if kind == kinds[0]]
    other = [place for place in places if place not in first]
    return [place for place in chain.from_iterable(zip_longest(first, other)) if place is not None]


def _date(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _trust() -> ssl.SSLContext:
    """Trust the public authorities and those that the machine was told of, as an on-premise receiver's."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context
