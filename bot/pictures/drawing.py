"""Draw the picture of a message, in the reader's language."""

from bot.language import Reader, compact_money, plain
from bot.pictures.board import BoardBar, BoardGroup, BoardPicture, BoardRow, Theme, board_svg, svg_to_png
from models.message import Picture, PictureRow
from models.money import Money
from models.text import Value


def draw_picture(picture: Picture, reader: Reader, theme: Theme) -> bytes:
    """Draw a board as a PNG in the reader's language."""
    board = BoardPicture(
        title=plain(picture.title, reader),
        subtitle=plain(picture.subtitle, reader),
        columns=tuple(plain(column, reader) for column in picture.columns),
        groups=tuple(
            BoardGroup(plain(group.title, reader), tuple(_board_row(row, reader) for row in group.rows))
            for group in picture.groups
        ),
        footer=plain(picture.footer, reader),
    )
    return svg_to_png(board_svg(board, theme))


def _board_row(row: PictureRow, reader: Reader) -> BoardRow:
    return BoardRow(
        rank=row.rank,
        name=plain(row.name, reader),
        note=plain(row.note, reader),
        bars=tuple(BoardBar(bar.share, bar.pace) for bar in row.bars),
        cells=tuple(_short(cell, reader) for cell in row.cells),
        own=row.own,
    )


def _short(value: Value, reader: Reader) -> str:
    return compact_money(value, reader) if isinstance(value, Money) else plain(value, reader)
