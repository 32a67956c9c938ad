"""Secrets and forged lines never reach a log."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import set_up

SECRET = "xoxb-canary-12345"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What was logged, as JSON lines."""
    stream = io.StringIO()
    before = logging.getLogger().handlers[:]
    monkeypatch.setattr("sys.stderr", stream)
    set_up("json", [SECRET])
    yield stream
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def refuse() -> None:
    raise ValueError(f"refused {SECRET}")


def test_a_secret_is_hidden_in_values_messages_and_tracebacks(written: io.StringIO) -> None:
    log = structlog.get_logger()
    try:
        refuse()
    except ValueError:
        log.exception("calling failed", url=f"https://api.example/bot{SECRET}/send")
    logging.getLogger("httpx").warning("GET https://api.example/bot%s/send", SECRET)

    assert "refused" in written.getvalue()
    assert written.getvalue().count("[secret]") >= 3
    assert SECRET not in written.getvalue()


def test_a_line_break_in_a_value_makes_no_second_line(written: io.StringIO) -> None:
    structlog.get_logger().info("said", text='hello\n{"level": "error", "event": "forged"}')

    assert len(written.getvalue().strip().splitlines()) == 1
