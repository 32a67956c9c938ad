"""Approval: the chain, who may decide, and where verdicts lead."""

from dataclasses import replace

import pytest

from models.money import CurrencyMismatchError, Money
from models.ranks import Duty, Rank
from models.rules.approval import (
    ApprovalRule,
    Decider,
    Party,
    PersonFacts,
    Refusal,
    RequestFacts,
    RequestState,
    Step,
    Verdict,
    chain,
    may_decide,
    next_state,
)


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


RULES = (
    ApprovalRule("everything", cny(0), Decider.MANAGER, 1),
    ApprovalRule("above 100k", cny(100_000_00), Decider.FINANCE, 2),
    ApprovalRule("above 1m", cny(1_000_000_00), Decider.HQ, 3),
)
REP = Party(Rank.REP)
STEPS = (Step(Decider.MANAGER, "everything"), Step(Decider.FINANCE, "above 100k"), Step(Decider.HQ, "above 1m"))
REQUEST = RequestFacts("rep", "owner", "east", RequestState.PENDING, STEPS)
MANAGER = PersonFacts("manager", Rank.MANAGER, "east")
FINANCE = PersonFacts("finance", Rank.REP, None, frozenset({Duty.FINANCE}))
HQ = PersonFacts("hq", Rank.HQ, None)


def deciders(amount: Money | None, *parties: Party) -> list[str]:
    return [step.decider.value for step in chain(amount, parties or (REP,), RULES)]


def test_a_rule_covers_amounts_above_its_own() -> None:
    assert deciders(cny(100_000_00)) == ["manager"]
    assert deciders(cny(100_000_01)) == ["manager", "finance"]
    assert deciders(cny(1_000_000_01)) == ["manager", "finance", "hq"]


def test_the_steps_follow_their_numbers_whatever_their_amounts() -> None:
    rules = [ApprovalRule("last", cny(0), Decider.HQ, 9), ApprovalRule("first", cny(500), Decider.FINANCE, 1)]

    assert [step.rule_id for step in chain(cny(501), [REP], rules)] == ["first", "last"]


def test_a_rule_from_zero_covers_a_deal_worth_nothing() -> None:
    assert deciders(cny(0)) == ["manager"]


def test_an_amount_without_a_rate_takes_the_strictest_chain() -> None:
    assert deciders(None) == ["manager", "finance", "hq"]


def test_an_amount_of_another_currency_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        chain(Money(5, "USD"), [REP], RULES)


def test_a_managers_own_request_goes_to_the_next_rank() -> None:
    assert deciders(cny(1), Party(Rank.MANAGER)) == ["hq"]
    assert deciders(cny(200_000_00), Party(Rank.MANAGER)) == ["hq", "finance"]
    assert deciders(cny(1), Party(Rank.HQ)) == ["hq"]


def test_a_decider_comes_once_at_their_last_place_with_the_rule_that_asks_there() -> None:
    steps = chain(None, [Party(Rank.MANAGER)], RULES)

    assert steps == (Step(Decider.FINANCE, "above 100k"), Step(Decider.HQ, "above 1m"))


def test_whoever_holds_finance_is_not_their_own_finance_step() -> None:
    assert deciders(cny(200_000_00), Party(Rank.REP, frozenset({Duty.FINANCE}))) == ["manager", "hq"]


def test_whoever_owns_the_deal_is_no_step_of_it_whoever_asks() -> None:
    assert deciders(cny(1), REP, Party(Rank.MANAGER)) == ["hq"]
    assert deciders(cny(200_000_00), Party(Rank.MANAGER), Party(Rank.REP, frozenset({Duty.FINANCE}))) == ["hq"]
    assert deciders(cny(200_000_00), REP, REP) == ["manager", "finance"]


def test_an_admin_asks_like_a_rep() -> None:
    assert deciders(None, Party(Rank.ADMIN)) == deciders(None, REP)


def test_without_rules_nothing_needs_a_decision() -> None:
    assert chain(None, [REP], ()) == ()


