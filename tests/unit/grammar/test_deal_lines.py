"""Deal lines as reps type them."""

from datetime import date

import pytest

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext
from models.money import Money
from models.stages import Stage

_TUESDAY = date(2026, 11, 24)
_CURRENCIES = {
    "en-US": "USD", "en-GB": "GBP", "en-SG": "SGD", "en-IN": "INR", "zh-CN": "CNY", "zh-TW": "TWD", "zh-HK": "HKD",
    "ja-JP": "JPY", "de-DE": "EUR", "de-CH": "CHF", "fr-FR": "EUR", "pt-BR": "BRL", "es-MX": "MXN", "id-ID": "IDR",
    "vi-VN": "VND", "th-TH": "THB", "ko-KR": "KRW", "sv-SE": "SEK",
}  # fmt: skip


def _read(text: str, locale: str = "en-US", accounts: tuple[str, ...] = ()) -> Reading:
    return read_deal(text, ReadingContext(_TUESDAY, locale, _CURRENCIES[locale], accounts=accounts))


def _amount(text: str, locale: str) -> str:
    money = _read(f"Acme {text}", locale).values.get("amount")
    return f"{money.major.normalize():f} {money.currency}" if isinstance(money, Money) else "none"


@pytest.mark.parametrize(
    ("text", "locale", "amount"),
    [
        ("120k", "en-US", "120000 USD"), ("1.2M", "en-US", "1200000 USD"), ("2 mm", "en-US", "2000000 USD"),
        ("2bn", "en-US", "2000000000 USD"), ("12,500", "en-US", "12500 USD"), ("12,500.50", "en-US", "12500.5 USD"),
        ("$500", "en-US", "500 USD"), ("$500", "en-GB", "500 USD"), ("$500", "en-SG", "500 SGD"),
        ("$500", "zh-HK", "500 HKD"), ("HK$5k", "zh-CN", "5000 HKD"), ("R$ 5k", "en-US", "5000 BRL"),
        ("¥500", "en-US", "500 CNY"), ("¥500", "ja-JP", "500 JPY"), ("€1.5m", "de-DE", "1500000 EUR"),
        ("120k EUR", "en-US", "120000 EUR"), ("EUR 120k", "en-US", "120000 EUR"), ("EUR120k", "en-US", "120000 EUR"),
        ("120kusd", "zh-CN", "120000 USD"), ("$120k CAD", "en-US", "120000 CAD"), ("¥50k JPY", "zh-CN", "50000 JPY"),
        ("120k (CHF)", "en-US", "120000 CHF"), ("120k euros", "en-US", "120000 EUR"),
        ("5k dollars", "en-SG", "5000 SGD"),
        ("1.200.000,50 EUR", "de-DE", "1200000.5 EUR"), ("12.500", "de-DE", "12500 EUR"),
        ("1 200 000", "fr-FR", "1200000 EUR"), ("1'200'000", "de-CH", "1200000 CHF"),
        ("1,20,000", "en-IN", "120000 INR"), ("12 lakh", "en-IN", "1200000 INR"),
        ("2 crore", "en-IN", "20000000 INR"),
        ("1,5 Mio. €", "de-DE", "1500000 EUR"), ("2 Mrd.", "de-DE", "2000000000 EUR"),
        ("50 Tsd.", "de-DE", "50000 EUR"),
        ("200 T€", "de-DE", "200000 EUR"), ("50 mil", "pt-BR", "50000 BRL"), ("50 mil", "es-MX", "50000 MXN"),
        ("1,5 mi", "pt-BR", "1500000 BRL"), ("500 jt", "id-ID", "500000000 IDR"), ("500 rb", "id-ID", "500000 IDR"),
        ("500 tr", "vi-VN", "500000000 VND"), ("2 tỷ", "vi-VN", "2000000000 VND"),
        ("two hundred thousand", "en-US", "200000 USD"), ("half a million", "en-US", "500000 USD"),
        ("one and a half million", "en-US", "1500000 USD"), ("a hundred k", "en-US", "100000 USD"),
        ("50万", "zh-CN", "500000 CNY"), ("50 万", "zh-CN", "500000 CNY"), ("50w", "zh-CN", "500000 CNY"),
        ("12万5", "zh-CN", "125000 CNY"), ("12w5", "zh-CN", "125000 CNY"), ("2万3千", "zh-CN", "23000 CNY"),
        ("1百20万", "zh-CN", "1200000 CNY"), ("四十八万", "zh-CN", "480000 CNY"), ("百万", "zh-CN", "1000000 CNY"),
        ("三千五百万", "zh-CN", "35000000 CNY"), ("1亿2000万", "zh-CN", "120000000 CNY"),
        ("两百万", "zh-CN", "2000000 CNY"),
        ("壹佰万元整", "zh-CN", "1000000 CNY"), ("十二万五", "zh-CN", "125000 CNY"),
        ("12万5000", "zh-CN", "125000 CNY"),
        ("50万元", "zh-TW", "500000 TWD"), ("50万块", "zh-HK", "500000 HKD"), ("50万刀", "zh-CN", "500000 USD"),
        ("50万美元", "zh-CN", "500000 USD"), ("人民币50万", "zh-TW", "500000 CNY"), ("５０万", "zh-CN", "500000 CNY"),
        ("約50萬", "zh-TW", "500000 TWD"), ("١٢٠k", "en-US", "120000 USD"), ("1e6", "en-US", "1000000 USD"),
        (".5m", "en-US", "500000 USD"), ("1 trillion", "en-US", "1000000000000 USD"),
        ("T€ 450", "de-DE", "450000 EUR"), ("TEUR 450", "de-DE", "450000 EUR"), ("450 TEUR", "de-DE", "450000 EUR"),
        ("k€ 450", "fr-FR", "450000 EUR"), ("450 kEUR", "en-US", "450000 EUR"), ("3 MUSD", "en-US", "3000000 USD"),
        ("MUSD 3", "en-US", "3000000 USD"), ("3 M€", "fr-FR", "3000000 EUR"), ("450 tkr", "sv-SE", "450000 SEK"),
        ("1 crore 20 lakh", "en-IN", "12000000 INR"), ("₹12L", "en-IN", "1200000 INR"),
        ("1.5 Cr", "en-IN", "15000000 INR"), ("2 lakh 50 thousand", "en-IN", "250000 INR"),
        ("1 milhão e 200 mil", "pt-BR", "1200000 BRL"), ("1 tỷ 200 triệu", "vi-VN", "1200000000 VND"),
        ("500 trieu", "vi-VN", "500000000 VND"), ("1,5 milyar", "id-ID", "1500000000 IDR"),
        ("2 ล้านบาท", "th-TH", "2000000 THB"), ("3천만원", "ko-KR", "30000000 KRW"),
        ("300k Swiss francs", "en-GB", "300000 CHF"), ("50万新加坡币", "zh-CN", "500000 SGD"),
        ("50万印尼卢比", "zh-CN", "500000 IDR"),
        ("one point two million euros", "en-US", "1200000 EUR"), ("2 and a half million", "en-US", "2500000 USD"),
        ("one point two five million", "en-US", "1250000 USD"), ("a million and a half", "en-US", "1500000 USD"),
        ("three quarters of a million", "en-US", "750000 USD"), ("fifty k", "en-US", "50000 USD"),
        ("1.2个亿", "zh-CN", "120000000 CNY"), ("半个亿", "zh-CN", "50000000 CNY"),
        ("三十五万五", "zh-CN", "355000 CNY"), ("两百三十万", "zh-CN", "2300000 CNY"),
        ("50k-ish", "en-US", "50000 USD"), ("$50k/yr", "en-US", "50000 USD"), ("50万含税", "zh-CN", "500000 CNY"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_its_region_writes_it(text: str, locale: str, amount: str) -> None:
    assert _amount(text, locale) == amount


@pytest.mark.parametrize(
    "text",
    [
        "-50k",
        "$-50k",
        "-$50k",
        "minus 50k",
        "负50万",
        "0 USD",
        "0",
        "0元",
        "2000bn",
        "1e999999",
        "NaN USD",
        "1.2.3k",
        "1.5 JPY",
        "几十万",
        "50多万",
        "12万50",
        "好几百万",
        "几个亿",
        "a couple hundred thousand",
        "amount: lots",
        "−50k",
        "9" * 60,
    ],
)
def test_an_impossible_amount_is_said_to_be_bad(text: str) -> None:
    problem = _read(f"Acme Corp {text} close Friday").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_AMOUNT


@pytest.mark.parametrize(
    "text",
    [
        "50k or 60k", "50-60k", "50k-60k", "50到60万", "50万 60万", "3 x 40k", "1.5 mil", "120k EUR or USD", "€5k USD",
        "50 or 60k", "50/60k", "40k x 3", "half a mil", "50或60万", "50万还是60万", "五六十万", "两三百万",
        "五十到六十万",
        "50万美元还是人民币",
    ],
)  # fmt: skip
def test_two_possible_amounts_are_asked_about(text: str) -> None:
    problem = _read(f"Acme Corp {text} close Friday").problem

    assert problem is not None
    assert problem.code is ProblemCode.AMBIGUOUS
    assert len(problem.readings) == 2


@pytest.mark.parametrize(
    "text",
    [
        "close Mon or Tue", "close Mon/Tue", "close: Mon or Tue", "close Q1 or Q2", "close Dec 5 or 6", "Dec 5-6",
        "close this or next Friday", "stage lead or proposal", "stage: lead or proposal", "proposal/contract",
        "预计周五还是下周一", "12月5日或6日", "阶段：方案或谈判",
    ],
)  # fmt: skip
def test_the_other_choice_counts_as_much_as_the_marked_one(text: str) -> None:
    problem = _read(f"Acme Corp 50k {text}").problem

    assert problem is not None
    assert problem.code is ProblemCode.AMBIGUOUS


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("Friday", "2026-11-27"), ("Tuesday", "2026-11-24"), ("this Monday", "2026-11-23"),
        ("next Friday", "2026-12-04"),
        ("close by next Tue", "2026-12-01"), ("Friday next week", "2026-12-04"), ("today", "2026-11-24"),
        ("tmrw", "2026-11-25"), ("day after tomorrow", "2026-11-26"), ("Dec 5th", "2026-12-05"),
        ("5 Dec", "2026-12-05"),
        ("the 5th of December", "2026-12-05"), ("Nov 23", "2027-11-23"), ("Dec 5, 2027", "2027-12-05"),
        ("Dec", "2026-12-31"), ("November", "2026-11-30"), ("mid-Dec", "2026-12-15"), ("end of March", "2027-03-31"),
        ("early Jan", "2027-01-01"), ("EOM", "2026-11-30"), ("EOW", "2026-11-27"), ("EOQ", "2026-12-31"),
        ("EOY", "2026-12-31"), ("end of next month", "2026-12-31"), ("next week", "2026-12-06"),
        ("next quarter", "2027-03-31"), ("next year", "2027-12-31"), ("Q1", "2027-03-31"), ("Q4", "2026-12-31"),
        ("end of Q1", "2027-03-31"), ("Q3 2027", "2027-09-30"), ("H1", "2027-06-30"), ("in 10 days", "2026-12-04"),
        ("in two weeks", "2026-12-08"), ("within 3 months", "2027-02-24"), ("the 15th", "2026-12-15"),
        ("2027-01-15", "2027-01-15"), ("2027/1/15", "2027-01-15"), ("20270115", "2027-01-15"), ("12/5", "2026-12-05"),
        ("13/5", "2027-05-13"), ("12/5/27", "2027-12-05"), ("Friday, Dec 4", "2026-12-04"),
        ("Dec 5 3pm", "2026-12-05"),
        ("before Christmas", "2026-12-24"), ("end of the month", "2026-11-30"),
        ("周五", "2026-11-27"), ("下周五", "2026-12-04"), ("本周一", "2026-11-23"), ("下下周一", "2026-12-07"),
        ("下礼拜三", "2026-12-02"), ("星期天", "2026-11-29"), ("月底", "2026-11-30"), ("下月底", "2026-12-31"),
        ("下个月15号", "2026-12-15"), ("月中", "2026-12-15"), ("12月初", "2026-12-01"), ("12月中旬", "2026-12-15"),
        ("12月上旬", "2026-12-10"), ("明年三月底", "2027-03-31"), ("12月", "2026-12-31"), ("12月5日", "2026-12-05"),
        ("十二月五号", "2026-12-05"), ("2027年1月15日", "2027-01-15"), ("明年1月", "2027-01-31"),
        ("15号", "2026-12-15"),
        ("一季度", "2027-03-31"), ("第四季度", "2026-12-31"), ("明年Q1", "2027-03-31"), ("季度末", "2026-12-31"),
        ("下季度", "2027-03-31"), ("年底", "2026-12-31"), ("明年初", "2027-01-01"), ("年前", "2027-02-05"),
        ("春节前", "2027-02-05"), ("国庆前", "2027-09-30"), ("3天后", "2026-11-27"), ("两周后", "2026-12-08"),
        ("30天内", "2026-12-24"), ("半个月内", "2026-12-09"), ("大后天", "2026-11-27"), ("上半年", "2027-06-30"),
        ("12月4日(周五)", "2026-12-04"), ("预计下周五成交", "2026-12-04"), ("12月5日15:00", "2026-12-05"),
    ],
)  # fmt: skip
def test_a_date_phrase_means_its_day(phrase: str, day: str) -> None:
    reading = _read(f"Acme Corp 50k {phrase}")

    assert reading.problem is None
    assert reading.values["close"] == date.fromisoformat(day)
    assert reading.values["account"] == "Acme Corp"


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("12/5", "en-GB", "2027-05-12"), ("12/5", "zh-CN", "2026-12-05"), ("12/5", "ja-JP", "2026-12-05"),
        ("12.5", "zh-CN", "2026-12-05"), ("5.12.", "de-DE", "2026-12-05"), ("15. Dezember", "de-DE", "2026-12-15"),
        ("nächsten Freitag", "de-DE", "2026-12-04"), ("15 de dezembro", "pt-BR", "2026-12-15"),
        ("15 décembre", "fr-FR", "2026-12-15"), ("sexta-feira", "pt-BR", "2026-11-27"),
    ],
)  # fmt: skip
def test_a_date_follows_the_region(text: str, locale: str, day: str) -> None:
    assert _read(f"Acme Corp 50k {text}", locale).values["close"] == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    [
        "Feb 30", "31/11", "2026-13-01", "2026-02-30", "2月30日", "11月31号", "12/32", "13月5日", "close: soonish",
        "close soonish", "预计春天",
    ],
)  # fmt: skip
def test_an_impossible_date_is_said_to_be_bad(text: str) -> None:
    problem = _read(f"Acme Corp 50k {text}").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_DATE


