"""Read spreadsheets as rows of words; what would take too long or too much memory is refused in one sentence."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from handlers.importing import unpacking
from handlers.importing.unpacking import MOST_CELL, MOST_COLUMNS, MOST_ROWS
from models.context import UserError
from models.text import Text

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
POINTED = "en-US"
"""A locale in whose figures a point is the decimal mark."""
_SAMPLE = 1_000_000
_PAIR, _HIGH = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"), re.compile(rb"[\x80-\xff]")
_COMMON, _HANGUL = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]"), re.compile(rb"[\xb0-\xc8][\xa1-\xfe]")
_KANA, _UTF_8 = re.compile(rb"[\xa4\xa5][\xa1-\xf6]"), re.compile(rb"[\xc3-\xf4][\x80-\xbf]{1,3}")
_NOT_WESTERN = re.compile(
    rb"(?:[A-Za-z][\x9f\xa3\xa5\xaf\xb3\xb9\xbf]|[\xa3\xa5\xaf\xbc\xbe][A-Za-z]|[\xd0\xdd\xde\xf0\xfd\xfe])"
)
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


class Figure(str):
    """A cell that is a number and no words: its point is the decimal mark, wherever the company is (POINTED)."""

    __slots__ = ()


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
        raise UserError(_damaged(name)) from error
    yield _sheet(PurePath(name).stem, rows)


def _decoded(name: str, content: bytes) -> str:
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(Text("{file} is written in letters that I cannot read; save it as UTF-8.", file=name))


def _encodings(content: bytes) -> Iterator[str]:
    """How a table may be written: what spreadsheets save, told apart by what its letters would be.

    Nearly all bytes are Chinese to GB 18030, so it is believed where most of its characters are common ones (the first
    level of GB 2312), unless all may be Korean or some are Japanese; letters that stand alone among ASCII are those of
    western Europe, unless one would be none (the Polish ł would be a ³).
    """
    yield "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    sample = content[:_SAMPLE]
    high, pairs = len(_HIGH.findall(sample)), _PAIR.findall(sample)
    if sum(map(len, _UTF_8.findall(sample))) * 5 >= high * 4:
        return  # UTF-8, of which a part is damaged
    if pairs and 2 * sum(map(bool, map(_COMMON.match, pairs))) >= len(pairs):
        if not all(map(_HANGUL.match, pairs)) and not any(map(_KANA.match, pairs)):
            yield "gb18030"
    elif 10 * len(_ALONE.findall(sample)) >= 9 * high and not _NOT_WESTERN.search(sample):
        yield "cp1252"


def _xlsx(name: str, content: bytes) -> Iterable[Sheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MOST_UNPACKED:
            raise UserError(too_large(name, MOST_UNPACKED))
    except zipfile.BadZipFile as error:
        raise UserError(_damaged(name)) from error
    title, rows = "", list[tuple[object, ...]]()
    for one in _unpacked(name, content):
        if isinstance(one, list):
            rows.append(tuple(map(_word, one)))
            continue
        if rows:
            yield _sheet(title, rows)
        if "fault" in one:
            raise UserError(_FAULTS[one["fault"]](name))
        title, rows = one["sheet"], []
    if rows:
        yield _sheet(title, rows)


def _unpacked(name: str, content: bytes) -> Iterator[Any]:
    """What a process of its own reads in a workbook; raise UserError when the workbook was too much for it.

    Raise what else ended it, such as the end of the service: the file comes again.
    """
    command = [sys.executable, "-E", "-P", str(Path(unpacking.__file__))]
    try:
        done = subprocess.run(  # noqa: S603  our own program, which is given bytes
            command, input=content, capture_output=True, check=True, timeout=unpacking.MOST_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise UserError(_too_wide(name)) from error
    except subprocess.CalledProcessError as error:
        if error.returncode not in _OVERWHELMED:
            raise
        raise UserError(_too_wide(name)) from error
    for line in done.stdout.splitlines():
        yield json.loads(line, parse_float=Decimal)


def _limited(rows: Iterable[Iterable[object]], name: str) -> Iterable[Iterable[object]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS:
            raise UserError(_too_long(name))
        yield row


def _word(cell: object) -> str:
    return cell if isinstance(cell, str) else Figure(f"{Decimal(str(cell)):f}")


def _damaged(name: str) -> Text:
    return Text("{file} is damaged or protected by a password; save it again.", file=name)


def _too_long(name: str) -> Text:
    return Text("{file} has more than {n} rows; send it in parts.", file=name, n=MOST_ROWS)


def _too_wide(name: str) -> Text:
    return Text(
        "{file} takes too much room or time to open, perhaps for a stray cell far below or to the right; copy its rows "
        "into a new file.",
        file=name,
    )


_FAULTS = {unpacking.DAMAGED: _damaged, unpacking.LONG: _too_long, unpacking.LARGE: _too_wide}
_OVERWHELMED = frozenset(-number for number in (6, 9, 11, 24))
"""It gave up (SIGABRT, SIGSEGV) or was ended for what it took (SIGKILL, SIGXCPU)."""


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
    if isinstance(cell, Figure):
        return cell
    words = str(cell).strip()[:MOST_CELL]
    return words[1:] if words[:1] == "'" and words[1:2] in tuple("=+-@＝＋－＠") else words


_READERS = {".csv": _csv, ".txt": _csv, ".tsv": _csv, ".xlsx": _xlsx}
