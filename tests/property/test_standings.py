"""A person's place among the region's reps is the one that every rep's own figures give."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st
from sqlmodel import Session

from models.people import Person
from models.ranks import Rank
from models.regions import Rate, Region
from models.rollups import Rollup
from models.rules.attainment import Measure
from models.rules.periods import Period, PeriodKind
from models.standings import own_progress, own_standing
from models.targets import Scope, Target
from tests.property.test_bookings import company

ON = date(2026, 11, 20)
MONTHS = (date(2026, 10, 1), date(2026, 11, 1))
PLACES = (("us", "t"), ("elsewhere", ""))
minors = st.integers(-(10**6), 10**6)
currencies = st.sampled_from(["USD", "CNY", "JPY"])
sums = st.dictionaries(
    st.tuples(st.sampled_from(MONTHS), st.sampled_from(PLACES), currencies, st.sampled_from([*Measure])),
    minors,
    max_size=5,
)
goals = st.none() | st.tuples(st.integers(0, 10**6), currencies)
ranks = st.sampled_from([Rank.REP, Rank.REP, Rank.MANAGER])
people = st.lists(st.tuples(sums, goals, ranks, st.booleans()), min_size=1, max_size=6)
Sums = dict[tuple[date, tuple[str, str], str, Measure], int]


# Two sums of one currency are priced together: 287.14 is 287, and twice 143.57 would be 288.
_TWICE = {(MONTHS[1], place, "CNY", Measure.SIGNED): 1005 for place in PLACES}


@example([(_TWICE, (1000, "USD"), Rank.REP, True), ({}, (1000, "USD"), Rank.REP, True)])
@given(people)
def test_the_place_among_the_reps_is_the_one_that_their_own_figures_give(
    found: Sequence[tuple[Sums, tuple[int, str] | None, Rank, bool]],
) -> None:
    with company() as session:
        session.add(Rate(currency="CNY", to_currency="USD", from_on=date(2026, 1, 1), numerator=1, denominator=7))
        for number, (kept, goal, rank, active) in enumerate(found):
            _come(session, f"p{number}", kept, goal, Person(id="", name="", rank=rank, active=active))
        session.flush()
        region = session.get_one(Region, "us")
        month = Period(PeriodKind.MONTH, date(2026, 11, 1))
        everybody = [session.get_one(Person, "p"), *(session.get_one(Person, f"p{n}") for n in range(len(found)))]
        share = {
            person.id: own_progress(session, person, region, month, ON).attainment.percent or Fraction(0)
            for person in everybody
        }
        reps = [person.id for person in everybody if person.active and person.rank is Rank.REP]
        for person in everybody:
            standing = own_standing(session, person, region, ON)
            assert standing.of == len(reps)
            assert standing.rank == 1 + sum(share[rep] > share[person.id] for rep in reps)
            assert standing.progress == own_progress(session, person, region, month, ON)


def _come(session: Session, name: str, kept: Sums, goal: tuple[int, str] | None, like: Person) -> None:
    """Let a person come, with what they signed here and elsewhere, in two months, and with a target."""
    session.add(Person(id=name, name=name, rank=like.rank, active=like.active, region_id="us", team_id="t"))
    for (start, (region, team), currency, measure), minor in kept.items():
        row = Rollup(
            kind=PeriodKind.MONTH, start_on=start, measure=measure, region_id=region, team_id=team, person_id=name,
            currency=currency, minor=minor, count=1,
        )  # fmt: skip
        session.add(row)
    if goal is not None:
        target = Target(
            scope=Scope.PERSON, scope_id=name, period="2026-11", measure=Measure.SIGNED, minor=goal[0],
            currency=goal[1], region_id="us",
        )  # fmt: skip
        session.add(target)