def test_a_day_without_year_lies_behind_when_the_deal_is_won_or_lost() -> None:
    assert _read("Acme Corp 50k Oct 5 won").values["close"] == date(2026, 10, 5)
    assert _read("华东医疗 50万 11月20日 丢单", "zh-CN").values["close"] == date(2026, 11, 20)
    assert _read("Acme Corp 50k Oct 5 proposal").values["close"] == date(2027, 10, 5)


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("May Department Stores 120k close May 15", "May Department Stores"),
        ("Won Ton Foods 20k won", "Won Ton Foods"),
        ("Q2 Solutions 50k Q2", "Q2 Solutions"), ("7-Eleven 40k Friday", "7-Eleven"), ("3M 50k proposal", "3M"),
        ("1-800-Flowers 30k", "1-800-Flowers"), ("Black Friday Inc 20k Friday", "Black Friday Inc"),
        ("Forever 21 120k", "Forever 21"), ("Studio 54 120k", "Studio 54"), ("24/7 Media 50k", "24/7 Media"),
        ("Monday.com 30k monday", "Monday.com"), ("General Contract Services 50k won", "General Contract Services"),
        ("Close Brothers 50k close Friday", "Close Brothers"), ("AT&amp;T 50k", "AT&T"),
        ("Acme Inc. 50k", "Acme Inc."),
        ('"May 5 Holdings" 20k tomorrow', "May 5 Holdings"), ("120k for Acme Corp by Dec 5", "Acme Corp"),
        ("account: Sunday Riley amount: 20k", "Sunday Riley"), ("hey pls add Acme Corp 120k thanks", "Acme Corp"),
        ("三一重工 50万 周五", "三一重工"), ("十月稻田 50万 12月底", "十月稻田"), ("周大福 50万 周五", "周大福"),
        ("一汽大众 50万", "一汽大众"), ("58同城 50万", "58同城"), ("华为解决方案 50万 报价", "华为解决方案"),
        ("「明天控股」 50万 明天", "明天控股"), ("阿里巴巴（中国） 50万", "阿里巴巴(中国)"), ("百度 百万", "百度"),
        ("青岛海工95万下周四方案", "青岛海工"), ("华东医疗50万美元下周五报价", "华东医疗"),
        ("亿纬锂能 3500万", "亿纬锂能"),
        ("proposal 7-Eleven 250k EOM", "7-Eleven"), ("Month End Software 22k end of next month", "Month End Software"),
        ("Year End Supplies 22k", "Year End Supplies"), ("120k for Q4 Systems by Friday", "Q4 Systems"),
        ("Family Dollar 50k", "Family Dollar"), ("50k Dollar General won", "Dollar General"),
        ("50k Mad Max Ltd", "Mad Max Ltd"), ("120k Total Wine Stores", "Total Wine Stores"),
        ("account: Won amount: 50k", "Won"), ("Toys*R*Us 50k", "Toys*R*Us"), ("Acme, Inc. 50k", "Acme, Inc."),
        ("new balance 50k", "new balance"), ("Level 3 EUR 120k", "Level 3"),
        ("双十一商贸 11万 11月11日 丢单", "双十一商贸"), ("三月三食品 33万 3月3日", "三月三食品"),
        ("今日头条80万明天谈判", "今日头条"), ("周六福50万周六报价", "周六福"), ("千万家装饰80万周二", "千万家装饰"),
        ("签约宝 15万 下周一 线索", "签约宝"), ("报价宝 15万", "报价宝"), ("赢单科技 50万", "赢单科技"),
        ("3M中国50万周五", "3M中国"), ("和硕联合 300万 合约", "和硕联合"), ("跟谁学 50万", "跟谁学"),
        ("美的50万周五", "美的"),
        ("娃哈哈 50万", "娃哈哈"), ("纽约人寿 50万", "纽约人寿"), ("大纽约 50万", "大纽约"),
        ("客户通软件 17万", "客户通软件"),
        ("20万 元祖食品 周五", "元祖食品"), ("50万 港币通 周五", "港币通"), ("宝元 50万", "宝元"),
        ("客户：上百云 金额：50万", "上百云"), ("ABB50万周五", "ABB"), ("京东方A十二万五周五", "京东方A"),
    ],
)  # fmt: skip
def test_a_name_keeps_its_words(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account


@pytest.mark.parametrize(
    ("text", "account", "stage", "day"),
    [
        ("just won Cromer Crab Co for £120k, signed today", "Cromer Crab Co", Stage.WON, "2026-11-24"),
        ("sent the quote to Tidewater Boats, 62k, by Friday", "Tidewater Boats", Stage.PROPOSAL, "2026-11-27"),
        ("We've lost Acme Corp (90k)", "Acme Corp", Stage.LOST, None),
        ("Got a new lead: Acme Corp, about 90k", "Acme Corp", Stage.LEAD, None),
        ("I think Acme Corp will close next Friday for 90k", "Acme Corp", None, "2026-12-04"),
        ("hey team, Acme Corp just came in as a lead, 90k", "Acme Corp", Stage.LEAD, None),
        ("lost Acme Corp, it was 90k", "Acme Corp", Stage.LOST, None),
        ("just won acme corp, 90k", "acme corp", Stage.WON, None),
        ("Acme Corp 90k lost to competitor", "Acme Corp", Stage.LOST, None),
        ("Acme Corp 500 seats 90k for 3 years", "Acme Corp", None, None),
        ("1) *Acme Corp* 90k _lead_", "Acme Corp", Stage.LEAD, None),
        ("刚和恒逸石化签约了，一百六十万，今天", "恒逸石化", Stage.WON, "2026-11-24"),
        ("今天跟周生生成交，十八萬六", "周生生", Stage.WON, "2026-11-24"),
        ("帮我报单：爱尔眼科，90万，下周一，方案", "爱尔眼科", Stage.PROPOSAL, "2026-11-30"),
        ("金龙鱼这单80万，预计下月底，目前谈判", "金龙鱼", Stage.NEGOTIATION, "2026-12-31"),
        ("已给金龙鱼出方案，80万", "金龙鱼", Stage.PROPOSAL, None),
        ("跟鴻海談好了，八十萬，下週五簽約", "鴻海", Stage.WON, "2026-12-04"),
        ("新线索：金龙鱼，大概80万", "金龙鱼", Stage.LEAD, None),
        ("恭喜！金龙鱼签约80万", "金龙鱼", Stage.WON, None),
        ("客户金龙鱼，金额80万，阶段谈判", "金龙鱼", Stage.NEGOTIATION, None),
        ("客 户：水井坊 金 额：41万 阶 段：谈 判", "水井坊", Stage.NEGOTIATION, None),
        ("海底捞十二万五周五线索", "海底捞", Stage.LEAD, "2026-11-27"),
        ("Nike大中华区350万next Friday contract", "Nike大中华区", Stage.CONTRACT, "2026-12-04"),
        ("海底捞80万报单", "海底捞", None, None),
        ("海底捞 100台 80万 报价", "海底捞", Stage.PROPOSAL, None),
    ],
)  # fmt: skip
def test_the_words_of_a_sentence_are_no_part_of_the_name(
    text: str, account: str, stage: Stage | None, day: str | None
) -> None:
    reading = _read(text, "zh-CN" if not text.isascii() and "£" not in text else "en-US")

    assert reading.problem is None
    assert reading.values["account"] == account
    assert reading.values.get("stage") is stage
    assert reading.values.get("close") == (date.fromisoformat(day) if day else None)


def test_the_longest_known_account_wins() -> None:
    accounts = ("Acme", "Acme Corp", "青岛海工", "腾讯")

    assert _read("acme corp 50k", accounts=accounts).values["account"] == "Acme Corp"
    assert _read("青岛海工50万周五", accounts=accounts).values["account"] == "青岛海工"


def test_a_longer_name_is_not_taken_for_a_known_one() -> None:
    accounts = ("Acme", "腾讯")

    assert _read("Acme Brick Company 50k", accounts=accounts).values["account"] == "Acme Brick Company"
    assert _read("腾讯云 50万", accounts=accounts).values["account"] == "腾讯云"


def test_two_known_accounts_are_asked_about() -> None:
    problem = _read("Globex for Acme 50k", accounts=("Acme", "Globex")).problem

    assert problem is not None
    assert (problem.code, problem.readings) == (ProblemCode.AMBIGUOUS, ("Globex", "Acme"))


@pytest.mark.parametrize(
    ("word", "stage"),
    [
        ("lead", Stage.LEAD), ("qualified", Stage.QUALIFIED), ("quote", Stage.PROPOSAL),
        ("negotiation", Stage.NEGOTIATION),
        ("contract", Stage.CONTRACT), ("closed won", Stage.WON), ("Lost", Stage.LOST), ("线索", Stage.LEAD),
        ("初步接洽", Stage.QUALIFIED), ("報價", Stage.PROPOSAL), ("谈判阶段", Stage.NEGOTIATION),
        ("合約", Stage.CONTRACT),
        ("签约", Stage.WON), ("已成交", Stage.WON), ("丢单", Stage.LOST), ("stage: won", Stage.WON),
        ("阶段=谈判", Stage.NEGOTIATION),
    ],
)  # fmt: skip
def test_a_stage_word_sets_the_stage(word: str, stage: Stage) -> None:
    assert _read(f"Acme Corp 50k {word}").values["stage"] is stage


def test_a_misspelt_stage_is_corrected_and_said_so() -> None:
    reading = _read("Acme Corp 50k porposal")

    assert reading.values["stage"] is Stage.PROPOSAL
    assert [claim.corrected for claim in reading.claims if claim.slot == "stage"] == ["proposal"]


def test_a_misspelt_name_stays_as_it_is() -> None:
    assert _read("Acme Crop 50k", accounts=("Acme Corp",)).values["account"] == "Acme Crop"
    assert _read("Propsal Works 50k").values["account"] == "Propsal Works"


def test_misspelt_keys_are_corrected_and_said_so() -> None:
    reading = _read("acount: Acme Corp ammount: 50k")

    assert reading.values["amount"] == Money.of(50_000, "USD")
    assert [claim.corrected for claim in reading.claims if claim.slot == "amount"] == ["amount"]


def test_two_different_stages_are_asked_about() -> None:
    problem = _read("Acme Corp 50k won lost").problem

    assert problem is not None
    assert problem.readings == (Stage.WON, Stage.LOST)
    assert _read("华东医疗 50万 方案 报价").problem is None


def test_a_marked_date_is_preferred() -> None:
    assert _read("Acme Corp 50k Friday close Dec 5").values["close"] == date(2026, 12, 5)


@pytest.mark.parametrize(
    "word", ["/deal", "!deal", "deal", "/deal@OurBot", "签单", "报单", "報單", "@regatta deal", "/报单"]
)
def test_the_command_word_sets_no_stage(word: str) -> None:
    reading = _read(f"{word} Acme Corp 50k")

    assert reading.values == {"account": "Acme Corp", "amount": Money.of(50_000, "USD")}


def test_the_command_word_may_stand_last() -> None:
    assert _read("华东医疗 50万 签单").values["account"] == "华东医疗"
    assert _read("Acme Corp 50k !deal").values["account"] == "Acme Corp"


def test_labels_in_both_languages_fill_their_slots() -> None:
    reading = _read(
        "客户：华东医疗 amount=五十万元 预计：下周五 --stage 谈判 标签：续约、重点 备注：王总 负责", "zh-CN"
    )

    assert reading.values == {
        "account": "华东医疗",
        "amount": Money.of(500_000, "CNY"),
        "close": date(2026, 12, 4),
        "stage": Stage.NEGOTIATION,
        "tags": ("续约", "重点"),
        "note": "王总 负责",
    }


def test_a_link_fills_the_link_and_counts_as_its_label() -> None:
    reading = _read("<http://acme.com|Acme> 50k 合同:https://x.io/a?b=1")

    assert reading.values["account"] == "Acme"
    assert _read("Acme 50k contract https://x.io/a?b=1").values["url"] == "https://x.io/a?b=1"


def test_owner_and_mentions_leave_no_trace_in_the_name() -> None:
    assert _read("<@U1> Acme Corp 120k owner:Jane Doe close Friday <#C1|east>").values["account"] == "Acme Corp"


def test_a_missing_currency_is_the_regions_and_is_told() -> None:
    assumed = [claim for claim in _read("Acme 50k", "de-DE").claims if claim.assumed and claim.slot == "currency"]

    assert [claim.value for claim in assumed] == ["EUR"]


def test_a_currency_apart_from_the_amount_counts() -> None:
    assert _read("Acme Corp 120k close Friday EUR").values["amount"] == Money.of(120_000, "EUR")
    assert _read("--account Acme --amount 64k --currency EUR").values["amount"] == Money.of(64_000, "EUR")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5k close Feb 30", ProblemCode.BAD_AMOUNT), ("Acme 5k 6k close Feb 30", ProblemCode.BAD_DATE),
        ("5k 6k", ProblemCode.AMBIGUOUS), ("close Friday", ProblemCode.MISSING_AMOUNT),
        ("50k Friday", ProblemCode.MISSING_ACCOUNT),
        ("", ProblemCode.MISSING_AMOUNT), ("Acme 500", ProblemCode.MISSING_AMOUNT),
    ],
)  # fmt: skip
def test_the_gravest_problem_is_told(text: str, code: ProblemCode) -> None:
    problem = _read(text).problem

    assert problem is not None
    assert problem.code is code


