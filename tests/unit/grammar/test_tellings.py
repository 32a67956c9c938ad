"""What a message tells beside the deal is no part of it; what is left over is owned up to."""

from datetime import date

import pytest

from handlers.grammar.deal_line import read_deal
from handlers.grammar.reading import ProblemCode, Reading, ReadingContext
from models.stages import Stage

_WEDNESDAY = date(2026, 11, 25)


def _read(text: str) -> Reading:
    return read_deal(text, ReadingContext(_WEDNESDAY, "en-US", "USD"))


def _unused(text: str) -> list[str]:
    return [claim.words for claim in _read(text).claims if claim.slot == "unused"]


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("just got off the phone with Jane from Acme Corp, 50k proposal", "Acme Corp"),
        ("met Tom Baker at Globex today, they want 20k, negotiation", "Globex"),
        ("Spoke to Maria of Vandelay Industries: 40k, contract by Dec 5", "Vandelay Industries"),
        ("met with Bank of America 50k lead", "Bank of America"),
        ("my guy at Hooli says 15k is fine", "Hooli"),
        ("in Chicago today, Soylent wants 80k by Friday", "Soylent"),
        ("Litware 250k - spoke to Jane, wants 5 seats", "Litware"),
        ("deal Back from Hell Ltd 20k", "Back from Hell Ltd"), ("From Software 20k won", "From Software"),
        ("deal met Life Sciences 30k", "Life Sciences"), ("Just met with Globex, 50k", "Globex"),
        ("刚跟李总喝完茶，宁德时代这边两百万基本定了，合同阶段", "宁德时代"), ("刚从大疆出来，预算30万，方案", "大疆"),
        ("王姐回电了，立讯精密，谈判中，六十万", "立讯精密"), ("领导，比亚迪这单黄了！丢单，45万", "比亚迪"),
        ("美的那个单子没了 丢单 120万", "美的"), ("刚跟 Siemens 聊完，85万欧元，谈判", "Siemens"),
        ("Lunch with Bo Lind, VP Sales at Nordic Kelp, she liked the demo and wants 84k, close Friday", "Nordic Kelp"),
        ("Frau Vogt of Alpen Seilbau AG says yes to 41k, won, they have budget left", "Alpen Seilbau AG"),
        ("great news from Leeds, Moor Lane Dental Group said yes to 38k, thanks to Winnie", "Moor Lane Dental Group"),
        ("Ravi in Pune asked me to log Konkan Cashew Works: 45k, proposal, they want it soon", "Konkan Cashew Works"),
        ("客户说在展会上看到我们的，贵州青岩豆腐，预算6万8，线索", "贵州青岩豆腐"),
        ("老同学介绍的，甘州丝路重工，李厂长很爽快，预算五百万，初步接洽", "甘州丝路重工"),
        ("杭州的沈女士找过来，桐江山语民宿，7万块，报价已发", "桐江山语民宿"),
        ("跟刘姐通完电话了客户三只松鼠金额四十五万阶段报价", "三只松鼠"), ("deal <@U77> 65k Acme", "Acme"),
        ("deal Ruby Friday 20k Monday", "Ruby Friday"),
    ],
)  # fmt: skip
def test_the_customer_is_found_in_what_people_tell(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Globex 80k next Tuesday proposal, met Jane from Initech", "Globex"),
        ("Nike, 50k, lead, met at Dublin Tech Summit last week", "Nike"),
        ("Acme - 50k - Friday - lead - competitor is Oracle", "Acme"),
        ("Acme: 50k, next Friday, waiting on Deutsche Bank", "Acme"),
        ("Acme, Beta and Sons 50k verbal agreement, paper pending", "Acme, Beta and Sons"),
        ("Met Steel from Ohio 50k", "Met Steel from Ohio"), ("In Touch Media, 50k, lead", "In Touch Media"),
        ("In Chicago, 50k with Acme Corp next Friday", "Acme Corp"), ("Out of Home Ads, 20k, won", "Out of Home Ads"),
        ("Never Lost 120k next Friday proposal", "Never Lost"), ("Studio 54 10% Bar 50k", "Studio 54 10% Bar"),
        ("老板电器, 95万, 下周五, 方案, 等法务审核", "老板电器"),
        ("想念食品, 95万, 下周五, 方案, 等他们回复", "想念食品"),
        ("的卢科技 95万", "的卢科技"),
        ("刚从大疆出来，预算30万，方案", "大疆"), ("飞快签约 95万", "飞快"),
    ],
)  # fmt: skip
def test_a_name_before_a_value_is_the_customer_whatever_a_remark_names(text: str, account: str) -> None:
    reading = _read(text)

    assert reading.problem is None
    assert reading.values["account"] == account


def test_a_day_on_which_something_happened_closes_nothing() -> None:
    assert "close" not in _read("Rain or Shine Roofing 52k proposal, demo went well on Tuesday").values
    assert _read("Litware 52k was moved on Tuesday").values["close"] == date(2026, 12, 1)


