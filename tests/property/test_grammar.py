"""The grammar reads back what it prints, and no text upsets it."""

import gc
import time
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar.deal_line import DEAL_SLOTS, read_deal
from handlers.grammar.line import read_line
from handlers.grammar.numerals import read_chinese
from handlers.grammar.reading import ReadingContext
from models import slots
from models.money import Money
from models.slots import slot_of

_TODAY = date(2026, 11, 24)
_CONTEXTS = [
    ReadingContext(_TODAY, "en-US", "USD"),
    ReadingContext(_TODAY, "zh-CN", "CNY"),
    ReadingContext(_TODAY, "de-DE", "EUR"),
]
_SLOTS = (
    *DEAL_SLOTS,
    *map(slot_of, (slots.Share, slots.TimeSpan, slots.DealNumber, slots.Colleague, slots.RegionId, slots.Year)),
)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """A collection of all that a worker of the tests holds takes half a second, and is no part of reading a line."""
    gc.disable()
    yield
    gc.enable()


_PIECES = st.sampled_from(
    [
        "Acme", "May", "won", "50k", "-5", "$", "¥", "下周五", "12万5", "月底", "青岛", "12/5", ":", "stage:",
        "close:", "--amount",
        "<@U1>", "<http://a|b>", "&amp;", "#x", '"', "「", "」", "\ud800", "\x00", "\u202e", "🚀", "NaN",
        "1e999999", "١٢", " ", "\n",
        "or", "或", "Q1", "Dec", "31", "half a million", "百万", "前", "元", "...", "1.2.3", "owner:",
        "備註:", "D-1", "9折", "k€", "MUSD", "just", "刚和", "这单", "客 户", "个亿",
        "first", "of", "two days", "after", "ago", "the second", "twenty", "农历", "初一", "两千", "3.18",
        "or 6", "*", "_x_", "point", "预计", "close",
        "(", ")", "met Jane from", "had", "on Friday", ",", " - ", "刚从", "出来", "介绍的", "王总", "200间房",
    ]
)  # fmt: skip
_LINES = st.one_of(
    st.text(max_size=80), st.lists(_PIECES, max_size=14).map(" ".join), st.lists(_PIECES, max_size=14).map("".join)
)
_ANY_TEXT = st.one_of(_LINES, st.text(st.characters(codec=None), max_size=60))
_AMOUNTS = st.integers(1, 10**13).map(lambda cents: Money(cents, "USD"))
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FIRSTS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENTHS = (*(f"{word}th".replace("twelveth", "twelfth") for word in _TEENS), "twentieth")
_ORDINALS = (*_FIRSTS, *_TENTHS, *(f"twenty {one}" for one in _FIRSTS), "thirtieth", "thirty first")
_NUMBERS = ("", *_ONES, *_TEENS, *(f"{ten} {one}".strip() for ten in ("twenty", "thirty") for one in ("", *_ONES)))
_DAYS = st.integers(-300, 3000).map(lambda days: _TODAY + timedelta(days=days))


def _core(text: str, context: ReadingContext = _CONTEXTS[0]) -> dict[str, object]:
    reading = read_deal(text, context)
    return dict(reading.values) | {"problem": reading.problem and reading.problem.code}


@settings(max_examples=300, deadline=None)
@given(_ANY_TEXT, st.sampled_from(_CONTEXTS))
def test_no_text_is_fatal(text: str, context: ReadingContext) -> None:
    reading = read_line(text, _SLOTS, ("amount", "account"), context)

    assert all(0 <= claim.start <= claim.end <= len(text) for claim in reading.claims)
    str(reading.values.get("account", "")).encode()


@given(_AMOUNTS)
def test_an_amount_is_read_back_as_it_is_printed(money: Money) -> None:
    for printed in (f"{money.major:f} USD", f"USD {money.major:,f}", f"${money.major:,f}"):
        assert _core(f"Acme Corp {printed}")["amount"] == money


