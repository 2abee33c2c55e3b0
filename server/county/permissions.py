"""Who may do what: one table.

Each cell names a rule, a relation between the actor and the lesson (or pairing) in question:

    always            whoever has the role
    own_side          the actor's school takes part in the lesson, on either side
    receives          the actor's school receives in the lesson (a classroom's screen)
    supports          the actor's school is the supporting one
    teaches           the actor is the lesson's teacher, or it names none and the actor's school supports
    (no cell)         never

DOMAIN gives the roles: the researcher supervises every pairing of the county and never teaches; the administrator
mends what must be mended; a screen is only in the lessons its own classroom receives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import Forbidden, NotFound
from .model import Actor, Role, TokenRole

if TYPE_CHECKING:
    from .model import Lesson, Pairing


class Action(StrEnum):
    """What can be asked for."""

    ROSTER_SEE = "roster.see"
    ROSTER_LIST = "roster.list"  # with people and what is archived
    ROSTER_MANAGE = "roster.manage"
    LESSON_SEE = "lesson.see"
    LESSON_CREATE = "lesson.create"
    LESSON_UPDATE = "lesson.update"
    TIMETABLE_SEE = "timetable.see"
    TIMETABLE_IMPORT = "timetable.import"
    FEED_KEEP = "feed.keep"  # calendar addresses of one's own
    LESSON_START = "lesson.start"
    LESSON_END = "lesson.end"
    LESSON_CANCEL = "lesson.cancel"
    LESSON_VERIFY = "lesson.verify"
    POLICY_CHOOSE = "policy.choose"
    BE_TEACHER = "token.teacher"
    BE_CLASSROOM = "token.classroom"
    BE_OBSERVER = "token.observer"
    RECORDING_SEE = "recording.see"
    MATERIAL_SEE = "material.see"
    MATERIAL_ADD = "material.add"
    COURSE_PLAY = "course.play"
    OBSERVE = "observation.write"
    OBSERVATION_SEE = "observation.see"
    OBSERVATION_ANSWER = "observation.answer"
    OBSERVATIONS_LIST = "observation.list"
    RUBRIC_SEE = "rubric.see"
    RUBRIC_EDIT = "rubric.edit"
    CASES_LIST = "case.list"
    CASE_WRITE = "case.write"
    CASE_DECIDE = "case.decide"  # assign reviewers, select, publish, report; the casebook
    RECORDING_EXPORT = "recording.export"
    RECORDING_KEEP = "recording.keep"
    RECORDING_TRASH = "recording.trash"
    AUDIT_LOG_SEE = "audit_log.see"
    LEDGER_SEE = "ledger.see"
    DOUBTS_LIST = "doubt.list"
    DOUBT_SEE = "doubt.see"
    DOUBT_DECIDE = "doubt.decide"
    DOUBT_APPEAL = "doubt.appeal"
    CREDIT_BY_HAND = "ledger.credit"
    REVERSE = "ledger.reverse"
    BOARD_SEE = "board.see"
    REPORTS_LIST = "report.list"
    REPORT_SEE = "report.see"
    REPORT_SEND = "report.send"
    LIVE_SEE = "live.see"
    SYSTEM_SEE = "system.see"
    METRICS_SEE = "metrics.see"
    USERS_MANAGE = "users.manage"
    DEVICES_MANAGE = "devices.manage"
    EVALUATION_SEE = "evaluation.see"
    EVALUATION_ENTER = "evaluation.enter"
    EVALUATION_FREEZE = "evaluation.freeze"
    SURVEY_SEE = "survey.see"
    SURVEY_MANAGE = "survey.manage"
    READINESS_CHECK = "readiness.check"
    READINESS_SEE = "readiness.see"
    AUDIT_SEE = "audit.see"
    AUDIT_RUN = "audit.run"
    PASSWORD_CHANGE = "password.change"


@dataclass(frozen=True, slots=True)
class Scope:
    """The lesson or pairing an action is about."""

    supporting_school_id: str
    receiving_school_ids: tuple[str, ...]
    teacher_id: str | None = None

    @classmethod
    def of_lesson(cls, lesson: Lesson) -> Scope:
        return cls(lesson.supporting_school_id, lesson.receiving_school_ids, lesson.teacher_id)

    @classmethod
    def of_pairing(cls, pairing: Pairing) -> Scope:
        return cls(pairing.supporting_school_id, (pairing.receiving_school_id,))


Rule = Callable[[Actor, Scope | None], bool]


def always(actor: Actor, scope: Scope | None) -> bool:
    return True


def receives(actor: Actor, scope: Scope | None) -> bool:
    return scope is not None and actor.school_id is not None and actor.school_id in scope.receiving_school_ids


def supports(actor: Actor, scope: Scope | None) -> bool:
    return scope is not None and actor.school_id is not None and actor.school_id == scope.supporting_school_id


def own_side(actor: Actor, scope: Scope | None) -> bool:
    return supports(actor, scope) or receives(actor, scope)


def teaches(actor: Actor, scope: Scope | None) -> bool:
    if scope is None:
        return False
    return scope.teacher_id == actor.id if scope.teacher_id is not None else supports(actor, scope)


_A, _R, _T, _D = Role.ADMIN, Role.RESEARCHER, Role.TEACHER, Role.DEVICE

TABLE: Mapping[Action, Mapping[Role, Rule]] = {
    Action.ROSTER_SEE: {_A: always, _R: always, _T: always, _D: always},
    Action.ROSTER_LIST: {_A: always, _R: always},
    Action.ROSTER_MANAGE: {_A: always},
    Action.LESSON_SEE: {_A: always, _R: always, _T: own_side, _D: receives},
    Action.LESSON_CREATE: {_A: always, _R: always, _T: supports},
    Action.LESSON_UPDATE: {_A: always, _R: always, _T: teaches},
    Action.TIMETABLE_SEE: {_A: always, _R: always, _T: always},
    Action.TIMETABLE_IMPORT: {_A: always, _R: always},
    Action.FEED_KEEP: {_A: always, _R: always, _T: always},
    Action.LESSON_START: {_A: always, _T: teaches},
    Action.LESSON_END: {_A: always, _T: teaches},
    Action.LESSON_CANCEL: {_A: always, _R: always, _T: teaches},
    Action.LESSON_VERIFY: {_A: always, _R: always},
    Action.POLICY_CHOOSE: {_A: always},
    Action.BE_TEACHER: {_A: always, _T: teaches},
    Action.BE_CLASSROOM: {_A: always, _D: receives},
    Action.BE_OBSERVER: {_A: always, _R: always},
    Action.RECORDING_SEE: {_A: always, _R: always, _T: own_side, _D: receives},
    Action.MATERIAL_SEE: {_A: always, _R: always, _T: own_side, _D: receives},
    Action.MATERIAL_ADD: {_A: always, _R: always, _T: own_side},
    Action.COURSE_PLAY: {_T: receives, _D: receives},
    Action.OBSERVE: {_A: always, _R: always},
    Action.OBSERVATION_SEE: {_A: always, _R: always, _T: teaches},
    Action.OBSERVATION_ANSWER: {_T: teaches},
    Action.OBSERVATIONS_LIST: {_A: always, _R: always, _T: always},
    Action.RUBRIC_SEE: {_A: always, _R: always, _T: always},
    Action.RUBRIC_EDIT: {_A: always, _R: always},
    Action.CASES_LIST: {_A: always, _R: always, _T: always},
    Action.CASE_WRITE: {_R: always, _T: own_side},
    Action.CASE_DECIDE: {_A: always, _R: always},
    Action.RECORDING_EXPORT: {_A: always, _R: always, _T: own_side},
    Action.RECORDING_KEEP: {_A: always, _R: always},
    Action.RECORDING_TRASH: {_A: always},
    Action.AUDIT_LOG_SEE: {_A: always},
    Action.LEDGER_SEE: {_A: always, _R: always, _T: always},
    Action.DOUBTS_LIST: {_A: always, _R: always, _T: always},
    Action.DOUBT_SEE: {_A: always, _R: always, _T: own_side},
    Action.DOUBT_DECIDE: {_A: always, _R: always},
    Action.DOUBT_APPEAL: {_T: own_side},
    Action.CREDIT_BY_HAND: {_A: always, _R: always},
    Action.REVERSE: {_A: always, _R: always},
    Action.BOARD_SEE: {_A: always, _R: always, _T: always},
    Action.REPORTS_LIST: {_A: always, _R: always, _T: always},
    Action.REPORT_SEE: {_A: always, _R: always, _T: own_side},
    Action.REPORT_SEND: {_A: always, _R: always},
    Action.LIVE_SEE: {_A: always, _R: always},
    Action.SYSTEM_SEE: {_A: always},
    Action.METRICS_SEE: {_A: always},
    Action.USERS_MANAGE: {_A: always},
    Action.DEVICES_MANAGE: {_A: always},
    Action.EVALUATION_SEE: {_A: always, _R: always},
    Action.EVALUATION_ENTER: {_A: always, _R: always},
    Action.EVALUATION_FREEZE: {_A: always, _R: always},
    Action.SURVEY_SEE: {_A: always, _R: always},
    Action.SURVEY_MANAGE: {_A: always, _R: always},
    Action.READINESS_CHECK: {_T: always, _D: always},
    Action.READINESS_SEE: {_A: always, _R: always},
    Action.AUDIT_SEE: {_A: always},
    Action.AUDIT_RUN: {_A: always},
    Action.PASSWORD_CHANGE: {_A: always, _R: always, _T: always},
}

TOKEN_ACTIONS: Mapping[TokenRole, Action] = {
    TokenRole.TEACHER: Action.BE_TEACHER,
    TokenRole.CLASSROOM: Action.BE_CLASSROOM,
    TokenRole.OBSERVER: Action.BE_OBSERVER,
}


def may(actor: Actor, action: Action, scope: Scope | None = None) -> bool:
    """Whether the table allows it."""
    rule = TABLE[action].get(actor.role)
    return rule is not None and rule(actor, scope)


def lists_of(actor: Actor) -> tuple[str | None, str | None]:
    """(the school on either side, the receiving school) to which a role's lists of lessons are limited; None: to none.

    "" is no school: an account without one sees nothing that needs one.
    """
    own = actor.school_id or ""
    return own if actor.role is Role.TEACHER else None, own if actor.role is Role.DEVICE else None


def require(actor: Actor, action: Action, scope: Scope | None = None) -> None:
    """Raises Forbidden."""
    if not may(actor, action, scope):
        raise Forbidden("forbidden", "您没有权限做这件事。", "You are not allowed to do this.")


def require_lesson(actor: Actor, action: Action, lesson: Lesson | None, lesson_id: str) -> Lesson:
    """The lesson, if the actor may see it and may do `action`.

    Raises NotFound (that it exists is not told), Forbidden.
    """
    scope = Scope.of_lesson(lesson) if lesson is not None else None
    if lesson is None or not may(actor, Action.LESSON_SEE, scope):
        raise NotFound("no_such_lesson", f"没有这节课：{lesson_id}", f"No such lesson: {lesson_id}")
    require(actor, action, scope)
    return lesson


def sources_of(role: TokenRole, school_id: str | None) -> tuple[str, ...]:
    """What a media token may publish, its main source first; () for observers: they are not heard."""
    return {
        TokenRole.TEACHER: ("teacher", "screen"),
        TokenRole.CLASSROOM: (f"classroom-{school_id}",),
        TokenRole.OBSERVER: (),
    }[role]
