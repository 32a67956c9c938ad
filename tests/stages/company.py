"""Move the demo's company to a platform: the same people and channels, with accounts and places there."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from tests.databases import opened


def move_company(
    database: Path, platform: str, workspace: str, accounts: Mapping[str, str], places: Mapping[str, str]
) -> None:
    """Make a seeded demo a real organisation whose people have `accounts` and whose channels stand at `places`.

    A direct chat stands at its person's account.
    """
    with opened(database) as rows:
        rows.execute(text("UPDATE organisation SET is_demo = false, clock_offset_seconds = 0"))
        rows.execute(text("DELETE FROM identity"))
        rows.execute(
            text("INSERT INTO identity (platform, workspace, user_id, person_id) VALUES (:p, :w, :account, :person)"),
            [{"p": platform, "w": workspace, "account": account, "person": name} for name, account in accounts.items()],
        )
        for channel, person in rows.execute(text("SELECT id, person_id FROM channel")).all():
            place = accounts[person] if person else places[channel]
            rows.execute(
                text("UPDATE channel SET platform = :p, workspace = :w, external_id = :place WHERE id = :channel"),
                {"p": platform, "w": workspace, "place": place, "channel": channel},
            )