def test_each_decider_may_decide_their_own_step() -> None:
    assert may_decide(MANAGER, REQUEST) is None
    assert may_decide(FINANCE, replace(REQUEST, step=1, decided_by=("manager",))) is None
    assert may_decide(HQ, replace(REQUEST, step=2, decided_by=("manager", "finance"))) is None


@pytest.mark.parametrize("rank", Rank)
def test_nobody_decides_their_own_request_whatever_their_rank(rank: Rank) -> None:
    own = PersonFacts("rep", rank, "east", frozenset(Duty))

    for step in range(len(STEPS)):
        assert may_decide(own, replace(REQUEST, step=step)) is Refusal.OWN_REQUEST


def test_nobody_decides_about_their_own_deal_whoever_asked() -> None:
    assert may_decide(replace(MANAGER, person_id="owner"), REQUEST) is Refusal.OWN_REQUEST


def test_a_rep_and_an_admin_have_the_wrong_rank() -> None:
    assert may_decide(PersonFacts("other", Rank.REP, "east"), REQUEST) is Refusal.WRONG_RANK
    for step in range(len(STEPS)):
        refusal = may_decide(PersonFacts("root", Rank.ADMIN, "east"), replace(REQUEST, step=step))
        assert refusal is Refusal.WRONG_RANK


def test_a_manager_of_another_region_is_refused() -> None:
    assert may_decide(PersonFacts("other", Rank.MANAGER, "west"), REQUEST) is Refusal.WRONG_REGION
    assert may_decide(PersonFacts("other", Rank.MANAGER, None), REQUEST) is Refusal.WRONG_REGION


def test_finance_of_a_region_decides_in_that_region_only() -> None:
    second = replace(REQUEST, step=1, decided_by=("manager",))

    assert may_decide(replace(FINANCE, region_id="east"), second) is None
    assert may_decide(replace(FINANCE, region_id="west"), second) is Refusal.WRONG_REGION


def test_whoever_belongs_to_another_step_waits_for_it() -> None:
    assert may_decide(FINANCE, REQUEST) is Refusal.NOT_YOUR_STEP
    assert may_decide(HQ, REQUEST) is Refusal.NOT_YOUR_STEP


def test_one_person_does_not_decide_two_steps() -> None:
    both = replace(MANAGER, duties=frozenset({Duty.FINANCE}))

    assert may_decide(both, replace(REQUEST, step=1, decided_by=("manager",))) is Refusal.DECIDED_EARLIER_STEP


@pytest.mark.parametrize("state", [RequestState.APPROVED, RequestState.REJECTED, RequestState.VOID])
def test_what_is_decided_stays_decided(state: RequestState) -> None:
    assert may_decide(MANAGER, replace(REQUEST, state=state)) is Refusal.ALREADY_DECIDED
    for verdict in {*Verdict} - ({Verdict.VOID} if state is RequestState.APPROVED else set()):
        with pytest.raises(ValueError, match="cannot move"):
            next_state(state, verdict, 0, 1)


def test_an_approval_leads_to_the_next_step_and_from_the_last_to_the_end() -> None:
    assert next_state(RequestState.PENDING, Verdict.APPROVED, 0, 2) == (RequestState.PENDING, 1)
    assert next_state(RequestState.PENDING, Verdict.APPROVED, 1, 2) == (RequestState.APPROVED, 1)


def test_a_rejection_or_an_end_of_the_request_needs_no_further_step() -> None:
    assert next_state(RequestState.PENDING, Verdict.REJECTED, 0, 2) == (RequestState.REJECTED, 0)
    assert next_state(RequestState.PENDING, Verdict.VOID, 1, 2) == (RequestState.VOID, 1)


def test_what_was_approved_can_become_void() -> None:
    assert next_state(RequestState.APPROVED, Verdict.VOID, 1, 2) == (RequestState.VOID, 1)


@pytest.mark.parametrize(("step", "steps"), [(0, 0), (2, 2), (-1, 2)])
def test_a_step_outside_of_the_chain_is_refused(step: int, steps: int) -> None:
    with pytest.raises(ValueError, match="cannot move"):
        next_state(RequestState.PENDING, Verdict.APPROVED, step, steps)
