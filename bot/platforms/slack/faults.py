"""What Slack's errors and a broken connection mean for a message, said in one place.

Errors: docs.slack.dev/reference/methods/chat.postMessage and …/chat.update.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.base import SendError

FAULTS = (SlackApiError, SlackClientError, ClientError, TimeoutError)
"""Everything that a call raises when it was not answered with ok."""
LOST_TRIGGER = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired"})
_FOR_GOOD = frozenset(
    {
        "channel_not_found", "is_archived", "not_in_channel", "user_not_in_channel", "user_not_found", "user_disabled",
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
    data = error.response.data
    return str(data.get("error")) if isinstance(data, dict) else f"http_{error.response.status_code}"


def refused(error: Exception, standing: Sequence[str] = (), *, doubtful: bool = False) -> SendError:
    """What an error means for a post of which `standing` is there."""
    reason, wait = reason_of(error), None
    if isinstance(error, SlackApiError):
        wait = error.response.headers.get("Retry-After")
    seconds = float(wait) if wait else None
    return SendError(reason, permanent=reason in _FOR_GOOD, retry_after=seconds, parts=standing, doubtful=doubtful)


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
    if isinstance(error.response.data, dict):
        return reason_of(error) in _MAYBE_DONE
    status: int = error.response.status_code
    return status >= _SERVER_ERROR or status < 400  # noqa: PLR2004  cut in the middle
