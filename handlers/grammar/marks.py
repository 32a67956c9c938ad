"""Find what carries its own sign: quotes, #tags, links, @names, D-1042 and percentages."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from handlers.grammar.numerals import read_chinese
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.words import Line

_QUOTE = Pattern(
    r'"[^"\n]{1,200}"|“[^“”\n]{1,200}”|「[^「」\n]{1,200}」|『[^『』\n]{1,200}』|„[^„“”\n]{1,200}[“”]', needs='"“「『„'
)
_TAG = Pattern(r"#([^\s#,;，；、。!！?？()<>]{1,100})")
_URL = Pattern(r"https?://[^\s<>\"“”，。；、]+")
_HANDLE = Pattern(r"(?<![\w.])@([\w.-]{1,64})")
_REFERENCE = Pattern(r"(?<![a-z0-9-])([davp])-?([0-9]{1,12})(?![a-z0-9-])")
_REFERENCE_SLOTS = {"d": "deal", "a": "request", "p": "policy", "v": "visit"}
REFERENCES = frozenset(_REFERENCE_SLOTS.values())
_PERCENT = Pattern(
    r"(?<![0-9a-z.,-])([0-9]{1,3}(?:[.,][0-9]{1,4})?) ?(?:%|percent\b|pct\b|per cent\b)(?: off| discount)?",
    needs=("%", "percent", "pct", "per cent"),
)
_PER_CENT_ZH = Pattern(
    r"百分之([0-9零一二三四五六七八九十百]{1,5}(?:\.[0-9]{1,4})?)(?:点([一二三四五六七八九]))?", needs=("百分之",)
)
_FOLD = Pattern(r"打?([0-9](?:\.[0-9])?|[0-9]{2}|[一二三四五六七八九]{1,2})折", needs="折")
_EDGES = ".:'\"”」)]}"


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Find quoted texts, their marks included."""
    return [match.span() for match in _QUOTE.finditer(text)] if _QUOTE.could_be_in(text) else []


def find_tags(line: Line) -> Iterator[Found]:
    """Find #tags."""
    for match in _TAG.finditer(line.low) if "#" in line.low else ():
        word = match[1].rstrip(_EDGES)
        if word:
            yield Found("tags", "#tag", match.start(), match.start() + 1 + len(word), word)


def find_urls(line: Line) -> Iterator[Found]:
    """Find web addresses, typed or behind a chat link."""
    for link in line.links:
        if link.url.lower().startswith(("http://", "https://")):
            yield Found("url", "link", link.start, link.end, link.url)
    for match in _URL.finditer(line.low) if "://" in line.low else ():
        end = match.start() + len(match[0].rstrip(".,:;'"))
        yield Found("url", "address", match.start(), end, line.text[match.start() : end])


def find_handles(line: Line) -> Iterator[Found]:
    """Find @names and the platform's mentions; the value is the tuple of names to look up."""
    for mention in line.mentions:
        yield Found("person", "mention", mention.at, mention.at + 1, mention.handles)
    for match in _HANDLE.finditer(line.low) if "@" in line.low else ():
        yield Found("person", "@name", *match.span(), (match[1].rstrip("."),))


def find_references(line: Line) -> Iterator[Found]:
    """Find numbers of deals, requests, policies and visits."""
    for match in _REFERENCE.finditer(line.low):
        value = f"{match[1].upper()}-{match[2].lstrip('0') or '0'}"
        yield Found(_REFERENCE_SLOTS[match[1]], "number", *match.span(), value, firm="-" in match[0])


_YEAR = Pattern(r"(?<![\w.,/-])((?:19|20)[0-9]{2})(?:年|(?![\w.,/%-]))")


_YEAR_WORD = Pattern(r"(?<![a-z0-9])(this|next|last) year(?![a-z0-9])|([今明去])年(?![初中底末])")
_YEAR_STEPS = {"this": 0, "next": 1, "last": -1, "今": 0, "明": 1, "去": -1}


def find_years(low: str, this_year: int) -> Iterator[Found]:
    """Find years that stand alone: 2027, 2027年, next year, 明年."""
    for match in _YEAR.finditer(low):
        yield Found("year", "year", match.start(), match.end(), int(match[1]))
    for match in _YEAR_WORD.finditer(low):
        yield Found("year", "year", *match.span(), this_year + _YEAR_STEPS[match[1] or match[2]])


def find_percents(low: str) -> Iterator[Found]:
    """Find shares: 12 %, 百分之十二, and Chinese folds (九折 is 10 % off)."""
    for match in _PERCENT.each(low):
        yield _share(match, Decimal(match[1].replace(",", ".")), "percent")
    for match in _PER_CENT_ZH.each(low):
        number = read_chinese(match[1])
        if number is not None:
            tenth = (read_chinese(match[2]) or Decimal(0)) / 10 if match[2] else Decimal(0)
            yield _share(match, number + tenth, "percent")
    for match in _FOLD.each(low):
        number = read_chinese(match[1])
        if number:
            kept = number * 10 if number < 10 else number  # noqa: PLR2004 九折 and 85折 both count from a hundred
            yield _share(match, 100 - kept, "fold")


def _share(match: re.Match[str], percent: Decimal, rule: str) -> Found:
    bad = not 0 <= percent <= 100  # noqa: PLR2004 a share of a whole
    return Found("percent", rule, *match.span(), None if bad else Fraction(percent) / 100, bad=bad)
