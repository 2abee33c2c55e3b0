"""The board as sheets of a workbook: progress, what did not count, milestones. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from . import milestones
from .books import CellValue, Column, NewSheet
from .model import OTHER_FORMS, Form
from .progress import LOST, NAMES, Standing, by_school

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from .board import Board, SchoolBoard
    from .forecast import Forecast
    from .model import School, Subject
    from .progress import Lived

FORM_NAMES = {
    Form.DELIVERED: ("专递课堂", "Delivered courses"),
    Form.TRAINING: ("网络研修", "Online training"),
    Form.MASTER: ("名师网课", "Master courses"),
}
KINDS = {"supporting": ("支援学校", "supporting"), "receiving": ("受援学校", "receiving")}


def named(one: School | Subject, language: int) -> str:
    """Its name in that language: 0 Chinese, 1 English (Chinese where there is none)."""
    return (one.name_en or one.name) if language else one.name


def board_sheets(board: Board, lived: Sequence[Lived], language: int, zone: tzinfo) -> list[NewSheet]:
    """Sheets in the order of a reader's questions. `lived`: the year's lessons, newest first."""
    return [_progress(board, language), _lost(board, lived, language, zone), _milestones(board, language)]


def _progress(board: Board, language: int) -> NewSheet:
    def say(zh: str, en: str) -> str:
        return (zh, en)[language]

    heads = [
        Column(say("学校", "School"), 30),
        Column(say("类别", "Side"), 12),
        *(Column(f"{named(one, language)} / {board.target_per_subject}", 12) for one in board.subjects),
        Column(say(f"合计 / {board.target_total}", f"Total / {board.target_total}"), 12),
        Column(say(f"达标学科 / {board.target_subjects}", f"Subjects reached / {board.target_subjects}"), 14),
        Column(say("每周还需（节）", "Needed a week"), 14),
        Column(say("预测（最可能）", "Forecast (likely)"), 14),
        Column(say("预测区间 80%", "Forecast, 80 % interval"), 16),
        Column(say("达到总节数的可能性", "Chance of the total"), 18),
        *(Column(f"{FORM_NAMES[form][language]} / {board.target_other_forms}", 14) for form in OTHER_FORMS),
        *(Column(NAMES[one][language], 10) for one in (*LOST, Standing.WAITING, Standing.PLANNED)),
        Column(say("进度", "Pace"), 10),
        Column(say("主要原因", "Lost to"), 50),
    ]
    rows = [_school(school, language) for school in board.schools]
    return NewSheet(say("进度", "Progress"), tuple(heads), tuple(rows))


def _school(row: SchoolBoard, language: int) -> tuple[CellValue, ...]:
    stop = ("、", ", ")[language]
    why = stop.join(f"{loss.names[language]} {loss.count}" for loss in row.losses)
    return (
        named(row.school, language),
        KINDS[row.school.kind][language],
        *(cell.credited for cell in row.subjects),
        row.total,
        row.subjects_reached,
        row.pace_needed_per_week,
        row.forecast.likely if row.forecast is not None else None,
        interval(row.forecast),
        round(row.forecast.chance, 2) if row.forecast is not None else None,
        *(one.credited for one in row.forms),
        *(row.standings.get(one, 0) for one in (*LOST, Standing.WAITING, Standing.PLANNED)),
        ("落后", "behind")[language] if row.behind else None,
        why or None,
    )


def interval(found: Forecast | None) -> str | None:
    """`12–18`; None: too early to say."""
    return None if found is None else f"{found.low}–{found.high}"


def _lost(board: Board, lived: Sequence[Lived], language: int, zone: tzinfo) -> NewSheet:
    schools = {row.school.id: named(row.school, language) for row in board.schools}
    subjects = {one.id: named(one, language) for one in board.subjects}
    rows = []
    found = by_school(lived)
    for school_id, name in schools.items():
        for row in found.get(school_id, ()):
            if row.standing in LOST:
                when = datetime.fromtimestamp(row.began_at, UTC).astimezone(zone).replace(tzinfo=None)
                said = (row.reason.text, row.reason.text_en)[language] if row.reason is not None else None
                subject = subjects.get(row.lesson.subject_id, row.lesson.subject_id)
                rows.append((name, when, subject, row.lesson.topic, NAMES[row.standing][language], said))
    heads = (
        (("学校", "School"), 30),
        (("时间", "When"), 18),
        (("学科", "Subject"), 14),
        (("课题", "Topic"), 30),
        (("情况", "Standing"), 12),
        (("原因", "Reason"), 60),
    )
    columns = tuple(Column(head[language], width) for head, width in heads)
    return NewSheet(("未计入的课", "Not counted")[language], columns, tuple(rows))


def _milestones(board: Board, language: int) -> NewSheet:
    heads = (
        (("工作任务", "Task"), 50),
        (("完成期限", "Due"), 14),
        (("完成日期", "Done on"), 14),
        (("状态", "State"), 12),
        (("说明", "Note"), 40),
    )
    columns = tuple(Column(head[language], width) for head, width in heads)
    rows = tuple(
        (one.name, one.due, one.done_on, milestones.NAMES[one.state][language], one.note or None)
        for one in board.milestones
    )
    return NewSheet(("工作进度", "Milestones")[language], columns, rows)
