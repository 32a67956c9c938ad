"""What can go wrong between a platform and an app, on demand, whichever platform it is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from aiohttp import web


class Wrong(Enum):
    """What happens to an API call."""

    STATUS = "an HTTP error, before anything was done"
    CUT = "it was done, and the connection closed before the answer"
    HALF = "it was done, and the connection closed in the middle of the answer"
    LIMIT = "429 with the seconds to wait"
    SLOW = "it is done, and answered late"
    BETWEEN = "a proxy or a firewall answers with a page of its own; nothing is done"


@dataclass
class ApiFault:
    """A fault of the next `times` calls of a method (`*`: of any)."""

    method: str
    wrong: Wrong
    amount: float
    times: int


@dataclass
class Faults:
    """One object per peer; everything is well until a test says otherwise."""

    api: list[ApiFault] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    doubled: int = 0
    dropped: int = 0
    held: int = 0

    # Calls of the app

    def fail_api(self, method: str = "*", status: int = 500, times: int = 1) -> None:
        """Answer with an HTTP error; nothing is done."""
        self.api.append(ApiFault(method, Wrong.STATUS, status, times))

    def cut_answer(self, method: str = "*", times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer: the app cannot know."""
        self.api.append(ApiFault(method, Wrong.CUT, 0, times))

    def halve_answer(self, method: str = "*", times: int = 1) -> None:
        """Do what was asked, then close the connection in the middle of the answer."""
        self.api.append(ApiFault(method, Wrong.HALF, 0, times))

    def limit_api(self, method: str = "*", retry_after: float = 1, times: int = 1) -> None:
        """Answer 429 with the seconds to wait, whatever the pace was."""
        self.api.append(ApiFault(method, Wrong.LIMIT, retry_after, times))

    def answer_between(self, method: str = "*", status: int = 403, times: int = 1) -> None:
        """Answer as a proxy or a firewall in between does, with a page; nothing is done."""
        self.api.append(ApiFault(method, Wrong.BETWEEN, status, times))

    def slow_api(self, seconds: float, method: str = "*", times: int = 1_000_000) -> None:
        """Answer late, measured on the machine's clock."""
        self.api.append(ApiFault(method, Wrong.SLOW, seconds, times))

    def of_call(self, method: str) -> ApiFault | None:
        """Use up the fault of a call."""
        found = next((fault for fault in self.api if fault.times > 0 and fault.method in ("*", method)), None)
        if found:
            found.times -= 1
        return found

    # Deliveries to the app

    def delay_deliveries(self, seconds: float, times: int = 1) -> None:
        """Send the next deliveries late, measured on the machine's clock."""
        self.late += [seconds] * times

    def double_deliveries(self, times: int = 1) -> None:
        """Deliver the next ones twice, under the same id."""
        self.doubled += times

    def drop_deliveries(self, times: int = 1) -> None:
        """Lose the next attempts on the way; they are made again by the platform's schedule."""
        self.dropped += times

    def reorder_events(self, count: int = 2) -> None:
        """Hold the next `count` until all of them are there, then deliver the last one first."""
        self.held = count

    def clear(self) -> None:
        """Let everything be well again."""
        self.__dict__.update(type(self)().__dict__)

    def takes(self, name: str) -> bool:
        """Use up one `doubled` or `dropped`."""
        left = int(getattr(self, name))
        setattr(self, name, max(left - 1, 0))
        return left > 0


Work = Callable[[web.Request], Awaitable[web.Response]]


class Words(Protocol):
    """How a platform words the refusals that a fault asks for."""

    def failed(self, status: int) -> web.Response:
        """An HTTP error."""
        ...

    def too_many(self, seconds: float) -> web.Response:
        """429, with the seconds to wait."""
        ...


async def guarded(faults: Faults, words: Words, method: str, request: web.Request, work: Work) -> web.StreamResponse:
    """Do the work, or what a fault of this call says: fail first, be late, or close the connection after it."""
    fault = faults.of_call(method)
    if fault and fault.wrong is Wrong.STATUS:
        return words.failed(int(fault.amount))
    if fault and fault.wrong is Wrong.BETWEEN:
        page = "<html><title>Access denied</title><p>This address is blocked by your company.</html>"
        return web.Response(status=int(fault.amount), text=page, content_type="text/html")
    if fault and fault.wrong is Wrong.LIMIT:
        return words.too_many(fault.amount)
    answer = await work(request)
    if fault and fault.wrong is Wrong.SLOW:
        await asyncio.sleep(fault.amount)
    if fault and fault.wrong is Wrong.HALF:
        return await _half(request, answer)
    if fault and fault.wrong is Wrong.CUT and request.transport:
        request.transport.abort()
    return answer


async def _half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Send the headers and half of the body, then close."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    begun = web.StreamResponse(status=answer.status, headers={"Content-Type": answer.content_type})
    begun.content_length = len(body)
    await begun.prepare(request)
    await begun.write(body[: len(body) // 2])
    if request.transport:
        request.transport.close()
    return begun
