"""What the weekly board looks like: a headline, a table and a picture of the same figures."""

from collections.abc import Sequence
from fractions import Fraction

from models.boards import Board, BoardRow
from models.message import Bar, Message, Picture, PictureGroup, PictureRow, Table, says
from models.standings import MEASURE
from models.text import Percent, Plural, Text, Value, joined, listed, verbatim

UNSAID = verbatim("–")
_PACE = Text("pace: the share of the month's working days that are over")


def weekly(board: Board) -> Message:
    """Regions first, then the region's own teams; nothing about one person but what its region agreed to show."""
    if not board.regions:
        return says(_headline(board))
    lines = (_headline(board), *_own_line(board), *_names(board), *_notes(board), _PACE)
    return Message(lines=lines, table=_table(board), picture=_picture(board))


def _headline(board: Board) -> Text:
    own = _own(board)
    if not board.regions:
        return Text("Weekly board, {week}: nobody sells yet, so there is nothing to rank.", week=board.week)
    if own is None:
        first = [row.name for row in board.regions if row.rank == 1]
        return Text(
            "Weekly board, {week}, {measure}: {names} in front",
            week=board.week, measure=MEASURE, names=listed(first),
        )  # fmt: skip
    return Text(
        "Weekly board, {week}, {measure}: {region} is number {rank} of {n}",
        week=board.week, measure=MEASURE, region=own.name, rank=own.rank, n=len(board.regions),
    )  # fmt: skip


def _own_line(board: Board) -> list[Text]:
    """How far the region came in the week and in the month, beside the pace."""
    own = _own(board)
    if own is None:
        return []
    week, month = own.week.attainment, own.month.attainment
    deals = Plural("{n} deal", "{n} deals", n=own.week.count)
    if week.percent is None or month.percent is None:
        return [Text("{amount}, {deals}. No target is set.", amount=week.amount, deals=deals)]
    return [
        Text(
            "{amount}, {percent} of the week's target, {deals}. {month}: {so_far}, pace {pace}",
            amount=week.amount, percent=Percent(week.percent), deals=deals, month=board.month,
            so_far=Percent(month.percent), pace=Percent(own.month.pace),
        )
    ]  # fmt: skip


def _names(board: Board) -> list[Text]:
    if not board.named:
        return []
    names = listed([f"{rank}. {name}" for rank, name in board.named])
    return [Text("At the top this week: {names}", names=names)]


def _notes(board: Board) -> list[Text]:
    """What the figures leave out, said aloud."""
    rows = (*board.regions, *board.teams)
    unpriced = {currency for row in rows for currency in (*row.week.unpriced, *row.month.unpriced)}
    unpriced |= {row.week.attainment.amount.currency for row in rows if row.reported is None}
    notes = []
    if unpriced:
        notes.append(Text("Counted, not priced, for want of a rate: {currencies}", currencies=listed(sorted(unpriced))))
    if board.idle:
        notes.append(Text("Not ranked, since nobody sells there yet: {regions}", regions=listed(board.idle)))
    if board.running:
        notes.append(Text("The week still runs in {regions}.", regions=listed(board.running)))
    return notes


def _table(board: Board) -> Table:
    columns = (
        verbatim("#"), Text("Region or team"), Text("Week"), joined((board.month,)), Text("Pace"),
        Text("Amount"), Text("In {currency}", currency=board.currency), Text("Deals"),
    )  # fmt: skip
    regions = [_table_row(row, row.name) for row in board.regions]
    teams = [_table_row(row, Text("Team {name}", name=row.name)) for row in board.teams]
    return Table(columns, (*regions, *teams))


def _table_row(row: BoardRow, name: Value) -> tuple[Value, ...]:
    week, month = row.week.attainment, row.month.attainment
    return (
        row.rank, name, _percent(week.percent), _percent(month.percent), Percent(row.month.pace),
        week.amount, row.reported or UNSAID, row.week.count,
    )  # fmt: skip


def _picture(board: Board) -> Picture:
    groups = [PictureGroup(Text("Regions"), _picture_rows(board.regions, board.own))]
    own = _own(board)
    if own is not None and board.teams:
        groups.append(PictureGroup(Text("Teams of {region}", region=own.name), _picture_rows(board.teams, None)))
    columns = (
        Text("Week, {measure}", measure=MEASURE), joined((board.month,)), Text("Amount"),
        Text("In {currency}", currency=board.currency),
    )  # fmt: skip
    return Picture(
        title=Text("Weekly board"),
        subtitle=Text("{week} · share of the target, {measure}", week=board.week, measure=MEASURE),
        columns=columns,
        groups=tuple(groups),
        footer=_PACE,
    )


def _picture_rows(rows: Sequence[BoardRow], own: str | None) -> tuple[PictureRow, ...]:
    return tuple(
        PictureRow(
            rank=row.rank,
            name=row.name,
            note=Plural("{n} deal", "{n} deals", n=row.week.count),
            bars=(Bar(row.week.attainment.percent), Bar(row.month.attainment.percent, row.month.pace)),
            cells=(row.week.attainment.amount, row.reported or UNSAID),
            own=row.id == own,
        )
        for row in rows
    )


def _own(board: Board) -> BoardRow | None:
    return next((row for row in board.regions if row.id == board.own), None)


def _percent(share: Fraction | None) -> Value:
    return UNSAID if share is None else Percent(share)
