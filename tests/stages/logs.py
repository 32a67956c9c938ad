"""Read what an installation in this process writes to its log, in the style that it is served with."""

import io
import logging
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import structlog

from bot.logs import set_up

TALKATIVE = ("httpx", "httpcore", "telegram", "asyncio", "uvicorn", "apscheduler")


@contextmanager
def logged(secrets: Collection[str] = (), level: int = logging.INFO) -> Iterator[io.StringIO]:
    """Send every log to a stream until the block ends; below INFO the libraries talk too."""
    stream, root = io.StringIO(), logging.getLogger()
    before, levels = root.handlers[:], {name: logging.getLogger(name).level for name in ("", *TALKATIVE)}
    with patch.object(sys, "stderr", stream):
        set_up("json", secrets)
    for name in ("", *TALKATIVE) if level < logging.INFO else ():
        logging.getLogger(name).setLevel(level)
    try:
        yield stream
    finally:
        root.handlers[:] = before
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)
        structlog.reset_defaults()
