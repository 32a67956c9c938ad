"""What holds of the pure rules for any facts."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendars import (
    Calendar,
    add_working_hours,
    is_working_day,
    local_instant,
    next_working_instant,
    working_days,
    working_hours_between,
)
from models.money import Money
from models.ranks import Duty, Rank
from models.rules.approval import (
    ApprovalRule,
    Decider,
    Party,
    PersonFacts,
    RequestFacts,
    RequestState,
    Verdict,
    chain,
    may_decide,
    next_state,
)
from models.rules.periods import Period, PeriodKind, period_of
from models.rules.split import split
from models.rules.standing import Agreement, Entry, PersonData, rank_standings, visible_people
from models.rules.targets import month_targets, quarter_target, week_target
from models.rules.transitions import DealFacts, Delta, deltas
from models.stages import Stage

few = settings(max_examples=40, deadline=None)
many = settings(max_examples=150, deadline=None)

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
totals = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6) | st.fractions(0, 1000, max_denominator=97), min_size=1, max_size=12)
calendars = st.sampled_from(
    [
        Calendar("CN", None, "Asia/Shanghai"),
        Calendar("DE", "BY", "Europe/Berlin", opens=time(0, 30), closes=time(23, 30)),
        Calendar("US", "CA", "America/Los_Angeles"),
        Calendar(
            "AU", "NSW", "Australia/Lord_Howe", working_week=frozenset(range(7)), opens=time(1, 45), closes=time(6)
        ),
        Calendar("BR", "SP", "America/Sao_Paulo", opens=time(8, 30), closes=time(17, 15)),
    ]
)
instants = st.integers(0, 60 * 24 * 90).map(lambda n: datetime(2026, 2, 1, tzinfo=UTC) + timedelta(minutes=n))
hours = st.integers(0, 60 * 40).map(lambda n: Fraction(n, 60))


@many
@given(totals, weights)
def test_shares_add_up_and_are_within_one_unit_of_exact(total: int, by: list[Fraction | int]) -> None:
    shares = split(total, by)

    whole = sum(by, Fraction())
    exact = [total * weight / whole if whole else Fraction(total, len(by)) for weight in by]
    assert sum(shares) == total
    assert split(-total, by) == [-share for share in shares]
    assert all(abs(share - wanted) < 1 for share, wanted in zip(shares, exact, strict=True))


@many
@given(totals, st.integers(0, 9), st.integers(1, 9))
def test_of_equal_weights_no_later_share_is_larger(total: int, weight: int, count: int) -> None:
    shares = split(abs(total), [weight] * count)

    assert shares == sorted(shares, reverse=True)


@many
@given(days, st.sampled_from(PeriodKind))
def test_a_period_contains_its_days_and_its_segments_cover_it_once(day: date, kind: PeriodKind) -> None:
    period = period_of(kind, day)

    covered = [first + timedelta(days=n) for first, last in period.segments for n in range((last - first).days + 1)]

    assert period.contains(day)
    assert not period.contains(period.end + timedelta(days=1))
    if kind is not PeriodKind.WEEK:
        assert covered == [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]


@few
@given(st.integers(2020, 2030), totals, calendars)
def test_weeks_add_up_to_months_and_months_to_quarters_and_the_year(year: int, total: int, calendar: Calendar) -> None:
    period = Period(PeriodKind.YEAR, date(year, 1, 1))
    by_days = {month: working_days(calendar, month.start, month.end) for month in period.months}

    targets = dict(zip(period.months, month_targets(total, year, by_days), strict=True))

    assert sum(quarter_target(targets, quarter) or 0 for quarter in period.children) == total
    for month in period.months:
        assert sum(_weeks(calendar, {month: targets[month]}, month.children)) == targets[month]
    all_weeks = {week: None for month in period.months for week in month.children}
    assert sum(_weeks(calendar, targets, tuple(all_weeks))) == total


def _weeks(calendar: Calendar, targets: dict[Period, int], weeks: tuple[Period, ...]) -> list[int]:
    nothing_around = {month: 0 for week in weeks for month in week.months}
    found = [week_target(nothing_around | targets, week, lambda day: is_working_day(calendar, day)) for week in weeks]
    return [minor for minor in found if minor is not None]


entries = st.lists(
    st.builds(
        Entry,
        st.text("abc", min_size=1, max_size=3),
        st.none() | st.fractions(-1, 2, max_denominator=2),
        st.builds(Money, st.integers(-3, 3), st.just("CNY")),
        st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda entry: entry.key,
)

agreements = st.sampled_from([None, Agreement("works council", date(2026, 3, 2), "BV-17")])


@many
@given(entries, st.data())
def test_a_rank_counts_who_is_strictly_better_whatever_the_order_of_the_facts(
    board: list[Entry], data: st.DataObject
) -> None:
    standings = rank_standings(board)

    assert rank_standings(data.draw(st.permutations(board))) == standings
    assert sorted(row.key for row in standings) == sorted(entry.key for entry in board)
    for row in standings:
        reached = [other.attainment for other in standings if other.attainment is not None]
        assert row.rank == 1 + sum(row.attainment is None or other > row.attainment for other in reached)


@many
@given(entries, st.sampled_from(PersonData), agreements, st.integers(0, 12))
def test_a_board_names_at_most_half_of_the_people_and_only_where_they_agreed(
    board: list[Entry],
    person_data: PersonData,
    agreement: Agreement | None,
    top_n: int,
) -> None:
    standings = rank_standings(board)

    named = visible_people(person_data, agreement, standings, top_n)

    assert 2 * len(named) <= len(standings)
    assert not named or (person_data is PersonData.PUBLIC and agreement is not None)
    assert all(row.attainment is not None and row.attainment > 0 and row.rank <= top_n for row in named)


amounts = st.integers(0, 100).map(lambda minor: Money(minor, "CNY"))
rule_sets = st.lists(
    st.builds(ApprovalRule, st.uuids().map(str), amounts, st.sampled_from(Decider), st.integers(1, 4)), max_size=8
)
parties = st.lists(
    st.builds(Party, st.sampled_from(Rank), st.frozensets(st.sampled_from(Duty))), min_size=1, max_size=2
)


@many
@given(amounts, amounts, parties, rule_sets)
def test_a_larger_amount_needs_no_fewer_deciders_and_a_missing_rate_the_most(
    one: Money, other: Money, parties: list[Party], rules: list[ApprovalRule]
) -> None:
    smaller, larger = sorted((one, other))

    few_steps, more_steps, all_steps = (
        {step.decider for step in chain(amount, parties, rules)} for amount in (smaller, larger, None)
    )

    assert few_steps <= more_steps <= all_steps
    assert bool(all_steps) == bool(rules)


@many
@given(st.none() | amounts, parties, rule_sets, st.data())
def test_a_chain_never_leads_to_its_parties_and_names_a_decider_once(
    amount: Money | None, parties: list[Party], rules: list[ApprovalRule], data: st.DataObject
) -> None:
    steps = chain(amount, parties, rules)

    deciders = [step.decider for step in steps]
    assert len(deciders) == len(set(deciders))
    assert not (Decider.MANAGER in deciders and any(party.rank in (Rank.MANAGER, Rank.HQ) for party in parties))
    assert not (Decider.FINANCE in deciders and any(Duty.FINANCE in party.duties for party in parties))
    assert chain(amount, parties, data.draw(st.permutations(rules))) == steps


people = [
    PersonFacts(f"{rank}{region}{len(duties)}", rank, region, duties)
    for rank in Rank
    for region in ("east", "west", None)
    for duties in (frozenset[Duty](), frozenset(Duty))
]


@many
@given(
    st.sampled_from(people),
    st.sampled_from(people),
    st.none() | amounts,
    rule_sets.filter(bool),
    st.lists(st.tuples(st.sampled_from(people), st.sampled_from([Verdict.APPROVED] * 3 + [Verdict.REJECTED]))),
)
def test_whatever_people_press_a_request_is_approved_by_one_other_person_for_each_step(
    requester: PersonFacts,
    owner: PersonFacts,
    amount: Money | None,
    rules: list[ApprovalRule],
    presses: list[tuple[PersonFacts, Verdict]],
) -> None:
    steps = chain(amount, [Party(one.rank, one.duties) for one in (requester, owner)], rules)
    state, step, approved_by = RequestState.PENDING, 0, list[str]()

    for person, verdict in presses:
        facts = RequestFacts(requester.person_id, owner.person_id, "east", state, steps, step, tuple(approved_by))
        if steps and may_decide(person, facts) is None:
            state, step = next_state(state, verdict, step, len(steps))
            approved_by += [person.person_id] * (verdict is Verdict.APPROVED)

    assert not {requester.person_id, owner.person_id} & {*approved_by}
    assert len(set(approved_by)) == len(approved_by)
    assert (state is RequestState.APPROVED) == (bool(steps) and len(approved_by) == len(steps))


deals = st.builds(
    DealFacts,
    st.sampled_from([Stage.CONTRACT, Stage.WON, Stage.WON, Stage.LOST]),
    st.builds(Money, st.integers(-9, 9), st.sampled_from(["CNY", "USD"])),
    st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 3)),
    st.sampled_from(["li", "wang"]),
    st.sampled_from(["key accounts", None]),
    st.sampled_from(["east", "west"]),
    st.booleans(),
)


@many
@given(st.lists(st.none() | deals, max_size=12))
def test_the_deltas_of_any_history_add_up_to_what_the_last_state_counts(history: list[DealFacts | None]) -> None:
    states = [None, *history]

    moved = [delta for before, after in pairwise(states) for delta in deltas(before, after)]

    assert _added_up(moved) == _added_up(deltas(None, states[-1]))


def _added_up(moved: list[Delta] | tuple[Delta, ...]) -> dict[object, int]:
    sums = Counter[object]()
    for delta in moved:
        place = (delta.measure, delta.on, delta.person, delta.team, delta.region, delta.amount.currency)
        sums[place, "minor"] += delta.amount.minor
        sums[place, "count"] += delta.count
    return {key: total for key, total in sums.items() if total}


@few
@given(calendars, st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_hours_of_work_add_up_over_any_instant_between(calendar: Calendar, abc: list[datetime]) -> None:
    a, b, c = abc

    to_b, from_b = working_hours_between(calendar, a, b), working_hours_between(calendar, b, c)

    assert to_b >= 0
    assert to_b + from_b == working_hours_between(calendar, a, c)
    assert working_hours_between(calendar, c, a) == -(to_b + from_b)


@few
@given(calendars, instants, hours, hours)
def test_added_hours_of_work_are_what_lies_between_and_can_be_added_in_parts(
    calendar: Calendar, start: datetime, some: Fraction, more: Fraction
) -> None:
    due = add_working_hours(calendar, start, some)

    later = add_working_hours(calendar, due, more)

    assert start <= due <= later
    assert working_hours_between(calendar, start, due) == some
    assert later == add_working_hours(calendar, start, some + more)


@few
@given(calendars, instants)
def test_no_hour_is_worked_before_the_next_instant_of_work(calendar: Calendar, now: datetime) -> None:
    begins = next_working_instant(calendar, now)

    assert working_hours_between(calendar, now, begins) == 0
    assert working_hours_between(calendar, begins, begins + timedelta(minutes=1)) > 0
    assert next_working_instant(calendar, begins) == begins


@many
@given(st.sampled_from(sorted(available_timezones())), st.dates(date(1970, 1, 2), date(2037, 12, 30)), st.times())
def test_a_local_time_of_any_zone_and_day_is_its_first_instant_or_the_end_of_a_gap(
    name: str, day: date, clock: time
) -> None:
    zone, wall = ZoneInfo(name), datetime.combine(day, clock)

    instant = local_instant(name, day, clock)

    shown, just_before = (
        at.astimezone(zone).replace(tzinfo=None) for at in (instant, instant - timedelta(microseconds=1))
    )
    assert instant.tzinfo is UTC
    assert shown == wall or just_before < wall < shown
