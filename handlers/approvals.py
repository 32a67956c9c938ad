"""Approvals: ask for one, decide one, see what waits."""

from typing import Any

from handlers.command import ANYONE, KEPT, NOTHING_PERSONAL, SELLERS, Example, PersonalData, Scope, command
from models.approvals import (
    ApprovalRequest,
    Approve,
    Decision,
    Reject,
    RequestApproval,
    ShowWaiting,
    advance,
    card_name,
    open_request_of,
    open_requests,
    rejection_form,
    written,
)
from models.cards import approval as card
from models.cards.refusal import UNKNOWN, appoint, first, why_not
from models.channels import region_channels
from models.context import Asked, Reply, UserError
from models.deals import Deal
from models.deciding import Case, candidates, case_of, due, note, person_facts, request_facts, rules_in
from models.intent import Draft
from models.numbers import next_number
from models.people import Person, duties_of
from models.regions import Region, converted, organisation
from models.rules.approval import (
    Party,
    RequestFacts,
    RequestState,
    Step,
    Verdict,
    chain,
    may_decide,
    next_state,
    unfilled,
)
from models.schedules import local_day
from models.stages import Stage
from models.text import Text
from models.timeline import EntryKind

PERSONAL = PersonalData(
    ("approval_request.requester_id", "decision.person_id", "decision.reason", "deal_entry.person_id"),
    Text("to show who asked for a contract, who decided and why"),
    KEPT,
    Text("the region of the deal and HQ"),
)


def _may(asked: Asked, wanted: Any) -> None:
    """Raise UserError with the reason when the asker cannot decide the request; a form is not shown then either."""
    number = getattr(wanted, "request", None)
    if number is None:
        return
    request = asked.session.get(ApprovalRequest, number)
    if request is None:
        raise UserError(UNKNOWN)
    me = person_facts(asked.session, asked.person)
    why = why_not(case_of(asked.session, request, asked.now), me, getattr(wanted, "version", None))
    if why is not None:
        raise UserError(why)


def _which(asked: Asked, draft: Draft) -> Reply | None:
    """Show what waits for the asker, each with its buttons, where they did not say which request they decide."""
    if "request" not in draft.missing:
        return None
    reason = str(draft.known.get("reason") or "")
    return Reply(card.waiting(_waiting(asked), "" if reason.endswith(("?", "？")) else reason), private=True)


@command(
    RequestApproval,
    en=("request", "request approval"),
    zh=("申请", "申请审批", "申请合同审批", "申請"),
    requires=SELLERS,
    scope=Scope.DEAL,
    audit="approval.requested",
    summary=Text("Ask for a contract to be approved"),
    example=Example("request D-1042 https://example.com/contract.pdf", "申请 D-1042"),
    personal=PERSONAL,
)
def request_approval(asked: Asked, wanted: RequestApproval) -> Reply:
    """Find who must decide, and put the card before them and into the region's channel."""
    deal = asked.session.get_one(Deal, wanted.deal)
    _askable(asked, deal)
    region = asked.session.get_one(Region, deal.region_id)
    steps = _steps(asked, deal, region)
    request = ApprovalRequest(
        id=next_number(asked.session, "A"), deal_id=deal.id, deal_version=deal.version, requester_id=asked.person.id,
        region_id=region.id, amount_minor=deal.amount_minor, currency=deal.currency,
        contract_url=wanted.contract_url or deal.contract_url, steps=written(steps), due_at=due(region, asked.now),
        created_at=asked.now,
    )  # fmt: skip
    asked.session.add(request)
    asked.session.flush()
    note(asked.session, request, EntryKind.REQUESTED, now=asked.now, person_id=asked.person.id)
    case = case_of(asked.session, request, asked.now)
    channels = region_channels(asked.session, region.id)
    for channel in channels:
        asked.post(channel.id, card.face(case), card=card_name(request), unasked=True)
    _call(asked, case)
    here = asked.thread is None and asked.channel.id in (channel.id for channel in channels)
    facts: dict[str, object] = {
        "deal": deal.id, "minor": deal.amount_minor, "currency": deal.currency, "version": deal.version,
        "steps": [step.decider.value for step in steps],
    }  # fmt: skip
    return Reply(None if here else card.asked(case), subject=request.id, facts=facts, private=True)


@command(
    Approve,
    en=("approve",),
    zh=("批准", "同意"),
    requires=ANYONE,
    check=_may,
    instead=_which,
    scope=Scope.DEAL,
    audit="approval.approved",
    summary=Text("Approve a contract that waits for you"),
    example=Example("approve A-3", "批准 A-3"),
    personal=PERSONAL,
    in_thread=True,
)
def approve(asked: Asked, wanted: Approve) -> Reply:
    """Say yes to the open step; not on a word that began a longer sentence, for a decision stays."""
    if wanted.aside:
        raise UserError(
            Text(
                "A decision stays, so I take “approve” only alone. To approve {request}, send `approve {request}` "
                "or press its button.",
                request=wanted.request,
            )
        )
    return _decide(asked, asked.session.get_one(ApprovalRequest, wanted.request), Verdict.APPROVED, "")


