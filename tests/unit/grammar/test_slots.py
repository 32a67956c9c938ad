"""Lines of other commands: every kind of slot, in any order."""

from datetime import date
from fractions import Fraction

import pytest

from handlers.grammar.line import read_line
from handlers.grammar.names import suggest_names
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext
from models.rules.periods import Period, PeriodKind

WEEK, MONTH, QUARTER, YEAR = PeriodKind

_CONTEXT = ReadingContext(
    date(2026, 11, 24),
    "en-US",
    "USD",
    people={"me": "p1", "Ana Lopez": "p2", "ana": "p2", "U7": "p3", "王芳": "p4"},
    regions={"East": "r1", "华东": "r1", "North": "r2"},
)


def _read(text: str, *slots: str, required: tuple[str, ...] = ()) -> Reading:
    return read_line(text, slots, required, _CONTEXT)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("12%", "3/25"),
        ("12.5 percent", "1/8"),
        ("打九折", "1/10"),
        ("85折", "3/20"),
        ("8.5折", "3/20"),
        ("百分之十二", "3/25"),
    ],
)
def test_a_discount_is_a_share(text: str, share: str) -> None:
    assert _read(f"D-7 {text}", "deal", "percent").values == {"deal": "D-7", "percent": Fraction(share)}


def test_a_share_above_the_whole_is_bad() -> None:
    problem = _read("150%", "percent").problem

    assert problem is not None
    assert (problem.code, problem.slot) == (ProblemCode.BAD_VALUE, "percent")


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [("d-1042", "deal", "D-1042"), ("Ｄ－1042", "deal", "D-1042"), ("a-77", "request", "A-77"),
    ("P-12", "policy", "P-12"),
     ("V-3", "visit", "V-3"), ("deal:D-9", "deal", "D-9")],
)  # fmt: skip
def test_a_number_names_its_thing(text: str, slot: str, value: str) -> None:
    assert _read(text, slot).values == {slot: value}


@pytest.mark.parametrize(
    ("text", "person"),
    [("@ana", "p2"), ("@ANA", "p2"), ("Ana Lopez", "p2"), ("me", "p1"), ("我", "p1"), ("<@U7>", "p3"), ("王芳", "p4"),
     ("person: Ana Lopez", "p2")],
)  # fmt: skip
def test_a_person_is_known_by_name_handle_or_mention(text: str, person: str) -> None:
    reading = _read(f"{text} D-4", "person", "deal", "text")

    assert reading.values == {"person": person, "deal": "D-4"}


@pytest.mark.parametrize(
    ("text", "region"), [("east", "r1"), ("华东", "r1"), ("region: north", "r2"), ("区域：华东", "r1")]
)
def test_a_region_is_known_by_any_of_its_names(text: str, region: str) -> None:
    assert _read(text, "region").values == {"region": region}


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("this week", Period(WEEK, date(2026, 11, 23))), ("上周", Period(WEEK, date(2026, 11, 16))),
        ("last month", Period(MONTH, date(2026, 10, 1))), ("December", Period(MONTH, date(2026, 12, 1))),
        ("2026-11", Period(MONTH, date(2026, 11, 1))), ("11月", Period(MONTH, date(2026, 11, 1))),
        ("Q4", Period(QUARTER, date(2026, 10, 1))), ("上季度", Period(QUARTER, date(2026, 7, 1))),
        ("2027年一季度", Period(QUARTER, date(2027, 1, 1))), ("2026", Period(YEAR, date(2026, 1, 1))),
        ("明年", Period(YEAR, date(2027, 1, 1))),
    ],
)  # fmt: skip
def test_a_period_is_named_in_either_language(text: str, period: Period) -> None:
    assert _read(text, "period").values == {"period": period}


def test_free_text_keeps_its_spelling() -> None:
    text = "客户说：下周再谈，先等等（50万）"

    assert _read(text, "text").values == {"text": text}


def test_free_text_is_what_no_slot_claimed() -> None:
    reading = _read("A-77 too expensive, ask again", "request", "text")

    assert reading.values == {"request": "A-77", "text": "too expensive, ask again"}


def test_what_is_required_and_absent_is_missing() -> None:
    reading = _read("please", "deal", "percent", "text", required=("deal", "percent"))

    assert reading.missing == ("deal", "percent")
    assert reading.problem is not None
    assert (reading.problem.code, reading.problem.slot) == (ProblemCode.MISSING, "deal")


def test_two_days_of_one_absence_are_asked_about() -> None:
    problem = _read("Dec 24 or Dec 28", "date").problem

    assert problem is not None
    assert problem.readings == (date(2026, 12, 24), date(2026, 12, 28))


def test_similar_names_are_suggested_without_their_legal_form() -> None:
    known = ["青岛海工股份有限公司", "Siemens AG", "Acme Corp"]

    assert suggest_names("青岛海工", known) == ("青岛海工股份有限公司",)
    assert suggest_names("Seimens GmbH", known) == ("Siemens AG",)
