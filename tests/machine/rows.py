"""What the rows say, beside what the model says."""

from collections import Counter

from sqlmodel import Session, col, func, select

from models.approvals import ApprovalRequest, Decision
from models.audit import AuditRow, breaks
from models.deals import Deal
from models.inbox import Delivery, Outcome
from models.outbox import OutboxState, Post
from models.policies import Acknowledgement
from models.reconcile import differences
from models.rollups import Rollup
from models.rules.attainment import Measure
from models.rules.periods import PeriodKind
from models.timeline import DealEntry, EntryKind
from tests.machine.model import Company

AUDITED = {
    "logged": "deal.logged", "amended": "deal.amended", "stage": "deal.stage", "note": "deal.noted",
    "collected": "deal.collected", "undone": "deal.undone",
}  # fmt: skip


def audited(session: Session, key: str) -> list[str]:
    """What the audit log says of a delivery."""
    query = select(AuditRow.action).join(Delivery, col(Delivery.event_id) == AuditRow.event_id)
    return list(session.exec(query.where(Delivery.key == key)))


def unlike(session: Session, company: Company) -> list[str]:
    """What is not as the model has it: deals, requests with their decisions, who has read what."""
    wrong = []
    for row in session.exec(select(Deal).where(col(Deal.id).in_(company.deals))):
        deal, stage = company.deals[row.id], row.stage and row.stage.value
        found = (row.owner_id, row.region_id, row.amount_minor, stage, row.signed_on, row.void)
        expected = (deal.owner, deal.region, deal.now.minor, deal.now.stage, deal.now.signed, deal.now.void)
        wrong += [] if found == expected else [f"{row.id} is {found} and not {expected}"]
    decisions: dict[str, list[tuple[str, str]]] = {number: [] for number in company.requests}
    for one in session.exec(select(Decision).order_by(col(Decision.request_id), col(Decision.step))):
        decisions[one.request_id].append((one.person_id, one.verdict.value))
    for request in session.exec(select(ApprovalRequest)):
        should = company.requests[request.id]
        state, steps = request.state.value, [step.decider.value for step in request.chain]
        is_so = (state, request.step, steps, request.amount_minor, decisions[request.id])
        expects = (should.state, should.step, should.steps, should.minor, should.decided)
        wrong += [] if is_so == expects else [f"{request.id} is {is_so} and not {expects}"]
    read = {(row.policy_id, row.person_id) for row in session.exec(select(Acknowledgement))}
    return wrong + ([] if read == company.read else [f"read is {read} and not {company.read}"])


def wrong_in(session: Session, company: Company) -> list[str]:
    """What is wrong in the whole: chain, totals, each effect once and with its audit row, what was never sent."""
    wrong = [f"audit row {seq} {what}" for seq, what in breaks(session)]
    wrong += [f"total {key}: {kept} is not {summed}" for key, kept, summed in differences(session)]
    query = select(DealEntry.deal_id, DealEntry.kind).where(col(DealEntry.deal_id).in_(company.deals))
    entries = Counter((deal, str(kind)) for deal, kind in session.exec(query) if kind != EntryKind.VOIDED)
    expected = Counter((entry.deal, entry.kind) for entry in company.entries)
    wrong += [f"{key} is there {entries[key]} times and not {n}" for key, n in expected.items() if entries[key] != n]
    wrong += [f"{key} was never done" for key in entries.keys() - expected.keys()]
    told = Counter(session.exec(select(AuditRow.subject, AuditRow.action)).all())
    for (deal, kind), number in entries.items():
        if kind in AUDITED and told[deal, AUDITED[kind]] != number:
            wrong.append(f"{deal} {kind}: {number} effects, {told[deal, AUDITED[kind]]} audit rows")
    for request in company.requests.values():
        said = [told[request.id, f"approval.{each}"] for each in ("requested", "approved", "rejected")]
        verdicts = [verdict for _, verdict in request.decided]
        if said != [1, verdicts.count("approved"), verdicts.count("rejected")]:
            wrong.append(f"{request.id} has {said} audit rows for {verdicts}")
    failed = col(Delivery.outcome).in_((Outcome.FAILED, Outcome.SET_ASIDE))
    wrong += [f"delivery {key} failed" for key in session.exec(select(Delivery.key).where(failed))]
    unsent = session.exec(select(func.count()).select_from(Post).where(Post.state != OutboxState.SENT)).one()
    return wrong + ([f"{unsent} messages were not sent"] if unsent else [])


def signed(session: Session) -> Counter[tuple[str, str]]:
    """Kept totals in minor units of dollars: by owner and month."""
    kept = select(Rollup).where(Rollup.kind == PeriodKind.MONTH, Rollup.measure == Measure.SIGNED)
    sums = Counter[tuple[str, str]]()
    for row in session.exec(kept.where(Rollup.currency == "USD")):
        sums[row.person_id, f"{row.start_on:%Y-%m}"] += row.minor
    return sums
