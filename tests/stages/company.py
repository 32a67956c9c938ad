"""Move the demo's company to a platform: the same people and channels, with accounts and places there."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path


def move_company(
    database: Path, platform: str, workspace: str, accounts: Mapping[str, str], places: Mapping[str, str]
) -> None:
    """Make a seeded demo a real organisation whose people have `accounts` and whose channels stand at `places`.

    A direct chat stands at its person's account.
    """
    with sqlite3.connect(database) as rows:
        rows.execute("UPDATE organisation SET is_demo = 0, clock_offset_seconds = 0")
        rows.execute("DELETE FROM identity")
        rows.executemany(
            "INSERT INTO identity (platform, workspace, user_id, person_id) VALUES (?, ?, ?, ?)",
            [(platform, workspace, account, person) for person, account in accounts.items()],
        )
        for channel, person in rows.execute("SELECT id, person_id FROM channel").fetchall():
            place = accounts[person] if person else places[channel]
            rows.execute(
                "UPDATE channel SET platform = ?, workspace = ?, external_id = ? WHERE id = ?",
                (platform, workspace, place, channel),
            )
    rows.close()
