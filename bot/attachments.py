"""Attachments: rows of values as the CSV file that a reader gets."""

import csv
import io

from bot.export import safe
from bot.language import Reader, plain
from models.message import Attachment


def csv_of(attachment: Attachment, reader: Reader) -> bytes:
    """Draw the rows in the reader's language; UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([safe(plain(value, reader)) for value in row] for row in attachment.rows)
    return out.getvalue().encode("utf-8-sig")
