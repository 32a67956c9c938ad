"""How the page looks in a real Chromium: on a phone, in the dark, in Chinese, to somebody at the keyboard."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import OpenPage, Scheme
from tests.e2e.hands import write

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_where_the_keyboard_is_can_be_seen(open_page: OpenPage) -> None:
    page = await open_page("minh-tran")

    for _ in range(8):
        await page.keyboard.press("Tab")
        width = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert width == "2px", await page.evaluate("document.activeElement.outerHTML")


async def test_a_phone_shows_all_without_scrolling_sideways(open_page: OpenPage) -> None:
    page = await open_page("joao-silva", "latam", width=390)
    for line in ("/deal", "/board", "/my", "/help", "W" * 200):
        await write(page, line)
    await expect(page.locator("main .message .table")).not_to_have_count(0)

    assert await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert await page.evaluate("document.querySelector('main .scroll').scrollWidth <= innerWidth")
    lines = await page.locator(".clock-buttons .short").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert max(lines) < 24, "a button of the clock wraps"

    side = page.get_by_role("navigation")
    await expect(side).not_to_be_visible()
    await page.get_by_role("link", name="People and channels").click()
    await expect(side).to_be_in_viewport()
    await expect(side.get_by_text("Beatriz Costa")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(side).not_to_be_visible()


PIXELS = """async (character) => {
  const style = getComputedStyle(document.body);
  const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
  const pen = canvas.getContext("2d");
  pen.font = `30px ${style.fontFamily}`;
  await document.fonts.load(pen.font, character);
  pen.fillText(character, 4, 32);
  return [...pen.getImageData(0, 0, 40, 40).data].join();
}"""


async def test_chinese_is_drawn_on_a_machine_without_chinese_fonts(open_page: OpenPage) -> None:
    page = await open_page("lin-xiao", "cn-east")

    deal, board, none = [await page.evaluate(PIXELS, character) for character in "单榜\u0378"]

    assert len({deal, board, none}) == 3


LUMINANCES = """() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const [r, g, b, a] = rgb(getComputedStyle(element).backgroundColor);
      if (a !== 0) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((part) =>
      part <= 10 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const worded = [...document.querySelectorAll("body *")].filter(
    (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !one.closest(":disabled")
      && [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()),
  );
  return worded.map((one) => {
    const pair = [luminance(rgb(getComputedStyle(one).color)), luminance(ground(one))].sort((a, b) => b - a);
    return { words: one.textContent.trim().slice(0, 40), ratio: (pair[0] + 0.05) / (pair[1] + 0.05) };
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_word_stands_out_from_its_ground(open_page: OpenPage, scheme: Scheme) -> None:
    page = await open_page("sun-jia", "cn-east", scheme=scheme)
    await write(page, "/deal")
    await page.locator("main .message .form").last.get_by_role("button").first.click()
    await expect(page.locator("main .message .error").last).to_be_visible()
    await write(page, "/board")
    await expect(page.locator("main .message .picture").last).to_be_visible()

    found = await page.evaluate(LUMINANCES)

    assert len(found) > 30
    assert [one for one in found if one["ratio"] < 4.5] == []


async def test_dark_is_dark(open_page: OpenPage) -> None:
    page = await open_page("zhao-min", "cn-east", scheme="dark")

    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")

    assert max(int(part) for part in re.findall(r"\d+", ground)[:3]) < 64


async def test_a_wide_table_hints_at_its_edge_that_it_scrolls_and_the_keyboard_scrolls_it(open_page: OpenPage) -> None:
    page = await open_page("camila-souza", "latam", width=390)
    await write(page, "/my")
    table = page.get_by_role("region", name="Table").last
    await expect(table).to_be_visible()

    assert await table.evaluate("one => one.scrollWidth > one.clientWidth")
    attachments = await table.evaluate("one => getComputedStyle(one).backgroundAttachment")
    assert attachments == "local, local, scroll, scroll", "a shadow at the edge, and a cover that scrolls away with it"
    heights = await table.locator("tbody tr").evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert len(heights) > 5
    assert max(heights) < 40, "a row is as high as its one line"
    await table.focus()
    await table.press("ArrowRight")
    await page.wait_for_timeout(300)
    assert await table.evaluate("one => one.scrollLeft") > 0


async def test_how_a_line_was_read_fits_beside_the_channel_and_on_a_phone(open_page: OpenPage) -> None:
    page = await open_page("emily-chen", "us")
    await write(page, "/deal Umbrella 71k close next Tuesday porposal")
    root = page.locator("main .message:not(.private)").filter(has_text="USD 71,000").last
    await root.hover()
    await root.get_by_role("link", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    await thread.get_by_role("textbox").fill("explain")
    await thread.get_by_role("textbox").press("Enter")

    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        table = thread.get_by_role("region", name="Table").last
        await expect(table).to_contain_text("Because it is")
        assert await table.evaluate("one => one.scrollWidth <= one.clientWidth"), f"at {width} px a column is cut"
