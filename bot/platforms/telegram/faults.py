"""What Telegram's errors and a broken connection mean for a message, said in one place.

core.telegram.org/bots/api#making-requests, github.com/tdlib/telegram-bot-api.
"""

from collections.abc import Sequence

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)  # fmt: skip

from bot.platforms.base import BLOCKED_SECONDS, ChannelGoneError, Outgoing, SendError, ShutOutError
from bot.platforms.telegram.chats import seconds_of
from models.channels import ChannelKind
from models.text import Text

TOKEN_ENDED = (
    "Telegram does not know TELEGRAM_BOT_TOKEN any more; copy the token from @BotFather again, then start the bot again"  # noqa: S105
)
BETWEEN = "something else answers in Telegram's place; check TELEGRAM_API_URL, and the proxy or firewall"
"""What is said of an answer that is not Telegram's."""
NO_TOKEN = "it does not know TELEGRAM_BOT_TOKEN; copy the token from @BotFather again and start anew"  # noqa: S105
"""What is said of a token that Telegram does not know while the bot tries to hear."""
_GONE = {
    "bot was kicked": Text("I was taken out of it. Add me again."),
    "bot is not a member": Text("I am not in it. Add me again."),
    "chat was deleted": Text("it was deleted. Choose another one."),
    "chat not found": Text("it is not there any more, or I am not in it. Add me again."),
    "not enough rights to send text messages": Text("I may not write there. Let me send messages again."),
    "need administrator rights": Text("I may not write there. Make me an administrator again."),
}
"""What is the matter with a group, by what Telegram says."""
_TOPIC_GONE = {
    "message thread not found": Text("the topic was deleted. Choose another one."),
    "topic_closed": Text("the topic was closed. Open it again, or choose another one."),
}
_NO_RIGHT = "not enough rights to send"
_TOO_LARGE = "request entity too large"
_SAYS_NO = (BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def refused(error: TelegramError, outgoing: Outgoing, standing: Sequence[str] = ()) -> SendError:
    """What an error means for a post of which `standing` is there; BadRequest is a NetworkError to the library."""
    said = error.message.casefold()
    if isinstance(error, RetryAfter):
        return SendError("too many messages", retry_after=seconds_of(error), parts=standing)
    if is_from_between(error):
        return SendError(BETWEEN, retry_after=BLOCKED_SECONDS, parts=standing)
    if isinstance(error, InvalidToken):
        return ShutOutError(f"{error.message}: {TOKEN_ENDED}", parts=standing)
    if isinstance(error, (BadRequest, Forbidden)):
        why = _why_gone(said, outgoing)
        if why is not None:
            return ChannelGoneError(error.message, why)
        return SendError(error.message, permanent=True, parts=standing)
    reason = type(error).__name__ if isinstance(error, NetworkError) else error.message
    permanent = said.startswith(_TOO_LARGE)
    doubtful = outgoing.edits is None and may_be_done(error)
    return SendError(reason, permanent=permanent, parts=standing, doubtful=doubtful)


def is_from_between(error: TelegramError) -> bool:
    """Whether a no was said by a server in between, such as a proxy or a firewall: it is not in Telegram's form."""
    return isinstance(error, _SAYS_NO) and isinstance(error.__cause__, TelegramError)


def may_not_show(error: BadRequest) -> bool:
    """Whether the group lets the bot write, but send no photos or no documents."""
    said = error.message.casefold()
    return _NO_RIGHT in said and any(kind in said for kind in ("photos", "documents"))


def why_unheard(error: TelegramError) -> str:
    """Why Telegram is not heard, in words."""
    if is_from_between(error):
        return BETWEEN
    return NO_TOKEN if isinstance(error, InvalidToken) else f"Telegram cannot be reached ({type(error).__name__})"


def may_be_done(error: TelegramError) -> bool:
    """Whether a call may have been done: no answer came, or one that says neither yes nor no."""
    if isinstance(error, _SAYS_NO) or error.message.casefold().startswith(_TOO_LARGE):
        return False
    return not isinstance(error.__cause__, _NOT_SENT)


def _why_gone(said: str, outgoing: Outgoing) -> Text | None:
    """What is the matter with the group that a post is for; none for one person's chat, which troubles nobody else."""
    channel = outgoing.channel
    if channel.kind is ChannelKind.DIRECT or outgoing.visible_to is not None:
        return None
    found = _GONE | (_TOPIC_GONE if ":" in channel.external_id else {})
    return next((why for words, why in found.items() if words in said), None)
