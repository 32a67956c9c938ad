"""Members: the processes of an installation, of which none is special.

A message is sent by the process that wrote it, so each has a number; what one that died wrote goes to the others. A
part of the work that only one may do at a time is led by one of them.
"""

from collections.abc import Callable, Collection
from typing import Protocol

Heard = Callable[[], None]


class Members(Protocol):
    """The processes, seen from one of them. `number` is its own."""

    number: int

    @property
    def is_connected(self) -> bool:
        """Whether the others see this one. Else they take what it had to send, and it must begin nothing."""
        ...

    @property
    def count(self) -> int:
        """How many there are, this one included."""
        ...

    def is_gone(self, number: int | None) -> bool:
        """Whether nobody of that number is there any more to do what it began."""
        ...

    def leads(self, role: str) -> bool:
        """Whether this one has a part of the work that only one may do at a time."""
        ...

    def seek(self, role: str) -> None:
        """Try to lead a part of the work from now on."""
        ...

    def listen(self, topics: Collection[str], heard: Heard) -> None:
        """Call `heard` when another process said one of these, or may have while nobody listened."""
        ...

    async def start(self) -> None:
        """Be there."""
        ...

    async def stop(self) -> None:
        """Be there no more."""
        ...


class Alone:
    """The one process of an installation on SQLite."""

    number = 1
    is_connected = True
    count = 1

    def is_gone(self, number: int | None) -> bool:
        """Whoever else it was."""
        return number != self.number

    def leads(self, role: str) -> bool:  # noqa: ARG002
        """Everything."""
        return True

    def seek(self, role: str) -> None:
        """Have it already."""

    def listen(self, topics: Collection[str], heard: Heard) -> None:
        """Hear nothing: nobody else speaks."""

    async def start(self) -> None:
        """Be there."""

    async def stop(self) -> None:
        """Be there no more."""
