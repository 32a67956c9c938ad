"""Find Chinese date phrases: 下周五, 月底, 12月中旬, 明年三月底, 两周后, 年前."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice

from handlers.grammar.days import (
    Day,
    add_months,
    last_of_month,
    month_ahead,
    month_end,
    nearest,
    nearest_in_month,
    quarter_ahead,
    quarter_end,
    real_date,
    spring_festival,
    spring_festival_of,
    weekday_ahead,
    weekday_in,
)
from handlers.grammar.numerals import read_chinese
from handlers.grammar.reading import MOST_OF_A_KIND, Found, ReadingContext
from handlers.grammar.words import has_han

Value = Day | date | None
Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str], date], Value]]

_NUMBER = r"([0-9]{1,3}|[一二三四五六七八九十两兩廿]{1,3})"
_DAY = r"(?<![0-9])([0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEAR = r"(?:((?:19|20)?[0-9]{2}|二[〇零]二[一二三四五六七八九]|今|明|后|後|去|本)年)?"
_PARTS = r"(底前?|末|中旬|上旬|下旬|中|初)"
_WEEK = r"(?:周|週|星期|礼拜|禮拜)"
_TIME = r"(?:的?(?:早上|上午|中午|下午|晚上|晚))?(?: ?[0-9]{1,2}[:点點][0-9]{0,2}分?)?"
_MARK = r"(?:(?:预计|預計|预期|預期|计划|大概|大约|争取|力争|最迟|最晚|截止|截至|约|于|在|到) ?)?"
_SUFFIX = r"(?:之前|以前|左右|前后|(?<!年)前|之内|以内|内|內|成交(?=\s*$|\s))?"
_STEP = r"(下下|上上|下|上|这|這|本|今|当|當)"
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WEEKDAYS = (
    {char: value for value, char in enumerate("一二三四五六日")}
    | {"天": 6, "末": 6}
    | dict(zip("123456", range(6), strict=True))
)
_NAMED = {
    "今天": 0, "今日": 0, "今晚": 0, "今儿": 0, "当天": 0, "當天": 0, "明天": 1, "明日": 1, "明晚": 1, "明儿": 1, "後天": 2,
    "后天": 2, "大后天": 3, "大後天": 3, "昨天": -1, "昨日": -1, "前天": -2, "大前天": -3,
}  # fmt: skip
_FEASTS = {
    "元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "十一": (10, 1), "国庆节": (10, 1), "国庆": (10, 1), "國慶": (10, 1),
    "圣诞节": (12, 25), "圣诞": (12, 25), "聖誕": (12, 25), "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12),
    "双12": (12, 12),
}  # fmt: skip


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


def _number(words: str) -> int:
    if words.isdecimal():
        return int(words)
    value = read_chinese(words.replace("廿", "二十"))
    return int(value) if value is not None else -1


def _year(words: str | None, today: date) -> int | None:
    if not words:
        return None
    if words in "今本明后後去":
        return today.year + {"今": 0, "本": 0, "明": 1, "后": 2, "後": 2, "去": -1}[words]
    if words[0] == "二":
        return 2020 + _QUARTERS_TO_NINE[words[-1]]
    return int(words) + (2000 if len(words) == 2 else 0)  # noqa: PLR2004 27年


_QUARTERS_TO_NINE = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}


def _steps(word: str | None) -> int:
    return {"下": 1, "下下": 2, "上": -1, "上上": -2}.get(word or "", 0)


def _month_day(match: re.Match[str], today: date) -> Value:
    year, month, day = _year(match[1], today), _number(match[2]), _number(match[3])
    return nearest(today, month, day) if year is None else real_date(year, month, day)


def _month_part(match: re.Match[str], today: date) -> Value:
    year, month, part = _year(match[1], today), _number(match[2]), match[3] or "底"
    if not 1 <= month <= 12:  # noqa: PLR2004 months
        return None
    day = _part_day(part)
    if year is not None:
        return real_date(year, month, day) if day else last_of_month(year, month)
    return month_ahead(today, month, day, end=not day)


def _part_day(part: str) -> int:
    return {"初": 1, "上": 10, "中": 15}.get(part[0] if part != "上旬" else "上", 0)


def _this_month(match: re.Match[str], today: date) -> Value:
    steps, part = _steps(match[1]), match[2] or "底"
    there = add_months(today.replace(day=1), steps)
    day = _part_day(part)
    if not day:
        return month_end(there)
    on = there.replace(day=day)
    return add_months(on, 1) if match[1] is None and on < today else on


def _day_of_month(match: re.Match[str], today: date) -> Value:
    there = add_months(today.replace(day=1), _steps(match[1]))
    return real_date(there.year, there.month, _number(match[2]))


def _weekday(match: re.Match[str], today: date) -> Value:
    day = _WEEKDAYS[match[2]]
    return weekday_ahead(today, day) if match[1] is None else weekday_in(today, day, _steps(match[1]))


def _week(match: re.Match[str], today: date) -> Value:
    return weekday_in(today, 6, _steps(match[1]))


def _quarter(match: re.Match[str], today: date) -> Value:
    year, number = _year(match[1], today), _QUARTERS[match[2]]
    return last_of_month(year, number * 3) if year else quarter_ahead(today, number)


def _this_quarter(match: re.Match[str], today: date) -> Value:
    return quarter_end(today, _steps(match[1]))


def _year_part(match: re.Match[str], today: date) -> Value:
    year, part = _year(match[1], today), match[2]
    month, day = {"初": (1, 1), "中": (6, 30)}.get(part[0], (12, 31))
    if year is None and part[0] in "初中":
        return nearest(today, month, day)
    return date(today.year if year is None else year, month, day)


def _whole_year(match: re.Match[str], today: date) -> Value:
    year = _year(match[1], today)
    return date(year, 12, 31) if year else None


def _half(match: re.Match[str], today: date) -> Value:
    year, month = _year(match[1], today), 6 if match[2] == "上" else 12
    return last_of_month(year, month) if year else month_ahead(today, month)


def _later(match: re.Match[str], today: date) -> Value:
    count, span = match[1], match[2]
    if count == "半":
        return today + timedelta(days=15) if "月" in span else add_months(today, 6)
    number = _number(count)
    if number < 0:
        return None
    if span[-1] in "天日":
        return today + timedelta(days=number)
    if "月" in span:
        return add_months(today, number)
    return add_months(today, 12 * number) if span == "年" else today + timedelta(days=7 * number)


def _before_new_year(match: re.Match[str], today: date) -> Value:
    year = _year(match[1], today) if match[1] else None
    feast = spring_festival_of(year) if year else spring_festival(today)
    if feast is None:
        return None
    return feast - timedelta(days=1) if match[0].rstrip().endswith("前") else feast


def _feast(match: re.Match[str], today: date) -> Value:
    day = nearest(today, *_FEASTS[match[1]])
    if day is None:
        return None
    before = timedelta(days=1 if match[2] else 0)
    return Day(day.ahead - before, day.past - before if day.past else None)


def _rule(name: str, body: str, read: Callable[[re.Match[str], date], Value], suffix: str = _SUFFIX) -> Rule:
    return name, re.compile(_MARK + body + suffix), read


_RULES: tuple[Rule, ...] = (
    _rule("month and day", rf"{_YEAR}{_DAY}月(?:份)?{_DAY}(?:日|号|號|(?![0-9一二三四五六七八九十天周週个個万萬百千.])){_TIME}", _month_day),
    _rule("part of a month", rf"{_YEAR}{_DAY}月份?的?{_PARTS}?", _month_part),
    _rule("month", rf"{_STEP}?个?個?月{_PARTS}", _this_month),
    _rule("month", rf"{_STEP}个?個?月(?:内|內|份)?{_PARTS}?", _this_month),
    _rule("day of a month", rf"{_STEP}个?個?月{_DAY}(?:日|号|號){_TIME}", _day_of_month),
    _rule("day", rf"(?<![0-9月年.]){_DAY}(?:号|號|日(?![本元圆圓币立常产]))(?!楼|线|線|院|店|车|機|机){_TIME}", lambda match, today: nearest_in_month(
        today, _number(match[1])
    )),
    _rule("weekday", rf"{_STEP}?个?個?{_WEEK}([一二三四五六日天末1-6](?![0-9]))(?!大福|六福|生生|年){_TIME}", _weekday),
    _rule("week", rf"{_STEP}个?個?{_WEEK}(?![一二三四五六日天末])内?", _week),
    _rule("quarter", rf"{_YEAR}的?第?([一二三四1-4])(?:季度|季)(?:度?末|底)?", _quarter),
    _rule("quarter", rf"{_YEAR}的?q([1-4])(?![0-9a-z])(?:季度)?(?:末|底)?", _quarter),
    _rule("quarter", rf"{_STEP}个?個?季度?(?:末|底|内)?", _this_quarter),
    _rule("quarter", r"()季度?[末底]", _this_quarter),
    _rule("part of a year", rf"{_YEAR}(?<=年)(底|末|初|中)", _year_part),
    _rule("part of a year", r"()(?<![今明后後去本0-9])年(底|末|初|中(?!国|國|行|心))", _year_part),
    _rule("year", r"(今|明|后|後|本|20[0-9]{2})年(?:内|內|度)?", _whole_year),
    _rule("half-year", rf"{_YEAR}(上|下)半年", _half),
    _rule("in a while", r"([0-9]{1,3}|[一二三四五六七八九十两兩]{1,3})(?:个|個)?(工作日|天|日|周|週|星期|礼拜|禮拜|月|年)(?:之|以)?[后後内內]", _later),
    _rule("in a while", r"(半)(?:个|個)?(月|年)(?:之|以)?[后後内內]", _later),
    _rule("before Spring Festival", r"(?:(今|明|后|後)年)?(?:春节|春節|过年|過年|农历新年|除夕)(?:之?前)?", _before_new_year, ""),
    _rule("before Spring Festival", r"()(?<![0-9一二三四五六七八九十两半今明后後去])年前", _before_new_year, ""),
    _rule("feast", rf"({'|'.join(sorted(_FEASTS, key=len, reverse=True))})(之?前)", _feast, ""),
    _rule("feast", r"(元旦|国庆节|劳动节|圣诞节|双十一|双11|双十二|双12)(之?前)?", _feast, ""),
    _rule("named day", rf"({'|'.join(sorted(_NAMED, key=len, reverse=True))}){_TIME}", lambda match, today: today + timedelta(
        days=_NAMED[match[1]]
    )),
)  # fmt: skip
