"""The peer itself: one loopback server that is Telegram to a bot, and hands for the people in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import aiohttp
from aiohttp import web

from tests.peers.clock import Clock
from tests.peers.faults import guarded
from tests.peers.serving import calling, served
from tests.peers.telegram import commands, page
from tests.peers.telegram import methods_bot as bot
from tests.peers.telegram import methods_chats as chats
from tests.peers.telegram import methods_editing as editing
from tests.peers.telegram import methods_sending as sending
from tests.peers.telegram.api import Api, ApiError, Method
from tests.peers.telegram.deliveries import Deliveries
from tests.peers.telegram.faults import Faults
from tests.peers.telegram.office import Office
from tests.peers.telegram.polling import OTHER_POLLER, Polling
from tests.peers.telegram.telling import Telling
from tests.peers.telegram.updates import Updates
from tests.peers.telegram.world import World

METHODS: dict[str, Method] = {
    "getMe": bot.get_me, "answerCallbackQuery": bot.answer_callback_query, "getFile": bot.get_file,
    "sendMessage": sending.send_message, "sendPhoto": sending.send_photo, "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group, "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_text, "editMessageCaption": editing.edit_caption,
    "editMessageMedia": editing.edit_media, "editMessageReplyMarkup": editing.edit_reply_markup,
    "deleteMessage": editing.delete_message, "deleteMessages": editing.delete_messages,
    "getChat": chats.get_chat, "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators, "getChatMemberCount": chats.get_chat_member_count,
    "setMyCommands": commands.set_my_commands, "getMyCommands": commands.get_my_commands,
    "deleteMyCommands": commands.delete_my_commands,
}  # fmt: skip

LARGEST_REQUEST = 64 * 1024 * 1024


class TelegramPeer(Office):
    """Telegram for one bot: it polls, or gives an address with setWebhook."""

    def __init__(self, username: str, session: aiohttp.ClientSession) -> None:
        self.clock = Clock()
        self.world = World(self.clock, username)
        self.faults = Faults()
        self.updates = Updates(self.world)
        self.deliveries = Deliveries(self.updates, self.faults, session)
        self.telling = Telling(self.world, self.deliveries)
        self.polling = Polling(self.updates, self.deliveries, self.faults)
        webhook = bot.WebhookMethods(self.deliveries, self.polling)
        methods = METHODS | {
            "getUpdates": self.polling.get_updates, "setWebhook": webhook.set_webhook,
            "deleteWebhook": webhook.delete_webhook, "getWebhookInfo": webhook.get_webhook_info,
            "leaveChat": chats.leave(self.set_part), "createForumTopic": chats.create_forum_topic(self.add_topic),
            "closeForumTopic": chats.set_topic_closed(self.close_topic, closed=True),
            "reopenForumTopic": chats.set_topic_closed(self.reopen_topic, closed=False),
        }  # fmt: skip
        self.api = Api(self.world, self.faults, methods)
        self.deliveries.reply = self.api.run
        self.base = ""

    @classmethod
    @asynccontextmanager
    async def opened(cls, *, port: int = 0, username: str = "regatta_bot") -> AsyncIterator[Self]:
        """Serve on a loopback port, a free one when none is given."""
        async with calling() as session:
            peer = cls(username, session)
            async with served(peer._routes(), port) as base:
                peer.base = base
                try:
                    yield peer
                finally:
                    peer.polling.send_away(OTHER_POLLER)
                    await peer.deliveries.close()

    def _routes(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_route("*", "/bot{token}/{method}", self.api.handle)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        page.add_to(app, self)
        return app

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await guarded(self.faults, self.api, "download", request, self._serve_file)

    async def _serve_file(self, request: web.Request) -> web.Response:
        try:
            self.api.check_token(request.match_info["token"])
        except ApiError as refused:
            return web.json_response(refused.answer, status=refused.code)
        path = request.match_info["path"]
        file = next((each for each in self.world.files.values() if each.path == path), None)
        if file is None:
            return web.json_response(ApiError(404, "Not Found").answer, status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    @property
    def api_url(self) -> str:
        """TELEGRAM_API_URL for the bot: the server's root, without a slash at the end."""
        return self.base.rstrip("/")

    @property
    def base_url(self) -> str:
        """python-telegram-bot's `base_url`."""
        return f"{self.api_url}/bot"

    @property
    def base_file_url(self) -> str:
        """python-telegram-bot's `base_file_url`."""
        return f"{self.api_url}/file/bot"
