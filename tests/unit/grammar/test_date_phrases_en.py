"""English days as people write them out: in words, counted from another day, in figures of every make."""

from datetime import date

import pytest

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext

_TUESDAY = date(2026, 11, 24)


def _read(text: str, locale: str = "en-US") -> Reading:
    return read_deal(text, ReadingContext(_TUESDAY, locale, "USD"))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("Dec fifth", "2026-12-05"), ("March twenty-second", "2027-03-22"), ("Apr thirty", "2027-04-30"),
        ("December the eleventh", "2026-12-11"), ("ninth of March", "2027-03-09"),
        ("the twenty fourth of January", "2027-01-24"), ("close by the third of Feb", "2027-02-03"),
        ("June first, 2027", "2027-06-01"), ("Feb twelfth twenty twenty-eight", "2028-02-12"),
        ("the sixth of May, two thousand and thirty", "2030-05-06"), ("March 4, twenty twenty-nine", "2029-03-04"),
        ("Friday the fourth", "2026-12-04"), ("Thursday the twenty-sixth", "2026-11-26"),
        ("Thursday, the 19th", "2026-11-19"), ("Friday the 13th", "2026-11-13"),
        ("Friday 4 December", "2026-12-04"), ("Friday the 4th of December", "2026-12-04"),
        ("Fri 4th Dec", "2026-12-04"), ("Tuesday the first of December", "2026-12-01"),
        ("Dec-5", "2026-12-05"), ("Dec/5", "2026-12-05"), ("9. Dec. 2026", "2026-12-09"), ("9. Dec", "2026-12-09"),
        ("the fifth of next month", "2026-12-05"), ("ninth of this month", "2026-11-09"), ("2 Dec 27", "2027-12-02"),
        ("Dec 2, 27", "2027-12-02"), ("Dec-2027", "2027-12-31"), ("12/2027", "2027-12-31"),
        ("2027/03", "2027-03-31"), ("tomorrow at 3", "2026-11-25"), ("Friday week", "2026-12-04"),
        ("the Friday after next", "2026-12-11"),
        ("15-Dec-26", "2026-12-15"), ("3/Mar/2027", "2027-03-03"),
    ],
)  # fmt: skip
def test_a_day_of_a_month_may_be_written_in_words(phrase: str, day: str) -> None:
    reading = _read(f"Acme Corp 50k {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("Acme Corp", date.fromisoformat(day))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("the first Monday of March", "2027-03-01"), ("third Thursday in December", "2026-12-17"),
        ("the second Wednesday of next month", "2026-12-09"), ("last Friday of the month", "2026-11-27"),
        ("last Friday of January 2028", "2028-01-28"), ("the 1st Tuesday of last month", "2026-10-06"),
        ("fourth Friday", "2026-11-27"),
    ],
)  # fmt: skip
def test_a_weekday_may_be_counted_within_its_month(phrase: str, day: str) -> None:
    reading = _read(f"Acme Corp 50k {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("Acme Corp", date.fromisoformat(day))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("mid next week", "2026-12-02"), ("mid-week", "2026-11-25"), ("mid-quarter", "2027-02-15"),
        ("this weekend", "2026-11-29"), ("by the weekend", "2026-11-27"), ("week of Dec 7", "2026-12-13"),
        ("the week of 7 December", "2026-12-13"),
    ],
)  # fmt: skip
def test_a_part_of_a_week_is_a_day_of_it(phrase: str, day: str) -> None:
    assert _read(f"Acme Corp 50k {phrase}").values["close"] == date.fromisoformat(day)


@pytest.mark.parametrize("phrase", ["after Dec 5", "not before 5 Dec", "after Friday"])
def test_a_day_that_only_opens_a_time_is_asked_about(phrase: str) -> None:
    problem = _read(f"Acme Corp 50k {phrase}").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_DATE


def test_a_counted_weekday_that_is_over_is_asked_about() -> None:
    problem = _read("Acme Corp 50k second Monday").problem

    assert problem is not None
    assert problem.readings == (date(2026, 11, 9), date(2026, 12, 14))


