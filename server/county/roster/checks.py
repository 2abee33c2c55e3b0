"""Checks of roster entries: each field by its type, then the entry among all others. Pure.

A problem says what is wrong and how to mend it, in Chinese and English, and names the field: pages show it beside the
field, an import beside the cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from .entries import key_of
from .kinds import BY_NAME, Field, Kind, Names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .entries import Entry, Known, Value

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_NAMES = 50
LONGEST_TERM = 400  # days
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_BETWEEN = re.compile(r"[、，,;；/\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field (`field` "": with the row), and what to do."""

    field: str
    text: Names
    fix: Names


class Wrong(ValueError):
    """A value cannot be read."""

    def __init__(self, text: Names, fix: Names) -> None:
        super().__init__(text[1])
        self.text = text
        self.fix = fix


def read_values(kind: Kind, raw: Mapping[str, object], known: Known) -> tuple[dict[str, Value], list[Problem]]:
    """Each field of `kind` from what a person wrote (JSON values, or a workbook's cells), and what is wrong.

    A field that cannot be read is None in the values.
    """
    values: dict[str, Value] = {}
    problems = []
    for field in kind.fields:
        value = raw.get(field.key)
        values[field.key] = () if field.type == "names" else None
        if value is None or (isinstance(value, str) and not value.strip()) or value in ([], ()):
            if field.required:
                title = field.title
                problems.append(
                    Problem(
                        field.key,
                        (f"缺少“{title[0]}”", f"“{title[1]}” is missing"),
                        (f"请填写{title[0]}", f"fill in {title[1]}") if not field.choices else _allowed(field),
                    )
                )
            continue
        try:
            values[field.key] = _READERS[field.type](field, value, known)
        except Wrong as wrong:
            problems.append(Problem(field.key, wrong.text, wrong.fix))
    return values, problems


def among(entry: Entry, known: Known) -> list[Problem]:
    """What is wrong with the entry beside all others (which hold the entry itself, too). Archived ones do not count."""
    problems = list(_twice(entry, known))
    rule = _RULES.get(entry.kind)
    return problems + (rule(entry, known) if rule is not None else [])


# --- fields ---------------------------------------------------------------------------------------------------------


def _text(field: Field, value: object, known: Known) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a number typed where a name is meant
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong(("不是文字", "is not a text"), ("请写成文字", "write it as text"))
    text = " ".join(str(value).split())
    if not text.isprintable():
        raise Wrong(("含有看不见的字符", "has invisible characters"), ("请重新输入", "type it again"))
    if len(text) > field.most:
        raise Wrong(
            (f"有 {len(text)} 个字，太长", f"has {len(text)} characters, too many"),
            (f"最多 {field.most} 个字", f"at most {field.most} characters"),
        )
    return text


def _username(field: Field, value: object, known: Known) -> str:
    text = _text(field, value, known).lower()
    if not USERNAME.fullmatch(text):
        raise Wrong((f"“{text}”不能作用户名", f"“{text}” cannot be a username"), field.help)
    return text


def _whole(field: Field, value: object, known: Known) -> int:
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= field.most:
        raise Wrong(
            (f"“{value}”不是序号", f"“{value}” is not such a number"),
            (f"请写 1 到 {field.most} 的整数", f"write a whole number from 1 to {field.most}"),
        )
    return int(text)


