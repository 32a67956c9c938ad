"""Claim what is labelled: the label says the kind, so a value that cannot be read is a problem."""

from handlers.grammar.amounts import read_amount
from handlers.grammar.board import Board
from handlers.grammar.currencies import currency_of
from handlers.grammar.dates import read_date_value
from handlers.grammar.labels import Label
from handlers.grammar.lookups import known_person_at, look_up_person, look_up_region
from handlers.grammar.marks import find_quotes
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import DAY_SLOTS, Found, ProblemCode, ReadingContext
from handlers.grammar.stages import read_stage_value

_SPACE = Pattern(r"\s*")
_WORD = Pattern(r"\S+")
_TAG_MARK = Pattern(r"[,;/、，；]+")
_HASH = Pattern(r"\s#")
_REFERENCE = Pattern(r"([davp])-?0*([0-9]{1,12})(?![a-z0-9])")
_REFERENCES = {"deal", "request", "policy", "visit"}
_ABOUT = Pattern(r"(?:约|大约|大概|about |around |~|≈) ?")
_SECOND_NAME = Pattern(r" [A-Z][a-z]+(?![\w])")
_MOST_BAD_DATES = 3


def claim_labelled(
    board: Board, labels: list[Label], wanted: frozenset[str], candidates: list[Found], context: ReadingContext
) -> list[tuple[int, int]]:
    """Claim the labelled values; give the spans in which a label says that the free text stands."""
    starts = {(one.slot, one.start): one for one in candidates}
    free_text: list[tuple[int, int]] = []
    bad_dates = 0
    for label in labels:
        blank = _SPACE.match(board.line.low, label.value, label.end)
        start = blank.end() if blank else label.value
        if start >= label.end:
            board.hide(label.start, label.end)
            continue
        if label.slot in {"account", "text"} and not (label.slot == "text" and "account" in wanted):
            board.hide(label.start, start)
            free_text.append((start, label.end))
            continue
        if label.slot in DAY_SLOTS and bad_dates >= _MOST_BAD_DATES:
            continue
        found = _read(board, label, start, starts, context)
        bad_dates += label.slot in DAY_SLOTS and found.bad
        found = found._replace(start=label.start, marked=True, corrected=found.corrected or label.corrected)
        if found.slot == "tags" or found.end > found.start:
            board.claim(found)
    return free_text


def _read(
    board: Board, label: Label, start: int, starts: dict[tuple[str, int], Found], context: ReadingContext
) -> Found:
    line, slot, end = board.line, label.slot, label.end
    inner = _quoted(line.text, start, end)
    begin, stop = inner or (start, end)
    if slot == "amount":
        about = _ABOUT.match(line.low, begin)
        begin = about.end() if about else begin
        found = starts.get(("amount", begin)) or _amount(board, begin, context)
        found = found or Found("amount", "label", start, _word_end(line.low, start, end), bad=True)
    elif slot in DAY_SLOTS:
        found = read_date_value(line, begin, stop, starts, context)
    elif slot == "stage":
        found = read_stage_value(line.low, begin, stop)
    elif slot == "tags":
        stop = inner[1] if inner else _word_end(line.low, start, end)
        words = tuple(word.strip("#") for word in _TAG_MARK.split(line.low[begin:stop]) if word.strip("# "))
        found = Found("tags", "label", start, stop, words)
    elif slot == "person" and (known := known_person_at(board, begin, stop, context)) is not None:
        found = known
    elif slot in {"note", "owner"}:
        found = _note(board, label, begin, stop, quoted=inner is not None)
    else:
        stop = inner[1] if inner else _word_end(line.low, start, end)
        found = _word_value(slot, line.text[begin:stop], start, stop, starts, context)
    return found._replace(end=inner[1] + 1) if inner else found


def _quoted(text: str, start: int, end: int) -> tuple[int, int] | None:
    quotes = find_quotes(text[start:end]) if start < end and text[start] in '"“「『„' else []
    return (start + 1, start + quotes[0][1] - 1) if quotes and quotes[0][0] == 0 else None


def _word_end(low: str, start: int, end: int) -> int:
    word = _WORD.match(low, start, end)
    return word.end() if word else end


def _amount(board: Board, start: int, context: ReadingContext) -> Found | None:
    low = board.line.low
    for at in range(start, min(start + 6, len(low))):
        if low[at].isdecimal() or low[at] in "零一二两兩三四五六七八九十百千":
            found = read_amount(board.line, at, context, labelled=True)
            return found if found is not None and found.start <= start else None
    return None


def _note(board: Board, label: Label, start: int, end: int, *, quoted: bool) -> Found:
    line = board.line
    tag = None if quoted else _HASH.search(line.low, start, end)
    stop = tag.start() if tag else end
    if label.slot == "owner" and not quoted:
        earlier = any(char.isalnum() for at, char in enumerate(line.text[: label.start]) if not board.hidden[at])
        first = _word_end(line.low, start, stop)
        following = _SECOND_NAME.match(line.text, first, stop) if earlier else None
        stop = following.end() if following and line.text[start].isupper() else first
    return Found(label.slot, "label", start, stop, line.spelling(start, stop).strip())


def _word_value(
    slot: str, words: str, start: int, end: int, starts: dict[tuple[str, int], Found], context: ReadingContext
) -> Found:
    value: object = None
    low = words.lower().strip(",;，；。")
    if slot == "currency":
        value = currency_of(low, context.currency)
    elif slot == "url":
        value = words if low.startswith(("http://", "https://")) else None
    elif slot == "person":
        value = look_up_person((low.lstrip("@"),), context)
    elif slot == "region":
        value = look_up_region(low, context)
    elif slot in _REFERENCES:
        match = _REFERENCE.match(low)
        value = f"{match[1].upper()}-{match[2]}" if match and match.end() == len(low) else None
    elif known := starts.get((slot, start)):
        return known
    return Found(slot, "label", start, end, value, bad=value is None)


def problem_code(slot: str) -> ProblemCode:
    """Give the code of a value that names its kind and cannot be read."""
    return {"amount": ProblemCode.BAD_AMOUNT, "date": ProblemCode.BAD_DATE}.get(slot, ProblemCode.BAD_VALUE)