def test_what_a_remark_says_is_told_as_not_used() -> None:
    assert _unused("Globex 80k next Tuesday proposal, met Jane from Initech") == ["Jane from Initech"]


def test_of_a_story_the_figures_that_were_not_taken_are_told() -> None:
    text = "Lunch with Bo Lind, VP Sales at Nordic Kelp, she wants 84k, close Friday, they run 35 boats"

    assert _unused(text) == ["35 boats"]


def test_a_labelled_note_is_kept_whole() -> None:
    assert _read("deal 50k won Acme note: met Jane from Initech").values["note"] == "met Jane from Initech"


def test_a_name_that_is_still_half_a_sentence_is_asked_for() -> None:
    problem = _read("报单 这单他们觉得有点贵 50万").problem

    assert problem is not None
    assert problem.code is ProblemCode.MISSING_ACCOUNT


@pytest.mark.parametrize(
    "text",
    ["Contoso 220k not won yet", "Contoso 220k almost won", "Contoso 220k hasn't been won", "顺丰 9万 还没赢单",
     "顺丰 90万 快签约了"],
)  # fmt: skip
def test_a_stage_that_is_not_reached_is_none(text: str) -> None:
    assert "stage" not in _read(text).values


def test_a_name_may_deny_like_a_sentence() -> None:
    assert _read("deal Never Lost Ltd 20k").values["account"] == "Never Lost Ltd"
    assert _read("deal Acme 20k won").values["stage"] is Stage.WON


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fabrikam 230k minus 10%", ["minus", "10%"]), ("Hooli 35k per month", ["per month"]),
        ("Northwind 240k wom", ["wom"]), ("顺丰 100万 打九折", ["打九折"]),
        ("Contoso 220k not won yet", ["not won yet"]),
        ("Acme 50k Friday please", []), ("just won Acme for 50k, thanks all", []),
    ],
)  # fmt: skip
def test_words_that_fill_nothing_are_owned_up_to(text: str, words: list[str]) -> None:
    assert _unused(text) == words


@pytest.mark.parametrize(
    ("text", "account", "amount"), [("Oscorp 3m", "Oscorp", 3_000_000), ("Oscorp 1.3m won", "Oscorp", 1_300_000)]
)
def test_a_known_name_that_looks_like_an_amount_spoils_no_amount(text: str, account: str, amount: int) -> None:
    context = ReadingContext(_WEDNESDAY, "en-US", "USD", accounts=("3M",))
    reading = read_deal(text, context)

    assert reading.values["account"] == account
    assert reading.values["amount"].major == amount  # type: ignore[attr-defined]


def test_a_misspelt_stage_is_corrected_beside_a_known_customer_too() -> None:
    context = ReadingContext(_WEDNESDAY, "en-US", "USD", accounts=("Globex",))

    assert read_deal("/deal Globex 80k close next Tuesday porposal", context).values["stage"] is Stage.PROPOSAL


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Acme 50k next Friday, incumbent vendor is Oracle Systems", "Acme"),
        ("Globex 50k, Jane Smith introduced us to the team", "Globex"),
        ("Jack in the Box 50k next Friday, they asked for a discount", "Jack in the Box"),
        ("Great Wall 120k next Friday waiting for their legal team", "Great Wall"),
        ("比亚迪 95万 下周五 方案, 北京银行贷款", "比亚迪"), ("腾讯 95万 方案, 用华为云服务器替换", "腾讯"),
        ("新希望 95万 下周五 方案", "新希望"), ("一下科技(北京)有限公司 95万", "一下科技(北京)有限公司"),
    ],
)  # fmt: skip
def test_the_name_that_heads_a_line_before_its_value_is_the_customer(text: str, account: str) -> None:
    assert _read(text).values["account"] == account


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("Globex, 81k, next Tuesday, proposal, met Jane from Initech", "Globex"),
        ("50k Globex Friday - Initech also pitching", "Globex"), ("lunch with Jane from Globex, 50k", "Globex"),
        ("华为95万下周五方案, 比亚迪也在投", "华为"), ("王总在比亚迪，95万", "比亚迪"),
    ],
)  # fmt: skip
def test_a_known_customer_that_a_remark_names_is_not_meant(text: str, account: str) -> None:
    reading = _read_knowing(text)

    assert reading.problem is None
    assert reading.values["account"] == account


@pytest.mark.parametrize("text", ["Nordkap, 50k, Friday, they left Globex", "Globex or Initech 50k"])
def test_a_new_name_beside_a_known_one_is_asked_about(text: str) -> None:
    problem = _read_knowing(text).problem

    assert problem is not None
    assert problem.code is ProblemCode.AMBIGUOUS
    assert len(problem.readings) == 2


def _read_knowing(text: str) -> Reading:
    known = ("Globex", "Initech", "华为", "比亚迪")
    return read_deal(text, ReadingContext(_WEDNESDAY, "en-US", "USD", accounts=known))
