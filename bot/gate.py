"""The gate: who may do what to whose things. Text, buttons and forms all pass it, at the moment they count."""

from typing import Any

from sqlmodel import select

from handlers.command import Command, Scope
from models.channels import ChannelKind
from models.context import Asked, UserError
from models.deals import Deal, visible
from models.ranks import Rank
from models.text import Text, listed
from models.visits import Visit


def check(asked: Asked, command: Command, wanted: Any) -> None:
    """Raise UserError when the asker's rank, the region of what they named, or its rows do not allow it."""
    if asked.person.rank not in command.requires:
        allowed = listed([rank for rank in Rank if rank in command.requires])
        raise UserError(Text("This is only for: {ranks}. Ask one of them to do it.", ranks=allowed))
    if asked.channel.kind is ChannelKind.UNBOUND and not command.anywhere:
        raise UserError(Text("This channel belongs to no region yet; type `setup channel` and the region's name here."))
    _check_deal(asked, getattr(wanted, "deal", None))
    _check_visit(asked, getattr(wanted, "visit", None))
    if command.scope is not Scope.COMPANY:
        _check_region(asked, getattr(wanted, "region", None))
    if command.check is not None:
        command.check(asked, wanted)


def _check_deal(asked: Asked, number: str | None) -> None:
    if number is None:
        return
    query = select(Deal).where(Deal.id == number, visible(asked.person))
    if asked.session.exec(query).first() is None:
        raise UserError(Text("There is no deal {deal} among those that you may see; `my` lists yours.", deal=number))


def _check_visit(asked: Asked, number: str | None) -> None:
    if number is None:
        return
    visit = asked.session.get(Visit, number)
    if visit is None or visit.owner_id != asked.person.id:
        raise UserError(Text("There is no visit {visit} of yours.", visit=number))


def _check_region(asked: Asked, region_id: str | None) -> None:
    everywhere = asked.person.rank in (Rank.HQ, Rank.ADMIN)  # what an administrator may ask for, they may of any region
    if region_id is not None and not everywhere and asked.person.region_id != region_id:
        raise UserError(Text("That is another region's; you can see and change only your own."))
