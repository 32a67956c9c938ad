"""Several deals in one message: each line is read by itself, one summary tells, and a bad line hurts no other."""

import pytest
from sqlmodel import Session, select

from models.audit import AuditRow
from models.deals import Deal
from tests.workspace import Workspace, commands_of

PASTED = (
    "deal\nAccount\tAmount\tCurrency\tClose\tStage\n"
    "May Department Stores\t120,000\tUSD\t2026-12-05\tproposal\n"
    "Won Ton Foods\t80,000\tUSD\t2026-12-09\tlead"
)


def logged(workspace: Workspace) -> list[str]:
    """The deals that a rep logged now, as they count."""

    def read(session: Session) -> list[str]:
        query = select(Deal).where(Deal.id > "D-1345", Deal.void == False)  # noqa: E712  a column
        return [f"{deal.amount_minor // 100} {deal.currency} {deal.stage}" for deal in session.exec(query)]

    return list(workspace.rows(read))


@pytest.mark.everywhere
async def test_each_line_is_a_deal_and_a_bad_line_hurts_no_other(workspace: Workspace) -> None:
    text = (
        "/deal Umbrella 80k USD close next Tuesday\nInitech 45k proposal\nVandelay -5k\n/deal Soylent 50k or 60k\nHooli"
    )

    *questions, summary, private = await workspace.say("mike-davis", text, "us")

    assert summary["text"].splitlines()[0] == "2 deals were logged:"
    assert "Umbrella · USD 80,000 · Tue 1 Dec 2026 (“next Tuesday”)" in summary["text"]
    assert "Initech · USD 45,000 · proposal · USD assumed" in summary["text"]
    assert summary["visible_to"] is None
    assert private["visible_to"] == "mike-davis"
    assert [question["text"].splitlines()[0] for question in questions] == [
        "Line 3, “Vandelay -5k”:",
        "Line 4, “/deal Soylent 50k or 60k”:",
        "Line 5, “Hooli”:",
    ]
    assert all(question["visible_to"] == "mike-davis" for question in questions)
    assert commands_of(questions[1]) == ["deal", "deal"]
    assert len(logged(workspace)) == 2

    await workspace.press("mike-davis", questions[1], "deal")
    assert len(logged(workspace)) == 3


async def test_each_deal_of_a_summary_has_its_own_undo_and_its_own_audit_row(workspace: Workspace) -> None:
    summary, _ = await workspace.say("mike-davis", "/deal Umbrella 80k USD\nInitech 45k USD", "us")
    first, second = summary["buttons"]

    body = {"as": "mike-davis", "message": summary["id"], "button": second["id"], "form": None}
    await workspace.post("/workspace/actions", body)

    assert [first["label"].split()[0], second["label"].split()[0]] == ["Undo", "Undo"]
    assert logged(workspace) == ["80000 USD None"]
    rows = workspace.rows(
        lambda session: session.exec(select(AuditRow.subject).where(AuditRow.action == "deal.logged")).all()
    )
    assert [f"Undo {subject}" for subject in rows[-2:]] == [first["label"], second["label"]]


async def test_rows_pasted_from_a_spreadsheet_are_read_by_their_cells(workspace: Workspace) -> None:
    summary, _ = await workspace.say("mike-davis", PASTED, "us")

    assert "May Department Stores · USD 120,000 · Sat 5 Dec 2026 · proposal" in summary["text"]
    assert "Won Ton Foods · USD 80,000 · Wed 9 Dec 2026 · lead" in summary["text"]
    assert logged(workspace) == ["120000 USD proposal", "80000 USD lead"]


async def test_chinese_lines_with_and_without_the_command_word(workspace: Workspace) -> None:
    summary, _ = await workspace.say("lin-xiao", "报单\n青岛海工 95万 下周四 方案\n报单 周大福 48万 合同", "cn-east")

    assert "青岛海工 · CNY 950,000" in summary["text"]
    assert "周大福 · CNY 480,000" in summary["text"]