def test_with_a_problem_the_rest_is_still_understood() -> None:
    reading = _read("Acme Corp 50k 60k close Friday won #vip")

    assert reading.missing == ("amount",)
    assert reading.values == {
        "account": "Acme Corp", "close": date(2026, 11, 27), "stage": Stage.WON, "tags": ("vip",),
    }  # fmt: skip


def test_claims_point_into_the_typed_text() -> None:
    text = "<@U1> 报单 华东医疗 🚀 ５０万 &amp; 周五"

    claims = _read(text, "zh-CN").claims

    assert {claim.slot: text[claim.start : claim.end] for claim in claims if claim.words} == {
        "account": "华东医疗", "amount": "５０万", "close": "周五",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "account", "day"),
    [
        ("华东医疗下周五50万方案", "华东医疗", "2026-12-04"),
        ("50万华东医疗下周五", "华东医疗", "2026-12-04"),
        ("【报单】华东医疗 50万 元旦前", "华东医疗", "2026-12-31"),
        ("21st Century Fox 50k the 21st", "21st Century Fox", "2026-12-21"),
        ("20/20 Vision 50k close Friday 27", "20/20 Vision", "2026-11-27"),
    ],
)
def test_parts_without_blanks_and_names_in_figures_come_apart(text: str, account: str, day: str) -> None:
    values = _read(text).values

    assert (values["account"], values["close"]) == (account, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("华东医疗 50万 淡判", "谈判"), ("华东医疗 50万 初步接恰", "初步接洽"), ("华东医疗33万周四抱价", "报价"),
        ("华东医疗 50万 城交", "成交"), ("Acme Corp 90k stage wno", "won"), ("Acme Corp 90k contarct", "contract"),
        ("Acme Corp 90k Propsal", "proposal"),
    ],
)  # fmt: skip
def test_a_slip_in_a_stage_is_corrected_and_said_so(text: str, word: str) -> None:
    reading = _read(text, "zh-CN")

    assert [claim.corrected for claim in reading.claims if claim.slot == "stage"] == [word]


