"""Kinds of roster entries and their fields, as data.

Pages, checks, workbook sheets and the template all come from this one table. A field's key is its column in the store
too. Kinds stand in the order in which they are imported: whatever is referred to comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Names = tuple[str, str]
"""Chinese and English."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an entry. `type`: `text`, `username`, `whole`, `date`, `choice`, `names` or `ref`."""

    key: str
    title: Names
    type: str = "text"
    required: bool = True
    most: int = 100  # characters of a text or of each name; the largest whole number
    choices: Mapping[str, Names] = field(default_factory=dict)
    of: str = ""  # a reference: the kind it points to
    help: Names = ("", "")


@dataclass(frozen=True, slots=True)
class Kind:
    """`key`: the fields that no two entries of the kind share; they also identify a row that has no number."""

    name: str
    title: Names
    prefix: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    label: str = "name"  # the field by which others refer to it

    def field(self, key: str) -> Field:
        """Raises KeyError."""
        return {one.key: one for one in self.fields}[key]


SIDES = {"supporting": ("支援学校", "supporting"), "receiving": ("受援学校", "receiving")}
STAGES = {"primary": ("小学", "primary"), "junior": ("初中", "junior")}
WEEKDAYS = {
    "1": ("周一", "Monday"),
    "2": ("周二", "Tuesday"),
    "3": ("周三", "Wednesday"),
    "4": ("周四", "Thursday"),
    "5": ("周五", "Friday"),
    "6": ("周六", "Saturday"),
    "7": ("周日", "Sunday"),
}

_USERNAME = Field(
    "username",
    ("用户名", "Username"),
    "username",
    most=32,
    help=("登录用：2 到 32 个小写字母、数字、点、横线或下划线", "to log in: 2 to 32 of a-z 0-9 . - _"),
)
_NAME = Field("name", ("姓名", "Name"))
_SCHOOL = Field("school_id", ("学校", "School"), "ref", of="schools", help=("学校全称", "the school's full name"))
_STAGE = Field("stage", ("学段", "Stage"), "choice", choices=STAGES)
_ENGLISH = Field("name_en", ("英文名称", "English name"), required=False, most=200)

