"""Leaderboards: the weekly board whenever somebody wants to see it."""

from handlers.command import ANYONE, NOTHING_PERSONAL, Example, Scope, command
from models.boards import ShowBoard, weekly_board
from models.cards import board as card
from models.context import Asked, Reply
from models.text import Text


@command(
    ShowBoard,
    en=("board", "leaderboard"),
    zh=("榜单", "排行榜", "周榜"),
    requires=ANYONE,
    scope=Scope.COMPANY,
    audit="board.shown",
    summary=Text("The weekly board of regions and teams"),
    example=Example("board", "榜单"),
    personal=NOTHING_PERSONAL,
)
def show_board(asked: Asked, wanted: ShowBoard) -> Reply:  # noqa: ARG001  the intent has nothing to say
    """Show the last complete week as the asker's region sees it; headquarters sees the regions alone."""
    board = weekly_board(asked.session, asked.region, asked.today, asked.now)
    return Reply(card.weekly(board), private=True, subject=board.week.key)
