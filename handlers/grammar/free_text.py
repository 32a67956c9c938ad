"""Take what no other slot claimed as the account's name or as the free text."""

import re
from itertools import pairwise

from handlers.grammar.board import Board
from handlers.grammar.in_names import CHATTER
from handlers.grammar.reading import Found
from handlers.grammar.words import has_han

_WORD = re.compile(r"\S+")
_EDGES = ",;:!?-–—|/+~*'`·，。；、：！？…_="
_ABBREVIATION = re.compile(
    r"(?:^|[ .])(?:inc|ltd|co|corp|llc|plc|bros|jr|sr|st|int|pty|pte|mfg|[a-z])\.$", re.IGNORECASE
)
_PAIRS = (("(", ")"), ("[", "]"), ("【", "】"), ("{", "}"), ('"', '"'), ("“", "”"), ("「", "」"))
_ZH_CHATTER = re.compile(
    r"^(?:请|麻烦|帮我|帮忙|辛苦|大家好|你好|登记|录入|记录|记一下|新增|报一下|客户(?=\s)|一下|给|和|跟|与|或|、|的)+"
    r"|(?:谢谢|多谢|感谢|辛苦了|辛苦|或|和|、|的|了|吧|哈|呢|预计|大概|约|金额|阶段)+$"
)
_OTHER_CHATTER = frozenset({"&", "+", "ASAP", "客户", "客戶", "尽快", "尽早", "近期"})
_LONGEST = 200
_LINKS = frozenset({"下次", "下回", "next", "again", "next time", ""})


def claim_free_text(
    board: Board,
    wanted: frozenset[str],
    values: dict[str, object],
    labelled: list[tuple[int, int]],
) -> None:
    """Fill the free-text slot from what is left; a label says where to look."""
    for slot in ("account", "text"):
        if slot in wanted and slot not in values:
            _claim_rest(board, slot, values, labelled, text_follows="text" in wanted)


def _claim_rest(
    board: Board, slot: str, values: dict[str, object], labelled: list[tuple[int, int]], *, text_follows: bool
) -> None:
    spans = _labelled_run(board, labelled) if labelled and slot == "account" else board.free_runs()
    words = _name_words(board, spans) if slot == "account" else _all_words(board, spans)
    if slot == "account" and text_follows and not labelled:
        words = _leading_name(board, words)
    elif slot == "text" and "account" in values:
        words = _without_link(board, words)
    if not words:
        return
    start, end = words[0][0], words[-1][1]
    pieces = [board.line.text[begin:stop] for begin, stop in words]
    value = _text(board, words) if slot == "text" else _without_pairs(" ".join(pieces))
    if not value or (slot == "account" and not any(char.isalnum() for char in value)):
        return
    if slot == "account" and len(value) > _LONGEST:
        return
    values[slot] = value
    rule = "label" if labelled and slot == "account" else "what is left"
    board.claim(Found(slot, rule, start, end, value))


def _leading_name(board: Board, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where text follows, the name is the first word and the capitalised ones after it: Acme Corp | met Jane."""
    text = board.line.text
    kept = words[:1]
    for before, word in pairwise(words):
        joined = text[before[1] : word[0]] == " "
        if not joined or has_han(text[word[0] : word[1]]) or not text[word[0]].isupper():
            break
        kept.append(word)
    return kept


def _without_link(board: Board, words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Drop the word that only leads to the day of the next visit, and punctuation at the edges."""
    text = board.line.text
    kept = [word for word in words if text[word[0] : word[1]].casefold().strip(_EDGES) not in _LINKS]
    return [word for word in kept if any(char.isalnum() for char in text[word[0] : word[1]])]


def _labelled_run(board: Board, labelled: list[tuple[int, int]]) -> list[tuple[int, int]]:
    start, end = labelled[0]
    runs = board.free_runs(start, end)
    return runs[:1]


def _all_words(board: Board, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [match.span() for start, end in spans for match in _WORD.finditer(board.line.text, start, end)]


def _text(board: Board, words: list[tuple[int, int]]) -> str:
    """Join the words as they were typed, line breaks kept."""
    pieces: list[str] = []
    for (start, end), following in zip(words, [*words[1:], None], strict=True):
        pieces.append(board.line.spelling(start, end))
        if following is not None and following[0] > end:
            pieces.append("\n" if "\n" in board.line.text[end : following[0]] else " ")
    return "".join(pieces).strip().rstrip(",，、;；").rstrip()


def _name_words(board: Board, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    words: list[tuple[int, int]] = []
    for start, end in spans:
        run = [
            trimmed for match in _WORD.finditer(board.line.text, start, end) if (trimmed := _trim(board, *match.span()))
        ]
        while run and _is_chatter(board, run[0]):
            run.pop(0)
        while run and _is_chatter(board, run[-1]):
            run.pop()
        words.extend(run)
    return words


def _trim(board: Board, start: int, end: int) -> tuple[int, int] | None:
    text = board.line.text
    edges = _edges_of(text[start:end])
    while start < end and text[start] in edges:
        start += 1
    while start < end and text[end - 1] in edges:
        end -= 1
    if start < end and text[end - 1] == "." and not _ABBREVIATION.search(text[max(0, start) : end]):
        end -= 1
    if start < end and has_han(text[start:end]):
        for match in _ZH_CHATTER.finditer(text[start:end]):
            if match.start() == 0 and match.end() < end - start:
                start += match.end()
                break
        tail = _ZH_CHATTER.search(text[start:end])
        if tail and tail.start() > 0 and tail.end() == end - start:
            end = start + tail.start()
        elif tail and tail.group() == text[start:end]:
            return None
    meant = any(char.isalnum() or char in "&+" for char in text[start:end])
    return (start, end) if meant else None


def _is_chatter(board: Board, span: tuple[int, int]) -> bool:
    word = board.line.text[span[0] : span[1]]
    return (word.islower() and word.strip(".:") in CHATTER) or word in _OTHER_CHATTER


def _without_pairs(name: str) -> str:
    """Take off brackets and quotes that open or close nothing."""
    for left, right in _PAIRS:
        if name.startswith(left) and name.endswith(right) and len(name) > 1 and right not in name[1:-1]:
            name = name[1:-1]
        if left != right:
            if name.endswith(left) or (name.endswith(right) and left not in name):
                name = name[:-1]
            if name.startswith(right) or (name.startswith(left) and right not in name):
                name = name[1:]
    return name.strip(_edges_of(name) + " ") if name else name


def _edges_of(name: str) -> str:
    """What does not belong to a name at its ends; angle brackets do when they come in pairs, as in <b>x</b>."""
    return _EDGES if name.count("<") == name.count(">") else _EDGES + "<>"
