"""Chinese days as people write them out: years in numerals, and the calendars that nobody may guess."""

from datetime import date

import pytest

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext


def _read(text: str) -> Reading:
    return read_deal(text, ReadingContext(date(2026, 11, 24), "zh-CN", "CNY"))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("2027 03 09", "2027-03-09"), ("1987年3月9日", "1987-03-09"), ("87年3月9日", "1987-03-09"),
        ("27年3月9日", "2027-03-09"), ("二零二八年三月九日", "2028-03-09"), ("两千零三十年三月九号", "2030-03-09"),
        ("两千年十二月", "2000-12-31"), ("二〇二七年一季度", "2027-03-31"), ("明年本月五号", "2027-11-05"),
        ("去年本月五号", "2025-11-05"), ("三百五十天后", "2027-11-09"), ("除夕", "2027-02-05"),
        ("除夕前", "2027-02-04"),
    ],
)  # fmt: skip
def test_a_year_is_the_one_that_is_meant(phrase: str, day: str) -> None:
    reading = _read(f"华为 50万 {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("华为", date.fromisoformat(day))


@pytest.mark.parametrize(
    "phrase",
    [
        "农历十月初五", "2027年农历二月初二", "正月十五", "腊月廿三", "大年初三", "四月初八",
        "乾隆三年正月初五", "1423年8月9日", "四二八年三月九日", "300年后",
    ],
)  # fmt: skip
def test_a_day_of_another_calendar_or_age_is_asked_about(phrase: str) -> None:
    problem = _read(f"华为 50万 {phrase}").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_DATE


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("正月食品 50万", "正月食品"), ("大年三十餐饮 50万", "大年三十餐饮"), ("九阳股份 50万 周五", "九阳股份"),
        ("初一教育 50万", "初一教育"), ("农历科技 50万", "农历科技"), ("两千年科技 50万", "两千年科技"),
        ("百年人寿 50万", "百年人寿"), ("三一重工 50万 三月一日", "三一重工"),
    ],
)  # fmt: skip
def test_words_of_a_day_stay_in_a_name(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account
