"""The workspace's page as people use it, in a real Chromium."""

import re

import pytest
from playwright.async_api import Route, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.hands import button, message, write
from tests.server import Server

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_reported_deal_is_echoed_with_buttons_and_a_private_line_without_a_reload(open_page: OpenPage) -> None:
    page = await open_page("mike-davis", "us")
    await page.evaluate("window.stillHere = true")

    await write(page, "/deal Globex 81k USD close next Tuesday stage proposal #expansion")

    echo = message(page, "USD 81,000")
    await expect(echo).to_contain_text("Tue 1 Dec 2026")
    await expect(echo.locator(".buttons button")).to_have_text(["Undo", "Edit", "Request approval"])
    await expect(page.locator("main .message.private").last).to_contain_text("Only visible to you")
    assert await page.evaluate("window.stillHere")


async def test_two_pages_are_two_people_and_a_private_line_reaches_one(open_page: OpenPage) -> None:
    rep, colleague = await open_page("carlos-rivera", "us"), await open_page("grace-kim", "us")

    await write(rep, "/deal Initech 82k")

    await expect(message(colleague, "USD 82,000")).to_be_visible()
    await expect(rep.locator("main .message.private")).not_to_have_count(0)
    await expect(colleague.locator("main .message.private")).to_have_count(0)


async def test_a_form_keeps_what_was_right_and_says_what_is_wrong_beside_its_field(open_page: OpenPage) -> None:
    page = await open_page("anna-schmidt", "de")
    await write(page, "/deal")
    form = page.locator("main .message .form").last
    await form.get_by_label("Account").fill("Festo")
    await form.get_by_label("Amount").fill("plenty")

    await button(form, "Send").click()

    amount = form.get_by_label("Amount")
    await expect(amount).to_have_attribute("aria-invalid", "true")
    await expect(amount).to_have_accessible_description("That is not an amount; write it like 80k, 75万 or 12,500 USD.")
    await expect(amount).to_have_value("plenty")
    await expect(form.get_by_label("Account")).to_have_value("Festo")

    await amount.fill("83k")
    await button(form, "Send").click()

    await expect(message(page, "EUR 83.000")).to_contain_text("Festo")


async def test_edit_and_undo_are_clicks(open_page: OpenPage) -> None:
    page = await open_page("lukas-braun", "de")
    await write(page, "/deal Krones 84k")
    echo = message(page, "Krones")

    await button(echo, "Edit").click()
    form = page.locator("main .message .form").last
    await form.get_by_label("Amount").fill("85k")
    await button(form, "Send").click()
    await expect(message(page, "EUR 85.000")).to_contain_text("Changed")

    await button(message(page, "EUR 85.000"), "Undo").click()
    await expect(message(page, "Taken back")).to_contain_text("EUR 84.000")


async def test_a_pressed_button_keeps_the_keyboard_at_its_message(open_page: OpenPage) -> None:
    page = await open_page("felix-kraemer", "de")
    await write(page, "/deal Trumpf 86k")
    undo = button(message(page, "Trumpf"), "Undo")
    await undo.focus()

    await undo.press("Enter")

    await expect(message(page, "Taken back")).to_be_visible()
    assert await page.evaluate("document.activeElement.closest('.message') !== null")


async def test_a_reply_in_a_thread_is_counted_at_its_root_for_everybody(open_page: OpenPage) -> None:
    page, colleague = await open_page("priya-nair", "sea"), await open_page("daniel-tan", "sea")
    await write(page, "Who knows the new buyer at Keppel?")
    root = message(page, "new buyer")
    await root.hover()
    await root.get_by_role("link", name="Reply in thread").click()

    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_role("textbox").fill("I do, we met in May")
    await thread.get_by_role("textbox").press("Enter")

    await expect(thread.locator(".message")).to_have_count(2)
    await expect(root.get_by_role("link")).to_have_text("1 reply")
    await expect(message(colleague, "new buyer").get_by_role("link")).to_have_text("1 reply")
    await expect(page.locator("main .message", has_text="we met in May")).to_have_count(0)


async def test_the_demo_clock_moves_an_hour_on_every_page(open_page: OpenPage) -> None:
    page, other = await open_page("daniel-tan"), await open_page("siti-rahman")
    hour = int((await page.locator("#clock b").inner_text())[:2])

    await page.get_by_role("button", name="+1 hour").click()

    later = re.compile(f"^{(hour + 1) % 24:02}:")
    await expect(page.locator("#clock b")).to_have_text(later)
    await expect(other.locator("#clock b")).to_have_text(later)


