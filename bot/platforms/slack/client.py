"""Slack's own client, with two habits: few posts at once, and no call more once the token has ended."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.platforms.slack.faults import ends_everything
from bot.platforms.slack.pacing import AT_ONCE
from bot.proxies import proxy_for


class Client(AsyncWebClient):
    """Calls Slack. It never tries again by itself: a post whose answer was lost would be there twice, unmarked."""

    def __init__(self, token: str, api_url: str) -> None:
        super().__init__(token, base_url=api_url, retry_handlers=[])
        self.proxy = proxy_for(api_url)  # the SDK takes any, whatever the address
        self._posting = asyncio.Semaphore(AT_ONCE)
        self._ended: AsyncSlackResponse | None = None

    async def api_call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        """Call a method; after an answer that ends everything that answer again, without a call."""
        if not api_method.startswith("chat."):
            return await self._call(api_method, **given)
        async with self._posting:
            return await self._call(api_method, **given)

    async def _call(self, api_method: str, **given: Any) -> AsyncSlackResponse:
        if self._ended is not None:
            raise SlackApiError("the token has ended", self._ended)  # type: ignore[no-untyped-call]
        try:
            return await super().api_call(api_method, **given)
        except SlackApiError as error:
            if ends_everything(error) and not api_method.startswith("apps."):  # that is Socket Mode's own token
                self._ended = error.response
            raise
