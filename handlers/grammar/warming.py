"""Compile the patterns of a region's language ahead of its first line."""

from datetime import date

from handlers.grammar.dates_foreign import warm as warm_dates
from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ReadingContext

_TODAY = date(2026, 11, 25)
# Between them the lines name an amount, a day and a stage in each of the common ways.
_LINES = {
    "en": (
        "Globex Motors 80,000 USD close next Tuesday won #expansion",
        "signed Acme Corp (met Jane) for half a million, close by Dec 5th 2026, note: they want it in two weeks",
        "Initech Ltd €1.2m 12/15/2026 negotiation, the end of the month at 10% off",
        "we talked to Ann Lee from Umbrella, 3 x 40k or 50-60k, Friday the 4th of June or end of Q1, still not won",
        "Smith, Jones & Partners 120k EUR 15 January tomorrow qualifed stage: lead",
    ),
    "zh": (
        "苏州精工 75万 下周三 合同 #续约",
        "客户:青岛海工 金额:95万元 预计:12月15日前 阶段:方案",
        "刚跟王总吃完饭，杭州海康那边50到60万美元，月底签约，还没赢单",
        "华东医药两百二十万明年三月底谈判 2027-01-15",
        "今天报单 株洲轨交 三十五万 第四季度 两周后 报价",
    ),
}


def warm(locale: str) -> None:
    """Read some lines as the region would, and load what its dates need."""
    context = ReadingContext(_TODAY, locale, "USD")
    for line in _LINES["zh" if context.language == "zh" else "en"]:
        read_deal(line, context)
    warm_dates(locale)
