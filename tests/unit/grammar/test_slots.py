"""Lines of other commands: every kind of slot, in any order."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from handlers.grammar.deal_line import DEAL_SLOTS
from handlers.grammar.line import read_line
from handlers.grammar.names import NameIndex, suggest_names, with_self
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext
from models import slots
from models.calendars import Calendar
from models.durations import Duration, Unit
from models.intent import Slot
from models.rules.periods import DateRange, Period, PeriodKind
from models.slots import slot_of

WEEK, MONTH, QUARTER, YEAR = PeriodKind

_CONTEXT = ReadingContext(
    date(2026, 11, 24),
    "en-US",
    "USD",
    people=with_self("p1", NameIndex({"Ana Lopez": "p2", "ana": "p2", "U7": "p3", "王芳": "p4"})),
    regions={"East": "r1", "华东": "r1", "North": "r2"},
)


_SLOTS = {
    slot.kind: slot
    for slot in map(
        slot_of,
        (slots.DealNumber, slots.RequestNumber, slots.PolicyNumber, slots.VisitNumber, slots.Colleague, slots.RegionId,
         slots.Share, slots.TimeSpan, slots.DayOrLater, slots.Words, slots.Day, slots.AccountName, slots.Year),
    )
}  # fmt: skip


def _read(text: str, *kinds: str, required: tuple[str, ...] = ()) -> Reading:
    return read_line(text, [_SLOTS[kind] for kind in kinds], required, _CONTEXT)


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


def _days(first: str, last: str) -> DateRange:
    return DateRange(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("1-15 Nov", _days("2026-11-01", "2026-11-15")), ("Nov 3-9, 2025", _days("2025-11-03", "2025-11-09")),
        ("from 1 Nov to 15 Nov", _days("2026-11-01", "2026-11-15")),
        ("2026-11-01 - 2026-11-15", _days("2026-11-01", "2026-11-15")),
        ("15 Dec to 10 Jan", _days("2026-12-15", "2027-01-10")),
        ("11月1日至15日", _days("2026-11-01", "2026-11-15")), ("11月1日到12月5日", _days("2026-11-01", "2026-12-05")),
        ("since Monday", _days("2026-11-23", "2026-11-24")), ("since 1 Nov", _days("2026-11-01", "2026-11-24")),
        ("last 7 days", _days("2026-11-18", "2026-11-24")), ("最近两周", _days("2026-11-11", "2026-11-24")),
        ("last 3 months", _days("2026-08-25", "2026-11-24")), ("ytd", _days("2026-01-01", "2026-11-24")),
        ("本月至今", _days("2026-11-01", "2026-11-24")), ("2025年下半年", _days("2025-07-01", "2025-12-31")),
        ("yesterday", _days("2026-11-23", "2026-11-23")),
    ],
)  # fmt: skip
def test_days_in_a_row_are_a_range(text: str, days: DateRange) -> None:
    assert _read(text, "period").values == {"period": days}


def test_a_range_that_ends_before_it_starts_is_bad() -> None:
    problem = _read("15-1 Nov", "period").problem

    assert problem is not None
    assert (problem.code, problem.words) == (ProblemCode.BAD_VALUE, "15-1 Nov")


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("two weeks", Duration(2, Unit.WEEK)), ("by 3 working days", Duration(3, Unit.WORKING_DAY)),
        ("10d", Duration(10, Unit.DAY)), ("a month", Duration(1, Unit.MONTH)), ("1 quarter", Duration(3, Unit.MONTH)),
        ("推迟两周", Duration(2, Unit.WEEK)), ("3个工作日", Duration(3, Unit.WORKING_DAY)),
        ("半个月", Duration(15, Unit.DAY)),
        ("next Friday", date(2026, 12, 4)), ("to 5 Dec", date(2026, 12, 5)), ("改到：12月5日", date(2026, 12, 5)),
    ],
)  # fmt: skip
def test_a_new_day_is_a_day_or_how_much_later(text: str, later: object) -> None:
    assert _read(f"V-3 {text}", "visit", "later").values == {"visit": "V-3", "later": later}


@pytest.mark.parametrize("text", ["0 days", "5000 days", "0个工作日"])
def test_a_duration_that_nobody_means_is_asked_about(text: str) -> None:
    problem = _read(f"V-3 {text}", "visit", "later").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_DATE


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("in 2 working days", "en-US", "2026-11-27"),  # Thursday is Thanksgiving
        ("within 2 business days", "en-GB", "2026-11-26"),
        ("3个工作日内", "zh-CN", "2026-11-27"),
        ("5个工作日之后", "en-SG", "2026-12-01"),
    ],
)
def test_working_days_are_those_of_the_region(text: str, locale: str, day: str) -> None:
    context = replace(_CONTEXT, locale=locale)

    assert read_line(text, [_SLOTS["date"]], (), context).values == {"date": date.fromisoformat(day)}


def test_make_up_days_and_holidays_of_a_calendar_count() -> None:
    east = ReadingContext(
        date(2026, 9, 28), "en-US", "USD", calendar=Calendar(country="CN", subdivision=None, zone="Asia/Shanghai")
    )

    assert read_line("in 3 working days", [_SLOTS["date"]], (), east).values == {"date": date(2026, 10, 8)}


def test_a_label_is_a_word_that_the_slot_declares() -> None:
    assert _read("A-7 reason: too dear", "request", "text").values["text"] == "reason: too dear"
    reason = read_line("A-7 reason: too dear", [_SLOTS["request"], slot_of(slots.Reason)], (), _CONTEXT)
    assert reason.values == {"request": "A-7", "text": "too dear"}


@pytest.mark.parametrize("slot", [*_SLOTS.values(), *DEAL_SLOTS, *slots.ASIDE], ids=lambda slot: slot.kind)
def test_every_slot_type_declares_its_labels_in_both_languages(slot: Slot) -> None:
    assert slot.en
    assert slot.zh


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


def test_a_name_in_traditional_characters_suggests_the_one_in_simplified_ones() -> None:
    assert suggest_names("華東醫藥", ["华东医药", "华北医药科技"]) == ("华东医药",)
    assert suggest_names("苏州精工", ["蘇州精工股份有限公司"]) == ("蘇州精工股份有限公司",)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('Globex "met Jane next Friday at the station" next 3 Dec',
         {"account": "Globex", "text": "met Jane next Friday at the station", "date": date(2026, 12, 3)}),
        ('"Won Ton Foods" met Jane', {"account": "Won Ton Foods", "text": "met Jane"}),
        ('"Globex" "met Jane"', {"account": "Globex", "text": "met Jane"}),
        ('Globex he said "in May" and left', {"account": "Globex", "text": 'he said "in May" and left'}),
        ("苏州精工 “下周五再谈” 下次12月3日", {"account": "苏州精工", "text": "下周五再谈", "date": date(2026, 12, 3)}),
    ],
)  # fmt: skip
def test_quoted_text_is_the_text_and_no_word_of_it_is_anything_else(text: str, values: dict[str, object]) -> None:
    assert _read(text, "account", "text", "date").values == values


def test_a_word_like_next_stays_in_the_middle_of_a_text() -> None:
    reading = _read("Globex stood next to Jane, next 3 Dec", "account", "text", "date")

    assert reading.values["text"] == "stood next to Jane"