def test_a_month_and_a_number_that_may_be_its_year_are_asked_about() -> None:
    problem = _read("Acme Corp 50k Dec-27").problem

    assert problem is not None
    assert problem.readings == (date(2026, 12, 27), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("in 1 year and 3 months", "2028-02-24"), ("1 month 10 days later", "2027-01-03"),
        ("in two months, 1 week", "2027-01-31"), ("twenty five days from now", "2026-12-19"),
        ("three weeks ago", "2026-11-03"), ("a year and 2 months ago", "2025-09-24"),
        ("five days from tomorrow", "2026-11-30"), ("a week from Friday", "2026-12-04"),
        ("two weeks after Dec 5", "2026-12-19"), ("3 days before 2027-01-15", "2027-01-12"),
        ("a week before Christmas", "2026-12-18"), ("the day after Dec 24", "2026-12-25"),
        ("three days before yesterday", "2026-11-20"), ("two Fridays from now", "2026-12-04"),
        ("three Tuesdays later", "2026-12-15"), ("the day before yesterday", "2026-11-22"),
        ("a month and a half from now", "2027-01-08"), ("in one and a half years", "2028-05-24"),
        ("in half a year", "2027-05-24"), ("in 1.5 months", "2027-01-08"), ("in one hundred days", "2027-03-04"),
        ("in a hundred and twenty days", "2027-03-24"), ("10 days past Dec 5", "2026-12-15"),
        ("1 week prior to Jan 8", "2027-01-01"), ("day after Dec 5", "2026-12-06"),
        ("Friday after Christmas", "2027-01-01"), ("the Monday before Dec 9", "2026-12-07"),
        ("Tuesday before Christmas", "2026-12-22"), ("the next day", "2026-11-25"), ("this day", "2026-11-24"),
        ("before Christmas", "2026-12-24"), ("Christmas Eve", "2026-12-24"),
    ],
)  # fmt: skip
def test_a_day_may_be_counted_from_another(phrase: str, day: str) -> None:
    reading = _read(f"Acme Corp 50k {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("Acme Corp", date.fromisoformat(day))


@pytest.mark.parametrize(
    "phrase",
    [
        "in a few weeks", "first week of March", "the second half of next month",
        "Dec 5, 94", "the week after Christmas", "3 business days", "in two and a half weeks",
        "in 2-3 weeks", "in two to three weeks", "in a week or two", "first business day of January",
        "several days after Friday", "close in 900 years", "fifth Friday of December",
        "sixth Monday", "Tuesday the thirtieth", "7 April 1502",
        "1812-03-04", "3.18", "3-18", "19",
    ],
)  # fmt: skip
def test_a_day_that_the_words_do_not_settle_is_asked_about(phrase: str) -> None:
    problem = _read(f"Acme Corp 50k {phrase}").problem

    assert problem is not None
    assert problem.code in {ProblemCode.BAD_DATE, ProblemCode.AMBIGUOUS}


def test_a_number_that_two_days_share_is_asked_about() -> None:
    problem = _read("Dec 5 June Oven 50k").problem

    assert problem is not None
    assert problem.code is ProblemCode.AMBIGUOUS


def test_a_term_counted_from_a_day_is_asked_about() -> None:
    problem = _read("Acme Corp 50k 12 months from Jan 1").problem

    assert problem is not None
    assert problem.readings == (date(2027, 1, 1), date(2028, 1, 1))
    assert _read("Acme Corp 50k for 3 years from Dec 5").values["close"] == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("phrase", "locale", "day"),
    [
        ("03/09/87", "en-US", "1987-03-09"), ("3/9/69", "en-US", "2069-03-09"),
        ("close Mar '99", "en-US", "1999-03-31"),
        ("03/09,2027", "en-US", "2027-03-09"), ("12/5, proposal", "en-US", "2026-12-05"),
        ("by 12.18", "en-US", "2026-12-18"), ("on 12-18", "en-US", "2026-12-18"), ("on the 27", "en-US", "2026-11-27"),
        ("Mar 8, 1976", "en-US", "1976-03-08"), ("2027 03 09", "en-GB", "2027-03-09"),
    ],
)  # fmt: skip
def test_a_year_is_the_one_that_is_meant(phrase: str, locale: str, day: str) -> None:
    reading = _read(f"Acme 50k {phrase}", locale)

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("Acme", date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("First Solar 50k Friday", "First Solar"), ("Second Sunday Ltd 50k", "Second Sunday Ltd"),
        ("May First Bank 50k", "May First Bank"), ("Fourth of July Fireworks 50k", "Fourth of July Fireworks"),
        ("Next Day Blinds 50k close Friday", "Next Day Blinds"), ("next day blinds 50k", "next day blinds"),
        ("First Friday Coffee 20k next week", "First Friday Coffee"), ("March Five Capital 20k", "March Five Capital"),
        ("Fifth Third Bank 20k Dec 5", "Fifth Third Bank"), ("7-11 50k", "7-11"), ("10k Forever 21", "Forever 21"),
        ("march first bank 50k", "march first bank"), ("just won 7-11 for 50k", "7-11"),
        ("Two Days Later Records 50k", "Two Days Later Records"), ("Web 2.0 Inc 10k", "Web 2.0 Inc"),
    ],
)  # fmt: skip
def test_words_of_a_day_stay_in_a_name(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account


@pytest.mark.parametrize(
    ("text", "amount", "day"),
    [
        ("Acme close Dec twenty thousand", 20_000, "2026-12-31"),
        ("Acme Corp proposal sent 2 weeks ago 50k close Friday", 50_000, "2026-11-27"),
        ("Acme Corp 50k quote sent 2 weeks ago", 50_000, None),
        ("Acme Corp 50k, we may first call them", 50_000, None),
        ("Acme Corp close Friday at 30k", 30_000, "2026-11-27"),
        ("Acme Corp close Dec 5, 30 million", 30_000_000, "2026-12-05"),
        ("Acme Corp 2 Dec 27k", 27_000, "2026-12-02"),
        ("Acme Corp 2 Dec 30万", 300_000, "2026-12-02"),
        ("Acme Corp close Dec 30 million", 30_000_000, "2026-12-31"),
        ("Acme Corp 50k Dec 5, 50 seats", 50_000, "2026-12-05"),
    ],
)
def test_other_words_beside_a_day_keep_their_meaning(text: str, amount: int, day: str | None) -> None:
    values = _read(text).values

    assert getattr(values["amount"], "major", None) == amount
    assert values.get("close") == (date.fromisoformat(day) if day else None)


def test_a_day_that_is_over_tells_nothing_of_the_close_of_an_open_deal() -> None:
    assert "close" not in _read("Acme Corp 50k proposal 2 weeks ago").values
    assert "close" not in _read("Acme Corp 50k lead, called yesterday").values
    assert "close" not in _read("Acme Corp 50k demo last Friday, proposal").values
    assert _read("Acme Corp 50k proposal 2 weeks ago, Friday").values["close"] == date(2026, 11, 27)
    assert _read("Acme Corp 50k won 2 weeks ago").values["close"] == date(2026, 11, 10)
