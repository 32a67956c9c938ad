"""Whatever step a kill -9 meets, a line, a press and a form count once and are told.

`./dev soak steps-slack` and its like go through all steps.
"""

from pathlib import Path

import pytest

from tests.crash.steps import Case, run_steps_in_slack, run_steps_in_telegram


@pytest.mark.parametrize(
    ("socket_mode", "cases"),
    [
        (False, [("line", "sent"), ("press", "received"), ("press", "committed"), ("form", "committed")]),
        (True, [("line", "committed"), ("press", "answered")]),
    ],
    ids=["requests", "socket"],
)
async def test_in_slack(template: Path, tmp_path: Path, cases: list[Case], *, socket_mode: bool) -> None:
    trial = await run_steps_in_slack(template, tmp_path / "slack.db", cases, socket_mode=socket_mode)

    assert trial.faults == []


@pytest.mark.parametrize(
    ("polling", "cases"),
    [(False, [("press", "committed"), ("form", "sent")]), (True, [("line", "committed")])],
    ids=["webhook", "polling"],
)
async def test_in_telegram(template: Path, tmp_path: Path, cases: list[Case], *, polling: bool) -> None:
    trial = await run_steps_in_telegram(template, tmp_path / "telegram.db", cases, polling=polling)

    assert trial.faults == []
