"""Deals, as a rep reports them."""

from tests.workspace import Workspace, commands_of, texts_of


async def test_the_echo_shows_the_deal_and_only_the_rep_sees_attainment(workspace: Workspace) -> None:
    replies = await workspace.say(
        "mike-davis", "/deal Globex 80k USD close next Tuesday stage proposal #expansion", "us"
    )

    echo, private = replies
    assert "Globex · USD 80,000 · Tue 1 Dec 2026" in echo["text"]
    assert "proposal · #expansion" in echo["text"]
    assert commands_of(echo) == ["undo", "edit", "request"]
    assert echo["visible_to"] is None
    assert "%" not in echo["text"]
    assert private["visible_to"] == "mike-davis"
    assert "signed" in private["text"]
    assert "pace" in private["text"]
    others = texts_of(await workspace.read("emily-chen", "us"))
    assert echo["text"] in others
    assert private["text"] not in others


async def test_a_chinese_line_is_read_and_says_what_was_assumed(workspace: Workspace) -> None:
    echo, _ = await workspace.say("lin-xiao", "报单 苏州精工 75万 下周三 合同", "cn-east")

    assert "苏州精工" in echo["text"]
    assert "750,000" in echo["text"]
    assert "2026年12月2日(周三)" in echo["text"]
    assert echo["text"].count("CNY") == 2
