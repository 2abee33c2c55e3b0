"""The county's services: the one way in for the web, the event pump and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .accounts import Accounts
from .audit import Audits
from .board import Boards
from .case_board import CaseBoard
from .case_reviews import CaseReviews
from .cases import Cases
from .courses import Courses
from .crediting import Crediting
from .doubts import Doubts
from .evaluation import Evaluations
from .exports import Exports
from .feeds import Feeds
from .ingests import IngestNotes
from .lessons import Lessons
from .library import Library
from .materials import Materials
from .observations import Observations
from .readiness import Readiness
from .reports import Reports
from .roster import Roster
from .roster_editor import RosterEditor
from .surveys import Surveys
from .timetable import Timetables

if TYPE_CHECKING:
    from ..policies import CountyConfig
    from ..ports import Clock, LessonNotices, PasswordHasher, UnitsOfWork

__all__ = [
    "Accounts",
    "Audits",
    "Boards",
    "CaseBoard",
    "CaseReviews",
    "Cases",
    "Courses",
    "Crediting",
    "Doubts",
    "Evaluations",
    "Exports",
    "Feeds",
    "IngestNotes",
    "Lessons",
    "Library",
    "Materials",
    "Observations",
    "Readiness",
    "Reports",
    "Roster",
    "RosterEditor",
    "Services",
    "Surveys",
    "Timetables",
    "build_services",
]


@dataclass(frozen=True, slots=True)
class Services:
    """All services over one store."""

    accounts: Accounts
    roster: Roster
    roster_editor: RosterEditor
    lessons: Lessons
    timetable: Timetables
    feeds: Feeds
    crediting: Crediting
    doubts: Doubts
    board: Boards
    evaluations: Evaluations
    audits: Audits
    courses: Courses
    materials: Materials
    observations: Observations
    cases: Cases
    case_reviews: CaseReviews
    case_board: CaseBoard
    reports: Reports
    exports: Exports
    ingests: IngestNotes
    library: Library
    surveys: Surveys
    readiness: Readiness


def build_services(
    *,
    store: UnitsOfWork,
    hasher: PasswordHasher,
    notices: LessonNotices,
    config: CountyConfig,
    now: Clock,
    steady: Clock | None = None,
    key: str = "",
) -> Services:
    """Wire the services; nothing is read or written yet. `steady`: a clock that nobody sets (default: `now`).

    `key`: the installation's secret; frozen evaluations and the codes of surveys are signed with it.
    """
    crediting = Crediting(store, notices, config, now)
    return Services(
        accounts=Accounts(store, hasher, now),
        roster=Roster(store),
        roster_editor=RosterEditor(store, now),
        lessons=Lessons(store, notices, config, crediting, now, steady or now),
        timetable=Timetables(store, notices, config, now),
        feeds=Feeds(store, now),
        crediting=crediting,
        doubts=Doubts(store, notices, config, crediting, now),
        board=Boards(store, config, now),
        evaluations=Evaluations(store, config, now, key),
        audits=Audits(store, config, now, key),
        courses=Courses(store, notices, config.courses, now),
        materials=Materials(store, config.materials, now),
        observations=Observations(store, config.rubric, now),
        cases=Cases(store, config, now),
        case_reviews=CaseReviews(store, config.cases, now),
        case_board=CaseBoard(store, config, now),
        reports=Reports(store, config, now),
        exports=Exports(store, now),
        ingests=IngestNotes(store, now),
        library=Library(store, config, now),
        surveys=Surveys(store, config, now, key),
        readiness=Readiness(store, config, now),
    )
