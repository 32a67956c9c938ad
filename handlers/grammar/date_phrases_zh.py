"""Find Chinese date phrases: 下周五, 月底, 12月中旬, 明年三月底, 两周后, 年前."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from handlers.grammar import date_meanings_zh as mean
from handlers.grammar.days import FIRST_YEAR, LAST_YEAR, Day, nearest_in_month
from handlers.grammar.lunar_zh import LUNAR
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import has_han
from handlers.grammar.years_zh import YEAR

Read = Callable[[re.Match[str], date], mean.Value]
# A rule's name, the characters without any of which it finds nothing, its pattern and its meaning.
Rule = tuple[str, frozenset[str], re.Pattern[str], Read]

_NUMBER = r"([0-9]{1,3}|[一二三四五六七八九十两兩廿]{1,3})"

_DAY = r"(?<![0-9])([0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"

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
    typed = set(low)
    for rule, needed, pattern, read in _RULES:
        if typed.isdisjoint(needed):
            continue
        for match in islice(pattern.finditer(low), MOST_OF_A_KIND):
            value = read(match, context.today)
            if isinstance(value, Day):
                yield Found("date", rule, *match.span(), value.ahead, past=value.past)
            else:
                known = value is not None and FIRST_YEAR <= value.year <= LAST_YEAR
                yield Found("date", rule, *match.span(), value if known else None, bad=not known)


def _rule(name: str, needed: str, body: str, read: Read, suffix: str = _SUFFIX) -> Rule:
    return name, frozenset(needed), re.compile(_MARK + body + suffix), read


_RULES: tuple[Rule, ...] = (
    _rule(
        "unclear date",
        "年端中清",
        r"(?<![0-9一二三四五六七八九十两半今明后後去])年[后後](?!天)|(?:端午|中秋|清明)节?[前后後]",
        lambda _match, _today: None,
        "",
    ),
    *(_rule("unclear date", needed, lunar, lambda _match, _today: None) for needed, lunar in LUNAR.items()),
    _rule(
        "month and day",
        "月",
        rf"{YEAR}{_DAY}月(?:份)?{_DAY}(?:日|号|號|(?![0-9一二三四五六七八九十天周週个個万萬百千.])){_TIME}",
        mean.month_day,
    ),
    _rule("part of a month", "月", rf"{YEAR}{_DAY}月份?的?{_PARTS}?", mean.month_part),
    _rule("month", "月", rf"{_STEP}?个?個?月{_PARTS}", mean.this_month),
    _rule("month", "月", rf"{_STEP}个?個?月(?:内|內|份)?{_PARTS}?", mean.this_month),
    _rule("day of a month", "月", rf"(?:([今明后後去]年))?{_STEP}个?個?月{_DAY}(?:日|号|號){_TIME}", mean.day_of_month),
    _rule(
        "day",
        "日号號",
        rf"(?<![0-9月年.]){_DAY}(?:号|號|日(?![本元圆圓币立常产]))(?!楼|线|線|院|店|车|機|机){_TIME}",
        lambda match, today: nearest_in_month(today, mean.number_in(match[1])),
    ),
    _rule(
        "weekday",
        "周週期拜",
        rf"{_STEP}?个?個?{_WEEK}([一二三四五六日天末]|[1-6](?![0-9]))(?!大福|六福|生生|年){_TIME}",
        mean.weekday,
    ),
    _rule("week", "周週期拜", rf"{_STEP}个?個?{_WEEK}(?![一二三四五六日天末])内?", mean.week),
    _rule("quarter", "季", rf"{YEAR}的?第?([一二三四1-4])(?:季度|季)(?:度?末|底)?", mean.quarter),
    _rule("quarter", "q", rf"{YEAR}的?q([1-4])(?![0-9a-z])(?:季度)?(?:末|底)?", mean.quarter),
    _rule("quarter", "季", rf"{_STEP}个?個?季度?(?:末|底|内)?", mean.this_quarter),
    _rule("quarter", "季", r"()季度?[末底]", mean.this_quarter),
    _rule("part of a year", "年", rf"{YEAR}(?<=年)(底|末|初|中)", mean.year_part),
    _rule("part of a year", "年", r"()(?<![今明后後去本0-9])年(底|末|初|中(?!国|國|行|心))", mean.year_part),
    _rule("year", "年", r"((?:[今明后後本]|(?<![0-9])20[0-9]{2})年)(?:内|內|度)?", mean.whole_year),
    _rule("half-year", "年", rf"{YEAR}(上|下)半年", mean.half),
    _rule(
        "in a while",
        "后後内內",
        r"(?<![0-9百千零])([0-9]{1,3}|[一二三四五六七八九十百两兩零]{1,6})(?:个|個)?"
        r"(工作日|天|日|周|週|星期|礼拜|禮拜|月|年)(?:之|以)?[后後内內]",
        mean.later,
    ),
    _rule("in a while", "半", r"(半)(?:个|個)?(月|年)(?:之|以)?[后後内內]", mean.later),
    _rule(
        "before Spring Festival",
        "节節年夕",
        r"(?:(今|明|后|後)年)?(?:春节|春節|过年|過年|农历新年|除夕)(?:之?前)?",
        mean.before_new_year,
        "",
    ),
    _rule(
        "before Spring Festival", "年", r"()(?<![0-9一二三四五六七八九十两半今明后後去])年前", mean.before_new_year, ""
    ),
    _rule("feast", "前", rf"({'|'.join(sorted(mean.FEASTS, key=len, reverse=True))})(之?前)", mean.feast, ""),
    _rule("feast", "元节双", r"(元旦|国庆节|劳动节|圣诞节|双十一|双11|双十二|双12)(之?前)?", mean.feast, ""),
    _rule(
        "named day",
        "天日晚儿",
        rf"({'|'.join(sorted(_NAMED, key=len, reverse=True))}){_TIME}",
        lambda match, today: today + timedelta(days=_NAMED[match[1]]),
    ),
)
