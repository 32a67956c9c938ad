"""What each platform makes of a drawn message: its parts as their readers see them, and what came alive in them."""

from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import category

from hypothesis import strategies as st

from bot.language import Reader
from bot.literals import JOINER, printable
from bot.platforms.plain import Pen as PlainPen
from bot.platforms.slack.drawing import LONGEST_PIECE, Part
from bot.platforms.slack.drawing import Pen as SlackPen
from bot.platforms.telegram.drawing import Pen as TelegramPen
from bot.platforms.telegram.pieces import LONGEST_CAPTION, LONGEST_TEXT, units
from bot.platforms.web.drawing import draw
from bot.platforms.web.page import safe_link
from models.message import Message
from tests.peers.clock import Clock
from tests.peers.poorest.world import LONGEST_TEXT as POOREST_TEXT
from tests.peers.poorest.world import World as PoorestWorld
from tests.peers.slack.blocks import are_too_long, faults_of
from tests.peers.telegram.api import Call
from tests.peers.telegram.content import formatted
from tests.peers.telegram.text import cleaned
from tests.peers.telegram.world import World
from tests.stages.poorest_platform import LIMITS

MARKUP = st.sampled_from(
    [
        "<!channel>", "<@U1>", "<@u1>", "<#C1>", "<https://a.b|x>", "@here", "@all", "@Mike", "@ann_sales",
        "@regatta_bot", ":smile:", "*b*", "_i_", "~s~", "`c`", "```", "**b**", "> q", "- ", "1. ", "\\",
        "[x](https://v.com)", "<b>", "</b>", "</code>", "</pre>", "<a href='https://x.com'>", "<font color='red'>",
        "<tg-spoiler>", "<script>", "&", "&amp;", "&lt;", "&#60;", "<", ">", "#won", "$ACME", "/undo",
        "/undo@regatta_bot", "https://a.example/x?y=1", "HTTP://a", "acme.com", "a@b.com", "tg://user?id=1",
        "mailto:a@b.co", "javascript:alert(1)", "公司.中国", "www.", ".", "@", "#", "/", ":", "//", "3.14", "1/2",
        "\n", "\t", "\r", "\x00", "\x1b", "\u202e", "\u200d", "\u2028", JOINER, "🚀", "👩‍👩‍👧‍👦", "🇩🇪", "e\u0301",
        "你好", " ", "{x}", "%s",
        "\ud800", "Q-7", "a" * 900,
    ]
)  # fmt: skip
WORDS = st.one_of(st.text(max_size=200), st.lists(MARKUP, max_size=30).map("".join))


@dataclass(frozen=True, slots=True)
class Shown:
    """One piece of a message that is read as a whole: its words, and the links and mentions in them."""

    text: str
    alive: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A platform: what it shows of a message, the length of a text as it counts, and the longest piece.

    `show` raises AssertionError for what the platform would refuse. `bare` takes out of words what the platform keeps
    of nobody; two texts that are the same then are the same to their readers.
    """

    show: Callable[[Message], list[Shown]]
    size: Callable[[str], int] = len
    longest: int = 8_000
    bare: Callable[[str], str] = str


def visible(words: str) -> str:
    """The characters of words that can be seen: no blanks, nothing without a shape, halves as what stands for them."""
    kept = cleaned(words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    return "".join(each for each in kept if not each.isspace() and category(each) != "Cf")


def _token(position: int) -> str:
    return f"1.{position}.abc"


def _slack(message: Message) -> list[Shown]:
    parts = SlackPen(Reader(), _token, lambda person: "U1" if person == "mike" else None).draw(message)
    return [shown for part in parts for shown in _blocks(part)]


def _blocks(part: Part) -> list[Shown]:
    """Rich text shows its pieces as they are; the words of a notification are read as markup."""
    blocks = list(part.blocks)
    assert not faults_of(blocks, surface="message")
    assert not are_too_long(blocks)
    alive = tuple(mark for mark in ("<!", "<@", "<#", "<http") if mark in part.text)
    pieces = [block["elements"][0]["elements"] for block in blocks if block["type"] == "rich_text"]
    return [
        Shown(
            "".join(piece.get("text", "") for piece in each),
            (*alive, *(piece["type"] for piece in each if piece["type"] != "text")),
        )
        for each in pieces
    ]


_TELEGRAM = World(Clock())
_MIKE = _TELEGRAM.add_user("Mike")
_TELEGRAM.private(_MIKE).started = True


def telegram(longest: int) -> Callable[[Message], list[Shown]]:
    """Telegram's messages of at most so many units, as its server reads their marks."""
    pen = TelegramPen(Reader(), _token, lambda person: str(_MIKE.id) if person == "mike" else None)

    def show(message: Message) -> list[Shown]:
        found = []
        for part in pen.draw(message, longest=longest):
            part.html.encode()
            call = Call(_TELEGRAM, "sendMessage", {"text": part.html, "parse_mode": "HTML"})
            text, entities = formatted(call, "text", "entities")
            assert 0 < units(text) <= longest
            found.append(Shown(text, tuple(one for one in entities if one["type"] not in ("bold", "code", "pre"))))
        return found

    return show


def _web(message: Message) -> list[Shown]:
    """The page writes each span as text, and makes a link of those that lead somewhere safe; it calls nobody."""
    drawn = draw(message, Reader(), 1, "key")
    spans = [span for line in drawn["lines"] for span in line]
    alive = tuple(span for span in spans if span["kind"] == "link" and safe_link(span["href"]))
    return [Shown(drawn["text"], alive)]


_POOREST = PoorestWorld(Clock())
_ANN = _POOREST.add_user("Mike")
_GROUP = _POOREST.add_group([_ANN])


def _poorest(message: Message) -> list[Shown]:
    pen = PlainPen(Reader(), _token, lambda person: _ANN if person == "mike" else None, LIMITS)
    found = []
    for part in pen.draw(message):
        _POOREST.sent_at.clear()
        said = _POOREST.send({"chat": _GROUP, "text": part.text, "call": list(part.calls)})
        _POOREST.chats[_GROUP].said.clear()
        found.append(Shown(said.text, (*said.alive, *said.calls)))
    return found


PROFILES = {
    "web": Profile(_web),
    "slack": Profile(_slack, longest=LONGEST_PIECE, bare=printable),
    "telegram": Profile(telegram(LONGEST_TEXT), units, LONGEST_TEXT, visible),
    "poorest": Profile(_poorest, lambda text: len(text.encode()), POOREST_TEXT, visible),
}
CAPTION = Profile(telegram(LONGEST_CAPTION), units, LONGEST_CAPTION, visible)
