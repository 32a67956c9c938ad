"""The directory of customers is read further, not anew."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import earlier_id, new_id
from bot.directory import FRESH_SECONDS, LATE, Directory
from models.accounts import account_named
from models.store import Store
from tests.databases import copy, url_of

pytestmark = pytest.mark.both_databases


def test_a_customer_whose_id_is_older_than_one_that_was_read_is_known_all_the_same(
    template: Path, tmp_path: Path
) -> None:
    copy(template, tmp_path / "demo.db")
    there, elsewhere = Store(url_of(tmp_path / "demo.db")), Store(url_of(tmp_path / "demo.db"))
    seconds = [0.0]
    directory = Directory(there, lambda: seconds[0])
    newest = new_id()
    elsewhere.write(lambda unit: account_named(unit, "Soylent", newest)).result()
    seconds[0] += FRESH_SECONDS + 1
    directory.now()
    waited = earlier_id(newest, LATE - timedelta(minutes=1)) + newest[12:]

    elsewhere.write(lambda unit: account_named(unit, "Vandelay Optics", waited)).result()
    seconds[0] += FRESH_SECONDS + 1
    directory.now()

    assert directory.accounts.value_of("soylent") == "Soylent"
    assert directory.accounts.value_of("vandelay optics") == "Vandelay Optics"
    for store in (there, elsewhere):
        store.close()
