"""The scan of a pairing's signed agreement: one file, replaced by the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import Invalid
from ..materials import MEGABYTE, MaterialKind, check_content, check_type, clean_name

MOST_BYTES = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """`id` names its bytes in the folder of materials."""

    pairing_id: str
    id: str
    name: str
    media_type: str
    size: int
    at: float
    by: str


def check_scan(name: str, head: bytes, size: int) -> tuple[str, str]:
    """The clean name and the media type of a document. Raises Invalid."""
    if not 0 < size <= MOST_BYTES:
        most = MOST_BYTES // MEGABYTE
        raise Invalid("bad_size", f"文件应有内容，最多 {most} MB。", f"The file must have 1 byte to {most} MB.")
    name = clean_name(name)
    media_type = check_type(MaterialKind.PLAN, name)
    check_content(name, head)
    return name, media_type
