"""files.*: the three steps behind files_upload_v2, and the two addresses beside the API."""

from typing import cast

from aiohttp import web

from tests.peers.slack.api import ApiError, Call
from tests.peers.slack.blocks import faults_of
from tests.peers.slack.events import file_shared, message_event
from tests.peers.slack.model import Json, Upload
from tests.peers.slack.wire import with_ids
from tests.peers.slack.world import World


async def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: step one; the address is good for this file and this length."""
    call.need_scope("files:write")
    try:
        size = int(call.text("length"))
    except ValueError:
        size = 0
    if not call.text("filename") or size <= 0:
        raise ApiError("invalid_arguments")
    world = call.world
    ident = world.make_id("F")
    upload = Upload(
        ident, call.text("filename"), call.text("filename"), size, world.app.user_id, int(world.clock.now()),
        world.secret(f"ticket {ident}"), alt_text=call.text("alt_txt") or None,
    )  # fmt: skip
    world.uploads[ident] = upload
    return {"upload_url": f"{call.base}upload/v1/{upload.ticket}", "file_id": ident}


async def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: step three; shares the files in a channel, or keeps them private without one."""
    call.need_scope("files:write")
    asked = call.parsed("files")
    if not isinstance(asked, list) or not asked:
        raise ApiError("invalid_arguments")
    world, uploads = call.world, []
    for one in asked:
        upload = world.uploads.get(str(one.get("id")))
        if upload is None or upload.content is None:
            raise ApiError("file_not_found")
        upload.title = one.get("title") or upload.name
        uploads.append(upload)
    names = [call.text("channel_id")] if call.text("channel_id") else []
    names += [name for name in call.text("channels").split(",") if name]
    for name in names:
        _share(call, name, uploads)
    return {"files": [world.file_wire(upload, call.base) for upload in uploads]}


def _share(call: Call, name: str, uploads: list[Upload]) -> None:
    world = call.world
    channel = world.channels.get(name)
    if channel is None:
        raise ApiError("channel_not_found")
    if world.app.user_id not in channel.members:
        raise ApiError("not_in_channel")
    blocks = call.parsed("blocks")
    if blocks is not None and faults_of(blocks, surface="message"):
        raise ApiError("invalid_blocks")
    message = world.post(
        channel, world.app.user_id, call.text("initial_comment"), thread_ts=call.text("thread_ts") or None,
        files=[upload.id for upload in uploads], bot_id=world.app.bot_id, app_id=world.app.id,
        blocks=with_ids(world, cast("list[Json]", blocks or [])),
    )  # fmt: skip
    for upload in uploads:
        upload.channels.append(channel.id)
        call.tell(file_shared(world, upload, channel.id))
    call.tell(message_event(world, message, call.base))


async def files_info(call: Call) -> Json:
    """files.info: what `file_shared` leaves out; of files in conversations that the app is in."""
    call.need_scope("files:read")
    world, upload = call.world, call.world.uploads.get(call.text("file"))
    places = [world.channels[name] for name in upload.channels] if upload else []
    mine = upload and upload.user == world.app.user_id
    if upload is None or not (mine or any(world.app.user_id in place.members for place in places)):
        raise ApiError("file_not_found")
    return {"file": world.file_wire(upload, call.base), "comments": [], "response_metadata": {"next_cursor": ""}}


async def receive(world: World, request: web.Request) -> web.Response:
    """Step two: the bytes themselves, as the body or as a form's file; the length must be the one that was said."""
    upload = next((each for each in world.uploads.values() if each.ticket == request.match_info["ticket"]), None)
    if upload is None or upload.content is not None:
        return web.Response(status=404, text="not found")
    if request.content_type == "multipart/form-data":
        part = (await request.post()).get("file") or (await request.post()).get("filename")
        content = part.file.read() if isinstance(part, web.FileField) else str(part or "").encode()
    else:
        content = await request.read()
    if len(content) != upload.size:
        return web.Response(status=400, text=f"expected {upload.size} bytes, got {len(content)}")
    upload.content = content
    return web.Response(text=f"OK - {len(content)}")


async def serve(world: World, request: web.Request) -> web.Response:
    """`url_private`: with a bot token and files:read; without, Slack answers 200 and a page to sign in on."""
    upload = world.uploads.get(request.match_info["file"].partition("-")[2])
    if upload is None or upload.content is None:
        return web.Response(status=404)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token != world.app.bot_token or "files:read" not in world.app.scopes:
        return web.Response(text="<!DOCTYPE html><title>Slack</title>Sign in", content_type="text/html")
    kind = str(world.file_wire(upload, "")["mimetype"])
    return web.Response(body=upload.content, content_type=kind)
