"""Share a file in a conversation once, by the steps of files_upload_v2.

docs.slack.dev/messaging/working-with-files: ask for an address, send the bytes there, complete it. Only the last step
shows anything, so the file's id is kept among the parts of the post before it: after a fault Slack is asked whether the
file is there already.
"""

import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.slack.client import Client
from bot.platforms.slack.faults import posting, reason_of
from bot.proxies import proxy_for

log = structlog.get_logger()

FILE = "file:"
"""How a part begins that is a file, and no message of the channel."""
OK = 200


async def share(
    client: Client, content: bytes, name: str, channel: str, thread: str | None, standing: list[str]
) -> None:
    """Share a file; `standing` is what there is of the post, and holds the file's id from before it may be seen."""
    kept = next((part for part in standing if part.startswith(FILE)), None)
    if kept is not None:
        is_there = await _is_shared(client, kept.removeprefix(FILE))
        if is_there:
            return
        if is_there is None:
            standing.remove(kept)
            kept = None
    if kept is None:
        kept = f"{FILE}{await _uploaded(client, content, name)}"
        standing.append(kept)
    async with posting(standing):
        await client.files_completeUploadExternal(
            files=[{"id": kept.removeprefix(FILE), "title": name}], channel_id=channel, thread_ts=thread
        )


async def _uploaded(client: Client, content: bytes, name: str) -> str:
    """Send the bytes; nobody sees them yet."""
    asked = await client.files_getUploadURLExternal(filename=name, length=len(content))
    session = client.session
    assert session is not None  # noqa: S101  it is open while the connection is
    address = asked["upload_url"]
    async with session.post(address, data=content, proxy=proxy_for(address)) as answer:
        if answer.status != OK:
            raise SlackClientError(f"the upload was answered with {answer.status}")
    return str(asked["file_id"])


async def _is_shared(client: Client, file: str) -> bool | None:
    """Whether somebody can see a file already; none when Slack has it no more."""
    try:
        found = (await client.files_info(file=file))["file"]
    except SlackApiError as error:
        if reason_of(error) == "file_not_found":
            return None
        if reason_of(error) != "missing_scope":
            raise
        log.warning("cannot look a file up", reason="the app lacks files:read")
        return False
    return any(found.get(where) for where in ("channels", "groups", "ims"))
