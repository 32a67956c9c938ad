"""Ranks: a ladder of three, and the admin beside it."""

import pytest

from models.ranks import Rank


def test_each_rank_of_the_ladder_holds_the_rights_below_it() -> None:
    assert Rank.HQ.at_least(Rank.MANAGER)
    assert Rank.MANAGER.at_least(Rank.REP)
    assert not Rank.REP.at_least(Rank.MANAGER)
    assert not Rank.MANAGER.at_least(Rank.HQ)


@pytest.mark.parametrize("rank", Rank)
def test_every_rank_is_at_least_itself(rank: Rank) -> None:
    assert rank.at_least(rank)


@pytest.mark.parametrize("rank", [Rank.REP, Rank.MANAGER, Rank.HQ])
def test_an_admin_inherits_no_business_right_and_nobody_inherits_theirs(rank: Rank) -> None:
    assert not Rank.ADMIN.at_least(rank)
    assert not rank.at_least(Rank.ADMIN)
