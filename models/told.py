"""What an event says of the things that it is about: ids, figures and days, and the names of accounts and policies.

People have no name there but a pseudonym, another one for each endpoint: their ids are made of their names.
"""

from collections.abc import Mapping

from sqlmodel import Session

from models.accounts import Account
from models.approvals import ApprovalRequest
from models.deals import Deal
from models.events import keyed
from models.money import Money
from models.people import Person
from models.regions import Region
from models.rules.standing import PersonData
from models.timeline import EntryKind, cash_of

PSEUDONYM_DIGITS = 16


def person_told(session: Session, person_id: str, to: str) -> str | None:
    """A person's pseudonym for an endpoint; none where the region's figures may say nothing about one person."""
    person = session.get_one(Person, person_id)
    region = session.get(Region, person.region_id) if person.region_id else None
    if region is not None and region.person_data is PersonData.TEAM:
        return None
    return keyed(session, f"person:{to}:{person.id}")[:PSEUDONYM_DIGITS]


def money_told(money: Money) -> Mapping[str, object]:
    """An amount in whole minor units."""
    return {"minor": money.minor, "currency": money.currency}


def deal_told(session: Session, deal: Deal, to: str) -> Mapping[str, object]:
    """A deal as it stands, with its cash so far: the receiver need not add anything up."""
    account = session.get_one(Account, deal.account_id)
    return {
        "id": deal.id,
        "version": deal.version,
        "account": {"id": account.id, "name": account.name},
        "amount": money_told(deal.amount),
        "stage": deal.stage.value if deal.stage else None,
        "close_on": deal.close_on.isoformat() if deal.close_on else None,
        "signed_on": deal.signed_on.isoformat() if deal.signed_on else None,
        "owner": person_told(session, deal.owner_id, to),
        "team": deal.team_id,
        "region": deal.region_id,
        "invoiced": money_told(cash_of(session, deal, EntryKind.INVOICED)),
        "collected": money_told(cash_of(session, deal, EntryKind.COLLECTED)),
        "void": deal.void,
    }


def request_told(session: Session, request: ApprovalRequest, to: str) -> Mapping[str, object]:
    """A request for approval as it stands; steps are counted from one, and `step` is the open or the last one."""
    return {
        "id": request.id,
        "version": request.version,
        "deal": request.deal_id,
        "amount": money_told(request.amount),
        "state": request.state.value,
        "step": request.step + 1,
        "steps": [step.decider.value for step in request.chain],
        "requester": person_told(session, request.requester_id, to),
        "region": request.region_id,
    }
