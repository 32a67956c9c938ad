"""Leaderboards: the weekly board whenever somebody wants to see it."""

from handlers.command import ANYONE, NOTHING_PERSONAL, Example, Scope, command
from models.boards import ShowBoard, weekly_board
from models.cards import board as card
from models.context import Asked, Reply, UserError
from models.rules.periods import DateRange, Period, PeriodKind
from models.text import Bilingual, Text


@command(
    ShowBoard,
    en=("board", "leaderboard"),
    zh=("榜单", "排行榜", "周榜"),
    requires=ANYONE,
    scope=Scope.COMPANY,
    audit="board.shown",
    summary=Text("The weekly board of regions and teams"),
    example=Example("board last week", "榜单 上周"),
    personal=NOTHING_PERSONAL,
    whole=True,
)
def show_board(asked: Asked, wanted: ShowBoard) -> Reply:
    """Show a week as the asker's region sees it; headquarters sees the regions alone."""
    week = _week(asked, wanted.week) if wanted.week else None
    board = weekly_board(asked.session, asked.region, asked.today, asked.now, week)
    return Reply(card.weekly(board), private=True, subject=board.week.key)


def _week(asked: Asked, wanted: Period | DateRange) -> Period:
    """Take a week that has begun; a week is all that a board is made for."""
    if not isinstance(wanted, Period) or wanted.kind is not PeriodKind.WEEK:
        raise UserError(
            Text("A board is made for a week; write `{line}`.", line=Bilingual("board last week", "榜单 上周"))
        )
    if wanted.start > asked.today:
        raise UserError(Text("The board of {week} is still to come; write a week that has begun.", week=wanted))
    return wanted
