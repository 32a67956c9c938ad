"""Claim quotes, tags, links, @names, numbers and the names that are known."""

from collections.abc import Container, Iterable, Sequence

from handlers.grammar.board import Board
from handlers.grammar.marks import REFERENCES, find_handles, find_references, find_tags, find_urls, find_years
from handlers.grammar.names import index_of
from handlers.grammar.reading import Found, ReadingContext


def claim_signs(board: Board, wanted: frozenset[str], names: list[tuple[int, int]], context: ReadingContext) -> None:
    """Claim what carries its own sign; mentions and links go, whether the command wants them or not.

    `names` are the quotations that may be the customer's name.
    """
    account = "account" in wanted
    for start, end in names:
        words = " ".join(board.line.text[start + 1 : end - 1].split())
        if account and len(words) > 1 and board.is_free(start, end):
            board.claim(Found("account", "quoted", start, end, words))
    signs = [*find_urls(board.line), *find_tags(board.line)]
    if not wanted.isdisjoint(REFERENCES):
        signs.extend(find_references(board.line))
    for found in signs:
        if found.slot not in wanted or not found.firm:
            continue
        if found.rule == "link":
            board.claims.append(found)
        elif board.is_free(found.start, found.end):
            board.claim(found)
    for found in find_years(board.line.low, context.today.year) if "year" in wanted else ():
        if board.is_free(found.start, found.end):
            board.claim(found)
    _claim_handles(board, wanted, context)


def quoted_texts(board: Board, wanted: frozenset[str], quotes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Find the quotations that are the line's text: where one is wanted, and a name comes before them."""
    if "text" not in wanted:
        return []
    free = [quote for quote in quotes if board.is_free(*quote)]
    if "account" not in wanted or any(one.slot == "account" for one in board.claims):
        return free
    name = next((at for at, char in enumerate(board.line.text) if char.isalnum() and not board.hidden[at]), 0)
    return [quote for quote in free if quote[0] > name]


def _claim_handles(board: Board, wanted: frozenset[str], context: ReadingContext) -> None:
    for found in find_handles(board.line):
        if not board.is_free(found.start, found.end):
            continue
        handles = found.value
        person = look_up_person(handles, context) if isinstance(handles, tuple) else None
        if "person" in wanted and person is not None:
            board.claim(Found("person", found.rule, found.start, found.end, person))
        elif wanted & {"account", "person"}:
            board.hide(found.start, found.end)


def claim_names(board: Board, wanted: frozenset[str], candidates: Sequence[Found], context: ReadingContext) -> None:
    """Claim known accounts, people and regions, the longest first."""
    claimed = {one.slot for one in board.claims}
    if "account" in wanted - claimed and context.accounts:
        _claim_accounts(board, candidates, context, once="text" in wanted)
    for slot, names in (("person", context.people), ("region", context.regions)):
        if slot not in wanted - claimed or not names:
            continue
        for start, end, value in index_of(names).find(board.line.low, board.hidden):
            if board.is_free(start, end):
                board.claim(Found(slot, f"known {slot}", start, end, value))


def _claim_accounts(board: Board, candidates: Sequence[Found], context: ReadingContext, *, once: bool) -> None:
    starts = {one.start for one in candidates}
    amounts = {(one.start, one.end) for one in candidates if one.slot == "amount"}
    for start, end, name in index_of(context.accounts).find(board.line.low, board.hidden):
        if (start, end) in amounts and _another_word(board, candidates):
            continue  # the customer 3M is known, and this is three million
        if board.is_free(start, end) and not _goes_on(board, end, starts):
            board.claim(Found("account", "known account", start, end, name))
            if once:  # a story may name the customer again
                return


def _another_word(board: Board, candidates: Iterable[Found]) -> bool:
    """Whether the line has words for a name beside its values."""
    covered = bytearray(board.hidden)
    for one in candidates:
        covered[one.start : one.end] = b"\x01" * (one.end - one.start)
    return any(char.isalpha() and not covered[at] for at, char in enumerate(board.line.text))


def look_up_person(handles: tuple[str, ...], context: ReadingContext) -> str | None:
    """Give the person whom the first known handle means."""
    people = index_of(context.people)
    return next(filter(None, map(people.value_of, handles)), None)


def known_person_at(board: Board, start: int, end: int, context: ReadingContext) -> Found | None:
    """Give the longest known person whose name starts there."""
    hits = index_of(context.people).find(board.line.low[:end], board.hidden, start)
    first = next(hits, None)
    return Found("person", "label", *first) if first is not None and first[0] == start else None


def look_up_region(name: str, context: ReadingContext) -> str | None:
    """Give the region of that name, synonym or id."""
    return index_of(context.regions).value_of(name)


def _goes_on(board: Board, end: int, starts: Container[int]) -> bool:
    """Whether the name runs on, so that Acme Brick is not taken for the known Acme."""
    text = board.line.text
    if end >= len(text) or end in starts or board.hidden[end]:
        return False
    if text[end].isalpha() and not text[end].isascii() and not text[end - 1].isascii():
        return True
    begin = end + 1
    if text[end] != " " or begin in starts or not text[begin : begin + 1].isupper() or board.hidden[begin]:
        return False
    word = text[begin:].split(maxsplit=1)[0]
    return word.isalpha() and word.isascii() and word[1:].islower() and len(word) > 2  # noqa: PLR2004 not a code
