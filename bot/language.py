"""Translate and format: the only place that knows English from Chinese, and how a region writes its figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from itertools import groupby
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal

from models.labels import label_of
from models.money import Money, minor_digits
from models.rules.periods import DateRange, Period, PeriodKind
from models.text import Bilingual, Link, Mention, Percent, Secret, Text, Value

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: their language, the formats of their region, and their zone."""

    language: str = "en"
    locale: str = "en-US"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a drawn line: `kind` is text, code (words to type), person or link."""

    kind: str
    text: str
    target: str = ""


@cache
def catalogue(language: str) -> Catalog:
    """The translations into a language; English is the language of the templates."""
    path = files("bot") / "locale" / language / "LC_MESSAGES" / "regatta.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def translated(template: str, plural: str | None, n: object, language: str) -> str:
    """Find the template in a language; its own words where the catalogue has none."""
    if language == "en":
        return template if plural is None or n == 1 else plural
    message = catalogue(language).get(template)
    found = None if message is None else message.string
    words = found if isinstance(found, str) else (found or ("",))[-1]
    return words or template


def spans(text: Text, reader: Reader) -> Iterator[Span]:
    """Draw a text in the reader's language, piece by piece; values are never read as templates.

    Words to type are one piece, whatever they are made of.
    """
    for is_code, pieces in groupby(_spans(text, reader), key=lambda span: span.kind == "code"):
        if is_code:
            yield Span("code", "".join(piece.text for piece in pieces))
        else:
            yield from pieces


def _spans(text: Text, reader: Reader) -> Iterator[Span]:
    template = translated(text.template, text.plural, text.values.get("n"), reader.language)
    quoted = False  # between backticks: words to type
    for literal, name, _, _ in Formatter().parse(template):
        for number, part in enumerate(literal.split("`")):
            quoted = quoted != (number > 0)
            if part:
                yield Span("code" if quoted else "text", part)
        if name is not None:
            values = _value_spans(text.values[name], reader)
            yield from (Span("code", value.text) for value in values) if quoted else values


def plain(value: Value, reader: Reader) -> str:
    """Draw a value as plain text; words to type stand between backticks."""
    return "".join(_plainly(value, reader))


def _plainly(value: Value, reader: Reader) -> Iterator[str]:
    for kind, pieces in groupby(_value_spans(value, reader), key=lambda span: span.kind):
        text = "".join(piece.text for piece in pieces)
        yield f"`{text}`" if kind == "code" else text


def _value_spans(value: Value, reader: Reader) -> Iterator[Span]:  # noqa: C901, PLR0912  one case a kind of value
    match value:
        case Text():
            yield from spans(value, reader)
        case Mention():
            yield Span("person", value.name, value.person_id)
        case Secret():
            yield Span("text", value.words)
        case Link():
            yield Span("link", value.label, value.url)
        case Bilingual():
            yield Span("text", value.zh if reader.language == "zh" else value.en)
        case Enum():
            yield from spans(label_of(value), reader)
        case Money():
            yield Span("text", money(value, reader))
        case Period() | DateRange():
            yield Span("text", days(value, reader))
        case Percent():
            yield Span("text", percent(value.share, reader))
        case datetime():
            yield Span("text", moment(value, reader))
        case date():
            yield Span("text", day(value, reader))
        case int():
            yield Span("text", str(format_decimal(value, locale=_formats(reader.locale))))
        case _:
            yield Span("text", str(value))


def money(value: Money, reader: Reader) -> str:
    """Write an amount with its ISO 4217 code, which no reader can mistake: USD 80,000."""
    digits = minor_digits(value.currency)
    whole = value.minor % 10**digits == 0
    pattern = "#,##0" if whole else "#,##0." + "0" * digits
    return f"{value.currency} {format_decimal(value.major, format=pattern, locale=_formats(reader.locale))}"


def compact_money(value: Money, reader: Reader) -> str:
    """Write an amount shortly, for a picture: CNY 962万, EUR 1.2M."""
    locale = _formats("zh-CN" if reader.language == "zh" else "en")
    return f"{value.currency} {format_compact_decimal(value.major, locale=locale, fraction_digits=1)}"


def percent(share: Fraction, reader: Reader) -> str:
    """Write a share as whole percent."""
    number = format_decimal(round(share * 100), locale=_formats(reader.locale))
    return f"{number}%"


_WEEKDAYS = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": "一二三四五六日"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date, reader: Reader) -> str:
    """Write a date with its weekday, in an order that nobody can mistake: Tue 1 Dec 2026, 2026年12月1日(周二)."""
    weekday = _WEEKDAYS[reader.language][value.weekday()]
    if reader.language == "zh":
        return f"{value.year}年{value.month}月{value.day}日(周{weekday})"
    return f"{weekday} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def days(value: Period | DateRange, reader: Reader) -> str:
    """Write a period or a range of days."""
    return period(value, reader) if isinstance(value, Period) else date_range(value, reader)


def period(value: Period, reader: Reader) -> str:
    """Write a week, month, quarter or year: Nov 2026, 2026年11月, Week 47 (16–22 Nov), 2026年第4季度."""
    chinese, start = reader.language == "zh", value.start
    match value.kind:
        case PeriodKind.WEEK:
            first, last = start, value.end
            if chinese:
                return f"第{first.isocalendar().week}周({first.month}月{first.day}日至{last.month}月{last.day}日)"
            begin = f"{first.day}" if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]}"
            return f"Week {first.isocalendar().week} ({begin}–{last.day} {_MONTHS[last.month - 1]})"
        case PeriodKind.MONTH:
            return f"{start.year}年{start.month}月" if chinese else f"{_MONTHS[start.month - 1]} {start.year}"
        case PeriodKind.QUARTER:
            quarter = (start.month + 2) // 3
            return f"{start.year}年第{quarter}季度" if chinese else f"Q{quarter} {start.year}"
        case PeriodKind.YEAR:
            return f"{start.year}年" if chinese else str(start.year)


def date_range(value: DateRange, reader: Reader) -> str:
    """Write days in a row: 1–15 Nov 2026, 28 Dec 2026 – 3 Jan 2027, 2026年11月1日至15日."""
    first, last = value.start, value.end
    if first == last:
        return day(first, reader)
    same_year, same_month = first.year == last.year, (first.year, first.month) == (last.year, last.month)
    if reader.language == "zh":
        until = "" if same_month else f"{last.month}月" if same_year else f"{last.year}年{last.month}月"
        return f"{first.year}年{first.month}月{first.day}日至{until}{last.day}日"
    until = f"{last.day} {_MONTHS[last.month - 1]} {last.year}"
    if same_month:
        return f"{first.day}–{until}"
    since = f"{first.day} {_MONTHS[first.month - 1]}" + ("" if same_year else f" {first.year}")
    return f"{since} – {until}"


def moment(value: datetime, reader: Reader) -> str:
    """Write an instant in the reader's zone."""
    local = value.astimezone(ZoneInfo(reader.zone))
    return f"{day(local.date(), reader)} {local:%H:%M}"


@cache
def _formats(locale: str) -> Locale:
    """How a locale writes figures; where a language has no country of its own (zh-DE), as the language does."""
    try:
        return Locale.parse(locale, sep="-")
    except UnknownLocaleError:
        return Locale.parse(locale.split("-", maxsplit=1)[0])
