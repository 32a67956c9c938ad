"""Read a deal line, wherever its command word stands."""

from handlers.grammar.line import read_clean
from handlers.grammar.patterns import Pattern
from handlers.grammar.reading import Reading, ReadingContext
from handlers.grammar.words import Line, strip_chat_markup
from models.slots import AccountName, Amount, CloseDate, ContractLink, Note, StageSlot, Tags, slot_of

DEAL_SLOTS = tuple(map(slot_of, (AccountName, Amount, CloseDate, StageSlot, Tags, Note, ContractLink)))
DEAL_REQUIRED = ("amount", "account")

_WORD = r"(?:[/!](?:deal|[签簽报報][单單])(?:@[a-z0-9_]{1,64})?|[签簽报報][单單])"
_FIRST = Pattern(
    rf"\s*(?:@[\w.-]{{1,64}}[\s,:]*)?[【\[(]?(?:{_WORD}(?![a-z0-9])|deal(?![a-z0-9]|['.&-][a-z]| ?=))[\s:,，】\])]*"
)
_LAST = Pattern(rf"(?<![^\s万萬亿億元,，。!！]){_WORD}\s*$|(?<=\s)deal\s*$")
_LAST_WINDOW = 100


def read_deal(text: str, context: ReadingContext) -> Reading:
    """Read account, amount, close date, stage, tags, note and link of a deal."""
    return read_clean(without_command(strip_chat_markup(text)), DEAL_SLOTS, DEAL_REQUIRED, context)


def without_command(line: Line) -> Line:
    """Blank out the deal command word at either end; it says nothing about the stage."""
    first = _FIRST.match(line.low)
    if first is not None and first.end() > 0:
        return line.blanked([(0, first.end())])
    window = max(0, len(line.low) - _LAST_WINDOW)
    last = _LAST.search(line.low, window)
    return line.blanked([last.span()]) if last is not None else line
