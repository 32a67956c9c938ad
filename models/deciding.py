"""Deciding: who can decide a request, and everything that its card shows, from the rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlmodel import Session

from models.accounts import Account
from models.approvals import ApprovalRequest, Decision, decisions, rules
from models.bookings import write_entry
from models.calendars import add_working_hours, working_hours_between
from models.deals import Deal
from models.events import EventKind, record
from models.money import Money
from models.people import Person, duties_of, holders_of, people_in, with_account
from models.ranks import Duty, Rank
from models.regions import Region, converted, organisation
from models.rules.approval import (
    ApprovalRule,
    Decider,
    PersonFacts,
    RequestFacts,
    RequestState,
    Step,
    Verdict,
    able,
    may_decide,
)
from models.schedules import local_day
from models.timeline import EntryKind
from models.told import person_told, request_told

WORKING_HOURS = 6
TOLD = {
    EntryKind.REQUESTED: EventKind.APPROVAL_REQUESTED,
    EntryKind.DECIDED: EventKind.APPROVAL_DECIDED,
    EntryKind.VOIDED: EventKind.APPROVAL_VOIDED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A request with what belongs to it, as it stands at an instant.

    `reporting` is the amount in the organisation's currency; none without a rate. `deciders` may decide the step that
    is open.
    """

    request: ApprovalRequest
    deal: Deal
    account: Account
    requester: Person
    region: Region
    reporting: Money | None
    reporting_currency: str
    rules: Mapping[str, ApprovalRule]
    facts: RequestFacts
    decided: tuple[tuple[Decision, Person], ...]
    deciders: tuple[Person, ...]
    now: datetime

    @property
    def step(self) -> Step:
        """The step that is open, or that was the last."""
        return self.request.chain[self.request.step]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.request.state is RequestState.PENDING

    @property
    def hours_left(self) -> Fraction:
        """The region's working hours until it is due; negative when that is past."""
        return working_hours_between(self.region.calendar, self.now, self.request.due_at)

    @property
    def elapsed(self) -> timedelta:
        """The region's working time from the request to the newest decision."""
        until = self.decided[-1][0].at if self.decided else self.now
        hours = working_hours_between(self.region.calendar, self.request.created_at, until)
        return timedelta(seconds=int(hours * 3600))


def rules_in(session: Session, currency: str, on: date) -> tuple[ApprovalRule, ...]:
    """The rules in force with their amounts in one currency; one whose amount has no rate asks for every contract."""
    nothing = Money(0, currency)
    return tuple(
        replace(rule, min_amount=converted(session, rule.min_amount, currency, on) or nothing)
        for rule in rules(session)
    )


def case_of(session: Session, request: ApprovalRequest, now: datetime) -> Case:
    """Collect what belongs to a request."""
    deal, region = session.get_one(Deal, request.deal_id), session.get_one(Region, request.region_id)
    currency = organisation(session).currency
    asked_on = local_day(region.zone, request.created_at)
    verdicts, facts = decisions(session, request.id), request_facts(session, request)
    return Case(
        request=request,
        deal=deal,
        account=session.get_one(Account, deal.account_id),
        requester=session.get_one(Person, request.requester_id),
        region=region,
        reporting=converted(session, request.amount, currency, asked_on),
        reporting_currency=currency,
        rules={rule.id: rule for rule in rules(session)},
        facts=facts,
        decided=tuple((verdict, session.get_one(Person, verdict.person_id)) for verdict in verdicts),
        deciders=deciders(session, facts),
        now=now,
    )


def note(session: Session, request: ApprovalRequest, kind: EntryKind, *, now: datetime, person_id: str) -> None:
    """Write what happened to a request on its deal's timeline, and let other systems hear of it, without the reason."""
    decided = decisions(session, request.id)[-1] if kind is EntryKind.DECIDED else None
    text, more = request.id, {}
    if decided is not None:
        sign = "✓" if decided.verdict is Verdict.APPROVED else "✗"
        text = f"{request.id} {sign} {decided.step + 1}/{len(request.chain)} {decided.reason}".strip()
        more = {"decided": {"step": decided.step + 1, "verdict": decided.verdict.value}}
    deal = session.get_one(Deal, request.deal_id)
    entry = write_entry(session, deal, kind, text, now=now, person_id=person_id)
    record(
        session, TOLD[kind], deal.id, source=f"deal_entry:{entry.id}", at=now,
        actor=lambda to: person_told(session, person_id, to),
        data=lambda to: {"request": request_told(session, request, to), **more},
    )  # fmt: skip


def due(region: Region, now: datetime) -> datetime:
    """When a step that starts now is to be decided, in the region's working hours."""
    return add_working_hours(region.calendar, now, WORKING_HOURS)


def person_facts(session: Session, person: Person) -> PersonFacts:
    """What of a person says which steps are theirs."""
    return PersonFacts(person.id, person.rank, person.region_id, duties_of(session, person.id))


def request_facts(session: Session, request: ApprovalRequest) -> RequestFacts:
    """What of a request says who may decide it."""
    earlier = tuple(verdict.person_id for verdict in decisions(session, request.id) if verdict.step < request.step)
    owner_id = session.get_one(Deal, request.deal_id).owner_id
    return RequestFacts(
        request.requester_id, owner_id, request.region_id, request.state, request.chain, request.step, earlier
    )


def candidates(session: Session, facts: RequestFacts) -> tuple[frozenset[str], ...]:
    """The active people with an account who may decide each step that is left, looked at alone."""
    left = range(facts.step, len(facts.steps))
    return tuple(_candidates(session, replace(facts, step=step)) for step in left)


def deciders(session: Session, facts: RequestFacts) -> tuple[Person, ...]:
    """The people who can decide the open step, by name.

    Whoever is the only one for a later step is kept for it; when no way leads to the end any more (somebody left), all
    who may decide this step can.
    """
    if facts.state is not RequestState.PENDING:
        return ()
    left = candidates(session, facts)
    people = [session.get_one(Person, person_id) for person_id in able(left) or left[0]]
    return tuple(sorted(people, key=lambda person: (person.name, person.id)))


def _candidates(session: Session, facts: RequestFacts) -> frozenset[str]:
    match facts.steps[facts.step].decider:
        case Decider.MANAGER:
            people = people_in(session, facts.region_id, Rank.MANAGER)
        case Decider.FINANCE:
            people = holders_of(session, Duty.FINANCE)
        case Decider.HQ:
            people = people_in(session, None, Rank.HQ)
    reachable = with_account(session, [person.id for person in people])
    able = (person for person in people if person.id in reachable)
    return frozenset(person.id for person in able if may_decide(person_facts(session, person), facts) is None)
