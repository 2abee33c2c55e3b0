"""What the monthly report says: the month's lessons, the year so far, what did not count and why. Pure.

Every count is a number of rows of `county.progress` and carries the query that opens them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .. import milestones as ms
from ..model import Form
from ..progress import HELD, LOST, NAMES, RowQuery, Standing, row_of
from ..targets import is_behind, season
from .model import Column, Figure, Names, Report, Scope, Table
from .tally import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Lesson, Pairing, School, Subject
    from ..observation import SignedTotal
    from ..progress import Row
    from .material import Material

_S = Standing
FORM_NAMES: Mapping[Form, Names] = {
    Form.DELIVERED: ("远程专递课堂（节）", "delivered courses"),
    Form.TRAINING: ("教师网络研修（次）", "online training"),
    Form.MASTER: ("名师网课（次）", "master courses"),
}
NOTHING: Names = ("本月没有。", "None this month.")


def draw(material: Material, scope: Scope, scope_id: str) -> Report:
    """The report. Raises KeyError for a pairing or subject that there is not."""
    drawer = _Drawer(material)
    about: Names = ("", "")
    if scope is Scope.PAIRING:
        pairing = {one.id: one for one in material.pairings}[scope_id]
        about = drawer.pair_name(pairing)
        drawer = _Drawer(material, pairing_id=pairing.id)
        tables = [drawer.lessons(), drawer.subjects(), drawer.schools(), drawer.others()]
    elif scope is Scope.SUBJECT:
        about = _name({one.id: one for one in material.subjects}[scope_id])
        drawer = _Drawer(material, subject_id=scope_id)
        tables = [drawer.pairings(), drawer.lessons()]
    else:
        tables = [
            drawer.pairings(),
            drawer.subjects(),
            drawer.schools(),
            drawer.others(),
            drawer.lost(),
            drawer.milestones(),
        ]
    year, month = material.month.split("-")
    title = (f"城乡同步课堂月报（{year} 年 {int(month)} 月）", f"Synchronous lessons: report for {material.month}")
    return Report(
        scope,
        scope_id,
        material.month,
        title,
        about,
        material.made_at,
        material.until,
        drawer.facts(),
        tuple(tables),
    )


class _Drawer:
    """Tables over the whole county, or narrowed to one pairing or one subject."""

    def __init__(self, material: Material, pairing_id: str | None = None, subject_id: str | None = None) -> None:
        self._m = material
        year_to_date = material.year_span[0], material.month_span[1]
        self._tally = Tally(material.lived, (material.month_span, year_to_date))
        self._month = RowQuery(*material.month_span, None, pairing_id, subject_id)
        self._year = RowQuery(*year_to_date, None, pairing_id, subject_id)
        self._pairings = [one for one in material.pairings if self._wanted(one)]

    def _wanted(self, pairing: Pairing) -> bool:
        """Open ones, and archived ones as long as the year has lessons of theirs."""
        if self._month.pairing_id is not None:
            return pairing.id == self._month.pairing_id
        return not pairing.archived or self._tally.count(replace(self._year, pairing_id=pairing.id)) > 0

    def _count(self, query: RowQuery, *standings: Standing, **narrower: str) -> Figure:
        return self._tally.figure(replace(query, standings=standings, **narrower))  # type: ignore[arg-type]

    def pair_name(self, pairing: Pairing) -> Names:
        """`A — B`."""
        one, other = self._school(pairing.supporting_school_id), self._school(pairing.receiving_school_id)
        return f"{one[0]} — {other[0]}", f"{one[1]} — {other[1]}"

    def _school(self, school_id: str) -> Names:
        school = self._m.schools.get(school_id)
        return (school_id, school_id) if school is None else _name(school)

    def _subject(self, subject_id: str) -> Names:
        return next((_name(one) for one in self._m.subjects if one.id == subject_id), (subject_id, subject_id))

    # --- the figures above the tables -------------------------------------------------------------------------------

    def facts(self) -> tuple[tuple[Names, Figure], ...]:
        """The month in a few figures."""
        month, year = self._month, self._year
        seconds = sum(
            (row.lesson.ended_at or 0.0) - (row.lesson.started_at or 0.0)
            for row in self._rows(HELD)
            if row.lesson.started_at is not None and row.lesson.ended_at is not None
        )
        held = replace(month, standings=HELD)
        found: list[tuple[Names, Figure]] = [
            (("本月上课（节）", "Lessons held this month"), self._tally.figure(held)),
            (("其中已计入", "of these credited"), self._count(month, _S.CREDITED)),
            (("未计入", "not credited"), self._count(month, _S.NOT_CREDITED)),
            (("待核验", "waiting"), self._count(month, _S.WAITING)),
            (("未开课", "missed"), self._count(month, _S.MISSED)),
            (("已取消", "cancelled"), self._count(month, _S.CANCELLED)),
            (("授课时长（分钟）", "Minutes taught"), Figure(round(seconds / 60), held)),
            (("听课评课（份）", "Observations signed"), Figure(len(self._sheets()))),
            (("年内累计已计入（节）", "Credited this year"), self._count(year, _S.CREDITED)),
        ]
        if self._month.subject_id is None:
            reached = [self._standing_of(one)[0] for one in self._paired()]
            found.append((("指标全部达到的学校（所）", "Schools that met every target"), Figure(reached.count(True))))
            found.append((("结对学校（所）", "Paired schools"), Figure(len(reached))))
        return tuple(found)

    def _rows(self, standings: tuple[Standing, ...]) -> list[Row]:
        """The month's lessons, oldest first."""
        since, until = self._month.since, self._month.until
        found = []
        for lived in reversed(self._m.lived):
            lesson = lived.lesson
            if self._month.pairing_id not in (None, lesson.pairing_id):
                continue
            if self._month.subject_id not in (None, lesson.subject_id):
                continue
            row = row_of(lived, None)
            if since <= row.began_at < until and row.standing in standings:
                found.append(row)
        return found

    def _sheets(self, pairing_id: str | None = None) -> list[SignedTotal]:
        wanted = pairing_id or self._month.pairing_id
        return [
            one
            for one in self._m.sheets
            if wanted in (None, one.pairing_id) and self._month.subject_id in (None, one.subject_id)
        ]

    # --- tables -----------------------------------------------------------------------------------------------------

    def pairings(self) -> Table:
        """One row for each pairing."""
        columns = (
            _number("序号", "No.", 6),
            _text("支援学校", "Supporting school", 26),
            _text("受援学校", "Receiving school", 26),
            _text("研训员", "Researcher", 10),
            _number("本月上课", "Held"),
            _number("支援校计入", "Credited, supporting", 11),
            _number("受援校计入", "Credited, receiving", 11),
            _number("未计入", "Not credited", 8),
            _number("未开课", "Missed", 8),
            _number("已取消", "Cancelled", 8),
            _number("听课评课", "Observed"),
            _number("累计（支援）", "Year, supporting", 12),
            _number("累计（受援）", "Year, receiving", 12),
        )
        return Table(
            "pairings",
            ("各结对开展情况", "Pairings"),
            columns,
            tuple(self._pairing(one) for one in self._pairings),
            ("还没有结对。", "There are no pairings."),
        )

    def _pairing(self, one: Pairing) -> tuple[Figure, ...]:
        month, year = replace(self._month, pairing_id=one.id), replace(self._year, pairing_id=one.id)
        supporting, receiving = one.supporting_school_id, one.receiving_school_id
        return (
            Figure(one.number),
            Figure(self._school(supporting)),
            Figure(self._school(receiving)),
            Figure(self._m.people.get(one.researcher_id, "")),
            self._tally.figure(replace(month, standings=HELD)),
            self._count(month, _S.CREDITED, school_id=supporting),
            self._count(month, _S.CREDITED, school_id=receiving),
            self._count(month, _S.NOT_CREDITED),
            self._count(month, _S.MISSED),
            self._count(month, _S.CANCELLED),
            Figure(len(self._sheets(one.id))),
            self._count(year, _S.CREDITED, school_id=supporting),
            self._count(year, _S.CREDITED, school_id=receiving),
        )

    def subjects(self) -> Table:
        """One row for each subject, and their sum."""
        whole = self._month.pairing_id is None
        shown = [
            one
            for one in self._m.subjects
            if (whole and not one.archived) or self._tally.count(replace(self._year, subject_id=one.id))
        ]
        columns = (
            _text("学科", "Subject", 16),
            _number("本月上课", "Held"),
            _number("已计入", "Credited", 9),
            _number("未计入", "Not credited", 9),
            _number("待核验", "Waiting", 9),
            _number("未开课", "Missed", 9),
            _number("已取消", "Cancelled", 9),
            _number("年内累计已计入", "Credited this year", 14),
        )
        rows = [self._subject_row(_name(one), {"subject_id": one.id}) for one in shown]
        rows.append(self._subject_row(("合计", "Sum"), {}))
        return Table("subjects", ("各学科开展情况", "Subjects"), columns, tuple(rows), NOTHING)

    def _subject_row(self, name: Names, narrower: dict[str, str]) -> tuple[Figure, ...]:
        month = replace(self._month, **narrower)  # type: ignore[arg-type]
        standings = (_S.CREDITED, _S.NOT_CREDITED, _S.WAITING, _S.MISSED, _S.CANCELLED)
        return (
            Figure(name),
            self._tally.figure(replace(month, standings=HELD)),
            *(self._count(month, one) for one in standings),
            self._count(self._year, _S.CREDITED, **narrower),
        )

    def _paired(self) -> list[str]:
        """The schools of the pairings in question, each once."""
        return list(
            dict.fromkeys(s for one in self._pairings for s in (one.supporting_school_id, one.receiving_school_id))
        )

    def _whole_year(self, school_id: str) -> RowQuery:
        """Credited lessons of a school in all its pairings: what the targets ask for."""
        return RowQuery(self._year.since, self._year.until, school_id, standings=(_S.CREDITED,))

    def _standing_of(self, school_id: str) -> tuple[bool, bool]:
        """(every target met, behind the even pace) at the report's end."""
        targets, query = self._m.targets, self._whole_year(school_id)
        total = self._tally.count(query)
        reached = sum(
            self._tally.count(replace(query, subject_id=one.id)) >= targets.per_subject for one in self._m.subjects
        )
        met = total >= targets.total and reached >= targets.subjects
        begin, deadline = season(self._m.year, targets)
        return met, is_behind(total, reached, targets, begin, deadline, self._m.until)

    def schools(self) -> Table:
        """Each school's year so far against the targets."""
        targets = self._m.targets
        subjects = [
            one
            for one in self._m.subjects
            if not one.archived or self._tally.count(replace(self._year, pairing_id=None, subject_id=one.id))
        ]
        columns = (
            _text("学校", "School", 26),
            _text("类别", "Side", 12),
            *(Column(_name(one), 9, number=True) for one in subjects),
            _number(f"合计（≥{targets.total}）", f"Total (≥{targets.total})", 12),
            _number(
                f"满 {targets.per_subject} 节的学科（≥{targets.subjects}）", f"Subjects with {targets.per_subject}", 14
            ),
            _text("进度", "State", 10),
        )
        rows = []
        for school_id in self._paired():
            query = self._whole_year(school_id)
            cells = [self._tally.figure(replace(query, subject_id=one.id)) for one in subjects]
            reached = sum(int(str(cell.value)) >= targets.per_subject for cell in cells)
            met, behind = self._standing_of(school_id)
            side = self._m.schools[school_id].kind if school_id in self._m.schools else ""
            state: Names = ("已达标", "met") if met else ("落后", "behind") if behind else ("正常", "on pace")
            rows.append(
                (
                    Figure(self._school(school_id)),
                    Figure(("支援", "supporting") if side == "supporting" else ("受援", "receiving")),
                    *cells,
                    self._tally.figure(query),
                    Figure(reached),
                    Figure(state),
                )
            )
        title = ("各校年内累计（已计入节数）", "Schools, credited this year")
        return Table("schools", title, columns, tuple(rows), ("还没有结对学校。", "There are no paired schools."))

    def others(self) -> Table:
        """The other forms of help, for schools that had any this year."""
        columns = [_text("学校", "School", 26)]
        for names in FORM_NAMES.values():
            columns.append(Column((f"{names[0]}本月", f"{names[1]}, month"), 16, number=True))
            columns.append(Column((f"{names[0]}累计", f"{names[1]}, year"), 16, number=True))
        rows = []
        for school_id in self._paired():
            pairs = [self._m.other.get((school_id, form), (0, 0)) for form in FORM_NAMES]
            if any(year for _, year in pairs):
                rows.append((Figure(self._school(school_id)), *(Figure(value) for pair in pairs for value in pair)))
        empty = ("年内还没有其他形式的帮扶记录。", "No other form of help is recorded this year.")
        return Table("others", ("其他帮扶形式", "Other forms of help"), tuple(columns), tuple(rows), empty)

    def lessons(self) -> Table:
        """All lessons of the month."""
        return self._listed("lessons", ("本月的课", "Lessons of the month"), tuple(_S))

    def lost(self) -> Table:
        """Lessons that did not count."""
        return self._listed("lost", ("未计入、未开课和取消的课", "Lessons that did not count"), LOST)

    def _listed(self, id_: str, title: Names, standings: tuple[Standing, ...]) -> Table:
        schools = (
            ()
            if self._month.pairing_id is not None
            else (
                _text("支援学校", "Supporting school", 24),
                _text("受援学校", "Receiving school", 24),
            )
        )
        columns = (
            _text("时间", "When", 20),
            *schools,
            _text("学科", "Subject", 12),
            _text("课题", "Topic", 22),
            _text("教师", "Teacher", 12),
            _text("情况", "Standing", 12),
            _text("原因", "Reason", 34),
        )
        rows = tuple(self._lesson(row) for row in self._rows(standings))
        return Table(id_, title, columns, rows, NOTHING)

    def _lesson(self, row: Row) -> tuple[Figure, ...]:
        lesson = row.lesson
        when = datetime.fromtimestamp(row.began_at, UTC).astimezone(self._m.zone)
        reason: Names = ("", "") if row.reason is None else (row.reason.text, row.reason.text_en)
        return (
            Figure(when.strftime("%Y-%m-%d %H:%M")),
            *(self._sides(lesson) if self._month.pairing_id is None else ()),
            Figure(self._subject(lesson.subject_id)),
            Figure(lesson.topic),
            Figure(self._m.people.get(lesson.teacher_id or "", "")),
            Figure(NAMES[row.standing]),
            Figure(reason),
        )

    def _sides(self, lesson: Lesson) -> tuple[Figure, Figure]:
        receiving = [self._school(one) for one in lesson.receiving_school_ids]
        names: Names = "、".join(one[0] for one in receiving), ", ".join(one[1] for one in receiving)
        return Figure(self._school(lesson.supporting_school_id)), Figure(names)

    def milestones(self) -> Table:
        """The year's tasks as they stand at the report's end."""
        columns = (
            _text("工作任务", "Task", 40),
            _text("完成期限", "Due", 12),
            _text("完成日期", "Done on", 12),
            _text("状态", "State", 10),
        )
        rows = tuple(
            (
                Figure(one.name),
                Figure(one.due.isoformat()),
                Figure(one.done_on.isoformat() if one.done_on is not None else ""),
                Figure(ms.NAMES[one.state]),
            )
            for one in self._m.milestones
        )
        empty = ("名册里没有今年到期的工作。", "The roster has no task due this year.")
        return Table("milestones", ("工作进度", "Milestones"), columns, rows, empty)


def _name(one: School | Subject) -> Names:
    return one.name, one.name_en or one.name


def _text(zh: str, en: str, width: int = 14) -> Column:
    return Column((zh, en), width)


def _number(zh: str, en: str, width: int = 10) -> Column:
    return Column((zh, en), width, number=True)
