"""Unpack a workbook in a process of its own: `python unpacking.py < BOOK` writes its sheets as lines of JSON.

A few kilobytes can name a cell a million rows away, or one long text ten thousand times; what reads them takes all the
memory that there is, and its process ends. So that process is not the bot's, and may have a gigabyte and ten seconds
(ADR 31). A sheet begins with an object that has its title; each row follows as a list. A fault is an object, too.
"""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY = 1 << 30
"""Bytes of addresses."""
MOST_SECONDS = 10
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CELL = 2_000
"""Characters."""
MOST_CELLS = 2_000_000
"""Of the rectangles of all sheets, so that everybody waits for seconds at most."""
MOST_TEXT = 100_000_000
"""Characters of all that is written."""
_DIGITS = 15
"""So many a spreadsheet keeps; what stands behind them is noise of its arithmetic."""
DAMAGED, LONG, LARGE = "damaged", "long", "large"


def limit() -> None:
    """Take no more than is allowed, where the system can hold somebody to it."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415  Windows has none

        limits = ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_CORE, 0))
        for kind, most in limits:
            with suppress(ValueError, OSError):  # macOS takes no limit of addresses
                resource.setrlimit(kind, (most, most))


def unpacked(content: bytes) -> Iterator[object]:
    """The sheets of a workbook, row by row; a number is one, everything else is words."""
    try:
        book, cells = CalamineWorkbook.from_filelike(io.BytesIO(content)), 0
        for title in book.sheet_names:
            yield {"sheet": title}
            sheet = book.get_sheet_by_name(title)
            cells += sheet.height * min(sheet.width, MOST_COLUMNS)
            if sheet.height > MOST_ROWS + 1 or cells > MOST_CELLS:
                yield {"fault": LONG if sheet.height > MOST_ROWS + 1 else LARGE}
                return
            for row in sheet.iter_rows():
                yield [_value(cell) for cell in row[:MOST_COLUMNS]]
    except CalamineError:
        yield {"fault": DAMAGED}
    except MemoryError:
        yield {"fault": LARGE}


def _value(cell: object) -> object:
    """A cell as somebody would type it (a date is 2026-12-01), or its number."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else float(f"{cell:.{_DIGITS}g}")
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)[:MOST_CELL]


def main() -> None:
    """Read standard input, write standard output."""
    limit()
    length = 0
    for one in unpacked(sys.stdin.buffer.read()):
        line = json.dumps(one)
        length += len(line)
        if length > MOST_TEXT:
            line = json.dumps({"fault": LARGE})
        sys.stdout.write(f"{line}\n")
        if length > MOST_TEXT:
            return


if __name__ == "__main__":
    main()
