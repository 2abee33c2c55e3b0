"""Exemplary cases: drafts, pictures, steps, reviews, goals."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web

from server.county.case_policy import total_of
from server.county.cases import CaseState, CaseStep, Placed
from server.county.errors import Invalid
from server.county.services.cases import Shown
from server.documents.pictures import JPEG, MAX_BYTES, plain_jpeg

from .. import schemas as s
from .. import schemas_cases as k
from ..answers import answer, nothing, page
from ..bodies import body, integer, limit, one_of, text_of, upload
from ..context import actor, context
from ..table_cases import PICTURE

if TYPE_CHECKING:
    from server.county.case_reviews import Review, Verdict
    from server.county.model import User
    from server.county.services._case import CaseLine, CaseView

    from ..context import Context
    from . import Handler

# A picture never changes; it is for the logged-in reader only.
FOREVER = "private, max-age=31536000, immutable"


async def cases(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.cases.page(
        actor(request),
        one_of(request, "view", Shown) or Shown.PUBLISHED,
        year=integer(request, "year", 2000, 2100),
        state=one_of(request, "state", CaseState),
        subject_id=text_of(request, "subject"),
        lesson_id=text_of(request, "lesson_id"),
        cursor=text_of(request, "cursor"),
        limit=limit(request),
    )
    lessons = await c.views.lessons([line.lesson for line in found.items])
    items = [k.CaseItem(**await _item(c, line, one)) for line, one in zip(found.items, lessons, strict=True)]
    return page(items, found.next)


async def open_case(request: web.Request) -> web.Response:
    asked = await body(request, k.CaseOpen)
    c = context(request)
    return await _whole(c, await c.services.cases.open(actor(request), asked.lesson_id))


async def get(request: web.Request) -> web.Response:
    c = context(request)
    return await _whole(c, await c.services.cases.get(actor(request), request.match_info["case_id"]))


async def save(request: web.Request) -> web.Response:
    asked = await body(request, k.CaseSave)
    c = context(request)
    view = await c.services.cases.save(
        actor(request),
        request.match_info["case_id"],
        asked.version,
        title=asked.title,
        texts=asked.texts,
        author_ids=asked.author_ids,
        recording_id=asked.recording_id,
        material_ids=asked.material_ids,
        pictures=[Placed(one.id, one.section, one.caption) for one in asked.pictures],
    )
    return await _whole(c, view)


async def discard(request: web.Request) -> web.Response:
    await context(request).services.cases.discard(actor(request), request.match_info["case_id"])
    return nothing()


async def step(request: web.Request) -> web.Response:
    asked = await body(request, k.CaseMove)
    c = context(request)
    case_id = request.match_info["case_id"]
    view = await c.services.cases.step(actor(request), case_id, CaseStep(asked.step), asked.version, asked.reason)
    return await _whole(c, view)


async def colleagues(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.cases.colleagues(actor(request), request.match_info["case_id"])
    return page([await _author(c, user) for user in found])


# --- pictures -------------------------------------------------------------------------------------------------------


async def add_picture(request: web.Request) -> web.Response:
    c = context(request)
    case_id = request.match_info["case_id"]
    await c.services.cases.get(actor(request), case_id)  # who may not see it sends nothing
    data = await upload(request, PICTURE, MAX_BYTES)
    if not data:
        raise Invalid("bad_picture", "图片是空的。", "The picture is empty.")
    plain, width, height = await asyncio.to_thread(plain_jpeg, data)
    picture_id = await c.services.cases.add_picture(actor(request), case_id, plain, width, height)
    return answer(k.PictureAnswer(id=picture_id, url=_address(case_id, picture_id)), 201)


async def picture(request: web.Request) -> web.Response:
    case_id, picture_id = request.match_info["case_id"], request.match_info["picture_id"]
    found = await context(request).services.cases.picture(actor(request), case_id, picture_id)
    return web.Response(body=found.data, content_type=JPEG, headers={hdrs.CACHE_CONTROL: FOREVER})


def _address(case_id: str, picture_id: str) -> str:
    return f"/api/cases/{case_id}/pictures/{picture_id}"


# --- reviews --------------------------------------------------------------------------------------------------------


async def candidates(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.case_reviews.candidates(actor(request), request.match_info["case_id"])
    return page(
        [
            k.CandidateAnswer(
                id=one.user.id if one.user is not None else None,
                name=one.name,
                leads=one.leads,
                school_name=await c.views.school_name(one.user.school_id if one.user is not None else None),
                open_reviews=one.open_reviews,
                against=one.against[0] if one.against is not None else None,
                text=one.against[1] if one.against is not None else "",
                text_en=one.against[2] if one.against is not None else "",
            )
            for one in found
        ]
    )


async def assign(request: web.Request) -> web.Response:
    asked = await body(request, k.ReviewersSet)
    c = context(request)
    case_id = request.match_info["case_id"]
    return await _whole(
        c, await c.services.case_reviews.assign(actor(request), case_id, asked.version, asked.reviewer_ids)
    )


async def review(request: web.Request) -> web.Response:
    asked = await body(request, k.ReviewSave)
    c = context(request)
    view = await c.services.case_reviews.save(
        actor(request),
        request.match_info["case_id"],
        asked.version,
        marks=asked.marks,
        remarks=asked.remarks,
        done=asked.done,
    )
    return await _whole(c, view)


async def decline(request: web.Request) -> web.Response:
    asked = await body(request, k.ReviewDecline)
    c = context(request)
    await c.services.case_reviews.decline(actor(request), request.match_info["case_id"], asked.reason)
    return nothing()


async def goals(request: web.Request) -> web.Response:
    c = context(request)
    found = await c.services.case_board.goals(actor(request), integer(request, "year", 2000, 2100))
    policy = c.services.case_board.policy
    return answer(
        k.CaseGoalsAnswer(
            year=found.year,
            paired_schools=found.paired_schools,
            to_report=found.to_report,
            reported=found.reported,
            honoured=found.honoured,
            county=found.county,
            formed=found.formed,
            subject_least=policy.subject_least,
            subject_most=policy.subject_most,
            subjects=[
                k.SubjectGoalAnswer(
                    subject=one.subject.id,
                    name=one.subject.name,
                    name_en=one.subject.name_en,
                    formed=one.formed,
                    under_way=one.under_way,
                    missing=one.missing,
                    more=one.more,
                )
                for one in found.subjects
            ],
            states=dict(found.states),
        )
    )


# --- answers --------------------------------------------------------------------------------------------------------


async def _item(c: Context, line: CaseLine, lesson: s.LessonAnswer) -> dict[str, Any]:
    case = line.case
    return {
        "id": case.id,
        "title": case.title,
        "state": case.state,
        "lesson": lesson,
        "authors": [await _author(c, user) for user in line.authors],
        "mine": line.mine,
        "verdict": _verdict(line.verdict),
        "review": _review(c, line.review, "") if line.review is not None else None,
        "reviewers": line.reviewers,
        "created_at": s.rfc3339(case.created_at),
        "updated_at": s.rfc3339(case.updated_at),
        "submitted_at": s.rfc3339_or_none(case.submitted_at),
        "published_at": s.rfc3339_or_none(case.published_at),
        "reported_at": s.rfc3339_or_none(case.reported_at),
        "honoured_at": s.rfc3339_or_none(case.honoured_at),
        "round": case.round,
        "version": case.version,
    }


async def _author(c: Context, user: User) -> k.AuthorAnswer:
    school_name = await c.views.school_name(user.school_id)
    return k.AuthorAnswer(id=user.id, name=user.name, school_id=user.school_id, school_name=school_name)


def _verdict(verdict: Verdict | None) -> k.VerdictAnswer | None:
    if verdict is None:
        return None
    return k.VerdictAnswer(sent=verdict.sent, mean=verdict.mean, difference=verdict.difference, apart=verdict.apart)


def _review(c: Context, review: Review, name: str) -> k.ReviewAnswer:
    return k.ReviewAnswer(
        id=review.id,
        round=review.round,
        reviewer=name,
        state=review.state,
        marks=review.marks,
        total=total_of(c.services.case_reviews.policy.criteria, review.marks),
        remarks=review.remarks,
        created_at=s.rfc3339(review.created_at),
        done_at=s.rfc3339_or_none(review.done_at),
        version=review.version,
    )


async def _whole(c: Context, view: CaseView) -> web.Response:
    case = view.case
    recording = await c.views.lesson(view.recording) if view.recording is not None else None
    return answer(
        k.CaseAnswer(
            **await _item(c, view, await c.views.lesson(view.lesson)),
            texts=dict(case.texts),
            pictures=[
                k.CasePicture(id=one.id, section=one.section, caption=one.caption, url=_address(case.id, one.id))
                for one in case.pictures
            ],
            materials=[
                k.CaseMaterial(id=one.id, name=one.name, size=one.size, url=f"/api/materials/{one.id}/file")
                for one in view.materials
            ],
            material_ids=list(case.material_ids),
            recording_id=case.recording_id,
            recording=recording,
            reviews=[_review(c, one.review, one.reviewer_name) for one in view.reviews],
            events=[
                k.CaseEventAnswer(at=s.rfc3339(event.at), step=event.step, actor=event.actor_name, text=event.text)
                for event in view.events
            ],
            steps=list(view.steps),
            parts=sorted(view.parts),
            criteria=[
                k.CriterionAnswer(id=one.id, name=one.name, name_en=one.name_en, full=one.full)
                for one in c.services.case_reviews.policy.criteria
            ],
            changed_by=view.changed_by,
        )
    )


HANDLERS: dict[str, Handler] = {
    "cases.list": cases,
    "cases.open": open_case,
    "cases.get": get,
    "cases.save": save,
    "cases.discard": discard,
    "cases.step": step,
    "cases.colleagues": colleagues,
    "cases.add_picture": add_picture,
    "cases.picture": picture,
    "cases.candidates": candidates,
    "cases.assign": assign,
    "cases.review": review,
    "cases.decline": decline,
    "cases.goals": goals,
}