@command(
    Reject,
    en=("reject",),
    zh=("驳回", "拒绝", "駁回", "拒絕"),
    requires=ANYONE,
    check=_may,
    instead=_which,
    scope=Scope.DEAL,
    audit="approval.rejected",
    summary=Text("Reject a contract that waits for you, with a reason"),
    example=Example("reject A-3 price too low", "驳回 A-3 价格过低"),
    personal=PERSONAL,
    in_thread=True,
)
def reject(asked: Asked, wanted: Reject) -> Reply:
    """Say no, and why; a question that begins with the word is not a decision."""
    reason = wanted.reason.strip()
    if not reason or (not asked.pressed and reason.endswith(("?", "？"))):
        raise UserError(Text("Say why, in a few words that are no question."), field="reason")
    return _decide(asked, asked.session.get_one(ApprovalRequest, wanted.request), Verdict.REJECTED, reason)


@command(
    ShowWaiting,
    en=("approvals",),
    zh=("待我审批", "待审批"),
    requires=ANYONE,
    scope=Scope.SELF,
    audit="approval.listed",
    summary=Text("See what waits for your decision"),
    example=Example("approvals", "待我审批"),
    personal=NOTHING_PERSONAL,
)
def show_waiting(asked: Asked, wanted: ShowWaiting) -> Reply:  # noqa: ARG001  the intent has nothing to say
    """List the asker's own steps, soonest due first."""
    return Reply(card.waiting(_waiting(asked)), private=True)


def _waiting(asked: Asked) -> list[Case]:
    me = person_facts(asked.session, asked.person)
    return [
        case
        for request, _ in open_requests(asked.session)
        if may_decide(me, request_facts(asked.session, request)) is None
        and why_not(case := case_of(asked.session, request, asked.now), me) is None
    ]


def _askable(asked: Asked, deal: Deal) -> None:
    if deal.void:
        raise UserError(Text("{deal} was taken back; report it again if it is real.", deal=deal.id))
    if deal.stage is Stage.LOST:
        raise UserError(Text("{deal} is lost; move it to another stage before you ask.", deal=deal.id))
    request = open_request_of(asked.session, deal.id)
    if request is not None:
        case = case_of(asked.session, request, asked.now)
        raise UserError(
            Text(
                "{request} asks for {deal} already; it waits for {deciders} ({left}).",
                request=request.id,
                deal=deal.id,
                deciders=card.names(case.deciders),
                left=card.left(case.hours_left),
            )
        )


def _steps(asked: Asked, deal: Deal, region: Region) -> tuple[Step, ...]:
    """Lay out the chain; raise UserError when no rule asks for a decision or nobody could take a step."""
    today = local_day(region.zone, asked.now)
    currency = organisation(asked.session).currency
    amount = converted(asked.session, deal.amount, currency, today)
    owner = asked.session.get_one(Person, deal.owner_id)
    parties = (Party(asked.person.rank, asked.duties), Party(owner.rank, duties_of(asked.session, owner.id)))
    steps = chain(amount, parties, rules_in(asked.session, currency, today))
    if not steps:
        raise UserError(Text("No rule asks for an approval of {deal}; go ahead.", deal=deal.id))
    facts = RequestFacts(asked.person.id, owner.id, region.id, RequestState.PENDING, steps)
    short = unfilled(candidates(asked.session, facts))
    if short is not None:
        raise UserError(appoint(steps[short].decider, short, region.name))
    return steps


def _decide(asked: Asked, request: ApprovalRequest, verdict: Verdict, reason: str) -> Reply:
    """Move the request, if nobody was first, and tell everybody."""
    at = request.step
    state, step = next_state(request.state, verdict, at, len(request.chain))
    if not advance(asked.session, request, state, step):
        raise UserError(first(case_of(asked.session, request, asked.now), asked.person.id))
    decision = Decision(
        request_id=request.id, step=at, person_id=asked.person.id, verdict=verdict, reason=reason, at=asked.now
    )
    asked.session.add(decision)
    if state is RequestState.PENDING:
        request.due_at = due(asked.session.get_one(Region, request.region_id), asked.now)
    asked.session.flush()
    note(asked.session, request, EntryKind.DECIDED, now=asked.now, person_id=asked.person.id)
    in_thread = _tell_everybody(asked, case_of(asked.session, request, asked.now), at)
    facts: dict[str, object] = {"step": at + 1, "of": len(request.chain), "state": state.value}
    answer = None if in_thread else card.decided(case_of(asked.session, request, asked.now))
    return Reply(answer, subject=request.id, facts=facts, private=True)


def _tell_everybody(asked: Asked, case: Case, step: int) -> bool:
    """Redraw the card everywhere, close the forms, answer in the thread, and call who comes next.

    True when it was said right here.
    """
    request, message = case.request, card.outcome(case)
    roots = asked.redraw(card_name(request), card.face(case))
    for over in (*(card_name(request, earlier) for earlier in range(step + 1)), rejection_form(request)):
        asked.redraw(over, card.face(case).without_buttons())
    for root in roots:
        asked.post(root.channel_id, message, thread_post=root.id)
    if case.is_open:
        _call(asked, case)
    else:
        asked.tell(request.requester_id, message, unasked=False)
    return any(root.channel_id == asked.channel.id and root.message_id == asked.thread for root in roots)


def _call(asked: Asked, case: Case) -> None:
    """Bring the card to everybody who can decide the open step."""
    for person in case.deciders:
        asked.tell(person.id, card.for_decider(case), card=card_name(case.request, case.request.step))
