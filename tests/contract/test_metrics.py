"""The numbers of /metrics: each that an alert or the page about operations names is there, and moves when it should."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.workspace import Workspace

OPERATIONS = Path(__file__).parents[2] / "docs"
NAME = re.compile(r"regatta_[a-z_]+")


async def exported(workspace: Workspace) -> str:
    return (await workspace.client.get("/metrics")).text


def rules() -> list[dict[str, Any]]:
    found = YAML(typ="safe").load(OPERATIONS / "operations/alerts.yml")
    assert list(found) == ["groups"]
    return [rule for group in found["groups"] for rule in group["rules"]]


async def test_every_number_that_an_alert_or_the_page_names_is_exported(workspace: Workspace) -> None:
    workspace.regatta.metrics.platforms = lambda: {"slack": True}
    workspace.regatta.metrics.webhooks.labels("trouble")
    text = await exported(workspace)
    known = {re.split(r"[ {]", line)[0] for line in text.splitlines() if line and not line.startswith("#")}
    kinds = {name.removesuffix("_bucket").removesuffix("_total") for name in known}

    alerts = {name for rule in rules() for name in NAME.findall(rule["expr"])}
    page = {
        name.removesuffix("_total") for name in NAME.findall((OPERATIONS / "operations.md").read_text(encoding="utf-8"))
    }

    assert alerts - known == set()
    assert page - kinds == set()
    assert {name for name in kinds if not name.endswith(("_created", "_count", "_sum"))} - page == set(), "not told of"


def test_the_alerts_have_the_form_of_prometheus_rules() -> None:
    names = [rule["alert"] for rule in rules()]

    assert len(names) == len(set(names))
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"[A-Za-z]+", rule["alert"])
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert rule["expr"].count("{") == rule["expr"].count("}")
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "do"}


async def test_what_is_due_and_was_not_done_is_late(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/visit Globex met Jane next 30 Nov", "us")
    assert "regatta_due_oldest_seconds 0.0" in await exported(workspace)

    base = vars(workspace.regatta.clock)["_base"]
    base.at += timedelta(days=20)  # the machine slept

    late = re.search(r"^regatta_due_oldest_seconds (\S+)", await exported(workspace), re.MULTILINE)
    assert late is not None
    assert float(late[1]) > timedelta(days=10).total_seconds()


async def test_the_writer_s_waits_and_commits_are_counted(workspace: Workspace) -> None:
    await workspace.say("mike-davis", "/help", "us")

    text = await exported(workspace)

    for name in ("wait", "commit"):
        counted = re.search(rf"^regatta_database_{name}_seconds_count (\S+)", text, re.MULTILINE)
        assert counted is not None
        assert float(counted[1]) >= 1


async def test_when_the_database_cannot_be_read_that_is_a_number_too(workspace: Workspace, tmp_path: Path) -> None:
    assert "regatta_database_up 1.0" in await exported(workspace)
    workspace.regatta.store._reader.dispose()
    (tmp_path / "demo.db").rename(tmp_path / "gone.db")

    text = await exported(workspace)
    (tmp_path / "gone.db").rename(tmp_path / "demo.db")

    assert "regatta_database_up 0.0" in text
    assert "regatta_failures_total" in text
    assert "regatta_database_up 1.0" in await exported(workspace)
