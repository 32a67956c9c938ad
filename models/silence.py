"""Connections to a PostgreSQL server that may fall silent: it takes a question and never answers.

The system's own limits give up a server that cannot be reached. One that can, and hangs, answers nothing and is not
gone: whoever asks it would wait for ever, and so would the next one after it was replaced.
"""

import time
from typing import Any

import psycopg

READS_SECONDS = 30
"""So long a read waits for a word: longer than any of ours takes."""
WRITES_SECONDS = 60
"""So long a write does: longer than it waits for another process (LOCK_SECONDS)."""


class Attentive(psycopg.Connection[Any]):
    """A connection that is closed when the server says nothing for `silence` seconds; none: it waits for ever."""

    silence: float | None = READS_SECONDS

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for what the server answers; raise OperationalError when it stays silent."""
        try:
            return super().wait(self._heard(gen), *args, **kwargs)
        except _SilentError as error:
            self.close()
            raise psycopg.OperationalError("the server takes questions and answers nothing") from error

    def _heard(self, gen: Any) -> Any:
        """What psycopg waits for, which is nothing in particular ten times a second, with a look at the time."""
        said, since = None, time.monotonic()
        try:
            while True:
                said = yield gen.send(said)
                if said:
                    since = time.monotonic()
                elif self.silence is not None and time.monotonic() - since > self.silence:
                    raise _SilentError
        except StopIteration as done:
            return done.value


class _SilentError(Exception):
    """Raised to end waiting."""
