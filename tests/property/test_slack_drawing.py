"""Whatever somebody typed comes out in Slack as the same words, with no mention and no link, within Slack's limits."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language import Reader
from bot.literals import printable
from bot.platforms.slack.drawing import LONGEST_CELL, Block, Pen, shortened
from models.deals import Undo
from models.intent import draft
from models.message import Button, Field, Message, Table
from models.text import Link, Mention, Text, verbatim
from tests.peers.slack.blocks import are_too_long, faults_of
from tests.property.profiles import WORDS

_PEN = Pen(Reader(), lambda position: f"1.{position}.abc", lambda person: "U1" if person == "mike" else None)


def _pieces(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [piece for block in blocks if block["type"] == "rich_text" for piece in block["elements"][0]["elements"]]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=150), WORDS)
@example([("D-1", "1")] * 150, "many")
@example([("x" * 20_000, "y" * 20_000)] * 3, "wide")
def test_tables_facts_and_long_lists_stay_within_the_limits(rows: list[tuple[str, str]], words: str) -> None:
    table = Table((Text("Deal"), Text("Amount")), tuple((verbatim(one), verbatim(other)) for one, other in rows))
    message = Message(
        lines=(verbatim(words),), fields=tuple(Field(Text("Owner"), one) for one, _ in rows[:30]), table=table
    )

    parts = _PEN.draw(message)

    shown = [row for part in parts for block in part.blocks if block["type"] == "table" for row in block["rows"][1:]]
    kept = [[shortened(printable(words), LONGEST_CELL) or " " for words in row] for row in rows]
    assert [[cell["text"] for cell in row] for row in shown] == kept
    assert not any(faults_of(list(part.blocks), surface="message") or are_too_long(list(part.blocks)) for part in parts)


def test_only_a_typed_person_is_mentioned_and_only_a_typed_address_is_a_link() -> None:
    line = Text(
        "{who} {other} {link} {bad}", who=Mention("mike", "Mike"), other=Mention("eve", "<!here>"),
        link=Link("contract", "https://a.example/x?y=<1>"), bad=Link("run", "javascript:alert(1)"),
    )  # fmt: skip
    (part,) = _PEN.draw(Message(lines=(line,)))

    assert [piece["type"] for piece in _pieces(part.blocks)] == ["user", "text", "link", "text"]
    assert _pieces(part.blocks)[1]["text"] == " <!here> "


def test_a_press_fits_and_is_named_in_a_button() -> None:
    buttons = tuple(Button(verbatim("x" * 200), draft(Undo(number))) for number in range(30))
    (part,) = _PEN.draw(Message(lines=(Text("Which?"),), buttons=buttons))

    assert [len(block["elements"]) for block in part.blocks if block["type"] == "actions"] == [25, 5]
    assert faults_of(list(part.blocks), surface="message") == []
