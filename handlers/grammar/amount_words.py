"""Find amounts in English words, and words that name an amount without giving one."""

import re
from collections.abc import Iterator
from itertools import islice

from handlers.grammar.amount_numbers import money_of
from handlers.grammar.currencies import currency_after, currency_of
from handlers.grammar.numerals import is_number_word, read_english
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import Line

MINUS = re.compile(r"(?:(?<![\w.)])-|负|負|minus |negative )$")
_VAGUE = re.compile(r"[几幾数數上好][十百千万萬亿億]+|(?<![0-9])[0-9]{0,8}[十百千万萬亿億]?[多来來余餘][万萬亿億]")
_NAN = re.compile(r"(?<![a-z0-9])(?:nan|inf|infinity|[$€£¥][a-z]+)(?![a-z0-9])")
_WORDS = re.compile(r"[a-z]+")
_SCALE_WORDS = ("hundred", "thousand", "million", "billion", "lakh", "crore", "grand")
_GLUE_WORDS = {"and", "a", "an", "of", "half", "quarter"}


def find_spelled_out(line: Line, context: ReadingContext) -> Iterator[Found]:
    """Find two hundred thousand and half a million."""
    if not any(word in line.low for word in _SCALE_WORDS):
        return
    run: list[re.Match[str]] = []
    for match in _WORDS.finditer(line.low):
        gap = line.low[run[-1].end() : match.start()] if run else ""
        joined = gap in {" ", "-", ""} if run else True
        if (is_number_word(match[0]) or match[0] in _GLUE_WORDS) and joined:
            run.append(match)
            continue
        yield from _spelled_run(line, run, context)
        run = [match] if is_number_word(match[0]) or match[0] in _GLUE_WORDS else []
    yield from _spelled_run(line, run, context)


def _spelled_run(line: Line, run: list[re.Match[str]], context: ReadingContext) -> Iterator[Found]:
    while run and run[-1][0] in _GLUE_WORDS:
        run.pop()
    while run and run[0][0] in {"and", "of"}:
        run.pop(0)
    if not run or line.low[run[0].start() - 2 : run[0].start() - 1].isdecimal():
        return
    value = read_english([match[0] for match in run])
    if value is None:
        return
    after = currency_after(line.low, run[-1].end())
    code = currency_of(after[0], context.currency) if after else context.currency
    money = money_of(value, code or context.currency)
    negative = MINUS.search(line.low, max(0, run[0].start() - 9), run[0].start())
    end = after[1] if after else run[-1].end()
    yield Found(
        "amount",
        "number in words",
        run[0].start(),
        end,
        money,
        bad=money is None or negative is not None,
        firm=after is not None,
        assumed=after is None,
    )


def find_no_amounts(line: Line) -> Iterator[Found]:
    """Find 几十万, NaN and $abc, which name an amount and give none."""
    for match in islice(_VAGUE.finditer(line.low), MOST_OF_A_KIND):
        yield Found("amount", "vague amount", match.start(), match.end(), bad=True)
    for match in islice(_NAN.finditer(line.low), MOST_OF_A_KIND):
        yield Found("amount", "not a number", match.start(), match.end(), bad=True, firm=match[0][0] in "$€£¥")
