"""Find amounts in English words, and words that name an amount without giving one."""

import re
from collections.abc import Iterator

from handlers.grammar.amount_numbers import money_of
from handlers.grammar.currencies import currency_after, currency_of
from handlers.grammar.numerals_en import is_number_word, read_english
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.words import Line

_MINUS = Pattern(r"(?:(?<![\w.)])-|负|負|minus |negative )$")
_ENDS_IN_MINUS = ("-", "负", "負", "minus ", "negative ", "\n")
_VAGUE = Pattern(
    r"[几幾数數上好][十百千万萬亿億]{0,3}(?:[千万萬亿億]|[十百](?=[元块塊]))|[几幾]个[亿億]|[十百千万萬亿億]把[块塊万萬亿億个]"
    r"|(?<![0-9])[0-9]{0,8}[十百千万萬亿億]?[多来來余餘][万萬亿億]"
    r"|(?<![a-z])(?:a )?(?:couple|few|several) (?:of )?(?:hundred|thousand|million|grand|k\b|lakh|crore)s?"
    r"(?: thousand| k\b)?"
    r"|(?<![a-z])(?:hundreds|thousands|tens|millions) of (?:thousands|millions|k\b)",
    needs=(*"几幾数數上好多来來余餘把", "couple", "few", "several", "s of "),
)
_NAN = Pattern(r"(?<![a-z0-9])(?:nan|inf|infinity|[$€£¥][a-z]+)(?![a-z0-9])", needs=("nan", "inf", "$", "€", "£", "¥"))
_WORDS = Pattern(r"[a-z]+|(?<![\w.,$€£¥])[0-9]{1,3}(?:\.[0-9])?(?= and (?:a )?(?:half|quarter) )")
_SCALE_WORDS = ("hundred", "thousand", "million", "billion", "lakh", "crore", "grand")
_SHORT_SCALE = Pattern(
    r"(?:ty|teen|ten|one|two|three|four|five|six|seven|eight|nine|hundred|half an?) (?:k|mil)\b", needs=(" k", " mil")
)
_GLUE_WORDS = {"and", "a", "an", "of", "half", "quarter", "quarters"}
_MIL = ("thousand", "million")


def minus_before(low: str, at: int) -> re.Match[str] | None:
    """Find what makes the amount that starts there a negative one."""
    window = max(0, at - 9)
    return _MINUS.search(low, window, at) if low.endswith(_ENDS_IN_MINUS, window, at) else None


def find_spelled_out(line: Line, context: ReadingContext) -> Iterator[Found]:
    """Find two hundred thousand and half a million."""
    short = _SHORT_SCALE.could_be_in(line.low) and _SHORT_SCALE.search(line.low) is not None
    if not short and not any(map(line.low.__contains__, _SCALE_WORDS)):
        return
    run: list[re.Match[str]] = []
    for match in _WORDS.finditer(line.low):
        gap = line.low[run[-1].end() : match.start()] if run else ""
        joined = gap in {" ", "-", ""} if run else True
        word = match[0]
        counts = word in _GLUE_WORDS or is_number_word(word) or (short and word == "mil") or word[0].isdecimal()
        if counts and joined:
            run.append(match)
            continue
        yield from _spelled_run(line, run, context)
        run = [match] if counts else []
    yield from _spelled_run(line, run, context)


def _spelled_run(line: Line, run: list[re.Match[str]], context: ReadingContext) -> Iterator[Found]:
    while run and run[-1][0] in _GLUE_WORDS and not _is_and_a_half(run):
        run.pop()
    while run and run[0][0] in {"and", "of"}:
        run.pop(0)
    if not run or line.low[run[0].start() - 2 : run[0].start() - 1].isdecimal():
        return
    words = [match[0] for match in run]
    as_scale = _MIL if "mil" in words else ("",)
    values = [read_english([scale if word == "mil" else word for word in words]) for scale in as_scale]
    if any(value is None for value in values):
        return
    after = currency_after(line.text, line.low, run[-1].end())
    code = (currency_of(after[0], context.currency) if after else None) or context.currency
    readings = tuple(money for value in values if value is not None and (money := money_of(value, code)))
    negative = minus_before(line.low, run[0].start())
    yield Found(
        "amount",
        "number in words",
        run[0].start(),
        after[1] if after else run[-1].end(),
        readings[0] if len(readings) == 1 else None,
        readings=readings if len(readings) > 1 else (),
        bad=not readings or negative is not None,
        firm=after is not None,
        assumed=after is None,
    )


def _is_and_a_half(run: list[re.Match[str]]) -> bool:
    """Whether the run ends as a million and a half does."""
    return run[-1][0] in {"half", "quarter"} and [match[0] for match in run[-3:-1]] == ["and", "a"]


def find_no_amounts(line: Line) -> Iterator[Found]:
    """Find 几十万, a few hundred thousand, NaN and $abc, which name an amount and give none."""
    for match in _VAGUE.each(line.low):
        yield Found("amount", "vague amount", match.start(), match.end(), bad=True)
    for match in _NAN.each(line.low):
        yield Found("amount", "not a number", match.start(), match.end(), bad=True, firm=match[0][0] in "$€£¥")
