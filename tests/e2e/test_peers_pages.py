"""The pages of the stand-ins, on which a developer is anybody, in a real Chromium."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect
from telegram import Bot as TelegramBot

from tests.contract.peers.bolt import bot_of
from tests.contract.peers.ptb import bot_of as ptb_of
from tests.contract.peers.test_slack_forms import STAGE, answers, field, modal, opens
from tests.peers.slack import SlackPeer
from tests.peers.telegram import TelegramPeer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def page_at(browser: BrowserContext, address: str) -> AsyncIterator[Page]:
    """A telephone's page without errors."""
    page, faults = await browser.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto(address)
    yield page
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await page.close()
    assert faults == []


async def test_a_form_of_slack_that_is_only_sent_keeps_what_was_filled_in(browser: BrowserContext) -> None:
    won = STAGE["element"]["options"][0]
    account = field("account", "Account", {"type": "plain_text_input", "multiline": True, "initial_value": "Acme"})
    day = field("day", "Day", {"type": "datepicker", "initial_date": "2026-11-30"})
    tags = {"type": "multi_static_select", "options": STAGE["element"]["options"], "initial_options": [won]}
    stage = STAGE | {"element": STAGE["element"] | {"initial_option": won}}
    async with SlackPeer.opened() as peer, bot_of(peer) as bot:
        ann = peer.world.add_user("ann")
        north = peer.world.add_channel("north", [ann])
        opens(bot, modal(account, day, stage, field("tags", "Tags", tags)))
        got = answers(bot, {})
        async with page_at(browser, peer.base) as page:
            await peer.slash(ann, north, "/deal")
            await page.evaluate("refresh()")
            await page.get_by_label("Account").fill("Acme AG")
            await peer.say(ann, north, "meanwhile")
            await page.evaluate("refresh()")
            await expect(page.locator("article")).to_contain_text("meanwhile")
            await page.get_by_role("button", name="Save").click()
            await expect(page.get_by_label("Account")).to_have_count(0)

    values = {name: one["answer"] for name, one in got[0]["view"]["state"]["values"].items()}
    assert (values["account"]["value"], values["day"]["selected_date"]) == ("Acme AG", "2026-11-30")
    assert (values["stage"]["selected_option"], values["tags"]["selected_options"]) == (won, [won])


async def test_a_table_is_dropped_into_slack(browser: BrowserContext, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,rank\n")
    async with SlackPeer.opened() as peer, bot_of(peer) as bot:
        peer.world.add_channel("north", [peer.world.add_user("ann")])
        async with page_at(browser, peer.base) as page:
            await page.get_by_label("File").set_input_files(table)
            await page.get_by_role("button", name="Send").click()
            await expect(page.get_by_role("link", name="people.csv")).to_be_visible()
    assert [event["files"][0]["name"] for event in bot.events] == ["people.csv"]


async def test_telegrams_page_shows_whom_a_message_calls_and_takes_a_table(
    browser: BrowserContext, tmp_path: Path
) -> None:
    table = tmp_path / "people.csv"
    table.write_text("name,rank\n")
    async with TelegramPeer.opened() as peer, ptb_of(peer) as bot:
        ann = peer.world.add_user("Ann", "Sales", username="ann_sales")
        await peer.start(ann)
        await _celebrate(bot, ann.id)
        async with page_at(browser, peer.base) as page:
            called = page.locator("b .mention.by-id")
            await expect(called).to_have_text("Ann Sales")
            assert await called.evaluate("one => getComputedStyle(one, '::before').content") == '"@"'
            await expect(page.get_by_role("link", name="Ann Sales' page")).to_have_attribute("href", "http://acme.com/")
            await page.get_by_label("File").set_input_files(table)
            await page.get_by_role("button", name="Send").click()
            await expect(page.get_by_role("link", name="people.csv")).to_be_visible()
        updates = await bot.get_updates(timeout=0)
    assert updates[-1].message is not None
    assert updates[-1].message.document is not None


async def _celebrate(bot: TelegramBot, person: int) -> None:
    called, linked = f'<a href="tg://user?id={person}">Ann Sales</a>', '<a href="http://acme.com/">Ann Sales\' page</a>'
    html = f"🎉 <b>Won by {called}</b>: {linked}"
    await bot.send_message(person, html, parse_mode="HTML")