async def test_one_deal_on_several_lines_stays_one(workspace: Workspace) -> None:
    english, _ = await workspace.say(
        "mike-davis", "deal Umbrella\n90k USD\nclose Friday\nnote: they have 20k users", "us"
    )
    chinese, _ = await workspace.say("lin-xiao", "报单\n客户：天津港\n金额：200万\n阶段：线索", "cn-east")

    assert "Umbrella · USD 90,000 · Fri 27 Nov 2026" in english["text"]
    assert "天津港 · CNY 2,000,000" in chinese["text"]


async def test_too_many_lines_are_refused_in_a_sentence(workspace: Workspace) -> None:
    lines = "\n".join(f"Customer{number} {number}k USD" for number in range(10, 70))

    (refused,) = await workspace.say("mike-davis", f"/deal\n{lines}", "us")

    assert refused["text"] == "That is more than 50 deals at once; nothing was logged. Send them in parts."
    assert logged(workspace) == []


async def test_talk_on_several_lines_is_no_report(workspace: Workspace) -> None:
    replies = await workspace.say("mike-davis", "deal\nwith those people 5000 times\nand these 6000 times", "us")

    assert replies == []
    assert logged(workspace) == []


async def test_a_row_without_a_figure_is_asked_about_and_never_taken_for_the_headings(workspace: Workspace) -> None:
    pasted = "/deal Umbrella\t80k\tUSD\nInitech\tunknown\tUSD\nHooli\t45k\tUSD"

    question, summary, _ = await workspace.say("mike-davis", pasted, "us")

    assert question["text"].startswith("Line 2, “")
    assert "Initech" in question["text"]
    assert summary["text"].startswith("2 deals were logged:")


async def test_a_deal_that_may_not_be_reported_is_refused_line_by_line(workspace: Workspace) -> None:
    refused = await workspace.say("amara-okafor", "/deal Umbrella 80k USD\nInitech 45k USD")

    assert [reply["text"].splitlines()[0] for reply in refused] == [
        "Line 1, “Umbrella 80k USD”:",
        "Line 2, “Initech 45k USD”:",
    ]
    assert logged(workspace) == []


@pytest.mark.everywhere
async def test_what_is_taken_back_is_taken_back_in_the_summary_too(workspace: Workspace) -> None:
    summary, _ = await workspace.say("mike-davis", "deal\nUmbrella 5k won\nInitech 7k won", "us")

    redrawn, private = await workspace.press("mike-davis", summary, "undo")

    assert (redrawn["id"], redrawn["edited"]) == (summary["id"], True)
    assert redrawn["text"].splitlines() == [
        "2 deals were logged:",
        "Taken back: D-1346 · Umbrella · USD 5,000 · won. It counts nowhere.",
        "✓ D-1347 · Initech · USD 7,000 · won · USD assumed",
    ]
    assert [button["label"] for button in redrawn["buttons"]] == ["Undo D-1347"]
    assert private["visible_to"] == "mike-davis"

    last, _ = await workspace.say("mike-davis", "undo", "us")
    assert last["text"].count("Taken back") == 2
    assert last["buttons"] == []


async def test_the_private_line_tells_the_way_of_all_deals_of_a_message(workspace: Workspace) -> None:
    _, private = await workspace.say("mike-davis", "deal\nUmbrella 5k won\nInitech 7k won", "us")

    assert private["text"].startswith("Nov 2026 signed: 26% → 41% of USD 83,613")


async def test_the_row_of_sums_is_no_deal(workspace: Workspace) -> None:
    summary, _ = await workspace.say("mike-davis", "deal\nUmbrella\t5,000\nInitech\t7,000\nTotal\t12,000")

    assert summary["text"].splitlines()[0] == "2 deals were logged:"
    assert "Total" not in summary["text"]


async def test_rows_without_the_command_word_get_a_hint(workspace: Workspace) -> None:
    (hint,) = await workspace.say("mike-davis", "Umbrella\t5,000\nInitech\t7,000")

    assert hint["text"] == "These look like 2 deals; nothing was logged. Write `deal` above them."