def read_date(value: object) -> date:
    """A day from a date cell or from `2026-09-01`, `2026/9/1`, `2026年9月1日`. Raises Wrong."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        found = _DATE.fullmatch(str(value).strip())
        try:
            value = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            value = None
    if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise Wrong(("不是日期", "is not a date"), ("请写成 2026-09-01 这样", "write it like 2026-09-01"))
    return value


def _date(field: Field, value: object, known: Known) -> str:
    return read_date(value).isoformat()


def _choice(field: Field, value: object, known: Known) -> str:
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().casefold()
    for choice, names in field.choices.items():
        if text in {choice.casefold(), *(name.casefold() for name in names)}:
            return choice
    raise Wrong((f"“{value}”不是可选的值", f"“{value}” is not one of the choices"), _allowed(field))


def _allowed(field: Field) -> Names:
    chinese = "、".join(names[0] for names in field.choices.values())
    return f"可选：{chinese}", f"one of: {', '.join(names[1] for names in field.choices.values())}"


def _names(field: Field, value: object, known: Known) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        parts = [str(part) for part in value]
    else:
        text = str(value).strip()
        parts = _BETWEEN.split(text)
        if len(parts) == 1 and _HAN.search(text):
            parts = text.split()  # as the notice prints them: 单志明 王建群
    found = tuple(dict.fromkeys(_text(field, part, known) for part in parts if part.strip()))
    if len(found) > MOST_NAMES:
        raise Wrong((f"有 {len(found)} 个人", f"has {len(found)} people"), (f"最多 {MOST_NAMES} 人", "fewer"))
    return found


def _ref(field: Field, value: object, known: Known) -> str:
    text = " ".join(str(int(value) if isinstance(value, float) and value.is_integer() else value).split())
    found = known.find(field.of, text)
    titles = BY_NAME[field.of].title
    if not found:
        raise Wrong(
            (f"没有“{text}”", f"there is no “{text}”"),
            (f"请照“{titles[0]}”里的写法，或先在那里加上它", f"write it as in {titles[1]}, or add it there first"),
        )
    if len(found) > 1:
        raise Wrong(
            (f"有 {len(found)} 个“{text}”", f"there are {len(found)} “{text}”"),
            ("请改写用户名或编号", "write the username or number instead"),
        )
    if found[0].archived:
        raise Wrong(
            (f"“{text}”已归档", f"“{text}” is archived"),
            ("请先恢复它，或换一个", "restore it first, or choose another"),
        )
    return found[0].id


_READERS: Mapping[str, Callable[[Field, object, Known], Value]] = {
    "text": _text,
    "username": _username,
    "whole": _whole,
    "date": _date,
    "choice": _choice,
    "names": _names,
    "ref": _ref,
}


# --- an entry among the others --------------------------------------------------------------------------------------


def _twice(entry: Entry, known: Known) -> list[Problem]:
    key = key_of(entry)
    if key is None or entry.archived:
        return []
    # Usernames are one namespace over all people.
    kinds = ("researchers", "teachers") if entry.of.key == ("username",) else (entry.kind,)
    for kind in kinds:
        for other in known.same_key(kind, key):
            if other.id != entry.id and (not other.archived or "username" in entry.of.key):
                field = entry.of.field(entry.of.key[-1])
                return [
                    Problem(
                        field.key,
                        (f"“{known.title(entry)}”已经有了", f"“{known.title(entry)}” is there already"),
                        (f"{field.title[0]}不能重复，请改一个", f"choose another {field.title[1]}"),
                    )
                ]
    return []


def _pairing(entry: Entry, known: Known) -> list[Problem]:
    problems = []
    for key, side in (("supporting_school_id", "supporting"), ("receiving_school_id", "receiving")):
        school = known.get("schools", entry.values[key])
        if school is not None and school.values["kind"] not in (side, None):
            titles = BY_NAME["schools"].field("kind").choices[side]
            problems.append(
                Problem(
                    key,
                    (
                        f"“{school.values['name']}”不是{titles[0]}",
                        f"“{school.values['name']}” is not a {titles[1]} school",
                    ),
                    (f"请选{titles[0]}，或在“学校”里改它的类别", f"choose a {titles[1]} school, or change its side"),
                )
            )
    schools = (entry.values["supporting_school_id"], entry.values["receiving_school_id"])
    for other in known.all("pairings"):
        same = schools == (other.values["supporting_school_id"], other.values["receiving_school_id"])
        if same and other.id != entry.id and not other.archived and None not in schools:
            number = other.values["number"]
            problems.append(
                Problem(
                    "receiving_school_id",
                    (f"这两所学校已经是第 {number} 对", f"these schools are pairing {number} already"),
                    ("请删去这一行或换学校", "remove this row or choose other schools"),
                )
            )
            break
    return problems


def _classroom(entry: Entry, known: Known) -> list[Problem]:
    school = known.get("schools", entry.values["school_id"])
    if school is None or school.values["kind"] in ("receiving", None):
        return []
    return [
        Problem(
            "school_id",
            (f"“{school.values['name']}”不是受援学校", f"“{school.values['name']}” is not a receiving school"),
            ("同步教室设备属于受援学校", "a classroom's screen belongs to a receiving school"),
        )
    ]


def _ordered(entry: Entry) -> list[Problem]:
    begins, ends = entry.values["begins"], entry.values["ends"]
    if begins is None or ends is None or str(begins) <= str(ends):
        return []
    text = ("结束日期早于开始日期", "the last day is before the first")
    return [Problem("ends", text, ("请改成不早于开始日期", "make it the first day or later"))]


def _term(entry: Entry, known: Known) -> list[Problem]:
    problems = _ordered(entry)
    begins, ends = entry.values["begins"], entry.values["ends"]
    if problems or begins is None or ends is None:
        return problems
    days = (date.fromisoformat(str(ends)) - date.fromisoformat(str(begins))).days
    if days > LONGEST_TERM:
        text = (f"学期有 {days} 天", f"the term has {days} days")
        problems.append(Problem("ends", text, (f"最多 {LONGEST_TERM} 天", f"at most {LONGEST_TERM} days")))
    for other in known.all("terms"):
        if other.id == entry.id or other.archived or None in (other.values["begins"], other.values["ends"]):
            continue
        if str(other.values["begins"]) <= str(ends) and str(begins) <= str(other.values["ends"]):
            name = other.values["name"]
            text = (f"与学期“{name}”重叠", f"overlaps the term “{name}”")
            problems.append(Problem("begins", text, ("请改日期，让学期不重叠", "change the dates")))
            break
    return problems


def _holiday(entry: Entry, known: Known) -> list[Problem]:
    problems = _ordered(entry)
    term = known.get("terms", entry.values["term_id"])
    if problems or term is None:
        return problems
    for key in ("begins", "ends"):
        day = entry.values[key]
        inside = day is None or None in (term.values["begins"], term.values["ends"])
        if not inside and not str(term.values["begins"]) <= str(day) <= str(term.values["ends"]):
            name = term.values["name"]
            text = (f"不在学期“{name}”内", f"is not within the term “{name}”")
            fix = f"{term.values['begins']} – {term.values['ends']}"
            problems.append(Problem(key, text, (f"请写 {fix} 之间的日期", f"write a day of {fix}")))
    if entry.values["follows"] is not None and entry.values["begins"] != entry.values["ends"]:
        text = ("补课日要一天一行", "a make-up day needs a row of its own")
        problems.append(Problem("ends", text, ("请把结束日期改成开始日期", "make both days the same")))
    return problems


_RULES: Mapping[str, Callable[[Entry, Known], list[Problem]]] = {
    "pairings": _pairing,
    "classrooms": _classroom,
    "terms": _term,
    "holidays": _holiday,
}
