"""Bad input gets one clear sentence, and loses nothing."""

import json

import pytest
from sqlmodel import select

from models.deals import Deal
from tests.workspace import Workspace, texts_of

SORRY = [
    ("", "empty"),
    ("/", "empty"),
    ("/deel Globex 80k", "Did you mean `deal`"),
    ("/deal Acme -5k", "“-5k” is not an amount"),
    ("/deal Acme 0", "“0” is not an amount"),
    ("/deal Acme 99999999999999k", "1,000,000,000,000"),
    ("/deal Acme 5k 30 Feb", "“30 Feb” is not a day"),
    ("/deal show D-999999", "no deal D-999999"),
    ("/undo", "ten minutes ago"),
    ("/target us 5m", "only for: HQ"),
    ("/done V-77", "no visit V-77"),
    ("/deal " + "x" * 8_000, "8,000"),
]


@pytest.mark.parametrize(("typed", "answer"), SORRY)
async def test_a_wrong_line_gets_one_private_sentence_and_books_nothing(
    workspace: Workspace, typed: str, answer: str
) -> None:
    before = workspace.rows(lambda session: len(session.exec(select(Deal)).all()))

    replies = await workspace.say("mike-davis", typed, "us")

    assert len(replies) == 1
    assert answer in replies[0]["text"]
    assert replies[0]["visible_to"] == "mike-davis"
    assert workspace.rows(lambda session: len(session.exec(select(Deal)).all())) == before


@pytest.mark.parametrize("name", ["<!channel>", "<b>x</b>", "شركة النور", "A & B", "{0.__class__}", "%s %n"])
async def test_a_strange_name_comes_out_as_the_same_text(workspace: Workspace, name: str) -> None:
    echo, _ = await workspace.say("mike-davis", f'/deal account:"{name}" 50k USD', "us")

    assert f" · {name} · " in echo["text"]


@pytest.mark.parametrize(
    "talk",
    [
        "hello everybody",
        "paid the bill yesterday",
        "move on",
        "deal with it",
        "visit us soon",
        "note to self",
        "@ann hi",
        "<@emily> see you",
        "<@emily-chen>",
        "! great week all",
    ],
)
async def test_talk_between_people_is_not_answered(workspace: Workspace, talk: str) -> None:
    assert await workspace.say("mike-davis", talk, "us") == []


async def test_a_command_may_follow_a_mention_of_somebody_else(workspace: Workspace) -> None:
    replies = await workspace.say("lin-xiao", "<@U123> 报单 华东医疗 50万 周五 线索", "cn-east")

    assert "华东医疗 · CNY 500,000" in texts_of(replies)[0]


async def test_a_mention_of_the_bot_counts_as_speaking_to_it(workspace: Workspace) -> None:
    replies = await workspace.say("lin-xiao", "@Regatta 报单 华东医药 48万 赢单 11月20日", "cn-east")

    assert "华东医药 · CNY 480,000 · 2026年11月20日(周五)" in texts_of(replies)[0]


async def test_a_text_of_invisible_and_broken_characters_is_kept_and_answered(workspace: Workspace) -> None:
    typed = "/deal Ac\u0000me\u200b \u202eevil 50k USD \ud83d"
    body = json.dumps({"as": "mike-davis", "channel": "us", "text": typed})

    answer = await workspace.client.post(
        "/workspace/messages", content=body, headers={"Content-Type": "application/json"}
    )

    assert "Acme evil · USD 50,000" in answer.json()["replies"][0]["text"]


@pytest.mark.parametrize("typed", ["/ help", "! help", "/ deal Globex 80k USD"])
async def test_a_direct_chat_is_never_silent(workspace: Workspace, typed: str) -> None:
    assert len(await workspace.say("mike-davis", typed)) >= 1


@pytest.mark.parametrize("typed", ["@regatta: deal Globex 80k USD", "@Regatta，deal Globex 80k USD"])
async def test_punctuation_may_follow_the_bots_name(workspace: Workspace, typed: str) -> None:
    replies = await workspace.say("mike-davis", typed, "us")

    assert "Globex · USD 80,000" in replies[0]["text"]


async def test_a_sentence_about_a_long_word_quotes_its_beginning(workspace: Workspace) -> None:
    (answer,) = await workspace.say("mike-davis", "deal Acme " + "9" * 7000)

    assert answer["text"].startswith("“" + "9" * 80 + "…” is not an amount")
