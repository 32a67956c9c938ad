"""Policies: HQ writes one, each region gets it at its own hour, people confirm, and who is pending is reminded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from models.audit import AuditRow
from models.policies import Acknowledgement, Policy
from tests.workspace import Record, Workspace, button_of, commands_of, texts_of

pytestmark = pytest.mark.both_databases

HQ = "amara-okafor"
REGIONS = ("cn-east", "de", "latam", "sea", "us")
FORM = {
    "title": "Q4 rebate",
    "text": "From 1 December the rebate is 3 percent.",
    "title_zh": "第四季度返利",
    "text_zh": "12月1日起返利为百分之三。",
    "link": "https://intranet.example/rebate",
    "audience": ["all"],
    "deadline": "2026-11-27",
}


async def drafted(workspace: Workspace, channel: str | None = None, **changes: object) -> Record:
    """Write a policy in the form and return its preview."""
    [form] = await workspace.say(HQ, "policy new", channel)
    return (await workspace.press(HQ, form, "policy", FORM | changes))[-1]


async def sent(workspace: Workspace, *, at_once: bool = False, **changes: object) -> Record:
    """Send a policy at each region's next working hour, or at once, and return its counts."""
    preview = await drafted(workspace, None, **changes)
    return (await workspace.press(HQ, preview, "send", nth=int(at_once)))[-1]


async def policy_posts(workspace: Workspace, region: str) -> list[Record]:
    """The policies in a region's channel."""
    return [one for one in await workspace.read(HQ, region) if "acknowledge" in commands_of(one)]


async def status(workspace: Workspace) -> str:
    """The newest counts on the HQ desk; where a message does not change they are told anew after a while."""
    if not workspace.edits:
        await workspace.advance("1h")
    return str((await workspace.read(HQ, "hq"))[-1]["text"])


def field_of(message: Record, name: str) -> Record:
    """A field of a message's form."""
    return next(field for field in message["form"]["fields"] if field["name"] == name)


@pytest.mark.everywhere
@pytest.mark.parametrize("words", ["policy new", "/policy new", "新政策"])
async def test_policy_new_asks_for_everything_in_one_form(workspace: Workspace, words: str) -> None:
    [form] = await workspace.say(HQ, words, "hq")

    names = [field["name"] for field in form["form"]["fields"]]
    assert names == ["title", "text", "title_zh", "text_zh", "link", "audience", "deadline"]
    assert [field["name"] for field in form["form"]["fields"] if field["required"]] == [
        "title", "text", "audience", "deadline",
    ]  # fmt: skip
    assert form["visible_to"] == HQ
    audience = field_of(form, "audience")
    assert audience["type"] == "multiselect"
    assert [option["value"] for option in audience["options"]] == ["all", *REGIONS]
    assert audience["options"][1]["label"] == "华东 East China"


async def test_what_was_typed_behind_policy_new_is_kept_as_title_and_deadline(workspace: Workspace) -> None:
    [form] = await workspace.say(HQ, "policy new Rebate for partners by 4 Dec")

    assert field_of(form, "title")["value"] == "Rebate for partners"
    assert field_of(form, "deadline")["value"] == "2026-12-04"


@pytest.mark.parametrize("person", ["mike-davis", "sarah-johnson", "ines-keller"])
async def test_only_hq_writes_policies(workspace: Workspace, person: str) -> None:
    [refusal] = await workspace.say(person, "policy new")

    assert "only for: HQ" in refusal["text"]
    assert refusal["form"] is None


async def test_the_preview_says_who_gets_it_where_in_which_language_and_when(workspace: Workspace) -> None:
    preview = await drafted(workspace, "hq")

    assert preview["visible_to"] == HQ
    assert "Q4 rebate" in preview["text"]
    assert "12月1日起返利为百分之三。" in preview["text"]
    assert preview["table"]["rows"] == [
        ["华东 East China", "华东 East China", "5", "Chinese", "at once"],
        ["DACH", "DACH", "5", "English", "Wed 25 Nov 2026 09:00"],
        ["LATAM", "LATAM", "5", "English", "Wed 25 Nov 2026 09:00"],
        ["South-East Asia", "South-East Asia", "5", "English", "at once"],
        ["United States", "United States", "5", "English", "Wed 25 Nov 2026 09:00"],
    ]
    assert [button["label"] for button in preview["buttons"]] == [
        "Send at the next working hour", "Send now", "Edit",
    ]  # fmt: skip
    assert all([not await policy_posts(workspace, region) for region in REGIONS])


