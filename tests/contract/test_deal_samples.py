"""The sample lines, typed by a rep of their region on their day, are stored as they were meant and echoed."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from models.accounts import Account
from models.deals import Deal
from tests.workspace import Workspace, commands_of, seeded_database

SAMPLES = Path(__file__).parent.parent / "unit" / "grammar" / "deal_samples.jsonl"
REPS = {"en-US": ("emily-chen", "us", "-05:00"), "zh-CN": ("sun-jia", "cn-east", "+08:00")}
BEFORE = datetime(2026, 11, 22, 12, tzinfo=UTC)


def samples() -> list[dict[str, Any]]:
    """The lines whose locale a demo region has, in the order of their days."""
    lines = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    return sorted((line for line in lines if line["region_locale"] in REPS), key=noon_of)


def noon_of(sample: dict[str, Any]) -> datetime:
    """Noon of the line's day where its region is."""
    return datetime.fromisoformat(f"{sample['today']}T12:00{REPS[sample['region_locale']][2]}")


def stored(workspace: Workspace) -> list[dict[str, Any]]:
    """Every deal as the samples write it, oldest first."""

    def read(session: Any) -> list[dict[str, Any]]:
        query = select(Deal, Account).join(Account, col(Account.id) == Deal.account_id)
        return [
            {
                "account": account.name,
                "amount": f"{deal.amount.major.normalize():f}",
                "currency": deal.currency,
                "close_date": deal.close_on.isoformat() if deal.close_on else None,
                "stage": deal.stage.value if deal.stage else None,
                "tags": list(deal.tag_list),
            }
            for deal, account in session.exec(query.order_by(col(Deal.created_at), col(Deal.id)))
        ]

    return list(workspace.rows(read))


async def test_the_sample_lines_are_stored_as_they_were_meant_and_echoed(tmp_path: Path) -> None:
    template = seeded_database(tmp_path / "template.db", BEFORE)
    async with Workspace.opened(template, tmp_path / "demo.db", BEFORE) as workspace:
        right, wrong = 0, []
        for sample in samples():
            person, channel, _ = REPS[sample["region_locale"]]
            if noon_of(sample) > workspace.regatta.clock.now():
                await workspace.move_to(noon_of(sample).isoformat())
            before = stored(workspace)
            replies = await workspace.say(person, sample["text"], channel)
            # The samples name one customer and amount again and again.
            if {"show", "dismiss"} <= set(commands_of(replies[0])):
                replies = await workspace.press(person, replies[0], "deal")
            new = stored(workspace)[len(before) :]
            if new == ([] if "error" in sample["expected"] else [sample["expected"]]):
                right += 1
            else:
                wrong.append((sample["id"], new, sample["expected"]))
            for deal in new:
                assert deal["account"] in replies[0]["text"]
                assert f"{deal['currency']} {float(deal['amount']):,.0f}" in replies[0]["text"]

        assert wrong == []
        assert right == len(samples()) >= 20
