"""Write docs/access.md as it is: `python -m tests.tools.access_page`. Read what has changed before you commit it."""

import tempfile
from pathlib import Path

from tests.access.cells import Trials
from tests.access.page import PAGE, page
from tests.workspace import START, seeded_database

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        template = seeded_database(Path(folder) / "template.db", START)
        with Trials.opened(template, Path(folder) / "trials.db") as trials:
            PAGE.write_text(page(trials), encoding="utf-8")
