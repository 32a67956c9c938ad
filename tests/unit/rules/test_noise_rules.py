"""The noise budget."""

from models.rules.noise import Budget


def test_the_budget_is_what_was_promised() -> None:
    assert (Budget.REP, Budget.MANAGER, Budget.CHANNEL) == (5, 10, 5)
