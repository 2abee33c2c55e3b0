"""Materials of a lesson: what kinds of files there are, what they must look like, how much may be put up. Pure.

A name's ending says what a file is, and its first bytes must agree: nothing that a browser would run as a page or a
program gets in under a harmless name. What is served again is always an attachment (`web.handlers.materials`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .config import count, only_table, positive
from .errors import Conflict, Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1024 * 1024
DAY = 86400.0
HEAD = 64  # bytes of a file that its type is told by
MOST_NAME = 120  # characters


class MaterialKind(StrEnum):
    """What a material is for."""

    DESIGN = "design"  # 教学设计
    PLAN = "plan"  # 导学案
    VIDEO = "video"  # 微课视频
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Limits:
    """Of `config/materials.toml`, in bytes and seconds."""

    file_bytes: int
    school_bytes: int
    lesson_files: int
    unfinished_after: float
    reserve_bytes: int


@dataclass(frozen=True, slots=True)
class Material:
    """A file on a lesson. `ready_at` None: it is still being sent. `school_id` None: the office's."""

    id: str
    lesson_id: str
    kind: MaterialKind
    name: str
    size: int
    media_type: str
    uploader_id: str
    uploader_name: str
    school_id: str | None
    created_at: float
    ready_at: float | None = None


def _starts(*heads: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(heads)


def _boxed(data: bytes) -> bool:
    return data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # ISO/IEC 14496-12, QuickTime


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:4] == b"RIFF" and data[8:12] == form


def _text(data: bytes) -> bool:
    return b"\0" not in data


_ZIP = _starts(b"PK\x03\x04")
_OLE = _starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_EBML = _starts(b"\x1a\x45\xdf\xa3")
_MPEG_AUDIO = _starts(b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
_OOXML = "application/vnd.openxmlformats-officedocument."

TYPES: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _starts(b"%PDF-")),
    "docx": (_OOXML + "wordprocessingml.document", _ZIP),
    "xlsx": (_OOXML + "spreadsheetml.sheet", _ZIP),
    "pptx": (_OOXML + "presentationml.presentation", _ZIP),
    "doc": ("application/msword", _OLE),
    "xls": ("application/vnd.ms-excel", _OLE),
    "ppt": ("application/vnd.ms-powerpoint", _OLE),
    "wps": ("application/vnd.ms-works", _OLE),
    "txt": ("text/plain", _text),
    "md": ("text/markdown", _text),
    "csv": ("text/csv", _text),
    "zip": ("application/zip", _ZIP),
    "jpg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "jpeg": ("image/jpeg", _starts(b"\xff\xd8\xff")),
    "png": ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    "gif": ("image/gif", _starts(b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", _riff(b"WEBP")),
    "mp4": ("video/mp4", _boxed),
    "m4v": ("video/mp4", _boxed),
    "mov": ("video/quicktime", _boxed),
    "webm": ("video/webm", _EBML),
    "mkv": ("video/x-matroska", _EBML),
    "mp3": ("audio/mpeg", _MPEG_AUDIO),
    "m4a": ("audio/mp4", _boxed),
    "wav": ("audio/wav", _riff(b"WAVE")),
}
"""By the name's ending: the media type, and whether first bytes are such a file's."""

PLAYABLE = ("mp4", "m4v", "webm")  # what browsers play
_DOCUMENTS = ("pdf", "docx", "doc", "wps", "pptx", "ppt", "xlsx", "xls", "txt", "md", "jpg", "jpeg", "png")
ALLOWED: dict[MaterialKind, tuple[str, ...]] = {
    MaterialKind.DESIGN: _DOCUMENTS,
    MaterialKind.PLAN: _DOCUMENTS,
    MaterialKind.VIDEO: PLAYABLE,
    MaterialKind.FILE: tuple(TYPES),
}
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


def clean_name(name: str) -> str:
    """The file's own name without folders, control characters and what Windows forbids. Raises Invalid."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    kept = _NOT_IN_NAMES.sub("_", kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not stem or not dot:
        raise Invalid("bad_name", "文件名应有后缀，例如 导学案.docx。", "The name needs an ending, such as plan.docx.")
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"


def ending_of(name: str) -> str:
    """`docx`."""
    return name.rpartition(".")[2].lower()


def check_type(kind: MaterialKind, name: str) -> str:
    """The media type. Raises Invalid, naming what is taken."""
    ending, allowed = ending_of(name), ALLOWED[kind]
    if ending not in allowed:
        raise Invalid(
            "bad_type",
            f"这里不接受 .{ending} 文件，可以上传：{'、'.join(allowed)}。",
            f".{ending} files are not taken here; these are: {', '.join(allowed)}.",
        )
    return TYPES[ending][0]


def check_content(name: str, head: bytes) -> None:
    """The first bytes are those of such a file. Raises Invalid."""
    if not TYPES[ending_of(name)][1](head):
        raise Invalid(
            "bad_content",
            f"“{name}”的内容不是 .{ending_of(name)} 文件，没有保存；请用原来的软件另存后再上传。",
            f"The content of “{name}” is not that of a .{ending_of(name)} file; it was not kept.",
        )


def check_room(limits: Limits, size: int, *, on_lesson: int, of_school: int, free: int) -> None:
    """`on_lesson` files, `of_school` bytes there already, `free` bytes on the disk. Raises Invalid, Conflict."""
    if not 0 < size <= limits.file_bytes:
        most = limits.file_bytes // MEGABYTE
        raise Invalid("bad_size", f"文件不能为空，最大 {most} MB。", f"A file may have 1 byte to {most} MB.")
    if on_lesson >= limits.lesson_files:
        raise Conflict(
            "many_files",
            f"一节课最多 {limits.lesson_files} 个材料，请先删除不用的。",
            f"A lesson takes {limits.lesson_files} files; delete some first.",
        )
    if of_school + size > limits.school_bytes:
        used, most = of_school // MEGABYTE, limits.school_bytes // MEGABYTE
        raise Conflict(
            "quota",
            f"学校的空间不够：已用 {used} MB，共 {most} MB。请先删除不用的材料，或请管理员增加空间。",
            f"The school's space is used up: {used} of {most} MB. Delete some files or ask the administrator.",
        )
    if free - size < limits.reserve_bytes:
        raise Conflict(
            "disk_short",
            "服务器的磁盘空间不足（要为课堂录像留出空间），请联系管理员。",
            "The server's disk is short of space (recordings come first); ask the administrator.",
        )


def parse_limits(text: str, file: str = "materials.toml") -> Limits:
    """Raises ConfigError naming file, line and key."""
    table = only_table(text, file, "materials")
    limits = Limits(
        file_bytes=table.get("file_megabytes", count) * MEGABYTE,
        school_bytes=table.get("school_megabytes", count) * MEGABYTE,
        lesson_files=table.get("lesson_files", count),
        unfinished_after=table.get("unfinished_days", positive) * DAY,
        reserve_bytes=table.get("reserve_megabytes", count) * MEGABYTE,
    )
    table.done()
    return limits
