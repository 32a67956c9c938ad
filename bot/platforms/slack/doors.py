"""Doors: what an interaction lets the bot do for a moment, kept by the event that it led to, or by the message.

A trigger opens a form within three seconds, a response_url changes a message that only one person sees. Neither is
kept over a restart: a form then waits behind a button, and a private message keeps its old words.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

TRIGGER_SECONDS = 2.5
"""A trigger lives for three seconds; the call that spends it takes a part of them."""
URL_SECONDS = 29 * 60.0
"""A response_url can be used five times within thirty minutes."""
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Door:
    """What one interaction opened, and when, for the account `user`.

    `response_url` changes the message that was pressed and no other. `submitted` says that it was a form, which
    closes by its answer.
    """

    trigger: str | None = None
    response_url: str | None = None
    view: str | None = None
    submitted: bool = False
    user: str | None = None
    message: str | None = None
    at: float = 0.0


class Doors:
    """The doors that are open, by event."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._doors: dict[str, Door] = {}
        self._rounds: dict[str, int] = {}

    def open(self, event_id: str, door: Door) -> None:
        """Keep a door; the oldest go when there are many."""
        while len(self._doors) >= _MOST:
            self._doors.pop(next(iter(self._doors)))
        self._doors[event_id] = door

    def of(self, event_id: str) -> Door:
        """What is open for an event by now."""
        door = self._doors.get(event_id, Door())
        age = self._monotonic() - door.at
        trigger = door.trigger if age < TRIGGER_SECONDS else None
        return replace(door, trigger=trigger, response_url=door.response_url if age < URL_SECONDS else None)

    def now(self) -> float:
        """The instant that a new door counts from."""
        return self._monotonic()

    def rounds(self, view: str) -> int:
        """How often a form was given back with what is wrong."""
        return self._rounds.get(view, 0)

    def count_round(self, view: str) -> None:
        """A form is given back."""
        while len(self._rounds) >= _MOST:
            self._rounds.pop(next(iter(self._rounds)))
        self._rounds[view] = self.rounds(view) + 1

    def spend_trigger(self, event_id: str) -> str | None:
        """Take the trigger of an event; it opens one form."""
        door = self.of(event_id)
        if door.trigger is not None:
            self._doors[event_id] = replace(door, trigger=None)
        return door.trigger
