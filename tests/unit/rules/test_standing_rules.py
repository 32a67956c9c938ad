"""Standings: ranks that are shared, and persons who are named only where they agreed."""

from datetime import date
from fractions import Fraction

import pytest

from models.money import CurrencyMismatchError, Money
from models.rules.standing import (
    Agreement,
    Entry,
    PersonData,
    Standing,
    may_name_persons,
    rank_standings,
    visible_people,
)

AGREEMENT = Agreement("works council East", date(2026, 3, 2), "BV-17")


def entry(key: str, percent: int | None, minor: int = 100) -> Entry:
    attainment = None if percent is None else Fraction(percent, 100)
    return Entry(key, attainment, Money(minor, "CNY"), 3)


def people(*percents: int | None) -> tuple[Standing, ...]:
    return rank_standings(entry(f"p{n}", percent) for n, percent in enumerate(percents))


def named(person_data: PersonData, agreement: Agreement | None, standings: tuple[Standing, ...], top_n: int) -> str:
    return " ".join(row.key for row in visible_people(person_data, agreement, standings, top_n))


def test_the_highest_attainment_is_first_and_a_tie_shares_its_rank() -> None:
    board = rank_standings([entry("north", 80), entry("east", 95), entry("south", 95), entry("west", 70)])

    assert [(row.rank, row.key) for row in board] == [(1, "east"), (1, "south"), (3, "north"), (4, "west")]


def test_inside_a_rank_the_larger_amount_comes_first_and_then_the_key() -> None:
    board = rank_standings([entry("b", 95), entry("a", 95), entry("c", 95, minor=200)])

    assert [(row.rank, row.key) for row in board] == [(1, "c"), (1, "a"), (1, "b")]


def test_whoever_has_no_target_comes_last_even_behind_nothing_reached() -> None:
    board = rank_standings([entry("new", None, minor=900), entry("late", 0), entry("down", -5)])

    assert [(row.rank, row.key) for row in board] == [(1, "late"), (2, "down"), (3, "new")]


def test_a_board_of_two_currencies_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        rank_standings([entry("a", 95), Entry("b", Fraction(1), Money(1, "USD"), 1)])


@pytest.mark.parametrize("person_data", [PersonData.TEAM, PersonData.PRIVATE])
def test_a_region_that_did_not_choose_names_shows_nobody_even_with_an_agreement(person_data: PersonData) -> None:
    assert visible_people(person_data, AGREEMENT, people(90, 80, 70, 60), 1) == ()


def test_names_need_a_recorded_agreement() -> None:
    assert not may_name_persons(PersonData.PUBLIC, None)
    assert visible_people(PersonData.PUBLIC, None, people(90, 80, 70, 60), 1) == ()


def test_with_an_agreement_the_top_is_named() -> None:
    assert may_name_persons(PersonData.PUBLIC, AGREEMENT)
    assert named(PersonData.PUBLIC, AGREEMENT, people(90, 80, 70, 60), 2) == "p0 p1"


def test_nobody_is_named_where_fewer_would_stay_unnamed_than_named() -> None:
    assert named(PersonData.PUBLIC, AGREEMENT, people(90, 80, 70), 2) == ""


def test_a_tie_for_the_last_place_is_named_together_or_not_at_all() -> None:
    assert named(PersonData.PUBLIC, AGREEMENT, people(90, 80, 80, 60, 50, 40), 2) == "p0 p1 p2"
    assert named(PersonData.PUBLIC, AGREEMENT, people(90, 80, 80, 60), 2) == ""


def test_nobody_is_named_for_having_reached_nothing() -> None:
    assert named(PersonData.PUBLIC, AGREEMENT, people(90, 0, None, None, -3), 2) == "p0"


@pytest.mark.parametrize(("who", "document"), [("", "BV-17"), ("works council", " ")])
def test_an_agreement_without_a_name_or_document_is_none(who: str, document: str) -> None:
    with pytest.raises(ValueError, match="agreement"):
        Agreement(who, date(2026, 3, 2), document)
