"""The directory of customers is read further, not anew; and what was missed is found all the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import earlier_id, new_id
from bot.directory import ALL_SECONDS, FRESH_SECONDS, LATE, Directory
from models.accounts import account_named
from models.store import Store
from tests.databases import copy, url_of

pytestmark = pytest.mark.both_databases


@dataclass
class Somewhere:
    """A directory, and another process that adds customers without a word."""

    there: Store
    elsewhere: Store
    seconds: float = 0.0
    directory: Directory = field(init=False)

    def __post_init__(self) -> None:
        self.directory = Directory(self.there, lambda: self.seconds)

    def add(self, name: str, number: str) -> None:
        self.elsewhere.write(lambda unit: account_named(unit, name, number)).result()

    def knows(self, name: str, after: float = FRESH_SECONDS + 1) -> bool:
        """Whether a customer is known after so many seconds."""
        self.seconds += after
        self.directory.now()
        return self.directory.accounts.value_of(name) == name


@pytest.fixture
def somewhere(template: Path, tmp_path: Path) -> Iterator[Somewhere]:
    copy(template, tmp_path / "demo.db")
    there, elsewhere = Store(url_of(tmp_path / "demo.db")), Store(url_of(tmp_path / "demo.db"))
    yield Somewhere(there, elsewhere)
    there.close()
    elsewhere.close()


def test_customers_are_known_from_the_first_look(somewhere: Somewhere) -> None:
    somewhere.add("Zorin Kiln", new_id())

    assert somewhere.knows("Zorin Kiln", after=0)


def test_a_customer_whose_id_is_older_than_one_that_was_read_is_known_all_the_same(somewhere: Somewhere) -> None:
    newest = new_id()
    somewhere.add("Zorin Kiln", newest)
    assert somewhere.knows("Zorin Kiln")

    somewhere.add("Quimby Sails", earlier_id(newest, LATE - timedelta(minutes=1)) + newest[12:])

    assert somewhere.knows("Quimby Sails")


def test_a_clock_that_was_a_day_ahead_hides_no_customer_for_long(somewhere: Somewhere) -> None:
    somewhere.add("Zorin Kiln", earlier_id(new_id(), -timedelta(days=1)) + "0" * 20)
    assert somewhere.knows("Zorin Kiln")

    somewhere.add("Quimby Sails", new_id())

    assert somewhere.knows("Quimby Sails", after=ALL_SECONDS + 1)


def test_a_customer_is_known_although_people_change_all_the_time(somewhere: Somewhere) -> None:
    somewhere.directory.now()
    somewhere.add("Zorin Kiln", new_id())

    for _ in range(3):
        somewhere.directory.forget()
        known = somewhere.knows("Zorin Kiln", after=FRESH_SECONDS - 1)

    assert known


def test_an_id_that_does_not_tell_its_time_is_no_trouble(somewhere: Somewhere) -> None:
    somewhere.add("Zorin Kiln", "zeta")
    assert somewhere.knows("Zorin Kiln")

    somewhere.add("Quimby Sails", new_id())

    assert somewhere.knows("Quimby Sails")
