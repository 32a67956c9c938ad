"""What every way in looks like from inside the process."""

from typing import Protocol

from starlette.routing import BaseRoute


class Connection(Protocol):
    """How a platform's deliveries reach the process."""

    def routes(self) -> list[BaseRoute]:
        """The doors that the platform knocks at."""
        ...

    def standing(self) -> str | None:
        """How it stands, in words: `connected`, or what it waits for; none where no connection is kept open."""
        ...

    async def start(self) -> None:
        """Begin to hear."""
        ...

    async def stop(self) -> None:
        """Hear nothing more, and finish what is under way."""
        ...
