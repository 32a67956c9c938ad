"""What a person does at the page: write a line, find a message, press a button."""

from playwright.async_api import Locator, Page, expect


async def write(page: Page, text: str) -> None:
    """Type a line into the channel's composer and send it."""
    box = page.locator("main .composer textarea")
    await box.fill(text)
    await box.press("Enter")
    await expect(box).to_have_value("")


def message(page: Page, words: str) -> Locator:
    """The newest message of the channel with these words."""
    return page.locator("main .message").filter(has_text=words).last


def button(card: Locator, label: str) -> Locator:
    return card.get_by_role("button", name=label, exact=True)
