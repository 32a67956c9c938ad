"""A line that is written as fields: the name beside a value is the customer, whole, whatever a remark says."""

from datetime import date

import pytest

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import Reading, ReadingContext
from models.stages import Stage


def _read(text: str, *known: str) -> Reading:
    return read_deal(text, ReadingContext(date(2026, 11, 25), "en-US", "USD", accounts=known))


@pytest.mark.parametrize(
    "name",
    [
        "Acme (UK) Ltd", "Siemens (India) Pvt Ltd", "Acme [EMEA]", "Acme in London", "Apple Inc.",
        "Tiffany & Co.", "Salesforce.com, Inc.", "Smith, Jones & Partners", "Acme, PLC", "Kirkland & Ellis, LLP",
        "Haier (home appliances)", "Hilton (London airport)", "Acme (formerly Beta)", "Won Foods",
        "中国移动(北京)", "中建三局(给排水)", "三人行", "得力 集团", "新东方 在线", "太钢 不锈钢", "重庆 要塞科技",
    ],
)  # fmt: skip
@pytest.mark.parametrize("line", ["{} 50k Friday", "{} 50k Friday, they use Oracle", "{} 50万 周五，等法务审核"])
def test_a_remark_takes_nothing_from_the_name(name: str, line: str) -> None:
    reading = _read(line.format(name))

    assert reading.problem is None
    assert reading.values["account"] == name
    assert reading.values["close"] == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Acme (UK) (met the twins there) 50k", "Acme (UK)"),
        ("Basalt Cloud (Oliver is on leave, he decides) 50k", "Basalt Cloud"),
        ("磐石重卡（见了副总） 520万", "磐石重卡"), ("云水间民宿35万周五报价携程在比价", "云水间民宿"),
        ("Won Acme, 50k, Friday, they are happy with us", "Acme"),
        ("Jane at Acme, 50k, Friday, they use Oracle", "Acme"),
        ("Renewal, 50k, Friday, Acme wants more seats", "Acme"), ("50k for Nordic Kelp, Friday", "Nordic Kelp"),
        ("120k Lost Valley Lodge proposal Jan 20 (road was iced over)", "Lost Valley Lodge"),
    ],
)  # fmt: skip
def test_what_stands_around_a_name_is_no_part_of_it(line: str, name: str) -> None:
    assert _read(line).values["account"] == name


@pytest.mark.parametrize(
    "line",
    [
        "暂未签约 青岛海工 50万",
        "ACME NOT WON 20K",
        "Acme 50k Not Lost",
        "Not Won: Acme 50k Friday",
        "就快签约 青岛海工 50万",
    ],
)  # fmt: skip
def test_a_denied_stage_is_none_however_it_is_written(line: str) -> None:
    assert _read(line).values.get("stage") not in (Stage.WON, Stage.LOST)


@pytest.mark.parametrize("line", ["Renewal 50k Friday for Globex", "PO 50k from Globex", "王总 50万 周五 金蝶那边"])
def test_a_known_customer_behind_a_value_is_meant(line: str) -> None:
    assert _read(line, "Globex", "金蝶").values["account"] in {"Globex", "金蝶"}
