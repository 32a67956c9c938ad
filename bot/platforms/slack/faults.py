"""What Slack's errors and a broken connection mean for a message, said in one place.

Errors: docs.slack.dev/reference/methods/chat.postMessage and …/chat.update.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.base import BLOCKED_SECONDS, ChannelGoneError, SendError, ShutOutError
from models.text import Text

FAULTS = (SlackApiError, SlackClientError, ClientError, TimeoutError)
"""Everything that a call raises when it was not answered with ok."""
LOST_TRIGGER = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
GONE = {
    "channel_not_found": Text("it is not there any more, or I am not in it. Invite me again."),
    "is_archived": Text("it was archived. Open it again, or choose another one."),
    "not_in_channel": Text("I am not in it. Invite me again."),
}
"""What is the matter with a channel."""
TOKEN_ENDED = {
    "invalid_auth": "SLACK_BOT_TOKEN is not one of Slack's; copy the Bot User OAuth Token (xoxb-…) of the app again",
    "account_inactive": "the app was removed from the workspace; install it again and copy the new token",
    "token_revoked": "the token was revoked; install the app again and copy the new token",
}
"""What to do about a token that counts no more."""
_FOR_GOOD = frozenset(
    {
        "user_not_in_channel", "missing_scope", "user_not_found", "user_disabled",
        "message_not_found", "cant_update_message", "edit_window_closed", "msg_too_long", "msg_blocks_too_long",
        "invalid_blocks", "invalid_arguments", "restricted_action", "no_text", "cannot_dm_bot", "user_not_visible",
    }
)  # fmt: skip
_MAYBE_DONE = frozenset({"fatal_error", "internal_error", "service_unavailable"})
"""Slack's own words: some part of the call may have succeeded before the error."""
_SERVER_ERROR = 500


def reason_of(error: Exception) -> str:
    """Slack's name for what is wrong; of an answer that is no JSON, its status; else the kind of fault."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    return _said(error) or f"http_{error.response.status_code}"


def _said(error: SlackApiError) -> str:
    """Slack's name for what is wrong; nothing where somebody else answered."""
    data = error.response.data
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def ends_everything(error: Exception) -> bool:
    """Whether no later call can succeed: the token counts no more, or may not even speak."""
    if not isinstance(error, SlackApiError):
        return False
    reason = reason_of(error)
    return reason in TOKEN_ENDED or (reason == "missing_scope" and "/chat." in error.response.api_url)


def refused(error: Exception, standing: Sequence[str] = (), *, doubtful: bool = False) -> SendError:
    """What an error means for a post of which `standing` is there."""
    reason, wait = reason_of(error), None
    if ends_everything(error):
        advice = TOKEN_ENDED.get(reason, "the app lacks chat:write; add it and install the app again")
        return ShutOutError(f"{reason}: {advice}, then start the bot again")
    if reason in GONE:
        return ChannelGoneError(reason, GONE[reason])
    if isinstance(error, SlackApiError):
        wait = error.response.headers.get("Retry-After") or (BLOCKED_SECONDS if _is_from_between(error) else None)
    seconds = float(wait) if wait else None
    return SendError(reason, permanent=reason in _FOR_GOOD, retry_after=seconds, parts=standing, doubtful=doubtful)


def _is_from_between(error: SlackApiError) -> bool:
    """Whether a no was said by a server in between, such as a proxy or a firewall: Slack says its own in JSON."""
    return not _said(error) and error.response.status_code < _SERVER_ERROR


@asynccontextmanager
async def posting(standing: Sequence[str] = ()) -> AsyncIterator[None]:
    """Call what posts something inside: it may stand there although no answer says so."""
    try:
        yield
    except FAULTS as error:
        raise refused(error, standing, doubtful=_may_be_done(error)) from error


def _may_be_done(error: Exception) -> bool:
    """Whether the call may have been done: no answer came, or one that says neither yes nor no."""
    if not isinstance(error, SlackApiError):
        return not isinstance(error, ClientConnectorError)  # then nothing was sent
    if said := _said(error):
        return said in _MAYBE_DONE
    status: int = error.response.status_code
    return status >= _SERVER_ERROR or status < 400  # noqa: PLR2004  cut in the middle
