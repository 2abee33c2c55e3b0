"""What may be put up: names, types by ending and content, room."""

from __future__ import annotations

import pytest

from server.county.config import ConfigError
from server.county.errors import Conflict, CountyError, Invalid
from server.county.materials import (
    ALLOWED,
    HEAD,
    MEGABYTE,
    PLAYABLE,
    TYPES,
    MaterialKind,
    check_content,
    check_room,
    check_type,
    clean_name,
    parse_limits,
)
from tests.fakes.county import CONFIG

TEXT = (CONFIG / "materials.toml").read_text()
LIMITS = parse_limits(TEXT)
HEADS = {
    "pdf": b"%PDF-1.7", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04", "pptx": b"PK\x03\x04", "zip": b"PK\x03\x04",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "ppt": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "wps": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "txt": "春天来了".encode(), "md": b"# a", "csv": b"a,b", "jpg": b"\xff\xd8\xff\xe0", "jpeg": b"\xff\xd8\xff\xe1",
    "png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF89a", "webp": b"RIFF\x10\0\0\0WEBP", "mp4": b"\0\0\0\x18ftypisom",
    "m4v": b"\0\0\0\x18ftypM4V ", "mov": b"\0\0\0\x14ftypqt  ", "webm": b"\x1a\x45\xdf\xa3", "mkv": b"\x1a\x45\xdf\xa3",
    "mp3": b"ID3\x04", "m4a": b"\0\0\0\x18ftypM4A ", "wav": b"RIFF\x10\0\0\0WAVE",
}  # fmt: skip


@pytest.mark.parametrize("ending", list(TYPES))
def test_each_type_takes_its_own_content_and_no_program_or_page(ending):
    name = f"材料.{ending}"
    check_content(name, HEADS[ending].ljust(HEAD, b"x"))
    for harmful in (b"MZ\x90\0\x03", b"\x7fELF\x02\x01", b"\0" * HEAD):
        with pytest.raises(Invalid, match="材料"):
            check_content(name, harmful.ljust(HEAD, b"\0"))


def test_nothing_that_runs_in_a_browser_is_taken_by_name():
    for ending in ("html", "htm", "svg", "js", "exe", "bat", "xhtml", "xml", "apk", "lnk", "HTML"):
        for kind in MaterialKind:
            with pytest.raises(Invalid, match="不接受"):
                check_type(kind, f"x.{ending}")


def test_short_videos_are_what_browsers_play():
    assert ALLOWED[MaterialKind.VIDEO] == PLAYABLE
    assert check_type(MaterialKind.VIDEO, "微课.MP4") == "video/mp4"
    with pytest.raises(Invalid, match="webm"):
        check_type(MaterialKind.VIDEO, "微课.mov")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("导学案.docx", "导学案.docx"),
        ("C:\\用户\\导学案.docx", "导学案.docx"),
        ("../../etc/导学案.pdf", "导学案.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given, kept):
    assert clean_name(given) == kept


@pytest.mark.parametrize("given", ["没有后缀", ".docx", "..", "", "/"])
def test_a_name_without_an_ending_is_refused(given):
    with pytest.raises(Invalid, match="后缀"):
        clean_name(given)


@pytest.mark.parametrize(
    ("size", "there", "code"),
    [
        (0, {}, "bad_size"),
        (LIMITS.file_bytes + 1, {}, "bad_size"),
        (1, {"on_lesson": LIMITS.lesson_files}, "many_files"),
        (2, {"of_school": LIMITS.school_bytes - 1}, "quota"),
        (2, {"free": LIMITS.reserve_bytes + 1}, "disk_short"),
    ],
)
def test_there_must_be_room(size, there, code):
    room = {"on_lesson": 0, "of_school": 0, "free": 1 << 50}
    with pytest.raises((Invalid, Conflict)) as refused:
        check_room(LIMITS, size, **(room | there))
    assert isinstance(refused.value, CountyError)
    assert refused.value.code == code
    check_room(LIMITS, LIMITS.file_bytes, **room)


def test_two_gigabytes_are_taken_and_a_misspelt_key_is_named():
    assert LIMITS.file_bytes == 2048 * MEGABYTE
    with pytest.raises(ConfigError, match="lesson_files: is missing"):
        parse_limits(TEXT.replace("lesson_files =", "lesson_file ="))
