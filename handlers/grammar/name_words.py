"""Choose the words of the account's name among those that no other slot claimed."""

import re
from itertools import islice

from handlers.grammar.board import Board
from handlers.grammar.chatter_en import CHATTER, PROSE, is_all_prose, name_words
from handlers.grammar.chatter_zh import name_within
from handlers.grammar.patterns import Pattern
from handlers.grammar.words import has_han

_WORD = Pattern(r"\S+")
EDGES = ",;:!?-–—|/+~*'`·，。；、：！？…_="
LEGAL_FORM = r"(?:Inc|Ltd|LLC|LLP|PLC|Corp|Co|Pty|Pvt|GmbH|S\.A|L\.P|S\.p\.A)"
"""What a comma may stand before inside a name: Acme, Inc."""
PARTNERS = Pattern(
    r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?(?:, [A-Z][\w'’-]*){1,3},? (?:and|&) [A-Z][\w'’-]*(?: [A-Z][\w'’-]*)?",
    needs=(", ",),
)
"""Names that commas part and that are one: Smith, Jones & Partners."""
ABBREVIATION = Pattern(
    r"(?:^|[ .])(?:inc|ltd|co|corp|sp|llc|plc|bros|jr|sr|st|dr|mr|mrs|ms|mt|int|pty|pte|mfg|[a-z])\.$", re.IGNORECASE
)
_OTHER_CHATTER = frozenset({"&", "+", "ASAP", "客户", "客戶", "尽快", "尽早", "近期", "最近"})
# A name is at most 200 characters long; what goes on for more words than this is no name and its prose.
_MOST_WORDS = 400
_KEYED = Pattern(r"(?:金额|金額|阶段|階段)(?! ?[:=])", needs=("金额", "金額", "阶段", "階段"))


def words_of_name(board: Board, spans: list[tuple[int, int]], *, labelled: bool) -> list[tuple[int, int]]:
    """Give the words of the name; what a label calls the name is no sentence."""
    stages = frozenset(one.start for one in board.claims if one.slot == "stage")
    keyed = _KEYED.could_be_in(board.line.text) and _KEYED.search(board.line.text) is not None
    runs: list[list[tuple[int, int]]] = []
    left = _MOST_WORDS
    for start, end in spans:
        found = [
            _trim(board.line.text, *match.span(), sentence=None if labelled else (match.end() in stages, keyed))
            for match in islice(_WORD.finditer(board.line.text, start, end), left)
        ]
        left -= len(found)
        run = [span for span in found if span]
        while run and _is_chatter(board, run[-1]):
            run.pop()
        run = run if labelled else _without_prose(board, run, before_stage=end in stages, first=not runs)
        while run and _is_chatter(board, run[0]) and not _is_new_name(board, run):
            run.pop(0)
        runs.append(run)
    return [word for run in _without_sentences(board, runs) for word in run]


def edges_of(name: str) -> str:
    """What does not belong to a name at its ends; angle brackets do when they come in pairs, as in <b>x</b>."""
    return EDGES if name.count("<") == name.count(">") else EDGES + "<>"


def _without_prose(
    board: Board, run: list[tuple[int, int]], *, before_stage: bool, first: bool
) -> list[tuple[int, int]]:
    text = board.line.text
    words = [text[begin:stop] for begin, stop in run]
    if not any(word.lower() in PROSE or word.endswith("ly") for word in words):
        return run
    marks = [
        text[stop : stop + 2].rstrip() if text[stop : stop + 1] == " " else text[stop : stop + 1] for _, stop in run
    ]
    start, end = name_words(words, first=first, before_stage=before_stage, marks=marks)
    return run[start:end]


def _without_sentences(board: Board, runs: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """Drop the runs in lower case when a name in capitals stands in another run, else the later ones that only tell."""
    if not any(board.line.text[begin].islower() for run in runs for begin, _ in run):
        return runs
    texts = [[board.line.text[begin:stop] for begin, stop in run] for run in runs]
    named = [any(not word.islower() for word in words) for words in texts]
    first = next((at for at, words in enumerate(texts) if words), len(texts))
    if any(named):
        return [run for run, holds in zip(runs, named, strict=True) if holds]
    return [run for at, run in enumerate(runs) if not (is_all_prose(texts[at]) and at > first)]


def _trim(text: str, start: int, end: int, *, sentence: tuple[bool, bool] | None) -> tuple[int, int] | None:
    """Take off what surrounds a name; `sentence` says whether a stage follows and whether the line names its fields."""
    edges = edges_of(text[start:end])
    start = end - len(text[start:end].lstrip(edges))
    end = start + len(text[start:end].rstrip(edges))
    if start < end and text[end - 1] == "." and not ABBREVIATION.search(text[max(0, start) : end]):
        end -= 1
    if start < end and sentence is not None and has_han(text[start:end]):
        inner = name_within(text[start:end], stage_follows=sentence[0], keyed=sentence[1])
        if inner is None:
            return None
        start, end = start + inner[0], start + inner[1]
    meant = any(char.isalnum() or char in "&+" for char in text[start:end])
    return (start, end) if meant else None


def _is_new_name(board: Board, run: list[tuple[int, int]]) -> bool:
    """Whether `new` or `close` begins the name: new balance, close brothers, but new deal acme."""
    word, following = ([board.line.text[begin:stop] for begin, stop in run[:2]] + ["", ""])[:2]
    return word in {"new", "close"} and following.islower() and following not in CHATTER and following not in PROSE


def _is_chatter(board: Board, span: tuple[int, int]) -> bool:
    word = board.line.text[span[0] : span[1]]
    return (word.islower() and word.strip(".:") in CHATTER) or word in _OTHER_CHATTER
