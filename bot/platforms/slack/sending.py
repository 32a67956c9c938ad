"""Send what is due to Slack: posts, new faces, private answers, forms, pictures and files.

Limits and errors: docs.slack.dev/reference/methods/chat.postMessage, …/chat.update, …/views.open.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache

import structlog
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot import tokens
from bot.attachments import csv_of
from bot.directory import Directory
from bot.gates import Share, alone
from bot.language import Reader, plain
from bot.pictures.drawing import draw_picture
from bot.platforms.base import Can, Confirm, Outgoing, SendError
from bot.platforms.slack.client import Client
from bot.platforms.slack.doors import Door, Doors
from bot.platforms.slack.drawing import Block, Part, Pen
from bot.platforms.slack.faults import FAULTS, LOST_TRIGGER, posting, reason_of, refused
from bot.platforms.slack.modals import draw_closed, draw_modal
from bot.platforms.slack.pacing import Pacing
from bot.platforms.slack.reading import HOME, ONLY, PLATFORM, VIEW
from bot.platforms.slack.responding import respond
from bot.platforms.slack.uploads import FILE, share
from models.channels import Channel, ChannelKind
from models.message import Attachment, Message, Picture
from models.store import Store

log = structlog.get_logger()


class SlackPlatform:
    """Slack as a place to send to. What an interaction opened (`doors`) is used for the answers to it."""

    name = PLATFORM
    keeps_order = False
    can = Can()

    def __init__(
        self,
        token: SecretStr,
        api_url: str,
        store: Store,
        directory: Directory,
        button_key: Callable[[], str],
        share: Share = alone,
    ) -> None:
        self.client = Client(token.get_secret_value(), api_url)
        self.doors = Doors()
        self._store, self._directory, self._button_key = store, directory, button_key
        self._direct_chats: dict[str, str] = {}
        self.pacing = Pacing(share)

    async def send(self, outgoing: Outgoing, confirm: Confirm) -> None:
        """Send a post and confirm it; raise SendError when Slack did not take it."""
        standing = list(outgoing.parts)
        try:
            if outgoing.edits is None:
                await self._post(outgoing, standing)
            else:
                await self._change(outgoing, outgoing.edits, standing)
        except FAULTS as error:
            raise refused(error, standing) from error
        await asyncio.wrap_future(self._store.write(lambda unit: confirm(unit, *standing), repeatable=True))

    def pen(self, post_id: int, reader: Reader, workspace: str) -> Pen:
        """What a post's message is drawn with."""
        key, known = self._button_key(), self._directory.now()
        return Pen(
            reader,
            lambda position: tokens.sign(key, post_id, position),
            lambda person: known.accounts.get((PLATFORM, workspace, person)),
        )

    async def open_form(self, trigger: str, message: Message, pen: Pen, channel: Channel, thread: str | None) -> str:
        """Open a form for whoever pressed; return its id. Raise SlackApiError when the trigger is spent."""
        context = {"channel": channel.external_id, "thread": thread or ""}
        answer = await self.client.views_open(trigger_id=trigger, view=draw_modal(message, pen, context))
        return f"{VIEW}{answer['view']['id']}"

    async def _post(self, outgoing: Outgoing, standing: list[str]) -> None:
        message, channel = outgoing.message, outgoing.channel
        pen = self.pen(outgoing.post_id, outgoing.reader, channel.workspace)
        trigger = self.doors.spend_trigger(outgoing.event_id) if message.form is not None else None
        if trigger is not None:
            await outgoing.begin()
            try:
                standing.append(await self.open_form(trigger, message, pen, channel, outgoing.thread))
            except SlackApiError as error:
                if reason_of(error) not in LOST_TRIGGER:
                    raise
            else:
                return
        parts = pen.draw(message, await self._image(message.picture, outgoing.reader))
        if outgoing.doubtful:
            parts[len(standing) :] = pen.marked(parts[len(standing) :])
        if not _is_whispered(outgoing):
            await self._say(outgoing, parts, standing)
        else:
            await self._whisper(outgoing, parts, standing)
        if message.attachment is not None:
            await self._attach(outgoing, message.attachment, standing)

    async def _say(self, outgoing: Outgoing, parts: Sequence[Part], standing: list[str]) -> None:
        """Post the parts that do not stand there yet; after a fault in the middle none is posted again."""
        channel, thread = outgoing.channel.external_id, outgoing.thread
        for part in parts[len(standing) :]:
            async with self.pacing.post(channel, outgoing), posting(standing):
                answer = await self.client.chat_postMessage(
                    channel=channel, thread_ts=thread, text=part.text, blocks=part.blocks, unfurl_links=False,
                    unfurl_media=False,
                )  # fmt: skip
            standing.append(answer["ts"])

    async def _attach(self, outgoing: Outgoing, attachment: Attachment, standing: list[str]) -> None:
        """Share a file below the message; what only one person may see, in their direct chat."""
        content = await asyncio.to_thread(csv_of, attachment, outgoing.reader)
        whispered = _is_whispered(outgoing)
        place = await (
            self._direct_chat(self._account_of(outgoing)) if whispered else self._conversation(outgoing.channel)
        )
        thread = None if whispered else outgoing.thread
        try:
            async with self.pacing.post(place, outgoing):
                await share(self.client, content, attachment.name, place, thread, standing)
        except SlackApiError as error:
            if reason_of(error) != "missing_scope":
                raise
            log.error("a file was left out", reason="the app lacks files:write")  # noqa: TRY400  no fault of ours

    async def _whisper(self, outgoing: Outgoing, parts: Sequence[Part], standing: list[str]) -> None:
        """Tell one person the parts that they have not read; the last, which has the buttons, is the message's own."""
        channel, account = outgoing.channel, self._account_of(outgoing)
        for part in parts[len(standing) :]:
            async with self.pacing.whisper(outgoing), posting(standing):
                answer = await self.client.chat_postEphemeral(
                    channel=channel.external_id, user=account, thread_ts=outgoing.thread, text=part.text,
                    blocks=part.blocks,
                )  # fmt: skip
            standing.insert(0, ONLY + answer["message_ts"])

    def _account_of(self, outgoing: Outgoing) -> str:
        """The account that a private answer is for: of a person's several, the one that asked."""
        workspace, known = outgoing.channel.workspace, self._directory.now()
        asker = self.doors.of(outgoing.event_id).user or ""
        if known.identities.get((PLATFORM, workspace, asker)) == outgoing.visible_to:
            return asker
        account = known.accounts.get((PLATFORM, workspace, outgoing.visible_to or ""))
        if account is None:
            raise SendError("the person has no account here", permanent=True)
        return account

    async def _change(self, outgoing: Outgoing, sent: str, standing: list[str]) -> None:
        """Give an earlier message its new face; what is wrong with a form was the answer to its sending."""
        message, door = outgoing.message, self.doors.of(outgoing.event_id)
        if sent.startswith(HOME) or (message.form is not None and message.form.errors):
            return
        pen = self.pen(outgoing.post_id, outgoing.reader, outgoing.channel.workspace)
        if sent.startswith(VIEW):
            await outgoing.begin(leaves=False)
            await self._close(sent.removeprefix(VIEW), message, pen, door)
        elif sent.startswith(ONLY):
            pressed = door if door.message == sent else self.doors.of(sent)
            await self._replace(outgoing, pen, pressed.response_url)
        else:
            parts = pen.draw(message, await self._image(message.picture, outgoing.reader))
            there = sum(not part.startswith(FILE) for part in standing)
            if outgoing.doubtful and there < len(parts):  # an earlier try may have said what is new
                parts[there:] = pen.marked(parts[there:])
            await self._redraw(outgoing, parts, standing)

    async def _redraw(self, outgoing: Outgoing, parts: Sequence[Part], standing: list[str]) -> None:
        """Draw every part of a message anew, post those that it lacked, and take away those that it has too many."""
        channel = await self._conversation(outgoing.channel)
        files = [part for part in standing if part.startswith(FILE)]
        standing[:] = [part for part in standing if not part.startswith(FILE)]
        try:
            await self._redraw_words(outgoing, channel, parts, standing)
        except SendError as error:
            error.parts += tuple(files)
            raise
        finally:
            standing += files

    async def _redraw_words(self, outgoing: Outgoing, channel: str, parts: Sequence[Part], standing: list[str]) -> None:
        for ts, part in zip(standing, parts, strict=False):
            async with self.pacing.update(outgoing):
                await self.client.chat_update(channel=channel, ts=ts, text=part.text, blocks=part.blocks)
        await self._say(outgoing, parts, standing)
        while len(standing) > len(parts):
            async with self.pacing.update(outgoing):
                await self._take_away(channel, standing[-1])
            standing.pop()

    async def _take_away(self, channel: str, ts: str) -> None:
        try:
            await self.client.chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if reason_of(error) != "message_not_found":
                raise

    async def _close(self, view: str, message: Message, pen: Pen, door: Door) -> None:
        """Show in an open form what became of it; one that was sent closes by itself."""
        if not door.submitted and door.view == view:
            await self.client.views_update(view_id=view, view=draw_closed(message, pen))

    async def _replace(self, outgoing: Outgoing, pen: Pen, url: str | None) -> None:
        """Change what only one person sees: possible once they pressed something there, for half an hour.

        Where Slack refuses that, they read it in their direct chat.
        """
        if url is None:
            return
        await outgoing.begin(leaves=False)
        parts = pen.draw(outgoing.message)
        last = parts[-1]
        if await respond(self.client, url, text=last.text, blocks=last.blocks, replace_original=True):
            return
        account = self._account_of(outgoing)
        for part in parts:
            async with self.pacing.post(account, outgoing):
                await self.client.chat_postMessage(channel=account, text=part.text, blocks=part.blocks)

    async def _conversation(self, channel: Channel) -> str:
        """The id that chat.update needs: of a person's direct chat, where they are known by their account."""
        return (
            await self._direct_chat(channel.external_id) if channel.kind is ChannelKind.DIRECT else channel.external_id
        )

    async def _direct_chat(self, account: str) -> str:
        if account not in self._direct_chats:
            opened = await self.client.conversations_open(users=account)
            self._direct_chats[account] = opened["channel"]["id"]
        return self._direct_chats[account]

    async def _image(self, picture: Picture | None, reader: Reader) -> Block | None:
        """Upload a picture and name it in a block; it belongs to no channel but to the message that shows it."""
        if picture is None:
            return None
        drawn = await asyncio.to_thread(_drawn, picture, reader)
        title = plain(picture.title, reader)
        try:
            answer = await self.client.files_upload_v2(content=drawn, filename="board.png", title=title, alt_txt=title)
        except SlackApiError as error:
            if reason_of(error) != "missing_scope":
                raise
            log.error("a picture was left out", reason="the app lacks files:write")  # noqa: TRY400  no fault of ours
            return None
        return {"type": "image", "slack_file": {"id": answer["file"]["id"]}, "alt_text": title[:2_000]}


def _is_whispered(outgoing: Outgoing) -> bool:
    """Whether one person alone sees it among others."""
    return outgoing.visible_to is not None and outgoing.channel.kind is not ChannelKind.DIRECT


@lru_cache(maxsize=64)
def _drawn(picture: Picture, reader: Reader) -> bytes:
    return draw_picture(picture, reader, "light")
