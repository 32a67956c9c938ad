"""Logs: one line an event, for a person or as JSON; secrets are taken out before anything is written."""

import logging
import re
import sys
from collections.abc import Collection, MutableMapping
from typing import Any

import structlog

HIDDEN = "[secret]"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What begins a line or speaks to a terminal, wherever a log is read."""


def set_up(style: str, secrets: Collection[str]) -> None:
    """Send every log, the libraries' too, to standard error in one style (`console` or `json`)."""
    hide = Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # A traceback may show values: it is drawn first, then cleaned, and only then written.
    last: list[Any] = [structlog.processors.format_exc_info, hide]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *last, renderer])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "uvicorn", "telegram", "slack_bolt"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # an answer that is no JSON, which is raised, too


class Redactor:
    """Takes known secrets and control characters out of every value of an event, so that no log line can be forged.

    A traceback keeps its lines, each indented: what begins at the margin is a line of the log.
    """

    def __init__(self, secrets: Collection[str]) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, _logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: self._clean(key, value) for key, value in event.items()}

    def _clean(self, key: str, value: Any) -> Any:
        if isinstance(value, (int, float, bool)) or value is None:
            return value
        text = str(value)
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        lines = text.split("\n") if key == "exception" else [text]
        return "\n    ".join(_CONTROL.sub(_escaped, line) for line in lines)


def _escaped(found: re.Match[str]) -> str:
    return repr(found[0])[1:-1]
