"""Monthly reports: as the month stands, and those that were sent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ..errors import Conflict, Invalid, NotFound
from ..ids import new_id
from ..milestones import milestones_of
from ..model import Form
from ..permissions import Action, Scope, may, require
from ..ports import AuditRow
from ..reports.material import Material
from ..reports.model import Scope as ReportScope
from ..reports.model import as_dict, in_language
from ..reports.monthly import FORM_NAMES, draw
from ..reports.sent import SentLine, SentReport, digest_of, next_version
from ..targets import local_zone, year_span
from ._year import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from ..model import Actor, Pairing
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork
    from ..reports.model import Report

MOST_NOTE = 500
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class Reports:
    """Every method checks the actor. A teacher sees the reports of pairings of the own school, and sends none."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._config = config
        self._now = now
        self.zone = local_zone(config.targets)

    async def current(self, actor: Actor, scope: ReportScope, scope_id: str, month: str | None = None) -> Report:
        """The report as the month stands now. `month` None: this one. Raises Forbidden, Invalid, NotFound."""
        month = self._month(month)
        async with self._store.read() as work:
            await _check(work, actor, scope, scope_id)
            material = await self._material(work, month)
        return draw(material, scope, scope_id)

    async def send(
        self,
        actor: Actor,
        report: Report,
        *,
        language: int,
        xlsx: bytes,
        docx: bytes,
        note: str,
        correction: str = "",
    ) -> SentReport:
        """Keep a report of `current` with the files made of it, as sent. From the second version on a correction says
        what is put right. Raises Forbidden, Invalid (`bad_note`, `no_correction`), Conflict (`sent_meanwhile`).
        """
        require(actor, Action.REPORT_SEND)
        note, correction = note.strip(), correction.strip()
        if not 1 <= len(note) <= MOST_NOTE or len(correction) > MOST_NOTE:
            raise Invalid(
                "bad_note", f"请写明报给谁（1 到 {MOST_NOTE} 字）。", f"Say to whom (1 to {MOST_NOTE} characters)."
            )
        figures = json.dumps(as_dict(report), ensure_ascii=False)
        now = self._now()
        async with self._store.write() as work:
            before = await work.reports.sent(scope=report.scope, scope_id=report.scope_id, month=report.month)
            if before and not correction:
                raise Invalid(
                    "no_correction",
                    "这份月报已经报送过；再报是更正，请写明更正了什么。",
                    "This report was sent before; another one is a correction: say what is put right.",
                )
            line = SentLine(
                id=new_id("r", now),
                scope=report.scope,
                scope_id=report.scope_id,
                month=report.month,
                version=next_version(before),
                at=now,
                actor_id=actor.id,
                actor_name=actor.name,
                language=language,
                about=str(in_language(report.about, language)),
                note=note,
                correction=correction if before else "",
                digest=digest_of(figures, xlsx, docx),
            )
            sent = SentReport(line, figures, xlsx, docx)
            if not await work.reports.send(sent):
                raise Conflict(
                    "sent_meanwhile",
                    "刚才有人报送了这份月报，请刷新后再看。",
                    "Somebody sent this report just now; reload and look again.",
                )
            await work.audit(AuditRow(now, actor.id, "report.send", line.id, f"{line.month} v{line.version} {note}"))
        return sent

    async def history(
        self,
        actor: Actor,
        *,
        scope: ReportScope | None = None,
        scope_id: str | None = None,
        month: str | None = None,
    ) -> list[SentLine]:
        """What was sent, newest first; of a teacher's own pairings only. Raises Forbidden, Invalid."""
        require(actor, Action.REPORTS_LIST)
        async with self._store.read() as work:
            found = await work.reports.sent(
                scope=scope, scope_id=scope_id, month=None if month is None else self._month(month)
            )
            pairings = {one.id: one for one in await work.roster.pairings()}
        return [one for one in found if _may_see(actor, one.scope, pairings.get(one.scope_id))]

    async def sent(self, actor: Actor, report_id: str) -> SentReport:
        """One that was sent. Raises NotFound (also where it is not for this actor)."""
        require(actor, Action.REPORTS_LIST)
        async with self._store.read() as work:
            found = await work.reports.sent_report(report_id)
            pairing = await work.roster.pairing(found.line.scope_id) if found is not None else None
        if found is None or not _may_see(actor, found.line.scope, pairing):
            raise NotFound("no_such_report", f"没有这份月报：{report_id}", f"No such report: {report_id}")
        return found

    # --- inside -----------------------------------------------------------------------------------------------------

    def _month(self, month: str | None) -> str:
        if month is None:
            return datetime.fromtimestamp(self._now(), UTC).astimezone(self.zone).strftime("%Y-%m")
        match = _MONTH.fullmatch(month)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise Invalid("bad_month", "month 应写成 2026-11。", "month must look like 2026-11.")
        return month

    async def _material(self, work: UnitOfWork, month: str) -> Material:
        targets, now, zone = self._config.targets, self._now(), self.zone
        begin = datetime.fromisoformat(f"{month}-01").replace(tzinfo=zone)
        end = (begin + timedelta(days=32)).replace(day=1)
        span, year = (begin.timestamp(), end.timestamp()), begin.year
        whole = year_span(year, targets)
        last = datetime.fromtimestamp(min(span[1] - 1, max(now, span[0])), UTC).astimezone(zone).date()
        other: dict[tuple[str, Form], tuple[int, int]] = {}
        for form in FORM_NAMES:
            for at, since in enumerate((span[0], whole[0])):
                for total in await work.ledger.totals(since, span[1], form):
                    key = total.school_id, form
                    pair = other.get(key, (0, 0))
                    other[key] = (pair[0] + total.amount, pair[1]) if at == 0 else (pair[0], pair[1] + total.amount)
        return Material(
            month=month,
            month_span=span,
            year_span=whole,
            year=year,
            made_at=now,
            zone=zone,
            targets=targets,
            schools={one.id: one for one in await work.roster.schools()},
            subjects=await work.roster.subjects(),
            pairings=await work.roster.pairings(),
            people={user.id: user.name for user in await work.users.all()},
            lived=await work.reports.lived(whole[0], span[1], Form.SYNCHRONOUS),
            other=other,
            sheets=await work.observations.totals(*span, None),
            milestones=milestones_of(await work.roster.entries("milestones"), year, last),
        )


async def _check(work: UnitOfWork, actor: Actor, scope: ReportScope, scope_id: str) -> None:
    """Raises Forbidden, NotFound."""
    require(actor, Action.REPORTS_LIST)
    if scope is ReportScope.PAIRING:
        pairing = await work.roster.pairing(scope_id)
        if pairing is None or not _may_see(actor, scope, pairing):
            raise NotFound("no_such_pairing", f"没有这个结对：{scope_id}", f"No such pairing: {scope_id}")
        return
    if not _may_see(actor, scope, None):
        raise NotFound(
            "no_such_report",
            "您可以看本校结对的月报；请选择结对。",
            "You may see the reports of your school's pairings: choose a pairing.",
        )
    if scope is ReportScope.SUBJECT and scope_id not in {one.id for one in await work.roster.subjects()}:
        raise NotFound("no_such_subject", f"没有这个学科：{scope_id}", f"No such subject: {scope_id}")
    if scope is ReportScope.COUNTY and scope_id:
        raise Invalid("bad_scope", "县级月报不需要 id。", "A report of the county takes no id.")


def _may_see(actor: Actor, scope: ReportScope, pairing: Pairing | None) -> bool:
    own = Scope.of_pairing(pairing) if scope is ReportScope.PAIRING and pairing is not None else None
    return may(actor, Action.REPORT_SEE, own)
