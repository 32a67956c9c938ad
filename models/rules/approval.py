"""Approval: which steps a request takes, who may decide one, and where a verdict takes the request."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.money import Money
from models.ranks import Duty, Rank


class Decider(StrEnum):
    """Whose decision a step is: the region's manager, a holder of the finance duty, or HQ."""

    MANAGER = "manager"
    FINANCE = "finance"
    HQ = "hq"


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Amounts above `min_amount` (reporting currency; from zero: every amount) need this decider at this step."""

    id: str
    min_amount: Money
    decider: Decider
    step: int

    def covers(self, amount: Money | None) -> bool:
        """Whether the rule asks for a decision; an amount without a rate (None) could be any, so it does."""
        return amount is None or self.min_amount.minor <= 0 or self.min_amount < amount


@dataclass(frozen=True, slots=True)
class Step:
    """One decision of a chain, and the rule that asks for it."""

    decider: Decider
    rule_id: str


@dataclass(frozen=True, slots=True)
class Party:
    """What the chain needs to know of somebody with a stake in the answer: who asks, and whose deal it is."""

    rank: Rank
    duties: frozenset[Duty] = frozenset()


def chain(
    amount_in_reporting: Money | None, parties: Collection[Party], rules: Sequence[ApprovalRule]
) -> tuple[Step, ...]:
    """Lay out the steps of a request in order; no step when no rule asks for a decision.

    Without an amount (a missing rate) every rule applies. Nobody is a step in their own matter: where one of the
    parties is a manager or above, or holds the finance duty, that step goes to HQ. A decider comes once, at their last
    place.
    """
    ordered = sorted(rules, key=lambda rule: (rule.step, rule.min_amount.minor, rule.id))
    steps = [Step(_raised(rule.decider, parties), rule.id) for rule in ordered if rule.covers(amount_in_reporting)]
    last: dict[Decider, Step] = {}
    for step in reversed(steps):
        last.setdefault(step.decider, step)
    return tuple(reversed(last.values()))


def _raised(decider: Decider, parties: Collection[Party]) -> Decider:
    own_rank = decider is Decider.MANAGER and any(party.rank.at_least(Rank.MANAGER) for party in parties)
    own_duty = decider is Decider.FINANCE and any(Duty.FINANCE in party.duties for party in parties)
    return Decider.HQ if own_rank or own_duty else decider


class RequestState(StrEnum):
    """Where a request stands; a pending one can move anywhere, an approved one can still become void."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"


class Verdict(StrEnum):
    """What moves a request: a decider's word, or (void) a change of the deal that it was about."""

    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"


class Refusal(StrEnum):
    """Why somebody may not decide."""

    OWN_REQUEST = "own_request"
    ALREADY_DECIDED = "already_decided"
    DECIDED_EARLIER_STEP = "decided_earlier_step"
    NOT_YOUR_STEP = "not_your_step"
    WRONG_RANK = "wrong_rank"
    WRONG_REGION = "wrong_region"


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Who wants to decide, as one person behind all their accounts; without a region, a duty is held everywhere."""

    person_id: str
    rank: Rank
    region_id: str | None
    duties: frozenset[Duty] = frozenset()


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request as it stands: `step` counts from 0, `decided_by` are the ids of those who decided earlier steps."""

    requester_id: str
    owner_id: str
    region_id: str
    state: RequestState
    steps: tuple[Step, ...]
    step: int = 0
    decided_by: tuple[str, ...] = ()


def may_decide(person: PersonFacts, request: RequestFacts) -> Refusal | None:
    """Say why a person may not decide the current step; none when they may.

    Nobody decides what they asked for, about their own deal, or two steps of one request. The rank of an admin gives no
    right to decide, and a higher rank does not stand in for a lower one: it would then be missing at its own step.
    """
    if person.person_id in (request.requester_id, request.owner_id):
        return Refusal.OWN_REQUEST
    if request.state is not RequestState.PENDING:
        return Refusal.ALREADY_DECIDED
    if person.person_id in request.decided_by:
        return Refusal.DECIDED_EARLIER_STEP
    decider = request.steps[request.step].decider
    if not _is(person, decider):
        return Refusal.NOT_YOUR_STEP if any(_is(person, step.decider) for step in request.steps) else Refusal.WRONG_RANK
    return None if _decides_in(person, decider, request.region_id) else Refusal.WRONG_REGION


def able(candidates: Sequence[frozenset[str]]) -> frozenset[str]:
    """Find who may take the first of some steps so that all the others can still be taken by different people."""
    return frozenset(person for person in candidates[0] if _filled(candidates[1:], frozenset({person})))


def unfilled(candidates: Sequence[frozenset[str]]) -> int | None:
    """Find the first step (from 0) that nobody is left for, when nobody takes two; none when all can be taken."""
    return next((step for step in range(len(candidates)) if not able(candidates[: step + 1])), None)


def _filled(candidates: Sequence[frozenset[str]], taken: frozenset[str]) -> bool:
    # A chain has as few steps as there are deciders, so trying everybody in turn is quick.
    return not candidates or any(_filled(candidates[1:], taken | {person}) for person in sorted(candidates[0] - taken))


def _is(person: PersonFacts, decider: Decider) -> bool:
    match decider:
        case Decider.MANAGER:
            return person.rank is Rank.MANAGER
        case Decider.FINANCE:
            return Duty.FINANCE in person.duties
        case Decider.HQ:
            return person.rank is Rank.HQ


def _decides_in(person: PersonFacts, decider: Decider, region_id: str) -> bool:
    everywhere = decider is Decider.HQ or (decider is Decider.FINANCE and person.region_id is None)
    return everywhere or person.region_id == region_id


def next_state(state: RequestState, verdict: Verdict, step: int, steps: int) -> tuple[RequestState, int]:
    """Find the state and step (from 0, of `steps`) after a verdict; raise ValueError when the request cannot move."""
    if state is RequestState.APPROVED and verdict is Verdict.VOID:
        return RequestState.VOID, step
    if state is not RequestState.PENDING or not 0 <= step < steps:
        msg = f"a request that is {state} at step {step} of {steps} cannot move"
        raise ValueError(msg)
    match verdict:
        case Verdict.APPROVED:
            return (RequestState.PENDING, step + 1) if step + 1 < steps else (RequestState.APPROVED, step)
        case Verdict.REJECTED:
            return RequestState.REJECTED, step
        case Verdict.VOID:
            return RequestState.VOID, step
