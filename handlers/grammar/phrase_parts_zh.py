"""The parts that Chinese date phrases are made of."""

import re
from collections.abc import Callable
from datetime import date

from handlers.grammar.date_meanings_zh import Value
from handlers.grammar.patterns import Pattern

Read = Callable[[re.Match[str], date], Value]
# A rule's name, two sets of characters without any of each of which it finds nothing, its pattern and its meaning.
Rule = tuple[str, frozenset[str], frozenset[str], Pattern, Read]
DAY = r"(?<![0-9])([0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
PARTS = r"(底前?|末|中旬|上旬|下旬|中|初)"
WEEK = r"(?:周|週|星期|礼拜|禮拜)"
TIME = r"(?:的?(?:早上|上午|中午|下午|晚上|晚))?(?: ?[0-9]{1,2}[:点點][0-9]{0,2}分?)?"
MARK = (
    r"(?:(?=[预預计大争力最截约于在到])"  # tells most places apart at once
    r"(?:预计|預計|预期|預期|计划|大概|大约|争取|力争|最迟|最晚|截止|截至|(?<![签簽合契预預大])约|于|在|到) ?)?"
)
SUFFIX = r"(?:之前|以前|左右|前后|(?<!年)前|之内|以内|内|內|成交(?=\s*$|\s))?"
STEP = r"(下下|上上|下|上|这|這|本|今|当|當)"


def rule(name: str, needed: str, body: str, read: Read, suffix: str = SUFFIX) -> Rule:
    """Make a rule whose phrase may stand after such words as 预计 and before such as 左右.

    It needs one of the characters of `needed`; where these are two words, one of each.
    """
    first, _, second = needed.partition(" ")
    return name, frozenset(first), frozenset(second or first), Pattern(MARK + body + suffix), read
