"""What the commands share: a store that is open as long as they work, and lines on the terminal."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from models.store import Store

T = TypeVar("T")


def with_store(work: "Callable[[Store], T]") -> T:
    """Open the installation's store, work with it, close it."""
    from bot.database import open_store
    from bot.settings import Settings

    store = open_store(Settings())
    try:
        return work(store)
    finally:
        store.close()


def with_company(work: "Callable[[Store], T]") -> T:
    """As with_store, for what may begin a company; raise FaultError where it would take the place of the demo."""
    from bot.faults import FaultError
    from bot.settings import Settings

    settings = Settings()
    is_default = settings.workspace == "demo" and settings.regatta_database_url is None
    if is_default and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        raise FaultError(
            "Without a platform's token this would be the demo's database: set a token first (docs/slack.md, "
            "docs/telegram.md), or name another one with REGATTA_DATABASE_URL."
        )
    return with_store(work)


def show(lines: list[str]) -> None:
    """Print lines."""
    for line in lines:
        print(line)
