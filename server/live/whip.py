"""WHIP (RFC 9725) and WHEP without HTTP: publish, play, trickle, ICE restart, end.

A session's entry in the room's hash holds what a later request to any web process needs (its ETag, its owner), is how
presence knows who publishes, and goes when the session ends.
"""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from server.county.errors import Conflict, CountyError, Forbidden, NotFound, Unavailable
from server.county.model import LessonState, TokenRole

from . import sdpfrag, state
from .notices import close_media
from .ports import MediaError, is_probe
from .probe import SOURCE
from .watch import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

    from server.county.model import MediaGrant
    from server.county.services import Lessons

    from .ports import Bus, MediaPlane, RoomState


log = logging.getLogger("tongke.live")


class PreconditionRequired(CountyError):
    """If-Match is missing (RFC 9725, section 4.3)."""

    status = 428


class PreconditionFailed(CountyError):
    """If-Match names another ICE session than the newest."""

    status = 412


@dataclass(frozen=True, slots=True)
class Created:
    """A new resource: its id, the SDP answer, the entity tag of its ICE session (unquoted)."""

    session_id: str
    answer: str
    etag: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """An ICE restart's answer: the fragment and the new entity tag."""

    fragment: str
    etag: str


class MediaSessions:
    """The WHIP and WHEP resources of all lessons."""

    def __init__(
        self, lessons: Lessons, plane: MediaPlane, rooms: RoomState, bus: Bus, now: Callable[[], float]
    ) -> None:
        self._lessons = lessons
        self._plane = plane
        self._rooms = rooms
        self._bus = bus
        self._now = now

    async def publish(self, grant: MediaGrant, source: str | None, offer: str) -> Created:
        """A new publishing session. Raises CountyError, MediaError."""
        if is_probe(grant.lesson_id):
            return await self._create(grant, SOURCE, offer, "in")
        _, source = await self._lessons.publishing(grant, source)
        return await self._create(grant, source, offer, "in", school_id=grant.school_id)

    async def play(self, grant: MediaGrant, source: str | None, offer: str) -> Created:
        """A new playing session. Raises CountyError (409: playing one's own), MediaError."""
        if is_probe(grant.lesson_id):
            return await self._create(grant, SOURCE, offer, "out")
        lesson, source = await self._lessons.playing(grant, source)
        if lesson.state is not LessonState.LIVE:
            raise Conflict(
                "not_live",
                "这节课还没有开始；请等老师开始上课后再播放。",
                "The lesson has not started; play when the teacher has started it.",
            )
        own = {TokenRole.TEACHER: ("teacher", "screen"), TokenRole.CLASSROOM: (grant.participant_id,)}
        if source in own.get(grant.role, ()):
            raise Conflict(
                "own_source",
                "不能播放自己发出的画面和声音；请选择课堂里其他人的信号源。",
                "You cannot play what you publish yourself; choose another source of the lesson.",
            )
        return await self._create(grant, source, offer, "out")

    async def _create(self, grant: MediaGrant, source: str, offer: str, direction: str, **more: str | None) -> Created:
        if not sdpfrag.remote_ufrag(offer):
            raise MediaError("bad_sdp", "SDP 提议里没有 ICE 凭据（a=ice-ufrag）；请发送完整的 SDP offer")
        player = grant.participant_id if direction == "out" else None
        session_id = await self._plane.new_session_id(grant.lesson_id, player=player)
        params: dict[str, Any] = {
            "lesson_id": grant.lesson_id,
            "session_id": session_id,
            "participant_id": grant.participant_id,
            "source": source,
            "offer": offer,
            **more,
        }
        method = "session.publish" if direction == "in" else "session.play"
        answer = await self._plane.for_lesson(grant.lesson_id, method, params)
        session = state.MediaSession(
            participant_id=grant.participant_id,
            role=grant.role.value,
            school_id=grant.school_id,
            name=grant.name,
            source=source,
            direction=direction,
            etag=str(answer["etag"]).strip('"'),
            remote_ufrag=sdpfrag.remote_ufrag(offer),
            candidates=sdpfrag.candidates_of(str(answer["answer"])),
            placed=await self._plane.serving(session_id) or "",
            at=self._now(),
            account_id=grant.account_id or "",
        )
        placed = await self._plane.placement(grant.lesson_id)
        if placed and "placed" not in await self._rooms.get(grant.lesson_id):
            # The watch compares with what the pages know; it may not have looked since the lesson began.
            await self._rooms.set(grant.lesson_id, "placed", placed)
        # Before the answer leaves: the worker's `session.connected` can only come after the client has the answer.
        await self._rooms.set(grant.lesson_id, state.session_field(session_id), state.encode(session))
        await self._still_live(grant.lesson_id, session_id)
        return Created(session_id, str(answer["answer"]), session.etag)

    async def _still_live(self, lesson_id: str, session_id: str) -> None:
        """A lesson that ended while the worker answered has closed its media before this session was there.

        Raises Conflict (`not_live`), with the lesson closed again.
        """
        if is_probe(lesson_id) or (await self._lessons.get(SYSTEM, lesson_id)).state is LessonState.LIVE:
            return
        await self._rooms.delete(lesson_id, state.session_field(session_id))
        with contextlib.suppress(MediaError):  # the lesson may have no place any more, but this worker opened it again
            await self._plane.for_session(session_id, "lesson.close", {"lesson_id": lesson_id})
        await close_media(self._plane, lesson_id)
        raise Conflict(
            "not_live", "这节课刚刚下课，不能再连接。", "The lesson has just ended and can no longer be joined."
        )

    async def patch(
        self, lesson_id: str, session_id: str, body: str, if_match: str | None, grant: MediaGrant | None
    ) -> Restarted | None:
        """Trickled candidates (None: nothing to say) or an ICE restart.

        Raises NotFound, Forbidden, PreconditionRequired, PreconditionFailed, sdpfrag.BadFragment, MediaError.
        """
        session = await self._session(lesson_id, session_id, grant)
        if if_match is None:
            raise PreconditionRequired(
                "if_match_required",
                "请求缺少 If-Match：请带上创建会话时得到的 ETag，ICE 重启时用 *。",
                'If-Match is missing: send the ETag of the session, or "*" for an ICE restart.',
            )
        tags = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
        if session.etag not in tags and "*" not in tags:
            raise PreconditionFailed(
                "stale_etag",
                "ETag 已过期：这个会话做过 ICE 重启，请用最新的 ETag。",
                "The ETag is not the newest: the session was restarted meanwhile.",
            )
        fragment = sdpfrag.parse_fragment_untrusted(body)
        if fragment.ufrag is None or fragment.ufrag == session.remote_ufrag:
            # An ICE-lite server learns addresses from connectivity checks; candidates need no forwarding.
            return None
        if fragment.pwd is None:
            raise sdpfrag.BadFragment("a=ice-pwd is missing")
        params = {"session_id": session_id, "ufrag": fragment.ufrag, "pwd": fragment.pwd}
        answer = await self._plane.for_session(session_id, "session.restart", params)
        etag = str(answer["etag"]).strip('"')
        renewed = msgspec.structs.replace(session, etag=etag, remote_ufrag=fragment.ufrag)
        await self._rooms.set(lesson_id, state.session_field(session_id), state.encode(renewed))
        text = sdpfrag.build_fragment(fragment, str(answer["ufrag"]), str(answer["pwd"]), session.candidates)
        return Restarted(text, etag)

    async def end(self, lesson_id: str, session_id: str, grant: MediaGrant | None) -> None:
        """End a session. Raises NotFound, Forbidden, MediaError."""
        session = await self._session(lesson_id, session_id, grant)
        try:
            await self._plane.for_session(session_id, "session.close", {"session_id": session_id})
        except MediaError as error:
            if error.code != "no_such_session":
                raise
        await self._rooms.delete(lesson_id, state.session_field(session_id))
        if session.direction == "in":
            await self._bus.publish({"kind": "room", "lesson_id": lesson_id, "what": "presence"})

    async def end_account(self, account_id: str) -> None:
        """A user was disabled or a screen revoked: its pages and its media sessions end at once.

        Never raises: the account has ended, and what cannot be told now is refused when it comes again.
        """
        try:
            await self._bus.publish({"kind": "account", "account_id": account_id})
            for lesson in (await self._lessons.list(SYSTEM, states=(LessonState.LIVE,), limit=500)).items:
                room = state.read_room(await self._rooms.get(lesson.id))
                for session_id, session in room.sessions.items():
                    if session.account_id == account_id:
                        await self.end(lesson.id, session_id, None)
        except (CountyError, MediaError, Unavailable) as error:
            log.warning("media of an ended account may go on: %s", error)

    async def _session(self, lesson_id: str, session_id: str, grant: MediaGrant | None) -> state.MediaSession:
        fields = await self._rooms.get(lesson_id)
        session = state.read_session(fields.get(state.session_field(session_id)))
        if session is None:
            raise NotFound(
                "no_such_session", "没有这个媒体会话，它可能已经结束；请重新连接。", "No such session; connect again."
            )
        if grant is not None and (grant.lesson_id != lesson_id or grant.participant_id != session.participant_id):
            raise Forbidden("not_your_session", "这个媒体会话不是您的。", "This session is not yours.")
        return session
