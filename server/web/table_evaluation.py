"""Rows of the route table: the year's evaluation and the audit."""

from __future__ import annotations

from . import schemas_evaluation as e
from .route import AR, A, Query, Route

YEAR = Query("year", "default: this year", "integer")

ROUTES: tuple[Route, ...] = (
    Route(
        "evaluation.get",
        "GET",
        "/api/evaluation",
        "The year's evaluation as it stands",
        roles=AR,
        answer=e.EvaluationAnswer,
        query=(YEAR,),
    ),
    Route(
        "evaluation.rows",
        "GET",
        "/api/evaluation/facts/{fact}/rows",
        "The rows a fact is counted from",
        roles=AR,
        answer=e.FactRowsAnswer,
        query=(YEAR,),
    ),
    Route(
        "evaluation.surveyed",
        "GET",
        "/api/evaluation/facts/{fact}/surveyed",
        "The surveys' answers behind a satisfaction rate",
        roles=AR,
        answer=e.SurveyedAnswer,
        query=(YEAR,),
    ),
    Route(
        "evaluation.what_if",
        "POST",
        "/api/evaluation/what-if",
        "The evaluation if facts were otherwise; nothing is kept",
        roles=AR,
        body=e.WhatIfRequest,
        answer=e.EvaluationAnswer,
    ),
    Route(
        "evaluation.enter",
        "POST",
        "/api/evaluation/facts",
        "Enter what the system cannot know",
        roles=AR,
        body=e.EnterRequest,
        answer=e.EnteredAnswer,
        status=201,
    ),
    Route(
        "evaluation.frozen_list",
        "GET",
        "/api/evaluation/frozen",
        "Frozen evaluations",
        roles=AR,
        answer=e.FrozenAnswer,
        items=True,
    ),
    Route(
        "evaluation.freeze",
        "POST",
        "/api/evaluation/frozen",
        "Freeze and sign the evaluation as it stands",
        roles=AR,
        body=e.FreezeRequest,
        answer=e.FrozenAnswer,
        status=201,
    ),
    Route(
        "evaluation.frozen",
        "GET",
        "/api/evaluation/frozen/{frozen_id}",
        "A frozen evaluation, computed again",
        roles=AR,
        answer=e.FrozenDetail,
    ),
    Route("audits.list", "GET", "/api/audits", "The last audits", roles=A, answer=e.AuditAnswer, items=True),
    Route("audits.start", "POST", "/api/audits", "Begin an audit", roles=A, status=204),
)
