"""Take the small words before and after a candidate with it: close by, stage, worth, about."""

import re
from collections.abc import Container

from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Found
from handlers.grammar.words import has_han, word_set

_STRONG = {
    "date": word_set(
        "close closes closing closed close-date exp exp. expected est estimated eta due by deadline target "
        "expires signing date before next"
    ),
    "stage": frozenset({"stage", "phase", "status"}),
    "amount": word_set("amount amt value valued worth total totaling totalling price"),
    "percent": frozenset({"discount"}),
}
_WEAK = {
    "date": word_set("on in at for around about to the probably maybe hopefully likely is will should sign it of"),
    "stage": word_set("in at now is currently as to marked moved mark still"),
    "amount": word_set(
        "for at of about around approx approx. roughly circa ca ca. is in deal size some only "
        "nearly almost say like upto ~ ≈ ="
    ),
    "percent": frozenset({"of", "at", "by", "a"}),
}
_AFTER = {
    "stage": Pattern(r" (?:stage|phase)(?![a-z0-9])"),
    "amount": Pattern(
        r" ?(?:左右|上下|出头|整|不?含税|未税|税前|[/每]年|一年(?!期)"
        r"|total\b|deal\b|or so\b|in total\b|-?ish\b|arr\b|acv\b|tcv\b"
        r"|p\.a\.|pa\b|(?:per|a|/) ?(?:yr|year|annum)\b|annually\b|(?:excl?|incl?)\.?(?: vat| tax)\b|\+ ?vat\b)"
    ),
    "percent": Pattern(r" (?:off|discount)\b"),
}
_ZH_BEFORE = {
    "date": Pattern(
        r"(?:下[次回]|[预預][计計]|预期|计划|[争力][取争]|日期|时间|最迟|关单|结单|签约时间|大概|约|于|在) ?$"
    ),
    "stage": Pattern(r"(?:阶段|階段|状态|目前|现在|进入|处于|已经) ?$"),
    "amount": Pattern(
        r"(?:合同额|金额|金額|总价|总额|报价|大概|大约|约|大約|差不多|将近|近|共|价值|预算|合计|总计)"
        r"[是为為约約]? ?$"
    ),
}
# A name follows: won Stage Stores, 120k Total Wine.
_GOES_ON = Pattern(r" [A-Z][a-z]+ [A-Z]")
_SHORT_ENDS = ("纽约", "紐約", "公共", "附近", "存在")
_WORD_BEFORE = Pattern(r"(?:^|(?<=[\s,(]))([a-z.~≈=-]{1,12}):? $")
_CONTEXT = 16


def with_markers(text: str, low: str, hidden: bytearray, one: Found, covered: Container[int]) -> Found:
    """Widen the candidate by its marker words and note whether one of them was decisive."""
    start, end, marked = one.start, one.end, one.marked
    strong, weak = _STRONG.get(one.slot, frozenset()), _WEAK.get(one.slot, frozenset())
    before = _ZH_BEFORE.get(one.slot)
    window = low[max(0, start - _CONTEXT) : start]
    chinese = before.search(window) if before and has_han(window) else None
    if chinese and not _is_end_of_a_word(low, start - len(chinese[0]), chinese[0]):
        begin = start - len(chinese[0])
        if not any(hidden[begin:start]) and begin not in covered:
            start, marked = begin, one.slot != "amount"
    while match := _word_before(low, start):
        begin = start - (len(match[0]))
        word = match[1]
        if any(hidden[begin:start]) or begin in covered or not (word in strong or word in weak):
            break
        start, marked = begin, marked or word in strong
    after = _AFTER.get(one.slot)
    following = after.match(low, end) if after else None
    if (
        following
        and not _GOES_ON.search(text, end, following.end() + 2)
        and not any(hidden[end : following.end()])
        and not any(at in covered for at in range(end, following.end()))
        and (following.end() + 1 not in covered or has_han(following[0]))
    ):
        end = following.end()
    if (start, end) == (one.start, one.end):
        return one
    return one._replace(start=start, end=end, marked=marked, core=one.core or (one.start, one.end))


def _word_before(low: str, at: int) -> re.Match[str] | None:
    return _WORD_BEFORE.search(low[max(0, at - _CONTEXT) : at]) if low[at - 1 : at].isspace() else None


def _is_end_of_a_word(low: str, begin: int, marker: str) -> bool:
    """Whether a marker of one character, 约 or 近, ends another word, as a blank after it shows: 纽约 50万."""
    if len(marker.strip()) > 1 or begin == 0:
        return False
    return low[begin - 1 : begin + 1] in _SHORT_ENDS or (marker.endswith(" ") and has_han(low[begin - 1]))
