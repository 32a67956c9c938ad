"""Whatever somebody typed comes out in Telegram as the same words, with no mention and no link, within its limits."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language import Reader
from bot.platforms.telegram.drawing import Part, Pen
from bot.platforms.telegram.pieces import LONGEST_CAPTION, LONGEST_TEXT, units
from models.deals import Undo
from models.intent import draft
from models.message import Button, Field, Message, Table
from models.text import Link, Mention, Text, verbatim
from tests.peers.clock import Clock
from tests.peers.telegram.api import Call
from tests.peers.telegram.content import formatted
from tests.peers.telegram.markup import markup_of
from tests.peers.telegram.model import Json
from tests.peers.telegram.text import cut
from tests.peers.telegram.world import World
from tests.property.profiles import WORDS, visible

_WORLD = World(Clock())
_MIKE = _WORLD.add_user("Mike")
_WORLD.private(_MIKE).started = True
_PEN = Pen(Reader(), lambda position: f"1.{position}.abc", lambda person: str(_MIKE.id) if person == "mike" else None)
LIMITS = pytest.mark.parametrize("longest", [LONGEST_TEXT, LONGEST_CAPTION], ids=["text", "caption"])


def shown(part: Part) -> tuple[str, list[Json]]:
    """What Telegram makes of a part: its words, and what is marked or found in them."""
    part.html.encode()
    return formatted(Call(_WORLD, "sendMessage", {"text": part.html, "parse_mode": "HTML"}), "text", "entities")


@LIMITS
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=60), WORDS)
@example([("D-1", "1")] * 150, "many")
@example([("x" * 20_000, "y" * 20_000)] * 3, "wide")
def test_facts_tables_and_headings_call_nobody(longest: int, rows: list[tuple[str, str]], words: str) -> None:
    table = Table((Text("Deal"), Text("Amount")), tuple((verbatim(one), verbatim(other)) for one, other in rows))
    facts = tuple(Field(Text("Owner"), one) for one, _ in rows[:30])

    seen = [shown(part) for part in _PEN.draw(Message((verbatim(words),), facts, table), longest=longest)]

    assert {entity["type"] for _, entities in seen for entity in entities} <= {"bold", "pre"}
    assert all(0 < units(text) <= longest and len(entities) <= 100 for text, entities in seen)
    said = visible("".join(text for text, _ in seen))
    assert all(visible(one) in said and visible(other) in said for one, other in rows)


def test_only_a_typed_person_is_mentioned_and_only_a_typed_address_is_a_link() -> None:
    line = Text(
        "{who} {other} {link} {bad}", who=Mention("mike", "Mike"), other=Mention("eve", "@ann_sales"),
        link=Link("contract", "https://a.example/x?y=<1>&z='\""), bad=Link("run", "javascript:alert(1)"),
    )  # fmt: skip
    (part,) = _PEN.draw(Message(lines=(line,)))

    text, entities = shown(part)
    assert [(one["type"], cut(text, one["offset"], one["length"])) for one in entities] == [
        ("text_mention", "Mike"), ("text_link", "contract"),
    ]  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_keyboard_is_one_that_telegram_takes(labels: list[str]) -> None:
    buttons = tuple(Button(verbatim(label), draft(Undo(number))) for number, label in enumerate(labels))
    (part,) = _PEN.draw(Message(lines=(Text("Which?"),), buttons=buttons))

    assert part.keyboard is not None
    keyboard = markup_of(Call(_WORLD, "sendMessage", {"reply_markup": part.keyboard.to_json()}))
    assert keyboard is not None
    assert sum(len(row) for row in keyboard["inline_keyboard"]) == len(labels)
