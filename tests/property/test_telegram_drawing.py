"""Whatever somebody typed comes out in Telegram as the same words, with no mention and no link, within its limits."""

from unicodedata import category

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.language import Reader
from bot.literals import JOINER
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
from tests.peers.telegram.text import cleaned, cut
from tests.peers.telegram.world import World

_WORLD = World(Clock())
_MIKE = _WORLD.add_user("Mike")
_WORLD.private(_MIKE).started = True
_PEN = Pen(Reader(), lambda position: f"1.{position}.abc", lambda person: str(_MIKE.id) if person == "mike" else None)
_MARKUP = st.sampled_from(
    [
        "<b>", "</b>", "</code>", "</pre>", "<a href='https://x.com'>", "<tg-spoiler>", "&", "&amp;", "&#60;", "<", ">",
        "@regatta_bot", "@ann_sales", "#won", "$ACME", "/undo", "/undo@regatta_bot", "https://a.example/x?y=1",
        "acme.com", "a@b.com", "tg://user?id=1", "公司.中国", "www.", ".", "@", "#", "/", ":", "//", "3.14", "1/2",
        "*b*", "_i_",
        "`c`", "[x](https://v.com)", "\n", "\t", "\r", "\x00", "\u202e", "\u200d", JOINER, "🚀", "👩‍👩‍👧‍👦",
        "你好", " ", "{x}", "%s", "\ud800", "a" * 900,
    ]
)  # fmt: skip
_WORDS = st.one_of(st.text(max_size=200), st.lists(_MARKUP, max_size=30).map("".join))
LIMITS = pytest.mark.parametrize("longest", [LONGEST_TEXT, LONGEST_CAPTION], ids=["text", "caption"])


def shown(part: Part) -> tuple[str, list[Json]]:
    """What Telegram makes of a part: its words, and what is marked or found in them."""
    part.html.encode()
    return formatted(Call(_WORLD, "sendMessage", {"text": part.html, "parse_mode": "HTML"}), "text", "entities")


def bare(words: str) -> str:
    """The characters of words that can be seen, after Telegram took out what it keeps of nobody."""
    kept = cleaned(words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return "".join(each for each in kept if not each.isspace() and category(each) != "Cf")


@LIMITS
@settings(max_examples=300, deadline=None)
@given(_WORDS)
@example("x" * 3_999 + "\n" + "y" * 9_001)
@example("汉" * 40_000)
@example("👩‍👩‍👧‍👦" * 4_096)
@example("&" * 40_000)
@example("a.b" * 4_096)
@example("\u202e" * 5_000)
@example("\x00" * 5_000 + "x")
def test_any_words_are_shown_as_they_are(longest: int, words: str) -> None:
    for message in (Message(lines=(Text("Note: {words}", words=words),)), Message(lines=(verbatim(words),))):
        seen = [shown(part) for part in _PEN.draw(message, longest=longest)]

        said = "".join(text for text, _ in seen)
        assert bare(said) in (bare(f"Note: {words}"), bare(words) or "…")
        assert [entities for _, entities in seen if entities] == []
        assert all(0 < units(text) <= longest for text, _ in seen)


@LIMITS
@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_WORDS, _WORDS), min_size=1, max_size=60), _WORDS)
@example([("D-1", "1")] * 150, "many")
@example([("x" * 20_000, "y" * 20_000)] * 3, "wide")
def test_facts_tables_and_headings_call_nobody(longest: int, rows: list[tuple[str, str]], words: str) -> None:
    table = Table((Text("Deal"), Text("Amount")), tuple((verbatim(one), verbatim(other)) for one, other in rows))
    facts = tuple(Field(Text("Owner"), one) for one, _ in rows[:30])

    seen = [shown(part) for part in _PEN.draw(Message((verbatim(words),), facts, table), longest=longest)]

    assert {entity["type"] for _, entities in seen for entity in entities} <= {"bold", "pre"}
    assert all(0 < units(text) <= longest and len(entities) <= 100 for text, entities in seen)
    said = bare("".join(text for text, _ in seen))
    assert all(bare(one) in said and bare(other) in said for one, other in rows)


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


@given(st.lists(_WORDS, min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_keyboard_is_one_that_telegram_takes(labels: list[str]) -> None:
    buttons = tuple(Button(verbatim(label), draft(Undo(number))) for number, label in enumerate(labels))
    (part,) = _PEN.draw(Message(lines=(Text("Which?"),), buttons=buttons))

    assert part.keyboard is not None
    keyboard = markup_of(Call(_WORLD, "sendMessage", {"reply_markup": part.keyboard.to_json()}))
    assert keyboard is not None
    assert sum(len(row) for row in keyboard["inline_keyboard"]) == len(labels)
