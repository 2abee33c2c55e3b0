"""What of an installation goes into a backup, and how its settings are told without their secrets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr
from sqlalchemy import make_url

from server.settings import without_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server.settings import Settings

SETTINGS, SECRET = "settings.toml", "secret.key"
CONFIG, MATERIALS, RECORDINGS = "config", "materials", "recordings"
FOLDERS = (MATERIALS, RECORDINGS)
# Of a recording everything else is small, and nowhere else: manifests, indexes, verification reports.
PIECES = (".m4s", ".webm", ".mp4")
PASSING = (".part", ".tmp", ".lock")
HERE = ("data", "home", "admin_password")  # of this machine, or of its first start only


def files(settings: Settings, *, pieces: bool) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file), a recording's index before its pieces: what the index names is then there.

    Without `pieces`: no picture and sound of recordings.
    """
    yield SECRET, settings.data / SECRET
    for path in _below(settings.config_dir):
        yield f"{CONFIG}/{path.relative_to(settings.config_dir).as_posix()}", path
    for folder in FOLDERS:
        root = settings.data / folder
        for path in sorted(_below(root), key=lambda path: path.suffix in PIECES):
            if folder == MATERIALS or pieces or path.suffix not in PIECES:
                yield f"{folder}/{path.relative_to(root).as_posix()}", path


def _below(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        if path.suffix not in PASSING and path.is_file() and not path.is_symlink():
            yield path


def database_file(settings: Settings) -> Path:
    """The file of a SQLite database."""
    return Path(make_url(settings.database_url).database or "")


def settings_toml(settings: Settings) -> tuple[str, list[str]]:
    """(the settings as a TOML file for `--config`, names of those that are secret and therefore left out)."""
    lines, left_out = (
        ["# 密钥和密码不在备份中，恢复后请重新填写。 / Secrets are not in a backup: fill them in again."],
        [],
    )
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if name in HERE or value is None or value == field.get_default(call_default_factory=True):
            continue
        told = "…" if isinstance(value, SecretStr) else _told(value)
        if told != value:
            left_out.append(name)
        lines.append(f"{'# ' if told != value else ''}{name} = {_toml(told)}")
    return "\n".join(lines) + "\n", left_out


def _told(value: object) -> object:
    return without_password(value) if isinstance(value, str) else value


def _toml(value: object) -> str:
    """JSON of strings, numbers and lists is TOML."""
    if isinstance(value, Path):
        value = str(value)
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
