"""Take what no other slot claimed as the account's name or as the free text."""

from itertools import pairwise

from handlers.grammar.board import Board
from handlers.grammar.marks import find_quotes
from handlers.grammar.name_words import EDGES, LEGAL_FORM, PARTNERS, edges_of, words_of_name
from handlers.grammar.patterns import Pattern
from handlers.grammar.quantities import hide_counts
from handlers.grammar.reading import Found
from handlers.grammar.words import has_han

_WORD = Pattern(r"\S+")
_PAIRS = (("(", ")"), ("[", "]"), ("【", "】"), ("{", "}"), ('"', '"'), ("“", "”"), ("「", "」"))
_LEGAL = Pattern(rf"{LEGAL_FORM}\.?")
_LONGEST = 200
_LINKS = frozenset({"下次", "下回", "next", "again", "next time", ""})


def claim_free_text(
    board: Board,
    wanted: frozenset[str],
    values: dict[str, object],
    labelled: list[tuple[int, int]],
) -> None:
    """Fill the free-text slot from what is left; a label says where to look."""
    asked = {problem.slot for problem in board.problems}
    for slot in ("account", "text"):
        if slot in wanted and slot not in values and slot not in asked:
            _claim_rest(board, slot, values, labelled, text_follows="text" in wanted)


def _claim_rest(
    board: Board, slot: str, values: dict[str, object], labelled: list[tuple[int, int]], *, text_follows: bool
) -> None:
    if slot == "account":
        hide_counts(board)
    spans = _labelled_run(board, labelled) if labelled and slot == "account" else board.free_runs()
    words = words_of_name(board, spans, labelled=bool(labelled)) if slot == "account" else _all_words(board, spans)
    if slot == "account" and text_follows and not labelled:
        words = _leading_name(board, words)
    elif slot == "text" and "account" in values:
        words = _without_link(board, words)
    if not words:
        return
    start, end = words[0][0], words[-1][1]
    value = _unquoted(_text(board, words)) if slot == "text" else _without_pairs(_name(board, words))
    if not value or (slot == "account" and not any(char.isalnum() for char in value)):
        return
    if slot == "account" and len(value) > _LONGEST:
        return
    values[slot] = value
    rule = "label" if labelled and slot == "account" else "what is left"
    board.claim(Found(slot, rule, start, end, value))


def _name(board: Board, words: list[tuple[int, int]]) -> str:
    """Join the words by blanks; only the comma before a legal form is the name's own: Acme, Inc."""
    text = board.line.text
    if PARTNERS.could_be_in(text) and PARTNERS.fullmatch(text, words[0][0], words[-1][1]):
        return text[words[0][0] : words[-1][1]]
    name = ""
    for at, (begin, stop) in enumerate(words):
        comma = at and text[words[at - 1][1] : begin] == ", " and _LEGAL.fullmatch(text, begin, stop)
        name += f"{', ' if comma else ' ' if at else ''}{text[begin:stop]}"
    return name


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
    kept = [
        (start, end)
        for start, end in words
        if text[start:end].casefold().strip(EDGES) not in _LINKS or _goes_on(board, end)
    ]
    return [word for word in kept if any(char.isalnum() for char in text[word[0] : word[1]])]


def _goes_on(board: Board, end: int) -> bool:
    """Whether more of the text follows, and not a value or the end."""
    rest = board.line.text[end : end + 2].lstrip()
    return bool(rest) and rest[0].isalnum() and not board.hidden[end : end + 2].strip(b"\x00")


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


def _unquoted(text: str) -> str:
    """Take the quotes off a text that is one quotation."""
    quotes = find_quotes(text)
    return text[1:-1].strip() if quotes == [(0, len(text))] else text


def _without_pairs(name: str) -> str:
    """Take off brackets and quotes that open or close nothing."""
    if name[:1].isalnum() and name[-1:].isalnum():
        return name
    for left, right in _PAIRS:
        if name.startswith(left) and name.endswith(right) and len(name) > 1 and right not in name[1:-1]:
            name = name[1:-1]
        if left != right:
            if name.endswith(left) or (name.endswith(right) and left not in name):
                name = name[:-1]
            if name.startswith(right) or (name.startswith(left) and right not in name):
                name = name[1:]
    return name.strip(edges_of(name) + " ") if name else name
