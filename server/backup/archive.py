"""The archive: an uncompressed tar whose last member, `backup.json`, names each other one with its size and SHA-256.

An archive without that member was cut off. Members are read as a stranger's: names that lead out of the folder, links
and devices are Damaged.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tarfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    Told = Callable[[str, int, int], None]
    """(step, bytes done, bytes in all): progress."""

FORMAT = 1
MANIFEST = "backup.json"
MANIFEST_BYTES = 1 << 30  # of some million members
PIECE = 1 << 20
MEMBER = re.compile(r"(?!\.\.?(/|$))[^/\0\\]{1,255}(/(?!\.\.?(/|$))[^/\0\\]{1,255}){0,15}")


class BackupError(Exception):
    """What hinders, and what to do about it, in Chinese and English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese} / {english}")


class Damaged(BackupError):
    """The archive is not whole, or not one of ours."""


class Member(msgspec.Struct, frozen=True):
    """A file in the archive; `bytes` its size."""

    name: str
    bytes: int
    sha256: str


class TableCopy(msgspec.Struct, frozen=True):
    """Rows of a table; `columns` in the order in which they were copied."""

    rows: int
    columns: list[str]


class DatabaseCopy(msgspec.Struct, frozen=True):
    """`revision`: the schema's, of Alembic."""

    kind: Literal["sqlite", "postgresql"]
    revision: str
    tables: dict[str, TableCopy]


class Manifest(msgspec.Struct, frozen=True):
    """`storage`: the object store that recordings are on as well; `left_out`: settings that are secret; `gone`: files
    that were deleted while they were to be copied."""

    format: int
    version: str
    created_at: float
    database: DatabaseCopy
    pieces: bool
    storage: str | None
    left_out: list[str]
    gone: list[str]
    members: list[Member]


class Writer:
    """A new archive, readable by its owner only. `close` makes it durable."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        self._told = told
        self.members: list[Member] = []

    def add(self, name: str, path: Path) -> None:
        """A file as long as it is now: what is appended meanwhile stays out. Raises OSError, FileNotFoundError."""
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            self._add(name, file, status.st_size, status.st_mtime)

    def add_bytes(self, name: str, content: bytes, at: float) -> None:
        """A small member."""
        self._add(name, io.BytesIO(content), len(content), at)

    def close(self, manifest: Manifest) -> None:
        """The manifest last, then to the disk."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        self._add(MANIFEST, io.BytesIO(content), len(content), manifest.created_at)
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close what was not finished."""
        self._file.close()

    def _add(self, name: str, source: BinaryIO, size: int, at: float) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, int(at), 0o600
        hashing = _Hashing(source, self._told)
        self._tar.addfile(info, hashing)
        self.members.append(Member(name, size, hashing.sum.hexdigest()))


class _Hashing:
    """Reads through, summing up."""

    def __init__(self, source: BinaryIO, told: Callable[[int], None]) -> None:
        self._source = source
        self._told = told
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sum.update(data)
        self._told(len(data))
        return data


def check(path: Path, told: Callable[[int], None]) -> Manifest:
    """Read the whole archive once. Raises Damaged unless every member is there and is what its sum says; OSError."""
    found: dict[str, Member] = {}
    manifest: Manifest | None = None
    with _walking(path) as members:
        for info, content in members:
            if manifest is not None:
                raise _damaged(path, f"{info.name} 在 {MANIFEST} 之后 / comes after it")
            if info.name == MANIFEST:
                manifest = _read_manifest(path, content.read(MANIFEST_BYTES))
                continue
            reading = _Hashing(content, told)
            while reading.read(PIECE):
                pass
            found[info.name] = Member(info.name, info.size, reading.sum.hexdigest())
    if manifest is None:
        raise _damaged(path, f"没有 {MANIFEST} / is missing: 归档不完整 / the archive was cut off")
    for member in manifest.members:
        if found.pop(member.name, None) != member:
            raise _damaged(path, f"{member.name} 与校验和不符 / does not agree with its checksum")
    if found:
        raise _damaged(path, f"多出 / one too many: {min(found)}")
    return manifest


def extract(path: Path, folder: Path, wanted: Callable[[str], bool], told: Callable[[int], None]) -> None:
    """Members that are `wanted`, into `folder`, each on the disk. Of an archive that was checked. Raises OSError."""
    with _walking(path) as members:
        for info, content in members:
            if info.name == MANIFEST or not wanted(info.name):
                told(info.size)
                continue
            target = folder / info.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
                while piece := content.read(PIECE):
                    file.write(piece)
                    told(len(piece))
                file.flush()
                os.fsync(file.fileno())


def counting(step: str, total: int, told: Told) -> Callable[[int], None]:
    """Bytes one after the other as progress of a step."""
    done = 0

    def count(more: int) -> None:
        nonlocal done
        done += more
        told(step, done, total)

    return count


@contextmanager
def _walking(path: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, BinaryIO]]]:
    """Its members with their contents, one after the other. Raises Damaged, whoever reads on."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield _members(path, tar)
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(path, str(error)) from None


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, BinaryIO]]:
    for info in tar:
        content = tar.extractfile(info) if info.isreg() else None
        if content is None or not MEMBER.fullmatch(info.name):
            raise _damaged(path, f"{info.name!r} 不是普通文件 / is no plain file")
        with content:
            yield info, content  # type: ignore[misc]  # a buffered reader of bytes


def _read_manifest(path: Path, content: bytes) -> Manifest:
    try:
        if (number := msgspec.json.decode(content)["format"]) != FORMAT:
            raise _damaged(path, f"格式 / format {number}，本版本只认 / this version reads {FORMAT}")
        return msgspec.json.decode(content, type=Manifest)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise _damaged(path, f"{MANIFEST}: {error}") from None


def _damaged(path: Path, what: str) -> Damaged:
    return Damaged(f"{path}: 备份不完整或已损坏，请换一份", f"damaged or not a backup, use another one: {what}")
