"""What the commands share: a store that is open as long as they work, and lines on the terminal."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from models.store import Store

T = TypeVar("T")


def with_store(work: "Callable[[Store], T]") -> T:
    """Open the installation's store, work with it, close it."""
    from bot.app import open_store
    from bot.settings import Settings

    store = open_store(Settings())
    try:
        return work(store)
    finally:
        store.close()


def show(lines: list[str]) -> None:
    """Print lines."""
    for line in lines:
        print(line)
