"""A page to look at a peer with: what it is about is the peer's, how it is served is the same for all."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, cast

from aiohttp import web

STYLE = Path(__file__).parent / "page.css"


def serve_page(
    app: web.Application,
    page: Path,
    state: Callable[[Mapping[str, str]], dict[str, Any]],
    act: Callable[[dict[str, Any]], Awaitable[str | None]],
) -> None:
    """Serve a page at `/`: it reads `/peer/state` and posts to `/peer/act` what a person does.

    JSON, or a form where a file comes with it: that has its `name` and `content`.
    """

    async def show(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(page)

    async def style(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(STYLE)

    async def read(request: web.Request) -> web.Response:
        return web.json_response(state(request.query))

    async def do(request: web.Request) -> web.Response:
        try:
            return web.json_response({"error": await act(await _asked(request))})
        except (LookupError, PermissionError, ValueError) as refused:
            return web.json_response({"error": str(refused)})
        except TimeoutError:
            return web.json_response({"error": "The button still spins: the bot has not answered."})

    app.router.add_get("/", show)
    app.router.add_get("/peer/page.css", style)
    app.router.add_get("/peer/state", read)
    app.router.add_post("/peer/act", do)


async def _asked(request: web.Request) -> dict[str, Any]:
    if request.content_type != "multipart/form-data":
        return cast("dict[str, Any]", await request.json())
    asked: dict[str, Any] = dict(await request.post())
    file = asked.pop("file", None)
    if isinstance(file, web.FileField):
        return asked | {"name": file.filename, "content": file.file.read()}
    raise ValueError("Choose a file: a form brings one as `file`.")
