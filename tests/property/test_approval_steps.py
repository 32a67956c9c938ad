"""The steps of a request: different people can always be found for all of them, or it is said for which one not."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from models.rules.approval import able, unfilled

PEOPLE = "abcd"
chains = st.lists(st.frozensets(st.sampled_from(PEOPLE)), min_size=1, max_size=4)


def ways(candidates: list[frozenset[str]]) -> list[tuple[str, ...]]:
    """Every way to give the steps to different people."""
    return [way for way in product(*candidates) if len(set(way)) == len(way)]


@given(chains)
def test_the_able_are_those_with_whom_a_way_to_the_end_begins(candidates: list[frozenset[str]]) -> None:
    assert able(candidates) == {way[0] for way in ways(candidates)}


@given(chains)
def test_the_unfilled_step_is_the_first_that_no_way_reaches(candidates: list[frozenset[str]]) -> None:
    step = unfilled(candidates)

    if step is None:
        assert ways(candidates)
    else:
        assert not ways(candidates[: step + 1])
        assert step == 0 or ways(candidates[:step])


@given(chains)
def test_a_decision_by_the_able_leaves_somebody_able(candidates: list[frozenset[str]]) -> None:
    for person in able(candidates):
        rest = [step - {person} for step in candidates[1:]]

        assert not rest or able(rest)
