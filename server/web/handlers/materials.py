"""Materials: begun, sent piece by piece, downloaded."""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import hdrs, web

from server.county.errors import Invalid, Unavailable
from server.county.materials import HEAD
from server.live.materials import WrongOffset

from .. import schemas as s
from .. import schemas_materials as t
from ..answers import answer, nothing, page
from ..bodies import body, unsupported
from ..context import actor, context
from ..problems import Refusal
from ..table_materials import PIECE

if TYPE_CHECKING:
    from pathlib import Path

    from server.county.materials import Material

    from ..context import Context
    from . import Handler

# A piece is held in memory until it is whole, so that a cut line leaves no half of it.
PIECE_MAX = 8 * 1024 * 1024
# What was put up by somebody is never a page of ours, whatever its bytes are: saved, not opened, and without rights.
_HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    hdrs.CACHE_CONTROL: "private, no-cache",
}


async def materials(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.materials.of_lesson(actor(request), request.match_info["lesson_id"])
    return page([await _answer(request, c, material) for material in found])


async def begin(request: web.Request) -> web.Response:
    asked = await body(request, t.MaterialCreate)
    c = context(request)
    free = await asyncio.to_thread(c.materials.free)
    material, forgotten = await c.services.materials.begin(
        actor(request), request.match_info["lesson_id"], asked.kind, asked.name, asked.size, free
    )
    for each in forgotten:
        await asyncio.to_thread(c.materials.remove, each.id)
    response = answer(await _answer(request, c, material), 201)
    response.headers["Location"] = f"/api/materials/{material.id}"
    return response


async def state(request: web.Request) -> web.Response:
    c = context(request)
    material = await c.services.materials.look(actor(request), request.match_info["material_id"])
    return answer(await _answer(request, c, material))


async def append(request: web.Request) -> web.Response:
    c = context(request)
    material = await c.services.materials.sending(actor(request), request.match_info["material_id"])
    offset = _offset(request)
    data = await _piece(request)
    if not data and offset < material.size:  # an empty one at the end finishes what a crash left unfinished
        raise Refusal(400, "empty", "这一段没有内容。", "The piece is empty.")
    _check_sum(request, data)
    try:
        end = await asyncio.to_thread(c.materials.append, material.id, offset, data, material.size)
    except WrongOffset as error:
        raise Refusal(
            409,
            "wrong_offset",
            f"请从第 {error.offset} 字节继续。",
            f"Go on from byte {error.offset}.",
            headers={"Upload-Offset": str(error.offset)},
        ) from None
    except OSError as error:
        raise _disk_full() from error
    if end == material.size:
        material = await _finish(request, c, material)
    return answer(await _answer(request, c, material))


def _disk_full() -> Unavailable:
    return Unavailable(
        "disk_full",
        "服务器没能写下这一段（磁盘可能已满），请联系管理员后再继续。",
        "The server could not write this piece (its disk may be full); tell the administrator, then go on.",
    )


async def _finish(request: web.Request, c: Context, material: Material) -> Material:
    head = await asyncio.to_thread(c.materials.head, material.id, HEAD)
    try:
        return await c.services.materials.finish(actor(request), material.id, head)
    except Invalid:
        await asyncio.to_thread(c.materials.remove, material.id)
        raise


async def remove(request: web.Request) -> web.Response:
    c = context(request)
    material_id = request.match_info["material_id"]
    await c.services.materials.remove(actor(request), material_id)
    await asyncio.to_thread(c.materials.remove, material_id)
    return nothing()


async def file(request: web.Request) -> web.StreamResponse:
    c = context(request)
    material = await c.services.materials.get(actor(request), request.match_info["material_id"])
    return attachment(c.materials.path(material.id), material.media_type, material.name)


def attachment(path: Path, media_type: str, name: str) -> web.FileResponse:
    """What somebody put up, Range-able and harmless."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return web.FileResponse(
        path, headers=_HARMLESS | {hdrs.CONTENT_TYPE: media_type, hdrs.CONTENT_DISPOSITION: disposition}
    )


async def write_file(c: Context, file_id: str, data: bytes) -> None:
    """A whole file at once. Raises Unavailable."""
    try:
        await asyncio.to_thread(c.materials.append, file_id, 0, data, len(data))
    except OSError as error:
        raise _disk_full() from error


def _offset(request: web.Request) -> int:
    text = request.headers.get("Upload-Offset", "")
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Refusal(400, "bad_offset", "缺少请求头 Upload-Offset。", "The header Upload-Offset is missing.")
    return int(text)


async def _piece(request: web.Request) -> bytes:
    if request.content_type != PIECE:
        raise unsupported(PIECE)
    if (request.content_length or 0) > PIECE_MAX:
        raise Refusal(413, "too_large", "一段最多 8 MiB。", "A piece may have 8 MiB at most.")
    data = bytearray()
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > PIECE_MAX:
            raise Refusal(413, "too_large", "一段最多 8 MiB。", "A piece may have 8 MiB at most.")
    return bytes(data)


def _check_sum(request: web.Request, data: bytes) -> None:
    """`Upload-Checksum` as in tus's extension: the piece arrived as it was sent."""
    method, _, text = request.headers.get("Upload-Checksum", "").partition(" ")
    if not method:
        return
    try:
        right = method == "sha256" and base64.b64decode(text, validate=True) == hashlib.sha256(data).digest()
    except binascii.Error:
        right = False
    if not right:
        raise Refusal(400, "bad_checksum", "这一段在传输中损坏了，请重发。", "The piece was damaged; resend it.")


async def _answer(request: web.Request, c: Context, material: Material) -> t.MaterialAnswer:
    ready = material.ready_at is not None
    offset = material.size if ready else await asyncio.to_thread(c.materials.offset, material.id)
    return t.MaterialAnswer(
        id=material.id,
        lesson_id=material.lesson_id,
        kind=material.kind,
        name=material.name,
        size=material.size,
        media_type=material.media_type,
        uploader=material.uploader_name,
        school_id=material.school_id,
        created_at=s.rfc3339(material.created_at),
        ready=ready,
        offset=offset,
        mine=material.uploader_id == actor(request).id,
        url=f"/api/materials/{material.id}/file",
    )


HANDLERS: dict[str, Handler] = {
    "materials.list": materials,
    "materials.begin": begin,
    "materials.state": state,
    "materials.append": append,
    "materials.remove": remove,
    "materials.file": file,
}