async def test_a_deadline_on_a_holiday_is_due_on_the_next_working_day(workspace: Workspace) -> None:
    await sent(workspace, audience=["us"], deadline="2026-11-26")  # Thanksgiving
    await workspace.advance("12h")

    [post] = await policy_posts(workspace, "us")
    assert "confirm by Fri 27 Nov 2026 18:00" in post["text"]


@pytest.mark.parametrize("at_once", [True, False])
async def test_what_arrives_after_the_deadline_is_due_at_the_next_close(
    workspace: Workspace,
    *,
    at_once: bool,
) -> None:
    await workspace.move_to("2026-11-25T19:00+08:00")  # the day is over in Singapore

    await sent(workspace, at_once=at_once, audience=["sea"], deadline="2026-11-25")
    await workspace.advance("1d")

    [post] = await policy_posts(workspace, "sea")
    assert "confirm by Thu 26 Nov 2026 18:00" in post["text"]


async def test_a_missing_language_is_said_with_the_number_of_people(workspace: Workspace) -> None:
    preview = await drafted(workspace, title_zh="", text_zh="")

    assert "Chinese missing: 5 people will see English." in preview["text"]
    assert preview["buttons"][0]["label"] == "Add Chinese"
    assert "anyway" in preview["buttons"][1]["label"]

    [form] = await workspace.press(HQ, preview, "policy")
    assert [field["name"] for field in form["form"]["fields"]] == ["title_zh", "text_zh"]
    *_, complete = await workspace.press(HQ, form, "policy", {"title_zh": "返利", "text_zh": "返利为百分之三。"})
    assert "missing" not in complete["text"]
    assert "From 1 December" in complete["text"]


async def test_a_policy_written_in_chinese_says_that_english_is_missing(workspace: Workspace) -> None:
    preview = await drafted(workspace, title="返利", text="返利为百分之三。", title_zh="", text_zh="")

    assert "English missing: 20 people will see Chinese." in preview["text"]
    [form] = await workspace.press(HQ, preview, "policy")
    assert field_of(form, "title")["value"] is None
    assert field_of(form, "title_zh")["value"] == "返利"
    *_, complete = await workspace.press(
        HQ, form, "policy", {"title": "Rebate", "text": "It is 3 percent.", "title_zh": "返利", "text_zh": "百分之三。"}
    )
    assert "missing" not in complete["text"]
    assert [row[3] for row in complete["table"]["rows"]] == ["Chinese", "English", "English", "English", "English"]


async def test_where_nobody_reads_the_missing_language_nothing_is_said(workspace: Workspace) -> None:
    preview = await drafted(workspace, title_zh="", text_zh="", audience=["us"])

    assert "missing" not in preview["text"]


async def test_an_edited_draft_has_one_preview_that_can_be_sent(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    [form] = await workspace.press(HQ, preview, "policy")
    assert field_of(form, "audience")["value"] == list(REGIONS)

    *_, second = await workspace.press(HQ, form, "policy", FORM | {"title": "Q4 rebate, corrected", "audience": ["de"]})

    shown = await workspace.read(HQ)
    assert [one["id"] for one in shown if "send" in commands_of(one)] == [second["id"]]
    assert "Q4 rebate, corrected" in second["text"]
    assert len(workspace.rows(lambda session: session.exec(select(Policy)).all())) == 1


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("deadline", "2026-11-24", "is over"),
        ("deadline", "2029-01-01", "more than a year"),
        ("deadline", "soon", "not a date"),
        ("audience", [], "needed"),
        ("audience", ["mars"], "no region"),
        ("link", "htp:/intranet", "not a link"),
        ("link", "https://", "not a link"),
        ("title", "  ", "needed"),
        ("text_zh", "", "belong together"),
        ("text", "x" * 8_001, "longer than"),
    ],
)
async def test_a_wrong_field_is_told_beside_it_and_nothing_is_lost(
    workspace: Workspace, field: str, value: object, error: str
) -> None:
    [form] = await workspace.say(HQ, "policy new")

    [again] = await workspace.press(HQ, form, "policy", FORM | {field: value})

    assert error in field_of(again, field)["error"]
    kept = {one["name"]: one["value"] for one in again["form"]["fields"]}
    assert kept | {field: None} == {**FORM, "audience": list(REGIONS), field: None}
    assert (kept[field] or "") == (value[:8_000] if isinstance(value, str) else value or "")
    *_, preview = await workspace.press(HQ, again, "policy", FORM)
    assert "send" in commands_of(preview)


