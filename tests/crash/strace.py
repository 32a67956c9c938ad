"""strace at threads of a process that runs: it ends the process, or answers with an error, at the n-th call of a kind.

With SIGKILL at a call the process is gone before the kernel did it; with an error the call is not done either.
"""

import os
import re
import select
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ATTACHES_WITHIN = 15.0
_LINE = re.compile(r"^(\d+) +(\w+)\(")


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """The n-th call of a kind (from 1) that a thread makes: `writer` commits, `loop` keeps the sockets."""

    thread: str
    name: str
    nth: int

    def __str__(self) -> str:
        return f"{self.name} {self.nth} of the {self.thread}"


def program() -> str:
    """Where strace is; raise SystemExit with a sentence where it is not."""
    found = shutil.which("strace")
    if found is None:
        raise SystemExit("There is no strace on this machine: install the package strace.")
    return found


def threads(pid: int) -> dict[str, int]:
    """The threads that are called by name: a server begins with the loop, and starts the store's writer next."""
    loop, writer, *_ = (int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir())  # as they began
    return {"loop": loop, "writer": writer}


@contextmanager
def killing(pid: int, call: Call) -> Iterator[None]:
    """End the process before a call."""
    with _attached(threads(pid)[call.thread], call, f"signal=KILL:when={call.nth}"):
        yield


@contextmanager
def failing(pid: int, call: Call, error: str, *, lasts: bool = False) -> Iterator[None]:
    """Let a call fail with an error of the kernel's (`EIO`), and those after it where it `lasts`."""
    when = f"{call.nth}+" if lasts else f"{call.nth}"
    with _attached(threads(pid)[call.thread], call, f"error={error}:when={when}"):
        yield


@contextmanager
def counting(pid: int, names: tuple[str, ...], log: Path) -> Iterator[list[Call]]:
    """Count the calls that the two threads make; the list is filled at the end."""
    calls: list[Call] = []
    of = {number: name for name, number in threads(pid).items()}
    with _traced("-p", str(pid), "-f", "-e", f"trace={','.join(names)}", "-o", str(log)):
        yield calls
    found = (_LINE.match(line) for line in log.read_text(encoding="utf-8", errors="replace").splitlines())
    many = Counter((of.get(int(one[1]), ""), one[2]) for one in found if one)
    calls += [Call(thread, name, nth) for (thread, name), n in many.items() if thread for nth in range(1, n + 1)]
    calls.sort()


@contextmanager
def _attached(thread: int, call: Call, what: str) -> Iterator[None]:
    with _traced("-p", str(thread), "-e", f"trace={call.name}", "-e", f"inject={call.name}:{what}", "-o", os.devnull):
        yield


@contextmanager
def _traced(*arguments: str) -> Iterator[None]:
    """Let strace go on until the end; raise RuntimeError when it does not attach."""
    tracer = subprocess.Popen([program(), *arguments], stderr=subprocess.PIPE)
    try:
        _has_attached(tracer)
        yield
    finally:
        tracer.terminate()
        tracer.communicate()


def _has_attached(tracer: "subprocess.Popen[bytes]") -> None:
    """Wait for strace to say so."""
    assert tracer.stderr is not None
    until, said = time.monotonic() + ATTACHES_WITHIN, b""
    while b"attached" not in said:
        ready, _, _ = select.select([tracer.stderr], [], [], max(until - time.monotonic(), 0))
        more = os.read(tracer.stderr.fileno(), 4096) if ready else b""
        if not more:
            raise RuntimeError(f"strace did not attach: {said.decode(errors='replace')}")
        said += more