@given(st.integers(1, 99_999_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert read_chinese(_in_chinese(number)) == number


@given(_DAYS)
def test_a_date_is_read_back_as_it_is_printed(day: date) -> None:
    for printed in (f"{day:%Y-%m-%d}", f"{day:%b} {day.day}, {day.year}", f"{day.day} {day:%B} {day.year}"):
        assert _core(f"Acme Corp 50k close {printed}")["close"] == day
    assert _core(f"海工 50万 {day.year}年{day.month}月{day.day}日", _CONTEXTS[1])["close"] == day


@given(_DAYS)
def test_a_day_in_words_is_read_back(day: date) -> None:
    ordinal, year = _ORDINALS[day.day - 1], f"two thousand and {_NUMBERS[day.year % 100]}"
    for printed in (
        f"{day:%B} {ordinal}, {day.year}",
        f"the {ordinal} of {day:%b} {day.year}",
        f"{day:%A}, {day:%b} {day.day}, {day.year}",
        f"{day:%B} the {ordinal.replace(' ', '-')}, {year}",
        f"{day.day}-{day:%b}-{day:%y}",
        f"{day.day}. {day:%b}. {day.year}",
        f"{day:%m/%d/%y}",
        f"{day:%m/%d},{day.year}",
        f"{abs((day - _TODAY).days)} days {'after' if day >= _TODAY else 'before'} {_TODAY}",
    ):
        assert _core(f"Acme Corp 50k close {printed}") == _core("Acme Corp 50k") | {"close": day}, printed
    digits = "".join("零一二三四五六七八九"[int(digit)] for digit in str(day.year))
    printed = f"{digits}年{_in_chinese(day.month)}月{_in_chinese(day.day)}日".replace("一十", "十")
    assert _core(f"海工 50万 {printed}", _CONTEXTS[1])["close"] == day


@given(st.lists(st.sampled_from(["Acme", "50k", "Friday", "won", "close Dec 5", "青岛海工", "60k", "-5k"]), max_size=5))
def test_adding_a_tag_changes_nothing_else(words: list[str]) -> None:
    line = " ".join(words)

    assert _core(f"{line} #renewal") == _core(line) | {"tags": ("renewal",)}


@given(
    st.sampled_from(
        ["acme corp 50k usd close friday won", "acme corp $1,200.50 dec 5 proposal", "acme corp 2bn eom lead"]
    )
)
def test_case_width_and_spaces_do_not_matter(line: str) -> None:
    plain = _core(line)
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in line)

    for other in (line.upper(), wide, line.replace(" ", "   "), f"  {line}\n"):
        read = _core(other)
        assert str(read.pop("account")).lower() == plain["account"]
        assert read == {slot: value for slot, value in plain.items() if slot != "account"}


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "1",
        "1k ",
        "1 ",
        "111 ",
        "一",
        "百万",
        "50万 ",
        "周五",
        "friday ",
        "dec 5 ",
        "Won Foods ",
        '"',
        "<",
        "a:",
        "amount:",
        "close:x ",
        "hundred ",
        "#a ",
        "$1",
        "and of ",
        "青岛95万下周四",
        "年",
        "5%",
        "�",
        "é",
        "<@U1>",
        "stge: ",
        "刚和",
        "这单",
        "100台 ",
        "3 years ",
        "签约",
        "客 户 ",
        "*a ",
        "just won ",
        "1 crore 20 lakh ",
        "五六十万",
        "one point two ",
        "Dec 5 or 6 ",
        '" ',
        '"ab" ',
        "下周五",
        "9折",
        "last 3 days ",
        "1-5 Nov ",
        "亿¥ ",
        "the first Friday of ",
        "two days after ",
        "1 year and 2 months ",
        "May twenty ",
        "the second ",
        "a few weeks ",
        "on 3.18 ",
        "1. Dec. ",
        "农历",
        "大年初",
        "二零二六年",
    ],
)
@pytest.mark.usefixtures("no_collector")
def test_eight_thousand_characters_take_no_time(unit: str) -> None:
    text = (unit * 8000)[:8000]
    for _ in range(2):  # the second time nothing is left to load
        began = time.thread_time()
        read_deal(text, _CONTEXTS[1])
        deal = time.thread_time() - began
        read_line(text, (*_SLOTS, slot_of(slots.Words)), (), _CONTEXTS[1])
        every = time.thread_time() - began - deal

    assert max(deal, every) < 0.15, "three times the budget, for a busy machine"


def test_forty_thousand_characters_are_read_too() -> None:
    assert read_deal("Acme " * 8000, _CONTEXTS[0]).problem is not None


def _in_chinese(number: int) -> str:
    if number >= 10_000:
        whole, rest = divmod(number, 10_000)
        zero = "零" if 0 < rest < 1000 else ""
        return _in_chinese(whole) + "万" + zero + (_in_chinese(rest) if rest else "")
    words, started, gap = "", False, False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if gap and started else "") + "零一二三四五六七八九"[digit] + name
            started, gap = True, False
        else:
            gap = True
    return words
