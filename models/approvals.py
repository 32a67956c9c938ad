"""Approvals: who asked for what, which steps it takes, and who decided."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, update
from sqlmodel import Field, Session, SQLModel, col, select

from models.codec import of_json, storable, to_json
from models.columns import UtcDateTime, choice
from models.deals import Deal
from models.intent import intent, name_of
from models.money import Money
from models.outbox import form_card
from models.rules.approval import ApprovalRule, Decider, RequestState, Step, Verdict
from models.slots import ContractLink, DealNumber, Reason, RequestNumber, Words

storable(Step)
storable(Decider)


@intent("request")
@dataclass(frozen=True, slots=True)
class RequestApproval:
    """Ask for a contract to be approved."""

    deal: DealNumber
    contract_url: ContractLink | None = None


@intent("approve")
@dataclass(frozen=True, slots=True)
class Approve:
    """Approve a request; `version` is what the button's card showed.

    `aside` are words that came along, so that a sentence that only begins like a decision is not one.
    """

    request: RequestNumber
    version: int | None = None
    aside: Words | None = None


@intent("reject")
@dataclass(frozen=True, slots=True)
class Reject:
    """Reject a request and say why."""

    request: RequestNumber
    reason: Reason
    version: int | None = None


@intent("approvals")
@dataclass(frozen=True, slots=True)
class ShowWaiting:
    """List what waits for one's decision, soonest due first."""


class ApprovalRuleRow(SQLModel, table=True):
    """A rule: requests from an amount on (reporting currency) need this decider at this step."""

    __tablename__ = "approval_rule"
    id: str = Field(primary_key=True)
    step: int
    decider: Decider = Field(sa_type=choice(Decider))
    from_minor: int = Field(sa_type=BigInteger)
    currency: str


class ApprovalRequest(SQLModel, table=True):
    """A request for a decision on a deal, as the deal stood in `deal_version`."""

    __tablename__ = "approval_request"
    id: str = Field(primary_key=True)
    deal_id: str = Field(foreign_key="deal.id", index=True)
    deal_version: int
    requester_id: str = Field(foreign_key="person.id")
    region_id: str = Field(foreign_key="region.id")
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str
    contract_url: str | None = None
    steps: str
    step: int = 0
    state: RequestState = Field(default=RequestState.PENDING, index=True, sa_type=choice(RequestState))
    version: int = 1
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def amount(self) -> Money:
        """What the deal was worth when it was asked for."""
        return Money(self.amount_minor, self.currency)

    @property
    def chain(self) -> tuple[Step, ...]:
        """The steps in order."""
        steps: tuple[Step, ...] = of_json(json.loads(self.steps))
        return steps

    def waits_for(self, decider: Decider) -> bool:
        """Whether the open step or a later one is this decider's."""
        return any(step.decider is decider for step in self.chain[self.step :])


class Decision(SQLModel, table=True):
    """One person's verdict on one step; the key decides who was first."""

    request_id: str = Field(primary_key=True, foreign_key="approval_request.id")
    step: int = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    verdict: Verdict = Field(sa_type=choice(Verdict))
    reason: str = ""
    at: datetime = Field(sa_type=UtcDateTime)


def written(steps: tuple[Step, ...]) -> str:
    """Write steps as the text that a request keeps."""
    return json.dumps(to_json(steps))


def rules(session: Session) -> tuple[ApprovalRule, ...]:
    """The rules in force, in the order of their steps."""
    rows = session.exec(select(ApprovalRuleRow).order_by(col(ApprovalRuleRow.step), ApprovalRuleRow.id))
    return tuple(ApprovalRule(row.id, Money(row.from_minor, row.currency), row.decider, row.step) for row in rows)


def needs(session: Session, decider: Decider) -> bool:
    """Whether a rule asks for this decider."""
    return any(rule.decider is decider for rule in rules(session))


def advance(session: Session, request: ApprovalRequest, state: RequestState, step: int) -> bool:
    """Move a request by compare-and-set; false when somebody else was first."""
    unchanged = (
        ApprovalRequest.id == request.id,
        ApprovalRequest.version == request.version,
        ApprovalRequest.state == request.state,
    )
    statement = update(ApprovalRequest).where(*unchanged)  # type: ignore[arg-type]
    result = session.execute(statement.values(state=state, step=step, version=request.version + 1))
    session.refresh(request)
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def decisions(session: Session, request_id: str) -> list[Decision]:
    """The verdicts on a request, step by step."""
    return list(session.exec(select(Decision).where(Decision.request_id == request_id).order_by(col(Decision.step))))


def open_requests(session: Session) -> list[tuple[ApprovalRequest, Deal]]:
    """The pending requests with their deals, soonest due first."""
    query = select(ApprovalRequest, Deal).join(Deal, col(Deal.id) == ApprovalRequest.deal_id)
    query = query.where(ApprovalRequest.state == RequestState.PENDING)
    return list(session.exec(query.order_by(col(ApprovalRequest.due_at), ApprovalRequest.id)))


def requests_in_force(session: Session, deal_id: str) -> list[ApprovalRequest]:
    """What waits or was approved on a deal, newest first."""
    query = select(ApprovalRequest).where(ApprovalRequest.deal_id == deal_id)
    query = query.where(col(ApprovalRequest.state).in_((RequestState.PENDING, RequestState.APPROVED)))
    return list(session.exec(query.order_by(col(ApprovalRequest.created_at).desc())))


def card_name(request: ApprovalRequest, step: int | None = None) -> str:
    """The card's name: in the region's channel, or (with a step) in the direct chats of that step's deciders."""
    return f"approval:{request.id}" if step is None else f"approval:{request.id}:{step}"


def rejection_form(request: ApprovalRequest) -> str:
    """The card of the forms that ask why a request is rejected."""
    return form_card(name_of(Reject), request.id)


def newest_request_of(session: Session, deal_id: str) -> ApprovalRequest | None:
    """The request of a deal that waits, else the one that was asked for last."""
    query = select(ApprovalRequest).where(ApprovalRequest.deal_id == deal_id)
    waits_first = col(ApprovalRequest.state) == RequestState.PENDING
    return session.exec(query.order_by(waits_first.desc(), col(ApprovalRequest.created_at).desc())).first()


def open_request_of(session: Session, deal_id: str) -> ApprovalRequest | None:
    """The pending request of a deal."""
    query = select(ApprovalRequest).where(ApprovalRequest.deal_id == deal_id)
    return session.exec(query.where(ApprovalRequest.state == RequestState.PENDING)).first()
