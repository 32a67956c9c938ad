"""Splits: every unit goes somewhere, and always to the same place."""

from fractions import Fraction

import pytest

from models.rules.split import split


def test_the_largest_remainders_get_the_units_that_are_left() -> None:
    assert split(100, [5, 3, 3]) == [46, 27, 27]
    assert split(10, [Fraction(1, 3), Fraction(2, 3)]) == [3, 7]


def test_of_equal_remainders_the_earlier_share_gets_the_unit() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]


def test_weights_that_are_all_zero_are_equal() -> None:
    assert split(5, [0, 0]) == [3, 2]


def test_a_weight_of_zero_gets_nothing_beside_others() -> None:
    assert split(7, [0, 1, 1]) == [0, 4, 3]


def test_a_negative_total_is_shared_like_the_positive_one() -> None:
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_without_weights_or_with_a_negative_one_is_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)