async def test_each_region_gets_it_once_at_its_own_hour_in_its_language(workspace: Workspace) -> None:
    await workspace.move_to("2026-11-25T08:00+00:00")  # 9:00 in Berlin
    await sent(workspace)

    assert {region: len(await policy_posts(workspace, region)) for region in REGIONS} == {
        "cn-east": 1, "de": 1, "latam": 0, "sea": 1, "us": 0,
    }  # fmt: skip
    [chinese] = await policy_posts(workspace, "cn-east")
    assert "第四季度返利" in chinese["text"]
    assert "Q4 rebate" not in chinese["text"]
    [english] = await policy_posts(workspace, "de")
    assert "Q4 rebate" in english["text"]
    assert "https://intranet.example/rebate" in english["text"]
    assert "Fri 27 Nov 2026 18:00" in english["text"]
    assert button_of(english, "acknowledge")["label"] == "Read and understood"
    assert "(arrives Wed 25 Nov 2026 09:00 there)" in await status(workspace)

    await workspace.advance("1d")

    posts = {region: await policy_posts(workspace, region) for region in REGIONS}
    assert {region: len(found) for region, found in posts.items()} == dict.fromkeys(REGIONS, 1)
    assert posts["latam"][0]["at"].startswith("2026-11-25T12:00:00")
    assert posts["us"][0]["at"].startswith("2026-11-25T14:00:00")
    assert "arrives" not in await status(workspace)


async def test_at_the_weekend_and_on_holidays_it_waits(workspace: Workspace) -> None:
    await workspace.move_to("2026-11-26T13:00+00:00")  # Thanksgiving in New York, evening in Shanghai
    await sent(workspace, audience=["us", "cn-east"], deadline="2026-12-04")

    await workspace.advance("5d")

    posts = {region: await policy_posts(workspace, region) for region in ("us", "cn-east")}
    assert posts["us"][0]["at"].startswith("2026-11-27T14:00:00")
    assert posts["cn-east"][0]["at"].startswith("2026-11-27T01:00:00")


@pytest.mark.everywhere
async def test_send_now_does_not_wait_for_the_morning(workspace: Workspace) -> None:
    await sent(workspace, at_once=True)

    assert [len(await policy_posts(workspace, region)) for region in REGIONS] == [1, 1, 1, 1, 1]


