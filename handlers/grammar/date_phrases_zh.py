"""Find Chinese date phrases: 下周五, 月底, 12月中旬, 明年三月底, 两周后, 年前."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from handlers.grammar import date_meanings_zh as mean
from handlers.grammar.days import (
    Day,
    nearest_in_month,
)
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import has_han

Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], date], mean.Value]]

_NUMBER = r"([0-9]{1,3}|[一二三四五六七八九十两兩廿]{1,3})"

_DAY = r"(?<![0-9])([0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"

_YEAR = r"(?:((?:19|20)?[0-9]{2}|二[〇零]二[一二三四五六七八九]|今|明|后|後|去|本)年)?"

_PARTS = r"(底前?|末|中旬|上旬|下旬|中|初)"

_WEEK = r"(?:周|週|星期|礼拜|禮拜)"

_TIME = r"(?:的?(?:早上|上午|中午|下午|晚上|晚))?(?: ?[0-9]{1,2}[:点點][0-9]{0,2}分?)?"

_MARK = r"(?:(?:预计|預計|预期|預期|计划|大概|大约|争取|力争|最迟|最晚|截止|截至|约|于|在|到) ?)?"

_SUFFIX = r"(?:之前|以前|左右|前后|(?<!年)前|之内|以内|内|內|成交(?=\s*$|\s))?"

_STEP = r"(下下|上上|下|上|这|這|本|今|当|當)"

_NAMED = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今儿": 0,
    "当天": 0,
    "當天": 0,
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "明儿": 1,
    "後天": 2,
    "后天": 2,
    "大后天": 3,
    "大後天": 3,
    "昨天": -1,
    "昨日": -1,
    "前天": -2,
    "大前天": -3,
}


def find_chinese_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the phrases, those that name an impossible day as bad."""
    if not has_han(low):
        return
    for rule, pattern, read in _RULES:
        for match in islice(pattern.finditer(low), MOST_OF_A_KIND):
            value = read(match, context.today)
            if isinstance(value, Day):
                yield Found("date", rule, *match.span(), value.ahead, past=value.past)
            else:
                yield Found("date", rule, *match.span(), value, bad=value is None)


def _rule(name: str, body: str, read: Callable[[re.Match[str], date], mean.Value], suffix: str = _SUFFIX) -> Rule:
    return name, re.compile(_MARK + body + suffix), read


_RULES: tuple[Rule, ...] = (
    _rule(
        "unclear date",
        r"(?<![0-9一二三四五六七八九十两半今明后後去])年[后後](?!天)|(?:端午|中秋|清明)节?[前后後]",
        lambda _match, _today: None,
        "",
    ),
    _rule(
        "month and day",
        rf"{_YEAR}{_DAY}月(?:份)?{_DAY}(?:日|号|號|(?![0-9一二三四五六七八九十天周週个個万萬百千.])){_TIME}",
        mean.month_day,
    ),
    _rule("part of a month", rf"{_YEAR}{_DAY}月份?的?{_PARTS}?", mean.month_part),
    _rule("month", rf"{_STEP}?个?個?月{_PARTS}", mean.this_month),
    _rule("month", rf"{_STEP}个?個?月(?:内|內|份)?{_PARTS}?", mean.this_month),
    _rule("day of a month", rf"{_STEP}个?個?月{_DAY}(?:日|号|號){_TIME}", mean.day_of_month),
    _rule(
        "day",
        rf"(?<![0-9月年.]){_DAY}(?:号|號|日(?![本元圆圓币立常产]))(?!楼|线|線|院|店|车|機|机){_TIME}",
        lambda match, today: nearest_in_month(today, mean.number_in(match[1])),
    ),
    _rule(
        "weekday",
        rf"{_STEP}?个?個?{_WEEK}([一二三四五六日天末]|[1-6](?![0-9]))(?!大福|六福|生生|年){_TIME}",
        mean.weekday,
    ),
    _rule("week", rf"{_STEP}个?個?{_WEEK}(?![一二三四五六日天末])内?", mean.week),
    _rule("quarter", rf"{_YEAR}的?第?([一二三四1-4])(?:季度|季)(?:度?末|底)?", mean.quarter),
    _rule("quarter", rf"{_YEAR}的?q([1-4])(?![0-9a-z])(?:季度)?(?:末|底)?", mean.quarter),
    _rule("quarter", rf"{_STEP}个?個?季度?(?:末|底|内)?", mean.this_quarter),
    _rule("quarter", r"()季度?[末底]", mean.this_quarter),
    _rule("part of a year", rf"{_YEAR}(?<=年)(底|末|初|中)", mean.year_part),
    _rule("part of a year", r"()(?<![今明后後去本0-9])年(底|末|初|中(?!国|國|行|心))", mean.year_part),
    _rule("year", r"(今|明|后|後|本|20[0-9]{2})年(?:内|內|度)?", mean.whole_year),
    _rule("half-year", rf"{_YEAR}(上|下)半年", mean.half),
    _rule(
        "in a while",
        r"([0-9]{1,3}|[一二三四五六七八九十两兩]{1,3})(?:个|個)?(工作日|天|日|周|週|星期|礼拜|禮拜|月|年)(?:之|以)?[后後内內]",
        mean.later,
    ),
    _rule("in a while", r"(半)(?:个|個)?(月|年)(?:之|以)?[后後内內]", mean.later),
    _rule(
        "before Spring Festival",
        r"(?:(今|明|后|後)年)?(?:春节|春節|过年|過年|农历新年|除夕)(?:之?前)?",
        mean.before_new_year,
        "",
    ),
    _rule("before Spring Festival", r"()(?<![0-9一二三四五六七八九十两半今明后後去])年前", mean.before_new_year, ""),
    _rule("feast", rf"({'|'.join(sorted(mean.FEASTS, key=len, reverse=True))})(之?前)", mean.feast, ""),
    _rule("feast", r"(元旦|国庆节|劳动节|圣诞节|双十一|双11|双十二|双12)(之?前)?", mean.feast, ""),
    _rule(
        "named day",
        rf"({'|'.join(sorted(_NAMED, key=len, reverse=True))}){_TIME}",
        lambda match, today: today + timedelta(days=_NAMED[match[1]]),
    ),
)
