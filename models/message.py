"""Messages: what the bot says, as a tree without platform or language.

A renderer draws the tree once per platform and degrades to what the platform can do; it never raises.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import models.labels  # noqa: F401  makes every labelled value storable
from models.codec import storable
from models.intent import Draft
from models.text import Text, Value


@storable
class Style(StrEnum):
    """How much a button asks for attention."""

    PRIMARY = "primary"
    PLAIN = "plain"
    DANGER = "danger"


@storable
@dataclass(frozen=True, slots=True)
class Button:
    """An intent that is complete, or one that needs a form first, behind a label."""

    label: Text
    draft: Draft
    style: Style = Style.PLAIN


@storable
@dataclass(frozen=True, slots=True)
class Field:
    """A labelled fact."""

    label: Text
    value: Value


@storable
@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows of values; a platform without tables draws one line a row."""

    columns: tuple[Text, ...]
    rows: tuple[tuple[Value, ...], ...]


@storable
@dataclass(frozen=True, slots=True)
class Bar:
    """A share of a target as a bar, and the share that the working days make; none where it cannot be said."""

    share: Fraction | None
    pace: Fraction | None = None


@storable
@dataclass(frozen=True, slots=True)
class PictureRow:
    """One line of a board: its bars and what stands beside them; `own` is the reader's own."""

    rank: int
    name: Value
    note: Value
    bars: tuple[Bar, ...]
    cells: tuple[Value, ...]
    own: bool = False


@storable
@dataclass(frozen=True, slots=True)
class PictureGroup:
    """Lines of a board that are ranked among themselves."""

    title: Text
    rows: tuple[PictureRow, ...]


@storable
@dataclass(frozen=True, slots=True)
class Picture:
    """A board as facts; it is drawn when somebody looks at it. `columns` name the bars and then the cells."""

    title: Text
    subtitle: Text
    columns: tuple[Text, ...]
    groups: tuple[PictureGroup, ...]
    footer: Text


@storable
@dataclass(frozen=True, slots=True)
class Form:
    """A draft whose named fields are asked for.

    `errors` are (field, sentence) and stand beside their fields; `options` are (field, value, label) of selects.
    """

    draft: Draft
    ask: tuple[str, ...]
    errors: tuple[tuple[str, Text], ...] = ()
    options: tuple[tuple[str, str, str], ...] = ()


@storable
@dataclass(frozen=True, slots=True)
class Attachment:
    """Rows that come as a CSV file beside the message, its heading first."""

    name: str
    rows: tuple[tuple[Value, ...], ...]


@storable
@dataclass(frozen=True, slots=True)
class Message:
    """Lines, then facts, table, picture, attachment, form and buttons, always in this order."""

    lines: tuple[Text, ...] = ()
    fields: tuple[Field, ...] = ()
    table: Table | None = None
    picture: Picture | None = None
    form: Form | None = None
    buttons: tuple[Button, ...] = ()
    attachment: Attachment | None = None

    def without_buttons(self) -> "Message":
        """The same words with nothing left to press."""
        return replace(self, buttons=(), form=None)


def says(*lines: Text, buttons: tuple[Button, ...] = ()) -> Message:
    """Make a message of lines and perhaps buttons."""
    return Message(lines=lines, buttons=buttons)