async def test_the_keyboard_writes_sends_and_closes(open_page: OpenPage) -> None:
    page = await open_page("minh-tran", "sea")
    box = page.locator("main .composer textarea")

    await page.keyboard.press("/")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("")
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second line")
    await expect(box).to_have_value("first line\nsecond line")
    await page.keyboard.press("Enter")
    sent = message(page, "second line")
    await expect(sent.locator(".text p")).to_have_text(["first line", "second line"])

    await sent.get_by_role("link", name="Reply in thread").focus()
    await page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("textbox")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(thread).to_have_count(0)
    await expect(box).to_be_focused()


async def test_a_draft_survives_a_reload(open_page: OpenPage) -> None:
    page = await open_page("mia-hoffmann", "de")
    await page.locator("main .composer textarea").fill("/deal Festo 9")

    await page.reload()

    await expect(page.locator("main .composer textarea")).to_have_value("/deal Festo 9")


async def test_after_a_killed_server_came_back_the_page_catches_up_and_doubles_nothing(
    open_page: OpenPage, server: Server
) -> None:
    page = await open_page("rafael-lima", "latam")
    await write(page, "before the power cut")
    server.kill()
    try:
        await expect(page.locator("#state")).to_have_text("Reconnecting…")
        await page.locator("main .composer textarea").fill("written in the dark")
        await page.locator("main .composer textarea").press("Enter")
        await expect(page.locator("main .composer .problem")).to_contain_text("Your text is kept")
    finally:
        server.start()

    answer = await page.request.post(
        "/workspace/messages", data={"as": "camila-souza", "channel": "latam", "text": "while you were away"}
    )
    assert answer.ok
    await expect(message(page, "while you were away")).to_be_visible()
    await page.get_by_role("button", name="Try again").click()

    await expect(message(page, "written in the dark")).to_be_visible()
    for words in ("before the power cut", "while you were away", "written in the dark"):
        await expect(page.locator("main .message").filter(has_text=words)).to_have_count(1)


async def test_trying_again_after_a_lost_answer_says_it_once(open_page: OpenPage) -> None:
    page = await open_page("joao-silva", "latam")

    async def lose_the_answer(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await page.route("**/workspace/messages", lose_the_answer, times=1)
    await page.locator("main .composer textarea").fill("heard once")
    await page.locator("main .composer textarea").press("Enter")
    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator("main .composer textarea")).to_have_value("")
    await expect(page.locator("main .message").filter(has_text="heard once")).to_have_count(1)


async def test_a_page_that_nobody_looks_at_lets_go_and_catches_up_when_it_is_seen_again(open_page: OpenPage) -> None:
    page, colleague = await open_page("maria-gomez", "latam"), await open_page("camila-souza", "latam")
    turn = "(hidden) => { Object.defineProperty(document, 'hidden', { configurable: true, value: hidden }); "
    turn += "document.dispatchEvent(new Event('visibilitychange')); }"

    await page.evaluate(turn, True)
    await expect(page.locator("#state.live")).to_have_count(0)
    await write(colleague, "said behind your back")
    await expect(message(colleague, "behind your back")).to_be_visible()
    await expect(message(page, "behind your back")).to_have_count(0)
    await page.evaluate(turn, False)

    await expect(page.locator("main .message").filter(has_text="behind your back")).to_have_count(1)


async def test_what_looks_like_markup_or_a_call_to_everybody_is_text(open_page: OpenPage) -> None:
    page = await open_page("emily-chen", "us")

    await write(page, "/deal <b>x</b> <!channel> 87k")

    await expect(message(page, "USD 87,000")).to_contain_text("<b>x</b>")
    await expect(page.locator("main .message", has_text="/deal <b>x</b> <!channel> 87k")).to_have_count(1)
    await expect(page.locator("main .message b")).to_have_count(0)


async def test_somebody_else_is_a_click_and_brings_their_language(open_page: OpenPage) -> None:
    page = await open_page("ines-keller", "cn-east")

    await page.locator("summary", has_text="华东").click()
    await page.get_by_role("link", name="陈伟").click()

    await expect(page).to_have_url(re.compile("/as/chen-wei/c/cn-east$"))
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


async def test_a_channel_stays_marked_until_it_is_opened(open_page: OpenPage) -> None:
    page, colleague = await open_page("jonas-weber"), await open_page("mia-hoffmann", "de")
    channel = page.locator(".channels a[data-channel=de]")
    await expect(channel).not_to_have_class("unread")

    await write(colleague, "The fair in Hannover is booked")
    await expect(channel).to_have_class("unread")
    await page.reload()
    await expect(channel).to_have_class("unread")

    await channel.click()
    await page.locator(".channels a[data-channel=dm-jonas-weber]").click()
    await expect(page.locator(".channels a[data-channel=dm-jonas-weber]")).to_have_attribute("aria-current", "page")
    await expect(channel).not_to_have_class("unread")