KINDS: tuple[Kind, ...] = (
    Kind(
        "schools",
        ("学校", "Schools"),
        "s",
        (
            Field("name", ("学校名称", "School"), most=200, help=("全称，不能重复", "in full, unique")),
            Field("kind", ("类别", "Side"), "choice", choices=SIDES),
            _STAGE,
            _ENGLISH,
        ),
        ("name",),
    ),
    Kind("subjects", ("学科", "Subjects"), "j", (Field("name", ("学科", "Subject")), _ENGLISH), ("name",)),
    Kind("researchers", ("研训员", "Researchers"), "u", (_USERNAME, _NAME), ("username",), label="username"),
    Kind("teachers", ("教师", "Teachers"), "u", (_USERNAME, _NAME, _SCHOOL), ("username",), label="username"),
    Kind(
        "groups",
        ("专家组", "Expert groups"),
        "g",
        (
            Field("subject_id", ("学科", "Subject"), "ref", of="subjects"),
            _STAGE,
            Field("leads", ("组长", "Leads"), "names", help=("几个人用顿号隔开", "several: separate by commas")),
            Field("members", ("成员", "Members"), "names", required=False),
        ),
        ("subject_id", "stage"),
        label="subject_id",
    ),
    Kind(
        "pairings",
        ("结对", "Pairings"),
        "p",
        (
            Field("number", ("序号", "No."), "whole", most=99_999),
            Field("supporting_school_id", ("支援学校", "Supporting school"), "ref", of="schools"),
            Field("receiving_school_id", ("受援学校", "Receiving school"), "ref", of="schools"),
            Field(
                "researcher_id",
                ("研训员", "Researcher"),
                "ref",
                of="researchers",
                help=("姓名；有重名时写用户名", "name, or username where names are the same"),
            ),
        ),
        ("number",),
        label="number",
    ),
    Kind(
        "classrooms",
        ("教室设备", "Classrooms"),
        "d",
        (_SCHOOL, Field("name", ("教室名称", "Classroom"), help=("同一学校内不重复", "unique within its school"))),
        ("school_id", "name"),
    ),
    Kind(
        "terms",
        ("学期", "Terms"),
        "t",
        (
            Field("name", ("学期", "Term")),
            Field("begins", ("开始日期", "First day"), "date"),
            Field("ends", ("结束日期", "Last day"), "date"),
        ),
        ("name",),
    ),
    Kind(
        "holidays",
        ("假期与补课", "Holidays"),
        "h",
        (
            Field("term_id", ("学期", "Term"), "ref", of="terms"),
            Field("name", ("名称", "Name")),
            Field("begins", ("开始日期", "First day"), "date"),
            Field("ends", ("结束日期", "Last day"), "date"),
            Field(
                "follows",
                ("按周几上课", "Taught as"),
                "choice",
                required=False,
                choices=WEEKDAYS,
                help=("空着是放假；填周几是调休补课日", "empty: no school; a weekday: a make-up day"),
            ),
        ),
        ("term_id", "begins"),
    ),
    Kind(
        "milestones",
        ("工作进度", "Milestones"),
        "m",
        (
            Field("name", ("工作任务", "Task"), most=200),
            Field("due", ("完成期限", "Due"), "date"),
            Field("done_on", ("完成日期", "Done on"), "date", required=False),
            Field("note", ("说明", "Note"), required=False, most=500),
        ),
        ("name", "due"),
    ),
    Kind(
        "readiness",
        ("装备与网络空间", "Equipment, network spaces"),
        "e",
        (
            _SCHOOL,
            Field(
                "equipment_accepted_on",
                ("装备验收日期", "Equipment accepted on"),
                "date",
                required=False,
                help=(
                    "验收单上的日期；教室自测更早的以自测为准",
                    "the certificate's; an earlier check counts",
                ),
            ),
            Field("equipment_source", ("验收依据", "Certificate"), required=False, most=200),
            Field("space_opened_on", ("网络空间开通日期", "Network space opened on"), "date", required=False),
            Field("space_address", ("网络空间地址", "Address of the space"), required=False, most=200),
        ),
        ("school_id",),
        label="school_id",
    ),
    Kind(
        "agreements",
        ("结对协议", "Agreements"),
        "b",
        (
            Field("pairing_id", ("结对序号", "Pairing"), "ref", of="pairings"),
            Field("number", ("协议编号", "Agreement no.")),
            Field("signed_on", ("签订日期", "Signed on"), "date"),
        ),
        ("pairing_id",),
        label="pairing_id",
    ),
    Kind(
        "small_schools",
        ("小规模学校", "Small schools"),
        "z",
        (
            Field("name", ("学校名称", "School"), most=200, help=("公布名单上的每一所", "each of the published list")),
            Field(
                "school_id",
                ("名册中的学校", "In the roster as"),
                "ref",
                required=False,
                of="schools",
                help=("结对的才有；空着就是没有结对", "if it is paired; empty: it is not"),
            ),
            Field(
                "merged_in",
                ("计划撤并年份", "To be merged in"),
                "whole",
                required=False,
                most=9999,
                help=("列入撤并计划的那一年不计", "in that year it does not count"),
            ),
            Field(
                "without_pupils",
                ("已没有学生", "Without pupils"),
                "choice",
                required=False,
                choices={"yes": ("是", "yes")},
            ),
            Field("source", ("依据文件", "Published in"), required=False, most=200),
        ),
        ("name",),
    ),
)

BY_NAME: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
ACCOUNTS = frozenset({"researchers", "teachers", "classrooms"})
"""Kinds whose entries can log in: archiving one ends its sessions."""
