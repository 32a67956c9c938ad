"""Read spreadsheets as rows of words; what would take too long or too much memory is refused before it is unpacked."""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from python_calamine import CalamineError, CalamineWorkbook

from models.context import UserError
from models.text import Text

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 100
MOST_CELL = 2_000
_ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of words: its headings, and its rows with the number that each has in the file."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheets(name: str, content: bytes) -> tuple[Sheet, ...]:
    """Read a .csv or .xlsx; raise UserError when it is neither, too large, or empty."""
    if len(content) > MOST_BYTES:
        raise UserError(too_large(name))
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UserError(Text("{file} is no table that I can read; save it as .xlsx or .csv.", file=name))
    sheets = tuple(sheet for sheet in reader(name, content) if sheet.headings and sheet.rows)
    if not sheets:
        raise UserError(Text("{file} has no rows below its headings.", file=name))
    return sheets


def is_table(name: str) -> bool:
    """Whether a file of this name is read."""
    return PurePath(name).suffix.lower() in _READERS


def too_large(name: str, most: int = MOST_BYTES) -> Text:
    """Say that a file has too many bytes."""
    return Text("{file} is larger than {n} MB; send it in parts.", file=name, n=most // 1_000_000)


def _csv(name: str, content: bytes) -> Iterable[Sheet]:
    text = _decoded(name, content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = [tuple(row) for row in _limited(csv.reader(io.StringIO(text), delimiter=delimiter), name)]
    except csv.Error as error:
        raise UserError(Text("{file} is damaged or protected by a password; save it again.", file=name)) from error
    yield _sheet(PurePath(name).stem, rows)


def _decoded(name: str, content: bytes) -> str:
    encodings = _ENCODINGS if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(Text("{file} is written in letters that I cannot read; save it as UTF-8.", file=name))


def _xlsx(name: str, content: bytes) -> Iterable[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise UserError(too_large(name, MOST_UNPACKED))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for title in book.sheet_names:
            sheet = book.get_sheet_by_name(title)
            yield _sheet(title, [tuple(map(_word, row)) for row in _limited(sheet.iter_rows(), name)])
    except (CalamineError, zipfile.BadZipFile) as error:
        raise UserError(Text("{file} is damaged or protected by a password; save it again.", file=name)) from error


def _limited(rows: Iterable[Iterable[object]], name: str) -> Iterable[Iterable[object]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise UserError(Text("{file} has more than {n} rows; send it in parts.", file=name, n=MOST_ROWS))
        yield row


def _word(cell: object) -> str:
    """A cell as somebody would type it: 48000.0 is 48000, a date is 2026-12-01."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _sheet(name: str, rows: list[tuple[object, ...]]) -> Sheet:
    """The first row with words has the headings; empty rows and what stands right of the headings are left out."""
    cells = [(number, tuple(_cell(cell) for cell in row[:MOST_COLUMNS])) for number, row in enumerate(rows, 1)]
    filled = [(number, row) for number, row in cells if any(row)]
    if not filled:
        return Sheet(name, (), ())
    headings = filled[0][1]
    while headings and not headings[-1]:
        headings = headings[:-1]
    width = len(headings)
    padded = ((number, (row + ("",) * width)[:width]) for number, row in filled[1:])
    return Sheet(name, headings, tuple((number, row) for number, row in padded if any(row)))


def _cell(cell: object) -> str:
    """Words without the mark that keeps a spreadsheet from running them ('=1+1)."""
    words = str(cell).strip()[:MOST_CELL]
    return words[1:] if words[:1] == "'" and words[1:2] in tuple("=+-@＝＋－＠") else words


_READERS = {".csv": _csv, ".txt": _csv, ".tsv": _csv, ".xlsx": _xlsx}
