"""Find the customer of a line that is written as fields, whatever a remark behind or between them names.

Acme, 50k, Friday, they use Oracle. The name stands beside a value; a remark does not, or comes later.
"""

import re
from collections.abc import Iterator
from itertools import islice

from handlers.grammar.chatter_en import CHATTER, COMMENTS, PROSE
from handlers.grammar.chatter_zh import name_within
from handlers.grammar.reading import MOST_OF_A_KIND
from handlers.grammar.sentences_en import has_form
from handlers.grammar.tellings_zh import is_half_a_sentence, tellings_in_chinese
from handlers.grammar.words import has_han, word_set

JOINERS = word_set("and of the de del della la las los el do da dos van von der den y e et und in for z")
_IN_NAMES = JOINERS | {"in", "the", "at", "on", "or", "with", "&"}
_MOST_WORDS = 6
_PARTS = re.compile(
    r"[,;|!?。、()\[\]]+| [-–—/~]+(?= |$)|(?<=[a-z]{3})[.:](?= |$)|(?<=[\u4e00-\u9fff])[ /:]+(?=[\u4e00-\u9fff])"
)
_PARTNERS = re.compile(
    r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?(?:, [A-Z][\w'’-]*){1,3},? (?:and|&) [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?"
)
_LEGAL = re.compile(r", ?(?:Inc|Ltd|LLC|Co|Corp|S\.A|GmbH)\b")
_BETWEEN = " ,;:|-–—/、~=.。!()[]"
# In Touch Media is a customer; in Chicago, 50k with Acme is not.
_LEADS = re.compile(r"(?:In|From|Out of|At|Back|Lunch|Dinner|Coffee) ")
_ASIDE = re.compile(r"[了要过過说說等给給跟没沒]")
_BRACKETS = re.compile(r" ?\(([^()]*)\)")
_TOLD = re.compile(
    r"^(?:报告|報告|麻烦|麻煩|更新|客户|客戶|去了)|了[趟个次]"
    r"|(?:这次|這次)$|终于|終於|打电话|打電話|谈了|談了|反馈"
)
_IN_A_PLACE = re.compile(r" in [A-Z]")
_GIVEN = re.compile(r"(?:with|for|from|at) [A-Z]")


def name_among_fields(text: str, hidden: bytes) -> tuple[int, int] | None:
    """Give the span of the first words when they are a name alone and stand beside a value.

    `hidden` marks the values. Between name and value blanks and punctuation may stand.
    """
    for start, end in parts_of(text, hidden):
        if not all(word.lower().strip(".:") in CHATTER or word.lower() in PROSE for word in text[start:end].split()):
            beside = _touches(text, hidden, start, -1) or _touches(text, hidden, end, 1)
            return _name_in(text, hidden, start, end) if beside else None
    return None


def has_an_aside(name: str) -> bool:
    """Whether brackets in a name hold a remark: Acme (met the twins), 磐石重卡(见了副总), but not Acme (UK)."""
    found = _BRACKETS.search(name)
    if found is None:
        return name.count("(") > name.count(")")
    words = found[1].split()
    return _ASIDE.search(found[1]) is not None or (
        len(words) > 1 and any(word.islower() and word.isalpha() and word not in JOINERS for word in words)
    )


def parts_of(text: str, hidden: bytes) -> Iterator[tuple[int, int]]:
    """Give the stretches between values and punctuation, without blanks around them."""
    at = 0
    while at < len(text):
        if hidden[at]:
            at += 1
            continue
        end = hidden.find(1, at)
        end = len(text) if end < 0 else end
        begin = at
        partners = _PARTNERS.match(text, at + len(text[at:end]) - len(text[at:end].lstrip(_BETWEEN)), end)
        skipped = partners.end() if partners else at
        for mark in islice(_PARTS.finditer(text, at, end), MOST_OF_A_KIND):
            if mark.start() < skipped or _LEGAL.match(text, mark.start(), end):
                continue
            yield from _stripped(text, begin, mark.start())
            begin = mark.end()
        yield from _stripped(text, begin, end)
        at = end


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end].strip(_BETWEEN)
    if any(map(str.isalnum, words)):
        begin = text.index(words, start)
        yield begin, begin + len(words)


def _touches(text: str, hidden: bytes, at: int, step: int) -> bool:
    """Whether a value stands next to a place, with no more than punctuation or a bracketed remark between."""
    aside = _BRACKETS.match(text, at) if step > 0 else None
    at = aside.end() if aside else at if step > 0 else at - 1
    while 0 <= at < len(text) and not hidden[at] and text[at] in _BETWEEN:
        at += step
    return 0 <= at < len(text) and bool(hidden[at])


def _name_in(text: str, hidden: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Give the name when the words are one, without what is said around it in Chinese: 帮我记一下(株洲轨交)."""
    words = text[start:end]
    if len(words.split()) > _MOST_WORDS:
        return None
    if not has_han(words):
        glued = (start > 0 and hidden[start - 1]) or (end < len(hidden) and hidden[end])
        return (start, end) if not glued and _is_name_in_capitals(words, text[end:]) else None
    inner = name_within(words, stage_follows=False, keyed=False)
    if inner is None or any(tellings_in_chinese(words.lower())):
        return None
    name = words[slice(*inner)]
    plain = _is_name_in_han(name) and not is_half_a_sentence(name, among_others=name != words)
    return (start + inner[0], start + inner[1]) if plain else None


def _is_name_in_han(name: str) -> bool:
    if len(name) == 1 or any(word.islower() and word not in JOINERS for word in name.split()):
        return False
    return _TOLD.search(name) is None


def _is_name_in_capitals(name: str, following: str) -> bool:
    words = name.split()
    if not (words[0][:1].isupper() or words[0][:1].isdecimal()) or words[-1] in _IN_NAMES:
        return False
    if words[0].lower() in COMMENTS or (words[0].lower() in PROSE and words[-1].islower()):
        return False
    if not has_form(words) and (_IN_A_PLACE.search(name) or (_LEADS.match(name) and _GIVEN.search(following))):
        return False
    return all(word[:1].isupper() or word in _IN_NAMES or not word.isalpha() for word in words)
