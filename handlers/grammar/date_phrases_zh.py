"""Find Chinese date phrases: 下周五, 月底, 12月中旬, 明年三月底, 两周后, 年前."""

from collections.abc import Iterator
from datetime import timedelta

from handlers.grammar import date_meanings_zh as mean
from handlers.grammar.counted_zh import COUNTED_RULES
from handlers.grammar.days import FIRST_YEAR, LAST_YEAR, Day, nearest_in_month
from handlers.grammar.lunar_zh import LUNAR
from handlers.grammar.phrase_parts_zh import DAY, PARTS, STEP, TIME, WEEK, Rule, rule
from handlers.grammar.reading import Found, ReadingContext
from handlers.grammar.words import has_han
from handlers.grammar.years_zh import YEAR

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
_NUMERALS = "0123456789一二三四五六七八九十廿"


def find_chinese_dates(low: str, context: ReadingContext) -> Iterator[Found]:
    """Find the phrases, those that name an impossible day as bad."""
    if not has_han(low):
        return
    typed = set(low)
    for name, needed, beside, pattern, read in _RULES:
        if typed.isdisjoint(needed) or typed.isdisjoint(beside):
            continue
        for match in pattern.each(low):
            value = read(match, context.today)
            if isinstance(value, Day):
                yield Found("date", name, *match.span(), value.ahead, past=value.past)
            else:
                known = value is not None and FIRST_YEAR <= value.year <= LAST_YEAR
                yield Found("date", name, *match.span(), value if known else None, bad=not known)


_RULES: tuple[Rule, ...] = (
    rule(
        "unclear date",
        "年端中清 前后後",
        r"(?<![0-9一二三四五六七八九十两半今明后後去])年[后後](?!天)|(?:端午|中秋|清明)节?[前后後]",
        lambda _match, _today: None,
        "",
    ),
    *(rule("unclear date", needed, lunar, lambda _match, _today: None) for needed, lunar in LUNAR.items()),
    rule(
        "month and day",
        f"月 {_NUMERALS}",
        rf"{YEAR}{DAY}月(?:份)?{DAY}(?:日|号|號|(?![0-9一二三四五六七八九十天周週个個万萬百千.])){TIME}",
        mean.month_day,
    ),
    rule("part of a month", f"月 {_NUMERALS}", rf"{YEAR}{DAY}月份?的?{PARTS}?", mean.month_part),
    rule("month", "月 底末中上下初", rf"{STEP}?个?個?月{PARTS}", mean.this_month),
    rule("month", "月 下上这這本今当當", rf"{STEP}个?個?月(?:内|內|份)?{PARTS}?", mean.this_month),
    rule(
        "day of a month", "月 日号號", rf"(?:([今明后後去]年))?{STEP}个?個?月{DAY}(?:日|号|號){TIME}", mean.day_of_month
    ),
    rule(
        "day",
        f"日号號 {_NUMERALS}",
        rf"(?<![0-9月年.]){DAY}(?:号|號|日(?![本元圆圓币立常产]))(?!楼|线|線|院|店|车|機|机){TIME}",
        lambda match, today: nearest_in_month(today, mean.number_in(match[1])),
    ),
    rule(
        "weekday",
        "周週期拜",
        rf"{STEP}?个?個?{WEEK}([一二三四五六日天末]|[1-6](?![0-9]))(?!大福|六福|生生|年){TIME}",
        mean.weekday,
    ),
    rule("week", "周週期拜 下上这這本今当當", rf"{STEP}个?個?{WEEK}(?![一二三四五六日天])([初中末底]?)内?", mean.week),
    rule("week", "中 周週期拜", rf"(?<![上下这這本今当當每]){WEEK}(中)(?!旬)", mean.midweek),
    rule("quarter", "季 一二三四1234", rf"{YEAR}的?第?([一二三四1-4])(?:季度|季)(?:度?末|底)?", mean.quarter),
    rule("quarter", "q", rf"{YEAR}的?q([1-4])(?![0-9a-z])(?:季度)?(?:末|底)?", mean.quarter),
    rule("quarter", "季 下上这這本今当當", rf"{STEP}个?個?季度?(?:末|底|内)?", mean.this_quarter),
    rule("quarter", "季 末底", r"()季度?[末底]", mean.this_quarter),
    rule("part of a year", "年 底末初中", rf"{YEAR}(?<=年)(底|末|初|中)", mean.year_part),
    rule("part of a year", "年 底末初中", r"()(?<![今明后後去本0-9])年(底|末|初|中(?!国|國|行|心))", mean.year_part),
    rule("year", "年", r"((?:[今明后後本]|(?<![0-9])20[0-9]{2})年)(?:内|內|度)?", mean.whole_year),
    rule("half-year", "年 半", rf"{YEAR}(上|下)半年", mean.half),
    *COUNTED_RULES,
    rule(
        "before Spring Festival",
        "节節年夕",
        r"(?:(今|明|后|後)年)?(?:春节|春節|过年|過年|农历新年|除夕)(?:之?前)?",
        mean.before_new_year,
        "",
    ),
    rule(
        "before Spring Festival",
        "年 前",
        r"()(?<![0-9一二三四五六七八九十两半今明后後去])年前",
        mean.before_new_year,
        "",
    ),
    rule("feast", "前", rf"({'|'.join(sorted(mean.FEASTS, key=len, reverse=True))})(之?前)", mean.feast, ""),
    rule("feast", "元节双", r"(元旦|国庆节|劳动节|圣诞节|双十一|双11|双十二|双12)(之?前)?", mean.feast, ""),
    rule(
        "named day",
        "天日晚儿",
        rf"({'|'.join(sorted(_NAMED, key=len, reverse=True))}){TIME}",
        lambda match, today: today + timedelta(days=_NAMED[match[1]]),
    ),
)
