"""Tell whether a message reports several deals: one a line, or rows pasted from a spreadsheet."""

from handlers.grammar.currencies import currency_of
from handlers.grammar.deal_line import DEAL_SLOTS, read_deal
from handlers.grammar.labels import labels_of
from handlers.grammar.line import read_line
from handlers.grammar.reading import ProblemCode, ReadingContext

MOST_DEALS = 50
_SUMS = frozenset({"total", "totals", "sum", "subtotal", "grand total", "合计", "合計", "总计", "總計", "小计", "小計"})
_HEADINGS = frozenset(labels_of(DEAL_SLOTS).kind_of)


def deal_lines(text: str, context: ReadingContext) -> tuple[str, ...]:
    """Give the lines of a message of which two or more are deals by themselves, and nothing for any other message.

    A line counts as a deal when it names a customer and an amount, be it one that cannot be right. Of a spreadsheet the
    row of headings and the row of sums are left out.
    """
    typed = [line for line in text.splitlines() if line.strip()]
    rows = [line for at, line in enumerate(typed) if not (_is_sum(line) or (at == 0 and _is_heading(line)))]
    lines = [_row(line, context) for line in rows]
    if len(lines) < 2 or sum(_is_deal(line, context) for line in lines[: MOST_DEALS + 1]) < 2:  # noqa: PLR2004 several
        return ()
    return tuple(lines)


def _is_deal(line: str, context: ReadingContext) -> bool:
    reading = read_deal(line, context)
    problem = reading.problem
    wrong = problem is not None and problem.slot == "amount" and problem.code is not ProblemCode.MISSING_AMOUNT
    return "account" in reading.values and ("amount" in reading.values or wrong)


def _is_heading(line: str) -> bool:
    cells = [cell.strip().lower() for cell in line.split("\t")]
    return len(cells) > 1 and not any(char.isdecimal() for char in line) and any(cell in _HEADINGS for cell in cells)


def _is_sum(line: str) -> bool:
    """Whether a spreadsheet's row adds the others up."""
    cell, tab, _ = line.partition("\t")
    return bool(tab) and cell.strip(" :：").lower() in _SUMS


def _row(line: str, context: ReadingContext) -> str:
    """Put the first cell that names a customer into quotes, whatever its words look like."""
    cells = [cell.strip().strip('"') for cell in line.split("\t")]
    if len(cells) == 1:
        return line.strip()
    name = next((place for place, cell in enumerate(cells) if _is_name(cell, context)), None)
    if name is not None:
        cells[name] = f'"{cells[name]}"'
    return " ".join(cells)


def _is_name(cell: str, context: ReadingContext) -> bool:
    if not any(char.isalpha() for char in cell) or currency_of(cell, context.currency):
        return False
    return "account" in read_line(cell, DEAL_SLOTS, (), context).values
