"""Connections to a PostgreSQL server that may fall silent: it takes a question and never answers.

The system's own limits give up a server that cannot be reached. One that can, and hangs, answers nothing and is not
gone: whoever asks it would wait for ever, and so would the next one after it was replaced.
"""

import time
from typing import Any

import psycopg


class SilentError(psycopg.OperationalError):
    """Raised when a server takes a question and answers nothing."""


class Attentive(psycopg.Connection[Any]):
    """A connection that is closed when the server says nothing for `silence` seconds; none: it waits for ever."""

    silence: float | None = None

    def be_looked_for(self, seconds: int) -> None:
        """Have the server look so often whether this side is still there, where it can: one on Windows cannot."""
        try:
            self.execute("SELECT set_config('client_connection_check_interval', %s, false)", (f"{seconds}s",))
        except (psycopg.errors.InvalidParameterValue, psycopg.errors.UndefinedObject):
            self.rollback()
        else:
            self.commit()

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Wait for what the server answers; raise SilentError when it stays silent."""
        try:
            return super().wait(self._heard(gen), *args, **kwargs)
        except SilentError:
            self.close()
            raise

    def _heard(self, gen: Any) -> Any:
        """What psycopg waits for, which is nothing in particular ten times a second, with a look at the time."""
        said, since = None, time.monotonic()
        try:
            while True:
                said = yield gen.send(said)
                if said:
                    since = time.monotonic()
                elif self.silence is not None and time.monotonic() - since > self.silence:
                    raise SilentError("the server takes questions and answers nothing")
        except StopIteration as done:
            return done.value
