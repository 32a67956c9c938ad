"""What every trial looks at finds what is wrong: one statement by hand, and it is named."""

import shutil
from pathlib import Path

import pytest

from tests.contract.test_policies import HQ, drafted
from tests.crash.invariants import broken
from tests.databases import opened
from tests.workspace import Workspace

WRONG = (
    ("DELETE FROM visit", "visit V-1 is there 0 times and has 1 audit rows"),
    ("DELETE FROM decision", "decision A-1 step 1 approved is there 0 times and has 1 audit rows"),
    ("UPDATE decision SET verdict = 'rejected'", "decision A-1 step 1 rejected is there 1 times"),
    ("DELETE FROM acknowledgement", "confirmation P-1 by mike-davis is there 0 times and has 1 audit rows"),
    ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "slots and timers are over"),
    ("DELETE FROM audit WHERE action = 'refused'", "is refused and has no audit row"),
    ("DELETE FROM audit WHERE action = 'deal.logged'", "is there 1 times and has 0 audit rows"),
    ("DELETE FROM inbox WHERE outcome = 'refused'", "is of no delivery"),
    ("UPDATE inbox SET outcome = 'failed' WHERE outcome = 'done'", "is failed and has an audit row"),
    ("UPDATE audit SET facts = '{}' WHERE seq = 2", "audit row 2 was changed"),
    ("UPDATE deal SET amount_minor = 1 WHERE id = 'D-1007'", "total"),
    ("UPDATE visit SET account_id = 'nobody'", "belongs to no account"),
)


@pytest.fixture
async def database(template: Path, tmp_path: Path) -> Path:
    """A deal, a visit, a request with its approval, a refusal, a policy somebody read, the clock's work, in order."""
    path = tmp_path / "tried.db"
    async with Workspace.opened(template, path) as workspace:
        (echo, *_) = await workspace.say("mike-davis", '/deal account:"Kill 00000" 80k USD', "us")
        await workspace.say("mike-davis", '/visit account:"Kill 00001" met Jane', "us")
        (card,) = await workspace.press("mike-davis", echo, "request")
        await workspace.press("sarah-johnson", card, "approve")
        await workspace.say("mike-davis", "/approve A-1")
        preview = await drafted(workspace)
        await workspace.press(HQ, preview, "send", nth=1)
        await workspace.say("mike-davis", "acknowledge P-1", "us")
        await workspace.advance("1d")
    return path


async def test_79_an_effect_without_its_audit_row_and_the_reverse_are_found(database: Path, tmp_path: Path) -> None:
    assert broken(database) == []

    for statement, found in WRONG:
        copy = tmp_path / "wrong.db"
        shutil.copy(database, copy)
        with opened(copy) as rows:
            rows.exec_driver_sql(statement)

        assert any(found in fault for fault in broken(copy)), statement


async def test_a_damaged_file_is_found(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 4096)

    assert any("damaged" in fault for fault in broken(database))
