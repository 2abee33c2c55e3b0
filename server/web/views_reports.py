"""Reports → answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from server.county.reports.model import as_dict

from . import schemas_reports as r
from .schemas import rfc3339

if TYPE_CHECKING:
    from server.county.reports.model import Report
    from server.county.reports.sent import SentLine, SentReport


def report(report: Report) -> r.ReportAnswer:
    """A report as it stands."""
    return _answer(as_dict(report))


def _answer(body: dict[str, Any]) -> r.ReportAnswer:
    """`body`: as `as_dict` writes it; moments become texts."""
    facts = [fact | {"figure": _figure(fact["figure"])} for fact in body["facts"]]
    tables = [table | {"rows": [[_figure(cell) for cell in row] for row in table["rows"]]} for table in body["tables"]]
    moments = {name: rfc3339(body[name]) for name in ("made_at", "until")}
    return r.ReportAnswer.model_validate(body | moments | {"facts": facts, "tables": tables})


def _figure(body: dict[str, Any]) -> dict[str, Any]:
    opens = body["opens"]
    if opens is None:
        return body
    return body | {"opens": opens | {name: rfc3339(opens[name]) for name in ("since", "until")}}


def line(line: SentLine) -> r.SentAnswer:
    """One line of the history."""
    return r.SentAnswer(**_line(line))


def _line(line: SentLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "scope": line.scope,
        "scope_id": line.scope_id,
        "month": line.month,
        "version": line.version,
        "at": rfc3339(line.at),
        "actor_name": line.actor_name,
        "lang": ("zh", "en")[line.language],
        "about": line.about,
        "note": line.note,
        "correction": line.correction,
        "digest": line.digest,
    }


def sent(found: SentReport) -> r.SentDetail:
    """A sent report with its figures."""
    return r.SentDetail(**_line(found.line), whole=found.whole, report=_answer(json.loads(found.figures)))
