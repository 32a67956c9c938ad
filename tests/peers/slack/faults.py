"""What can go wrong between Slack and an app, on demand: `peer.faults.cut_answer("chat.postMessage")`.

A method's name, `response_url`, `upload` (the second step of a file), or `*` for the next call of any kind.
"""

from dataclasses import dataclass, field
from enum import Enum


class Wrong(Enum):
    """What happens to an API call."""

    STATUS = "an HTTP error, before anything was done"
    CUT = "it was done, and the connection closed before the answer"
    LIMIT = "429 with Retry-After"
    SLOW = "it is done, and answered late"


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
    deaf: bool = False
    limited_channels: dict[str, float] = field(default_factory=dict)

    # Calls of the app

    def fail_api(self, method: str = "*", status: int = 500, times: int = 1) -> None:
        """Answer with an HTTP error; nothing is done."""
        self.api.append(ApiFault(method, Wrong.STATUS, status, times))

    def cut_answer(self, method: str = "*", times: int = 1) -> None:
        """Do what was asked, then close the connection without an answer: the app cannot know."""
        self.api.append(ApiFault(method, Wrong.CUT, 0, times))

    def limit_api(self, method: str = "*", retry_after: float = 1, times: int = 1) -> None:
        """Answer 429 with Retry-After, whatever the pace was."""
        self.api.append(ApiFault(method, Wrong.LIMIT, retry_after, times))

    def slow_api(self, seconds: float, method: str = "*", times: int = 1_000_000) -> None:
        """Answer late, measured on the machine's clock."""
        self.api.append(ApiFault(method, Wrong.SLOW, seconds, times))

    def limit_channel(self, channel: str, until: float) -> None:
        """Refuse every post into a channel until an instant of the peer's clock (`peer.clock.now() + 30`)."""
        self.limited_channels[channel] = until

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
        """Send the next events twice, at the same time and under the same event_id."""
        self.doubled += times

    def drop_deliveries(self, times: int = 1) -> None:
        """Lose the next attempts on the way: Slack counts them as timed out, and tries events again by its schedule."""
        self.dropped += times

    def reorder_events(self, count: int = 2) -> None:
        """Hold the next `count` events until all of them are there, then send the last one first."""
        self.held = count

    def clear(self) -> None:
        """Let everything be well again."""
        fresh = Faults()
        self.__dict__.update(fresh.__dict__)

    def takes(self, name: str) -> bool:
        """Use up one `doubled` or `dropped`."""
        left = int(getattr(self, name))
        setattr(self, name, max(left - 1, 0))
        return left > 0
