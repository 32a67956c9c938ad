"""Splitting a whole number into shares that add up to it exactly."""

from collections.abc import Sequence
from fractions import Fraction


def split(total_minor: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Share out minor units by weight, by the method of the largest remainder.

    The shares add up to the total. Of equal remainders the earlier share gets the unit; weights that are all zero
    count as equal; a negative total is shared like the positive one. Raise ValueError without weights or with a
    negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("a split needs weights, none of them negative")
    if total_minor < 0:
        return [-share for share in split(-total_minor, weights)]
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(map(Fraction, weights), Fraction())
    exact = [total_minor * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: shares[n] - exact[n])
    for n in by_remainder[: total_minor - sum(shares)]:
        shares[n] += 1
    return shares
