"""Find the customer of a line that is written as fields, whatever a remark behind or between them names.

Acme, 50k, Friday, they use Oracle. The name stands beside a value; a remark does not, or comes later.
"""

import re
from collections.abc import Iterator
from itertools import islice

from handlers.grammar.chatter_en import CHATTER, COMMENTS, PROSE, VERBS
from handlers.grammar.chatter_zh import name_within
from handlers.grammar.name_words import ABBREVIATION, LEGAL_FORM, PARTNERS
from handlers.grammar.patterns import Pattern
from handlers.grammar.sentences_en import HAN_TITLE, has_form
from handlers.grammar.tellings_zh import is_half_a_sentence, tellings_in_chinese
from handlers.grammar.words import has_han, word_set

JOINERS = word_set("and of the de del della la las los el do da dos van von der den y e et und in for z")
_IN_NAMES = JOINERS | {"on", "or", "&"}
_NO_NAMES = word_set(
    "renewal upsell upgrade pilot inbound outbound expansion training order po new licence licences license licenses "
    "lunch coffee dinner breakfast demo call chat kickoff meeting deal opportunity project phase contract quote offer "
    "devis oferta angebot presupuesto"
)
_MOST_WORDS = 6
_MOST_PARTS = 200
_SLASHES = (" / ", " | ")
_PARTS = Pattern(
    r"[,;|!?。、]+| [-–—/~]+(?= |$)|(?<=[a-z]{3})[.:](?= |$)|(?<=[\u4e00-\u9fff])[/:]+(?=[\u4e00-\u9fff])|(?<=的) "
    r"|(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff]{0,4}"
    r"(?:[见見][了过過]|在[谈談等看抢搶比催]|[还還][没沒在]|等[他客法审審预預批]|要[看等求先]|来回))"
)
_LEGAL = Pattern(rf", ?{LEGAL_FORM}\b")
_BETWEEN = " ,;:|-–—/、~=。!"
# In Touch Media is a customer; in Chicago, 50k with Acme is not.
_LEADS = Pattern(r"(?:In|From|Out of|At|Back|Lunch|Dinner|Coffee) ")
_BRACKETS = Pattern(r" ?\(([^()]*)\)")
_ASIDE_EN = Pattern(
    r"(?:[^\s()]+ ){2}(?:.*\b)?"
    r"(?:is|was|are|were|has|had|says|wants|runs?|decides)\b|(?:met|spoke|saw|talked) |[0-9]+ [a-z]+ "
)
_ASIDE_ZH = Pattern(
    r"[见見谈談聊说說催签簽][了过過]|了$|要[打等看求先]|[说說]|等[他客法审審预預批]|[还還][没沒在]|也?在[谈談等看抢搶比催]"
)
_TOLD = Pattern(
    r"^(?:报告|報告|麻烦|麻煩|更新|客户|客戶|去了|先出|看看)|了[趟个次]|(?:这次|這次)$"
    r"|终于|終於|打电话|打電話|谈了|談了|反馈"
)
_IN_A_PLACE = Pattern(r" in [A-Z]")
_GIVEN = Pattern(r"(?:with|for|from|at) [A-Z]")
_SHE_AT = Pattern(r"\b(?:she|he)\b[^,;]{0,40} (?:at|for|of|from) [A-Z]")


def name_among_fields(text: str, hidden: bytes) -> tuple[int, int] | None:
    """Give the span of the first words when they are a name alone and stand beside a value.

    `hidden` marks the values. Between name and value blanks and punctuation may stand.
    """
    parts = list(islice(parts_of(text, hidden), _MOST_PARTS))
    for at, (start, end) in enumerate(parts):
        if all(word.lower().strip(".:") in CHATTER or word.lower() in PROSE for word in text[start:end].split()):
            continue
        if at + 1 < len(parts) and text[end : parts[at + 1][0]] in _SLASHES:  # Acme / Beta
            end = parts[at + 1][1]  # noqa: PLW2901  one name of two halves
        beside = _touches(text, hidden, start, -1) or _touches(text, hidden, end, 1)
        return _name_in(text, hidden, start, end) if beside else None
    return None


def is_plain_name(name: str) -> bool:
    """Whether words are a name and no part of a sentence."""
    return _name_in(name, bytes(len(name)), 0, len(name)) is not None


