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
        ("去年本月五号", "2025-11-05"), ("民國115年12月8日", "2026-12-08"), ("公元2027年3月9日", "2027-03-09"),
        ("前年12月", "2024-12-31"), ("除夕", "2027-02-05"),
        ("除夕前", "2027-02-04"),
    ],
)  # fmt: skip
def test_a_year_is_the_one_that_is_meant(phrase: str, day: str) -> None:
    reading = _read(f"华为 50万 {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("华为", date.fromisoformat(day))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("三百五十天后", "2027-11-09"), ("四天前", "2026-11-20"), ("两个月前", "2026-09-24"), ("三年前", "2023-11-24"),
        ("一个月零三天后", "2026-12-27"), ("1年2个月后", "2028-01-24"), ("一个半月后", "2027-01-08"),
        ("一年半后", "2028-05-24"), ("半年内", "2027-05-24"), ("两周半内", "2026-12-11"),
        ("12月5日后三天", "2026-12-08"), ("周五之后两天", "2026-11-29"), ("元旦后两周", "2027-01-15"),
        ("12月第二个周五", "2026-12-11"), ("下个月的第一个星期三", "2026-12-02"),
        ("明年3月第一个周一", "2027-03-01"), ("5月第三个礼拜天", "2027-05-16"), ("12月5日前", "2026-12-05"),
        ("1.5年后", "2028-05-24"), ("1.5个月后", "2027-01-08"), ("一百二十天内", "2027-03-24"), ("1年内", "2027-11-24"),
    ],
)  # fmt: skip
def test_a_day_may_be_counted(phrase: str, day: str) -> None:
    reading = _read(f"华为 50万 {phrase}")

    assert reading.problem is None
    assert (reading.values["account"], reading.values["close"]) == ("华为", date.fromisoformat(day))


@pytest.mark.parametrize(
    "phrase",
    [
        "三四天后", "几天后", "十几天内", "几周前", "1300年后", "三到五天内",
        "3-5天内", "个把月后", "12月5日后", "周五后", "春节后",
        "月底前3天", "春节前两周", "12月第一周", "下个月第二周",
        "第三个周五",
        "12月第五个周六", "27年前",
    ],
)  # fmt: skip
def test_a_day_that_the_words_do_not_settle_is_asked_about(phrase: str) -> None:
    problem = _read(f"华为 50万 {phrase}").problem

    assert problem is not None
    assert problem.code in {ProblemCode.BAD_DATE, ProblemCode.AMBIGUOUS}


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
        ("初一教育 50万", "初一教育"), ("三天前传媒 50万", "三天前传媒"),
        ("第一周传媒 50万", "第一周传媒"),
        ("五年前资本 50万 周五", "五年前资本"), ("农历科技 50万", "农历科技"), ("华为 50万 一年期 周五", "华为"),
        ("两千年科技 50万", "两千年科技"),
        ("百年人寿 50万", "百年人寿"), ("三一重工 50万 三月一日", "三一重工"),
    ],
)  # fmt: skip
def test_words_of_a_day_stay_in_a_name(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("下周初", "2026-11-30"), ("下周中", "2026-12-02"), ("下周末", "2026-12-06"), ("本周底", "2026-11-29"),
        ("周中", "2026-11-25"),
    ],
)  # fmt: skip
def test_a_part_of_a_week_is_a_day_of_it(phrase: str, day: str) -> None:
    reading = _read(f"华为 50万 {phrase}")

    assert (reading.values["account"], reading.values["close"]) == ("华为", date.fromisoformat(day))
