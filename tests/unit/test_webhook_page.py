"""docs/webhook.md: its example checks what the bot signs, and its table names every kind of event."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.webhooks.client import signature
from models.events import EventKind

PAGE = (Path(__file__).parents[2] / "docs" / "webhook.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
BODY = b'{"id":"e-1","kind":"deal.logged"}'


def example() -> Callable[..., bool]:
    """The function of the page."""
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(found[1], names)
    return names["is_genuine"]  # type: ignore[no-any-return]


def test_the_example_accepts_what_the_bot_signs_with_the_old_and_the_new_secret() -> None:
    is_genuine, header = example(), signature((b"new", b"old"), NOW, BODY)

    assert is_genuine(header, BODY, "new", NOW.timestamp())
    assert is_genuine(header, BODY, "old", NOW.timestamp())


def test_the_example_refuses_another_body_another_secret_and_an_old_request() -> None:
    is_genuine, header = example(), signature((b"new",), NOW, BODY)

    assert not is_genuine(header, BODY + b" ", "new", NOW.timestamp())
    assert not is_genuine(header, BODY, "old", NOW.timestamp())
    assert not is_genuine(header, BODY, "new", NOW.timestamp() + 301)
    assert not is_genuine("", BODY, "new", NOW.timestamp())


def test_the_page_names_every_kind() -> None:
    assert [kind for kind in EventKind if f"`{kind}`" not in PAGE] == []