def test_a_currency_belongs_to_one_amount_only() -> None:
    assert _read("必维检测 8万英镑 12.18 报价", "zh-CN").values["close"] == date(2026, 12, 18)
    assert _read("Acme Corp 7500 EUR 6.3.2027", "de-DE").values["close"] == date(2027, 3, 6)


@pytest.mark.parametrize("phrase", ["年后", "端午前", "Friday 28"])
def test_a_day_that_is_not_certain_is_asked_for(phrase: str) -> None:
    problem = _read(f"华东医疗 50万 {phrase}", "zh-CN").problem

    assert problem is not None
    assert problem.code is ProblemCode.BAD_DATE


def test_a_second_amount_glued_to_the_name_is_asked_about() -> None:
    problem = _read("青岛海工95万 50万 周五", "zh-CN").problem

    assert problem is not None
    assert problem.code is ProblemCode.AMBIGUOUS


def test_stage_said_twice_is_asked_about() -> None:
    problem = _read("Acme Corp 120k stage proposal stage won").problem

    assert problem is not None
    assert problem.readings == (Stage.PROPOSAL, Stage.WON)


def test_a_day_and_a_stage_glued_to_the_name_come_off() -> None:
    values = _read("华东医疗下周五报价 50万", "zh-CN").values

    assert values["account"] == "华东医疗"
    assert (values["close"], values["stage"]) == (date(2026, 12, 4), Stage.PROPOSAL)
