"""Where each key of a TOML text stands. `tomllib` gives values without lines; errors in a rule file need both.

The text is cut into statements (a header or one key with its value); each is read by `tomllib` itself, so quoting,
dotted keys, inline tables and values over several lines are all understood as the file's reader understands them.
"""

from __future__ import annotations

import tomllib
from typing import Any

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """Line (from 1) by path: `("papers", 0, "id")`. Give it only what `tomllib` has read without error."""
    found: dict[Path, int] = {(): 1}
    arrays: dict[Path, int] = {}
    table: Path = ()
    for number, statement in _statements(text):
        body = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _header(body, arrays)
            found.setdefault(table, number)
        else:
            _keys(body, table, number, found)
    return found


def line_at(lines: dict[Path, int], path: Path) -> int | None:
    """The line of a path, or of the nearest thing around it that is written down."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _statements(text: str) -> list[tuple[int, str]]:
    """(line, statement) pairs: lines are gathered until they are valid by themselves."""
    found: list[tuple[int, str]] = []
    begun, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if not begun and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun, first = (begun + "\n" + line, first) if begun else (line, number)
        try:
            tomllib.loads(begun)
        except tomllib.TOMLDecodeError:
            continue
        found.append((first, begun))
        begun = ""
    return found


def _header(body: dict[str, Any], arrays: dict[Path, int]) -> Path:
    """The path a header opens; `[[…]]` opens the next element, and names inside pass through the newest one."""
    path: Path = ()
    at: Any = body
    while isinstance(at, dict) and at:
        key, at = next(iter(at.items()))
        path += (key,)
        if isinstance(at, list):
            arrays[path] = arrays.get(path, -1) + 1
            return (*path, arrays[path])
        if path in arrays:
            path += (arrays[path],)
    return path


def _keys(value: object, path: Path, number: int, found: dict[Path, int]) -> None:
    """Every key of a statement stands at the statement's line."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found.setdefault((*path, key), number)
        _keys(inner, (*path, key), number, found)
