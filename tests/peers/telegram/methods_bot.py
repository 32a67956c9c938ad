"""getMe and the bot's names, answers to presses, files, and the webhook."""

import re
from urllib.parse import urlsplit

from tests.peers.telegram.api import ApiError, Call, Done
from tests.peers.telegram.deliveries import Deliveries, Webhook
from tests.peers.telegram.model import Json
from tests.peers.telegram.polling import Polling
from tests.peers.telegram.wire import file_wire, user_wire

ANSWER_WITHIN = 15.0
"""Seconds for which a press can be answered. Telegram gives no number; 20 s have been reported to be too late."""

LONGEST_ANSWER = 200
"""Characters (core.telegram.org/bots/api#answercallbackquery)."""

LARGEST_DOWNLOAD = 20 * 1024 * 1024
"""Bytes (core.telegram.org/bots/api#getfile)."""

LONGEST_SECRET = 256
PORTS = (443, 80, 88, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


async def get_me(call: Call) -> Json:
    """getMe."""
    bot = call.world.bot
    return user_wire(bot.user) | {
        "can_join_groups": True, "can_read_all_group_messages": bot.sees_all, "supports_inline_queries": False,
        "can_connect_to_business": False, "has_main_web_app": False,
    }  # fmt: skip


async def answer_callback_query(call: Call) -> bool:
    """answerCallbackQuery: once, in time; without a text the button just stops spinning."""
    query = call.world.queries.get(call.text("callback_query_id"))
    if query is None or query.answer is not None or call.world.clock.now() - query.at > ANSWER_WITHIN:
        raise ApiError(400, "query is too old and response timeout expired or query ID is invalid")
    if len(call.text("text")) > LONGEST_ANSWER:
        raise ApiError(400, "MESSAGE_TOO_LONG")
    url = call.text("url")
    if url and not url.startswith(f"https://t.me/{call.world.bot.user.username}?start="):
        raise ApiError(400, "URL_INVALID")
    query.answer = {"text": call.text("text"), "show_alert": call.flag("show_alert"), "url": url}
    call.world.touch()
    return True


async def get_file(call: Call) -> Json:
    """getFile: where a file can be fetched, if it is not too big."""
    file = call.world.files.get(call.text("file_id"))
    if file is None:
        raise ApiError(400, "invalid file_id" if call.text("file_id") else "file_id not specified")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise ApiError(400, "file is too big")
    return file_wire(file) | {"file_path": file.path}


class WebhookMethods:
    """setWebhook, deleteWebhook, getWebhookInfo."""

    def __init__(self, deliveries: Deliveries, polling: Polling) -> None:
        self.deliveries = deliveries
        self.polling = polling

    async def set_webhook(self, call: Call) -> Done:
        """setWebhook. Telegram takes https on four ports only; plain http to loopback is for tests."""
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return await self.delete_webhook(call)
        _check_address(url)
        if len(secret) > LONGEST_SECRET:
            raise ApiError(400, "secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise ApiError(400, "secret token contains unallowed characters")
        most = min(max(call.number("max_connections", 40), 1), 100)
        wanted, now = Webhook(url, secret, most, call.text("ip_address")), self.deliveries.webhook
        self.deliveries.updates.allow(call.parsed("allowed_updates"))
        if self._drop(call) or now is None or (now.url, now.secret, now.max_connections) != (url, secret, most):
            self.polling.send_away("Conflict: terminated by setWebhook request")
            self.deliveries.set_webhook(wanted)
            return Done(result=True, description="Webhook was set")
        return Done(result=True, description="Webhook is already set")

    async def delete_webhook(self, call: Call) -> Done:
        """deleteWebhook."""
        self._drop(call)
        if self.deliveries.webhook is None:
            return Done(result=True, description="Webhook is already deleted")
        self.deliveries.set_webhook(None)
        return Done(result=True, description="Webhook was deleted")

    def _drop(self, call: Call) -> bool:
        if call.flag("drop_pending_updates"):
            self.deliveries.updates.clear()
        return call.flag("drop_pending_updates")

    async def get_webhook_info(self, _call: Call) -> Json:
        """getWebhookInfo."""
        webhook, updates = self.deliveries.webhook, self.deliveries.updates
        found: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(updates.pending())}
        if webhook:
            found |= {"url": webhook.url, "max_connections": webhook.max_connections}
            found |= {"ip_address": webhook.ip_address} if webhook.ip_address else {}
            if webhook.last_error_date is not None:
                found |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error_message}
        if updates.allowed is not None:
            found["allowed_updates"] = sorted(updates.allowed)
        return found


def _check_address(url: str) -> None:
    try:
        address = urlsplit(url if "://" in url else f"https://{url}")
        port = address.port
    except ValueError:
        raise ApiError(400, "invalid webhook URL specified") from None
    if address.hostname in ("127.0.0.1", "::1", "localhost"):
        return
    if address.scheme != "https":
        raise ApiError(400, "bad webhook: An HTTPS URL must be provided for webhook")
    if port not in (None, *PORTS):
        raise ApiError(400, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
