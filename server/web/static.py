"""The web client: built files with long caching, and its page for every other address."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from .context import context
from .problems import from_status

if TYPE_CHECKING:
    from pathlib import Path

# Not the API's addresses: those get a problem, not a page.
ANYTHING = r"/{path:(?!(?:api|whip|whep)(?:/|$)).*}"
# Vite writes `name-[hash].ext` into assets/: such a file never changes.
_HASHED = re.compile(r"assets/.+-[A-Za-z0-9_-]{8,}\.\w+")
_PART = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9._@-]*")
# What the browser asks for by itself or with an extension is a file, not a page of the client.
_FILE = re.compile(r".*\.[A-Za-z0-9]{1,8}")

NOT_BUILT = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><title>同课 Tongke</title>
<body style="font-family:sans-serif;max-width:40em;margin:4em auto;line-height:1.6">
<h1>网页还没有构建</h1>
<p>服务已经在运行，但是网页文件（<code>client_web/dist</code>）不存在。
请在项目目录运行 <code>make setup</code>，然后刷新本页。</p>
<h1 lang="en">The pages are not built</h1>
<p lang="en">The server runs, but <code>client_web/dist</code> is missing. Run <code>make setup</code> in the project's
folder, then reload this page.</p>
"""


async def client(request: web.Request) -> web.StreamResponse:
    """A built file, or the client's page (history fallback)."""
    dist, path = context(request).settings.client_dist, request.match_info["path"]
    file = await asyncio.to_thread(_find, dist, path)
    if file is not None:
        cache = "public, max-age=31536000, immutable" if _HASHED.fullmatch(path) else "no-cache"
        return web.FileResponse(file, headers={hdrs.CACHE_CONTROL: cache})
    if _FILE.fullmatch(path):
        return from_status(request, 404)
    index = await asyncio.to_thread(_find, dist, "index.html")
    if index is None:
        return web.Response(status=503, text=NOT_BUILT, content_type="text/html")
    return web.FileResponse(index, headers={hdrs.CACHE_CONTROL: "no-cache"})


def _find(dist: Path, path: str) -> Path | None:
    parts = path.split("/")
    if not all(_PART.fullmatch(part) for part in parts):
        return None
    file = dist.joinpath(*parts)
    return file if file.is_file() else None