async def test_sending_twice_is_sending_once(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    await workspace.press(HQ, preview, "send")

    [by_button] = await workspace.press(HQ, preview, "send")
    [by_words] = await workspace.say("chen-siyuan", "发送政策 P-1")

    assert "was sent already" in by_button["text"]
    assert "P-1" in by_words["text"]
    await workspace.advance("1d")
    assert [len(await policy_posts(workspace, region)) for region in REGIONS] == [1, 1, 1, 1, 1]


@pytest.mark.parametrize("which", [0, 1])
async def test_an_old_preview_does_not_send_words_that_it_never_showed(workspace: Workspace, which: int) -> None:
    preview = await drafted(workspace)
    [form] = await workspace.press(HQ, preview, "policy")
    *_, second = await workspace.press(HQ, form, "policy", FORM | {"title": "Other words"})
    button = [button for button in preview["buttons"] if button["command"] == "send"][which]

    body = {"as": HQ, "message": preview["id"], "button": button["id"], "form": None}
    [refusal] = (await workspace.post("/workspace/actions", body))["replies"]

    assert refusal["text"] == "P-1 was edited since; look at its new preview first."
    assert not await policy_posts(workspace, "sea")
    await workspace.press(HQ, second, "send")
    assert "Other words" in (await policy_posts(workspace, "sea"))[0]["text"]


async def test_a_form_of_an_old_preview_does_not_overwrite_newer_words(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    [old] = await workspace.press(HQ, preview, "policy")
    [form] = await workspace.press(HQ, preview, "policy")
    *_, second = await workspace.press(HQ, form, "policy", FORM | {"title": "Other words"})

    [refusal] = await workspace.press(HQ, old, "policy", FORM | {"link": ""})

    assert refusal["text"] == "P-1 was edited since; look at its new preview first."
    await workspace.press(HQ, second, "send")
    assert "Other words" in (await policy_posts(workspace, "sea"))[0]["text"]


async def test_reading_counts_for_the_words_that_were_sent(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    [form] = await workspace.press(HQ, preview, "policy")
    *_, second = await workspace.press(HQ, form, "policy", FORM | {"title": "Other words"})
    await workspace.press(HQ, second, "send")
    [post] = await policy_posts(workspace, "sea")

    await workspace.press("daniel-tan", post, "acknowledge")

    assert "South-East Asia 1/5" in await status(workspace)


async def test_a_policy_that_was_sent_is_not_edited(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    await workspace.press(HQ, preview, "send")

    [refusal] = await workspace.press(HQ, preview, "policy", FORM | {"title": "Other words"})

    assert "was sent already" in refusal["text"]
    assert "Other words" not in (await policy_posts(workspace, "sea"))[0]["text"]


async def test_a_draft_whose_deadline_passed_is_not_sent(workspace: Workspace) -> None:
    preview = await drafted(workspace)
    await workspace.advance("1w")

    [refusal] = await workspace.press(HQ, preview, "send")

    assert "deadline of P-1 is over" in refusal["text"]


@pytest.mark.everywhere
async def test_reading_is_counted_live_and_in_numbers_only(workspace: Workspace) -> None:
    await sent(workspace)
    [post] = await policy_posts(workspace, "sea")
    assert "0 of 5 have read it" in post["text"]

    replies = await workspace.press("daniel-tan", post, "acknowledge")

    [thanks] = [one for one in replies if one["visible_to"] == "daniel-tan"]
    assert "Thank you" in thanks["text"]
    [post] = await policy_posts(workspace, "sea")
    assert "1 of 5 have read it" in post["text"] or not workspace.edits
    assert "Daniel" not in post["text"]
    assert "South-East Asia 1/5" in await status(workspace)
    assert "1 of 25 have read it" in await status(workspace)
    assert thanks["text"] not in texts_of(await workspace.read("siti-rahman", "sea"))


async def test_a_second_press_counts_nothing(workspace: Workspace) -> None:
    await sent(workspace)
    [post] = await policy_posts(workspace, "sea")
    await workspace.press("daniel-tan", post, "acknowledge")

    [already] = await workspace.press("daniel-tan", post, "acknowledge")

    assert "already" in already["text"]
    assert len(workspace.rows(lambda session: session.exec(select(Acknowledgement)).all())) == 1
    confirmed = select(AuditRow).where(AuditRow.action == "policy.acknowledged")
    assert len(workspace.rows(lambda session: session.exec(confirmed).all())) == 1, "the log says what was done"
    assert "South-East Asia 1/5" in await status(workspace)


@pytest.mark.everywhere
@pytest.mark.parametrize("words", ["acknowledge", "已读"])
async def test_words_in_the_thread_of_the_policy_count_like_the_button(workspace: Workspace, words: str) -> None:
    await sent(workspace)
    [post] = await policy_posts(workspace, "cn-east")

    await workspace.say("lin-xiao", words, "cn-east", thread=post["id"])
    await workspace.say("zhao-min", f"{words} P-1")

    assert "华东 East China 2/5" in await status(workspace)


async def test_whom_it_is_not_for_is_told_so_and_not_counted(workspace: Workspace) -> None:
    await sent(workspace, audience=["sea"])
    [post] = await policy_posts(workspace, "sea")

    [by_hq] = await workspace.press(HQ, post, "acknowledge")
    [by_rep] = await workspace.say("mike-davis", "acknowledge P-1")

    assert "not addressed to you" in by_hq["text"]
    assert "not addressed to you" in by_rep["text"]
    assert not workspace.rows(lambda session: session.exec(select(Acknowledgement)).all())


@pytest.mark.parametrize("number", ["P-9", "P-1"])
async def test_a_policy_that_nobody_has_yet_cannot_be_confirmed(workspace: Workspace, number: str) -> None:
    await drafted(workspace)

    [refusal] = await workspace.say("mike-davis", f"acknowledge {number}")

    assert f"There is no policy {number}" in refusal["text"]


@pytest.mark.everywhere
async def test_at_the_deadline_only_who_is_pending_is_reminded_and_each_alone(workspace: Workspace) -> None:
    await sent(workspace, audience=["cn-east"])
    [post] = await policy_posts(workspace, "cn-east")
    for person in ("chen-wei", "lin-xiao", "zhao-min", "wang-lei"):
        await workspace.press(person, post, "acknowledge")
    before = {person: await workspace.read(person) for person in ("lin-xiao", "wang-lei", "sun-jia")}

    await workspace.move_to("2026-11-27T17:59+08:00")
    assert await workspace.read("sun-jia") == before["sun-jia"]
    await workspace.move_to("2026-11-27T18:00+08:00")

    [reminder] = (await workspace.read("sun-jia"))[len(before["sun-jia"]) :]
    assert "12月1日起返利为百分之三。" in reminder["text"]
    assert await workspace.read("lin-xiao") == before["lin-xiao"]
    assert await workspace.read("wang-lei") == before["wang-lei"]
    for looks_after in ("chen-wei", "zhao-min"):
        assert "孙佳" in (await workspace.read(looks_after))[-1]["text"]
    assert "孙佳" not in "".join(texts_of(await workspace.read(HQ, "cn-east")))
    assert "华东 East China 4/5 (1 reminded)" in await status(workspace)

    replies = await workspace.press("sun-jia", reminder, "acknowledge")
    [thanks] = [one for one in replies if one["channel"] == "dm-sun-jia"]
    assert thanks["id"] == reminder["id"]
    assert "acknowledge" not in commands_of(thanks)
    assert "华东 East China 5/5" in await status(workspace)


async def test_where_all_have_read_it_nobody_hears_of_the_deadline(workspace: Workspace) -> None:
    await sent(workspace, audience=["sea"])
    [post] = await policy_posts(workspace, "sea")
    people = ("priya-nair", "daniel-tan", "siti-rahman", "minh-tran", "kanya-suk")
    for person in people:
        await workspace.press(person, post, "acknowledge")
    before = {person: texts_of(await workspace.read(person)) for person in people}

    await workspace.move_to("2026-11-27T19:00+08:00")

    assert {person: texts_of(await workspace.read(person)) for person in people} == before
    assert "South-East Asia 5/5" in await status(workspace)


async def test_a_restart_on_the_way_loses_nothing_and_doubles_nothing(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    async with Workspace.opened(template, path) as first:
        await sent(first)
        await first.move_to("2026-11-25T08:30+00:00")
        [post] = await policy_posts(first, "de")
        await first.press("anna-schmidt", post, "acknowledge")

    async with Workspace.opened(template, path) as second:
        await second.move_to("2026-11-25T15:00+00:00")
        assert [len(await policy_posts(second, region)) for region in REGIONS] == [1, 1, 1, 1, 1]
        assert "DACH 1/5" in await status(second)

    async with Workspace.opened(template, path) as third:
        await third.move_to("2026-11-30T12:00+00:00")
        reminders = [one for one in await third.read("mike-davis") if "acknowledge" in commands_of(one)]
        assert len(reminders) == 1
        assert not [one for one in await third.read("anna-schmidt") if "acknowledge" in commands_of(one)]
        assert [len(await policy_posts(third, region)) for region in REGIONS] == [1, 1, 1, 1, 1]


async def test_a_process_that_wakes_late_neither_posts_nor_reminds_in_the_night(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    async with Workspace.opened(template, path) as first:
        await sent(first)

    evening = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)  # 22:30 in Berlin, 18:30 in São Paulo, 16:30 in New York
    async with Workspace.opened(template, path, evening) as second:
        assert [len(await policy_posts(second, region)) for region in REGIONS] == [1, 0, 0, 1, 1]
        await second.advance("1d")
        assert [len(await policy_posts(second, region)) for region in REGIONS] == [1, 1, 1, 1, 1]

    saturday = datetime(2026, 11, 28, 2, tzinfo=UTC)
    async with Workspace.opened(template, path, saturday) as third:
        await third.move_to("2026-11-30T08:59+08:00")
        assert not [one for one in await third.read("daniel-tan") if "acknowledge" in commands_of(one)]
        await third.move_to("2026-11-30T09:00+08:00")
        assert [one for one in await third.read("daniel-tan") if "acknowledge" in commands_of(one)]


async def test_what_arrives_late_is_due_when_its_post_says_and_not_before(template: Path, tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    async with Workspace.opened(template, path) as first:
        await sent(first, audience=["us"])  # due on Friday

    tuesday = datetime(2026, 12, 1, 15, tzinfo=UTC)  # ten in the morning in New York
    async with Workspace.opened(template, path, tuesday) as second:
        await second.advance("1m")
        [post] = await policy_posts(second, "us")
        assert "confirm by Tue 1 Dec 2026 18:00" in post["text"]
        await second.move_to("2026-12-01T17:59-05:00")
        assert not await reminders(second)
        await second.move_to("2026-12-01T18:00-05:00")
        assert len(await reminders(second)) == 1
        assert "have not confirmed yet" in (await second.read("sarah-johnson"))[-1]["text"]
        await second.advance("3d")
        assert len(await reminders(second)) == 1


async def reminders(workspace: Workspace) -> list[Record]:
    """What a rep who confirmed nothing is reminded of."""
    return [one for one in await workspace.read("mike-davis") if "acknowledge" in commands_of(one)]


async def test_hq_sees_how_long_people_take(workspace: Workspace) -> None:
    await sent(workspace, audience=["sea"])
    [post] = await policy_posts(workspace, "sea")
    for person, after in (("daniel-tan", "10m"), ("kanya-suk", "20m"), ("minh-tran", "3h")):
        await workspace.advance(after)
        await workspace.press(person, post, "acknowledge")

    assert "half of them within 30 min" in await status(workspace)


@pytest.mark.parametrize(
    "words",
    [
        "<b>bold</b> & <script>alert(1)</script>",
        "<!channel> <@U123> @everyone",
        "{policy} {0} {} %s %(n)s",
        "🎉 مرحبا بالعالم 🎉",
        "y" * 4_000,
    ],
)
async def test_words_come_out_as_they_were_written(workspace: Workspace, words: str) -> None:
    await sent(workspace, title=words, text=f"{words}\nsecond line", title_zh="", text_zh="", audience=["sea"])

    [post] = await policy_posts(workspace, "sea")

    assert post["text"].startswith(f"P-1 · {words}\n{words}\nsecond line\n")


@pytest.mark.parametrize("words", ["policies", "政策列表"])
async def test_hq_lists_the_policies_and_how_far_each_has_reached(workspace: Workspace, words: str) -> None:
    await sent(workspace, audience=["sea"])
    await drafted(workspace, title="Prices")
    [post] = await policy_posts(workspace, "sea")
    await workspace.press("daniel-tan", post, "acknowledge")

    [shown] = await workspace.say(HQ, words)

    (draft, title, _, how), (number, _, due, reach) = shown["table"]["rows"]
    assert (draft, title) == ("P-2", "Prices")
    assert "policy send P-2" in how
    assert (number, due, reach) == ("P-1", "Fri 27 Nov 2026", "South-East Asia 1/5")


async def test_the_draft_can_be_sent_by_its_number(workspace: Workspace) -> None:
    await drafted(workspace, audience=["sea"])

    replies = await workspace.say(HQ, "policy send P-1")

    counts = [one for one in replies if "South-East Asia 0/5" in one["text"]]
    assert [one["channel"] for one in counts] == ["hq", f"dm-{HQ}"]
    assert len(await policy_posts(workspace, "sea")) == 1
