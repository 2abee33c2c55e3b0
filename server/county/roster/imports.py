"""A roster workbook ⇄ entries: what an import would change, or every cell that stands in its way. Pure.

Rows are matched by number (编号) where there is one, else by the kind's key (a school's name, a pairing's number); a
row that matches nothing is new. Rows that are not in the workbook stay as they are. A version (版本) that is not the
stored one means that somebody changed the row after the export: it is a problem, not overwritten.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..books import CellProblem, CellValue, Column, Formula, NewSheet, address
from .checks import Problem, among, read_values
from .entries import Entry, Known, key_of
from .kinds import KINDS, Kind, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..books import Row, Sheet
    from .entries import Value

NUMBER: Names = ("编号", "ID")
VERSION: Names = ("版本", "Version")
README: Names = ("说明", "Read me")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_KIND_OF_SHEET = {name.casefold(): kind for kind in KINDS for name in (*kind.title, kind.name)}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry to add (`before` None) or change, and the row it comes from. `fields`: keys that differ."""

    sheet: str
    row: int
    entry: Entry
    before: Entry | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What importing would do. With a problem that is not a warning nothing may be done."""

    changes: tuple[Change, ...]
    problems: tuple[CellProblem, ...]
    unchanged: int

    @property
    def possible(self) -> bool:
        """Whether it may be carried out."""
        return not any(not problem.warning for problem in self.problems)


@dataclass(slots=True)
class _Read:
    """A row on its way."""

    sheet: Sheet
    row: Row
    columns: Mapping[str, int]
    entry: Entry
    before: Entry | None


def plan_import(sheets: Iterable[Sheet], entries: Iterable[Entry], new_id: Callable[[str], str]) -> Plan:
    """`entries`: everything the store has; `new_id`: an id by prefix."""
    known, problems = Known(entries), list[CellProblem]()
    by_kind: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        kind = _KIND_OF_SHEET.get(sheet.name.strip().casefold())
        if kind is not None:
            by_kind.setdefault(kind.name, []).append(sheet)
        elif sheet.name.strip() not in README:
            names = [", ".join(kind.title[n] for kind in KINDS) for n in (0, 1)]
            problems.append(
                CellProblem(
                    sheet.name,
                    "A1",
                    ("不认识这张表", "This sheet is not known"),
                    (f"请改名为以下之一，或删去它：{names[0]}", f"rename it to one of: {names[1]}; or delete it"),
                )
            )
    reads = [read for kind in KINDS for read in _read_kind(kind, by_kind.get(kind.name, []), known, new_id, problems)]
    changes, unchanged = [], 0
    for read in reads:
        for problem in among(read.entry, known):
            problems.append(_placed(problem, read))
        fields = tuple(
            key
            for key, value in read.entry.values.items()
            if read.before is None or value != read.before.values.get(key)
        )
        if read.before is not None and not fields:
            unchanged += 1
        else:
            changes.append(Change(read.sheet.name, read.row.number, read.entry, read.before, fields))
    problems.extend(_left_wrong(reads, known))
    return Plan(tuple(changes), tuple(problems), unchanged)


def _read_kind(
    kind: Kind, sheets: Sequence[Sheet], known: Known, new_id: Callable[[str], str], problems: list[CellProblem]
) -> list[_Read]:
    reads: list[_Read] = []
    seen: dict[str, str] = {}
    for sheet in sheets:
        columns = _columns(kind, sheet, problems)
        for row in sheet.rows:
            read = _read_row(kind, sheet, row, columns, known, new_id, problems)
            first = seen.setdefault(read.entry.id, f"{sheet.name}!{address(1, row.number)}")
            if first != f"{sheet.name}!{address(1, row.number)}":
                at = columns.get("id") or columns.get(kind.key[0]) or 1
                problems.append(
                    CellProblem(
                        sheet.name,
                        address(at, row.number),
                        (f"与 {first.partition('!')[2]} 是同一条", f"the same entry as {first.partition('!')[2]}"),
                        ("请只留一行", "keep one of the rows"),
                    )
                )
                continue
            reads.append(read)
            known.put(read.entry)
    return reads


def _columns(kind: Kind, sheet: Sheet, problems: list[CellProblem]) -> dict[str, int]:
    """Column numbers by field key, `id` and `version`; what is wrong with the headings."""
    names = {name.casefold(): fld.key for fld in kind.fields for name in (*fld.title, fld.key)}
    names |= {name.casefold(): "id" for name in NUMBER} | {name.casefold(): "version" for name in VERSION}
    columns: dict[str, int] = {}
    for column, heading in sheet.headings.items():
        key = names.get(heading.strip().rstrip("*＊ ").casefold())
        wanted = "、".join(fld.title[0] for fld in kind.fields), ", ".join(fld.title[1] for fld in kind.fields)
        if key is None or key in columns:
            text = (f"不认识列“{heading}”", f"the column “{heading}” is not known")
            if key is not None:
                text = (f"列“{heading}”有两次", f"the column “{heading}” is there twice")
            fix = (f"请删去这一列，或改成：{wanted[0]}", f"delete the column, or rename it to one of: {wanted[1]}")
            problems.append(CellProblem(sheet.name, address(column, 1), text, fix))
        else:
            columns[key] = column
    for fld in kind.fields:
        if fld.required and fld.key not in columns and sheet.rows:
            text = (f"缺少列“{fld.title[0]}”", f"the column “{fld.title[1]}” is missing")
            fix = ("请照模板加上这一列", "add it as in the template")
            problems.append(CellProblem(sheet.name, address(max(sheet.headings, default=0) + 1, 1), text, fix))
    return columns


def _read_row(
    kind: Kind,
    sheet: Sheet,
    row: Row,
    columns: Mapping[str, int],
    known: Known,
    new_id: Callable[[str], str],
    problems: list[CellProblem],
) -> _Read:
    raw: dict[str, object] = {}
    spoilt: set[str] = set()
    for key, column in columns.items():
        value = row.cells.get(column)
        if isinstance(value, Formula):
            spoilt.add(key)
            text = (f"这里是公式“{value.text[:40]}”", f"this is a formula “{value.text[:40]}”")
            fix = ("请把公式换成它的值", "replace the formula by its value")
            problems.append(CellProblem(sheet.name, address(column, row.number), text, fix))
        else:
            raw[key] = value
    values, found = read_values(kind, raw, known)
    entry_id, before = _identity(kind, raw.get("id"), values, known)
    if before is not None:
        values |= {fld.key: before.values.get(fld.key) for fld in kind.fields if fld.key not in columns}
    entry = Entry(kind.name, entry_id or new_id(kind.prefix), values)
    read = _Read(sheet, row, columns, entry, before)
    problems += [
        _placed(problem, read) for problem in found if problem.field in columns and problem.field not in spoilt
    ]
    problems += [_placed(problem, read) for problem in _identity_problems(raw, entry, before, known)]
    if before is not None:
        read.entry = replace(entry, version=before.version + 1, archived=before.archived)
    return read


def _identity(kind: Kind, given: object, values: Mapping[str, Value], known: Known) -> tuple[str | None, Entry | None]:
    """The id of a row, and the entry it changes."""
    if given is not None and str(given).strip():
        entry_id = str(int(given) if isinstance(given, float) and given.is_integer() else given).strip()
        return entry_id, known.get(kind.name, entry_id)
    key = key_of(Entry(kind.name, "", values))
    same = known.same_key(kind.name, key) if key is not None else []
    open_ones = [entry for entry in same if not entry.archived]
    found = open_ones[0] if open_ones else None
    return (found.id, found) if found is not None else (None, None)


def _identity_problems(raw: Mapping[str, object], entry: Entry, before: Entry | None, known: Known) -> list[Problem]:
    if before is None:
        taken = known.taken(entry.id)
        if taken is not None:
            text = (f"编号“{entry.id}”已被别处使用", f"the ID “{entry.id}” is used elsewhere")
            return [Problem("id", text, ("请把编号空着", "leave the ID empty"))]
        if not _ID.fullmatch(entry.id):
            text = (f"“{entry.id[:40]}”不能作编号", f"“{entry.id[:40]}” cannot be an ID")
            return [Problem("id", text, ("新的一行请把编号空着", "leave it empty for a new row"))]
        return []
    if before.archived:
        text = ("这一条已归档", "this entry is archived")
        return [Problem("id", text, ("请先恢复它，或删去这一行", "restore it first, or remove this row"))]
    version = str(raw.get("version") or "").strip().removesuffix(".0")
    differs = any(entry.values.get(key) != value for key, value in before.values.items())
    if version and version != str(before.version) and differs:
        text = (
            f"导出之后有人改过这一条（现在是第 {before.version} 版，表里是第 {version} 版）",
            f"somebody changed this entry after the export (now version {before.version}, here {version})",
        )
        return [Problem("version", text, ("请重新导出，再改一次", "export again and repeat the change"))]
    return []


def _placed(problem: Problem, read: _Read) -> CellProblem:
    column = read.columns.get(problem.field) or min(read.columns.values(), default=1)
    return CellProblem(read.sheet.name, address(column, read.row.number), problem.text, problem.fix)


def _left_wrong(reads: Sequence[_Read], known: Known) -> list[CellProblem]:
    """Entries that are not in the workbook but become wrong by it: a pairing whose school changes its side, say."""
    touched = {(read.entry.kind, read.entry.id) for read in reads}
    found = []
    for read in reads:
        if read.before is None:
            continue
        for other in known.users_of(read.entry):
            if (other.kind, other.id) in touched:
                continue
            for problem in among(other, known):
                text = tuple(
                    f"{title}“{known.title(other)}”：{words}"
                    for title, words in zip(other.of.title, problem.text, strict=True)
                )
                at = address(min(read.columns.values(), default=1), read.row.number)
                found.append(CellProblem(read.sheet.name, at, (text[0], text[1]), problem.fix))
    return found


# --- out ------------------------------------------------------------------------------------------------------------


def sheets_of(known: Known | None, language: int) -> list[NewSheet]:
    """All open entries as sheets (None: the empty template), in Chinese (0) or English (1)."""
    return [_readme(language), *(_sheet(kind, known, language) for kind in KINDS)]


def _sheet(kind: Kind, known: Known | None, language: int) -> NewSheet:
    columns = [
        Column(
            fld.title[language] + (" *" if fld.required else ""),
            width=34 if fld.most >= 200 or fld.of == "schools" else 16,
            note=fld.help[language],
            choices=tuple(names[language] for names in fld.choices.values()),
        )
        for fld in kind.fields
    ]
    columns += [Column(NUMBER[language], quiet=True), Column(VERSION[language], 8, quiet=True)]
    rows = []
    for entry in known.all(kind.name) if known is not None else ():
        if not entry.archived:
            cells = [cell_of(kind, fld.key, entry, known, language) for fld in kind.fields] if known else []
            rows.append((*cells, entry.id, entry.version))
    return NewSheet(kind.title[language], tuple(columns), tuple(rows))


def cell_of(kind: Kind, key: str, entry: Entry, known: Known, language: int) -> CellValue:
    """A value as people read it."""
    fld, value = kind.field(key), entry.values.get(key)
    if value is None:
        return None
    if fld.type == "ref":
        return known.label(fld.of, value)
    if fld.type == "choice":
        return fld.choices[str(value)][language]
    if isinstance(value, tuple):
        return ("、", ", ")[language].join(value)
    return value


def _readme(language: int) -> NewSheet:
    lines = (
        (
            "带 * 的列要填。先上传检查，每一处问题会指出表、单元格和改法；要么全部导入，要么一条也不导入。",
            "“编号”和“版本”两列用来认出原来的行：新加的行请空着。没有写在表里的条目不受影响。",
            "学校、学科、学期写名称；研训员写姓名，有重名时写用户名。几个人用顿号隔开。日期写成 2026-09-01。",
            "请填值，不要填公式。",
        ),
        (
            "Columns with * are needed. The workbook is checked first: each problem names sheet, cell and what to do. "
            "Everything is imported, or nothing.",
            "The columns ID and Version recognise rows that are there already: leave them empty for new ones. "
            "Entries that are not in the workbook stay as they are.",
            "Schools, subjects and terms by name; researchers by name, or by username where names are the same. "
            "Separate people by commas. Dates like 2026-09-01.",
            "Write values, not formulas.",
        ),
    )[language]
    return NewSheet(README[language], (Column(README[language], 110),), tuple((line,) for line in lines))
