"""The noise budget."""

import pytest

from models.rules.noise import Budget, MessageKind, may_post


def test_the_budget_is_what_was_promised() -> None:
    assert (Budget.REP, Budget.MANAGER, Budget.CHANNEL) == (5, 10, 5)


def test_a_notice_goes_out_until_the_budget_is_used_up() -> None:
    assert may_post(MessageKind.NOTICE, 4, Budget.REP)
    assert not may_post(MessageKind.NOTICE, 5, Budget.REP)


@pytest.mark.parametrize("kind", [MessageKind.ANSWER, MessageKind.TASK])
def test_an_answer_and_a_task_are_never_held_back(kind: MessageKind) -> None:
    assert may_post(kind, 50, Budget.REP)


def test_only_an_answer_costs_nothing() -> None:
    assert [kind.value for kind in MessageKind if kind.is_unasked] == ["task", "notice"]
