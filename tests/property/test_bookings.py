"""Whatever happens to deals, the kept totals equal the sum of deals."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import StaticPool
from sqlmodel import Session, SQLModel, col, create_engine, select

import models.tables  # noqa: F401
from models.accounts import Account
from models.bookings import change_deal, open_deal, record_cash, take_back
from models.calendars import local_instant
from models.context import UserError
from models.deals import Deal
from models.money import Money
from models.people import Person
from models.ranks import Rank
from models.reconcile import differences, rebuild
from models.regions import Region, Team
from models.rollups import Rollup
from models.stages import Stage
from models.timeline import DealEntry, EntryKind

START = date(2026, 1, 1)
days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))
monies = st.builds(Money, st.integers(1, 10**9), st.sampled_from(["USD", "CNY", "JPY"]))
stages = st.sampled_from([*Stage, None])
steps = st.one_of(
    st.tuples(st.just("open"), monies, stages, st.one_of(st.none(), days), days),
    st.tuples(st.just("stage"), st.integers(0, 5), stages, days),
    st.tuples(st.just("amount"), st.integers(0, 5), monies, days),
    st.tuples(st.just("close"), st.integers(0, 5), days, days),
    st.tuples(st.just("cash"), st.integers(0, 5), st.integers(1, 10**6), st.booleans(), days),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)


@contextmanager
def company() -> Iterator[Session]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Region(id="us", name="US", zone="UTC", country="US", currency="USD", locale="en-US", language="en"))
        session.add(Team(id="t", region_id="us", name="T"))
        session.add(Person(id="p", name="P", rank=Rank.REP, region_id="us", team_id="t"))
        session.add(Account(id="a", name="A", key="a"))
        session.flush()
        yield session
    engine.dispose()


def at(day: date) -> datetime:
    return local_instant("UTC", day, datetime(2026, 1, 1, 12, tzinfo=UTC).timetz())


def play(session: Session, step: tuple[object, ...]) -> None:
    """Do one step where it is possible, as the handlers allow it."""
    deals = [deal for deal in session.exec(select(Deal).order_by(Deal.id)) if not deal.void]
    match step:
        case ("open", Money() as amount, (Stage() | None) as stage, (date() | None) as close_on, date() as today):
            deal = Deal(
                id=f"D-{len(session.exec(select(Deal)).all()):03}", account_id="a", amount_minor=amount.minor,
                currency=amount.currency, close_on=close_on, stage=stage, owner_id="p", team_id="t", region_id="us",
                created_at=at(today),
            )  # fmt: skip
            open_deal(session, deal, now=at(today), today=today)
        case ("undo", int() as which):
            entries = live(session)
            if entries:
                undo(session, entries[which % len(entries)])
        case (kind, int() as which, *rest, date() as on) if deals:
            deal = deals[which % len(deals)]
            match kind, rest:
                case "stage", [moved]:
                    changes: dict[str, object] = {"stage": moved}
                case "amount", [Money() as amount]:
                    changes = {"amount_minor": amount.minor, "currency": amount.currency}
                case "close", [date() as close]:
                    changes = {"close_on": close}
                case _, [int() as minor, invoiced]:
                    cash = EntryKind.INVOICED if invoiced else EntryKind.COLLECTED
                    money = Money(minor, deal.currency)
                    record_cash(session, deal, cash, money, on, now=at(on), person_id="p")
                    return
            change_deal(session, deal, EntryKind.AMENDED, changes, now=at(on), person_id="p")


def live(session: Session) -> list[DealEntry]:
    """What happened and was not taken back, oldest first."""
    entries = session.exec(select(DealEntry).order_by(col(DealEntry.id)))
    return [entry for entry in entries if not entry.undone and entry.kind is not EntryKind.UNDONE]


def undo(session: Session, entry: DealEntry) -> bool:
    """Take one entry back; false when it is refused."""
    deal = session.get_one(Deal, entry.deal_id)
    try:
        take_back(session, deal, entry, now=at(START), person_id="p")
    except UserError:
        return False
    return True


def totals(session: Session) -> set[str]:
    """The kept totals that are not empty."""
    return {str(row.model_dump()) for row in session.exec(select(Rollup)) if row.minor or row.count}


@given(st.lists(steps, max_size=14))
def test_kept_totals_equal_the_sum_of_deals_after_any_history(history: list[tuple[object, ...]]) -> None:
    with company() as session:
        for step in history:
            play(session, step)
            session.flush()

            assert differences(session) == []


@given(st.lists(steps, max_size=14))
def test_totals_that_are_rebuilt_are_the_totals_that_were_kept(history: list[tuple[object, ...]]) -> None:
    with company() as session:
        for step in history:
            play(session, step)
        session.flush()
        kept = totals(session)

        rebuild(session)

        assert totals(session) == kept


@given(st.lists(steps, max_size=14))
def test_any_history_can_be_taken_back_to_nothing_newest_first(history: list[tuple[object, ...]]) -> None:
    with company() as session:
        for step in history:
            play(session, step)

        for entry in reversed(live(session)):
            assert undo(session, entry)

        assert totals(session) == set()
        assert differences(session) == []
        assert all(deal.void for deal in session.exec(select(Deal)))


@given(st.lists(steps, max_size=14), st.integers(0, 20))
def test_taking_back_at_once_what_was_just_done_changes_no_total(history: list[tuple[object, ...]], which: int) -> None:
    with company() as session:
        for step in history:
            play(session, step)
        before, known = totals(session), len(live(session))

        play(session, ("cash", which, 5, True, START))
        play(session, ("stage", which, Stage.WON, START))
        for entry in live(session)[known:]:  # the older one first: cash stands alone
            assert undo(session, entry)

        assert totals(session) == before


@given(st.lists(steps, max_size=14))
def test_no_cash_counts_for_a_deal_that_was_taken_back(history: list[tuple[object, ...]]) -> None:
    with company() as session:
        for step in history:
            play(session, step)

        assert not [entry for entry in live(session) if session.get_one(Deal, entry.deal_id).void]