def has_an_aside(name: str) -> bool:
    """Whether brackets in a name hold a remark: Acme (met the twins there), 磐石重卡(见了副总), but not Acme (UK)."""
    return name.count("(") > name.count(")") or any(map(_is_an_aside, _BRACKETS.finditer(name)))


def _is_an_aside(brackets: re.Match[str]) -> bool:
    words = brackets[1]
    return (_ASIDE_ZH.search(words) if has_han(words) else _ASIDE_EN.match(words)) is not None


def parts_of(text: str, hidden: bytes) -> Iterator[tuple[int, int]]:
    """Give the stretches between values, punctuation and remarks in brackets, without blanks around them."""
    at = 0
    while at < len(text):
        if hidden[at]:
            at += 1
            continue
        end = hidden.find(1, at)
        end = len(text) if end < 0 else end
        begin = at
        for start, stop in _breaks(text, at, end):
            yield from _stripped(text, begin, start)
            begin = stop
        yield from _stripped(text, begin, end)
        at = end


def _breaks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give what parts one stretch of words from the next; not the commas of Smith, Jones & Partners and Acme, Inc."""
    asides = [one.span() for one in _BRACKETS.finditer(text, start, end) if _is_an_aside(one)]
    first = start + len(text[start:end]) - len(text[start:end].lstrip(_BETWEEN))
    partners = PARTNERS.match(text, first, end) if PARTNERS.could_be_in(text) else None
    kept = partners.end() if partners else start
    marks = [
        mark.span()
        for mark in islice(_PARTS.finditer(text, start, end), _MOST_PARTS)
        if mark.start() >= kept and not _LEGAL.match(text, mark.start(), end)
    ]
    marks = [mark for mark in marks if not any(begin <= mark[0] < stop for begin, stop in asides)]
    yield from sorted((*asides, *marks))


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end].strip(_BETWEEN).lstrip(".)]").rstrip("([")
    if words.endswith(".") and not ABBREVIATION.search(words):
        words = words.rstrip(".")
    words = words.strip()
    if any(map(str.isalnum, words)):
        begin = text.index(words, start)
        yield begin, begin + len(words)


def _touches(text: str, hidden: bytes, at: int, step: int) -> bool:
    """Whether a value stands next to a place, with no more than punctuation or a bracketed remark between."""
    aside = _BRACKETS.match(text, at) if step > 0 else None
    at = aside.end() if aside is not None and _is_an_aside(aside) else at if step > 0 else at - 1
    while 0 <= at < len(text) and not hidden[at] and text[at] in _BETWEEN + ".":
        at += step
    return 0 <= at < len(text) and bool(hidden[at])


def _name_in(text: str, hidden: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Give the name when the words are one, without what is said around it in Chinese: 帮我记一下(株洲轨交)."""
    words = text[start:end]
    if len(words.split()) > _MOST_WORDS:
        return None
    if not has_han(words):
        glued = (start > 0 and hidden[start - 1]) or (end < len(hidden) and hidden[end])
        return (
            (start, end)
            if not glued and _is_name_in_capitals(words, text[end:], first=not any(hidden[:start]))
            else None
        )
    inner = name_within(words, stage_follows=False, keyed=False)
    if inner is None or any(tellings_in_chinese(words.lower())):
        return None
    name = words[slice(*inner)]
    plain = _is_name_in_han(name) and not is_half_a_sentence(name, among_others=name != words)
    return (start + inner[0], start + inner[1]) if plain else None


def _is_name_in_han(name: str) -> bool:
    if len(name) == 1 or any(word.islower() and word not in JOINERS for word in name.split()):
        return False
    return _TOLD.search(name) is None and HAN_TITLE.match(name) is None


def _is_name_in_capitals(name: str, following: str, *, first: bool) -> bool:
    words = name.split()
    low = [word.lower() for word in words]
    if not (words[0][:1].isupper() or words[0][:1].isdecimal()) or words[-1] in _IN_NAMES:
        return False
    if low[0] in COMMENTS or (low[0] in PROSE and words[-1].islower()) or all(word in _NO_NAMES for word in low):
        return False
    if first and low[0] in VERBS and not (len(words) == 2 and has_form(words)):  # noqa: PLR2004  Won Foods
        return False
    if not has_form(words) and (
        (not first and _IN_A_PLACE.search(name)) or (_LEADS.match(name) and _GIVEN.search(following))
    ):
        return False
    if len(words) == 1 and _SHE_AT.search(following):
        return False
    return all(word[:1].isupper() or word in _IN_NAMES or not word.isalpha() for word in words)
