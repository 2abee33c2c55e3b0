"""What a worker carries and the commands that change it (docs/protocols.md, section 2)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, cast, get_args

from server.forward.allocation import Choice
from server.live.ports import MediaError, is_probe
from server.media import negotiation, probes
from server.media.adapt import Adaptation
from server.media.engine import ROUND, TICK, Engine
from server.media.evidence import Evidence
from server.media.lessons import Lesson, Wish
from server.media.outgoing import Outgoing
from server.media.quality import Quality
from server.media.sessions import Player, Publisher, Session, host_and_port
from server.media.tracks import Tracks
from server.peer.session import PeerSession
from server.wire import sdp
from server.wire.errors import BadPacket, NoCommonCodec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from server.media.carrier import Carrier
    from server.media.clock import WallClock
    from server.media.mirroring import Mirroring
    from server.media.stats import Stats
    from server.media.tap import Tap
    from server.peer.dtls import Certificate

log = logging.getLogger("tongke.media")

MAX_SESSIONS = 2000  # per worker: about what one core forwards
MAX_LESSON_SESSIONS = 1200
MAX_SOURCES = 64  # per lesson
MAX_WISHES = 4 * MAX_LESSON_SESSIONS  # per lesson: what pages show of its sources
CNAME = "tongke"

Params = dict[str, Any]


class House:
    """The lessons of one worker. `emit(type, body)` takes its events; all calls come from one loop."""

    def __init__(
        self,
        sockets: Sequence[Carrier],
        candidates: list[tuple[str, int]],
        *,
        tcp_candidates: list[tuple[str, int]],
        certificate: Certificate,
        clock: WallClock,
        random: Random,
        stats: Stats,
        tap: Tap,
        emit: Callable[[str, dict[str, Any]], None],
    ) -> None:
        emit = probes.untraced(emit)
        self.lessons: dict[str, Lesson] = {}
        self.sessions: dict[str, Session] = {}
        self._evidence = Evidence(clock, emit)
        self.tracks = Tracks(tap, stats, self._evidence)
        self.outgoing = Outgoing(sockets, clock, stats)
        self.mirroring: Mirroring | None = None  # attaches itself, where other workers can be reached
        self._adaptation = Adaptation(self.outgoing)
        self.engine = Engine(
            sockets,
            clock=clock,
            stats=stats,
            tap=tap,
            adaptation=self._adaptation,
            outgoing=self.outgoing,
            connected=self._on_connected,
            lost=self.close_session,
            new_track=self.tracks.begin,
            keyframe=self.tracks.keyframe,
            pulse=self.pulse,
        )
        self._certificate = certificate
        self._clock = clock
        self._random = random
        self._stats = stats
        self._tap = tap
        self._emit = emit
        self._candidates = candidates
        self._tcp_candidates = tcp_candidates
        self._commands: dict[str, Callable[[Params, float], Params]] = {
            "lesson.open": self._open_lesson,
            "lesson.close": self._close_lesson,
            "lesson.mirror": self._mirror_lesson,
            "session.publish": self._publish,
            "session.play": self._play,
            "session.restart": self._restart,
            "session.close": self._close,
            "session.watch": self._watch,
        }
        self._tick_due = self._round_due = 0.0
        self._quality = Quality(clock, self._looked)

    # -- commands

    def command(self, method: str, params: Params) -> Params:
        """Run one command. Raises MediaError."""
        run = self._commands.get(method)
        if run is None:
            raise MediaError("bad_request", f"unknown method {method}")
        try:
            return run(params, self._clock.now())
        except KeyError as error:
            raise MediaError("bad_request", f"missing parameter {error}") from error

    def _open_lesson(self, params: Params, now: float) -> Params:
        lesson_id = str(params["lesson_id"])
        carried = self.lessons.get(lesson_id)
        if carried is not None and carried.mirrored:  # its origin has died, and it was placed here
            self.end_lesson(carried, "moved", now)
        if lesson_id not in self.lessons:
            self.lessons[lesson_id] = Lesson(lesson_id, now)
            if not is_probe(lesson_id):
                self._tap.records.open_lesson(lesson_id, self._clock.wall(now), now)
        return {}

    def _close_lesson(self, params: Params, now: float) -> Params:
        lesson = self.lessons.get(str(params["lesson_id"]))
        if lesson is not None:
            self.end_lesson(lesson, "lesson closed", now)
            if not lesson.mirrored:
                self._tap.records.close_lesson(lesson.id, self._clock.wall(now), now)
        return {}

    def end_lesson(self, lesson: Lesson, reason: str, now: float) -> None:
        """Close its sessions and forget it; what is recorded of it stays open."""
        self._evidence.sample(self.sessions.values(), now)
        for session in list(lesson.sessions.values()):
            self.close_session(session, reason, now)
        self._evidence.tell(lesson)
        self.lessons.pop(lesson.id, None)
        if self.mirroring is not None:
            self.mirroring.ended(lesson)

    def _mirror_lesson(self, params: Params, now: float) -> Params:
        if self.mirroring is None:
            raise MediaError("bad_request", "this worker reaches no others")
        return self.mirroring.begin(params, now)

    def _looked(self, kind: str, body: dict[str, Any]) -> None:
        if self.mirroring is None:
            self._emit(kind, body)
        else:
            self.mirroring.looked(self._emit, kind, body)

    def flush_lesson(self, lesson_id: str) -> None:
        """Tell what flowed in a lesson that goes on elsewhere or after a restart."""
        self._evidence.tell(self.lessons[lesson_id])

    def _publish(self, params: Params, now: float) -> Params:
        lesson, offer = self._admit(params)
        if lesson.mirrored:
            raise MediaError("no_such_lesson", "这节课不在这个媒体进程上")
        ssrc = negotiation.new_ssrcs(self._random, 1)[0]
        local = self._local_description()
        answer, plan = _negotiated(lambda: sdp.answer_publish(offer, local))
        source = lesson.source(str(params["source"]))
        session = Publisher(
            id=str(params["session_id"]),
            lesson=lesson,
            source=source,
            participant_id=str(params["participant_id"]),
            direction="in",
            peer=self._peer(plan.remote, local, now),
            opened_at=now,
            school_id=params.get("school_id"),
            ingress=negotiation.ingress_for(plan, ssrc=ssrc, cname=CNAME),
        )
        # the new one first: a source without publisher and players would be forgotten
        replaced, source.publisher = source.publisher, session
        if replaced is not None:
            self.close_session(replaced, "replaced", now)
        self._add(session, local.ufrag)
        return {"answer": answer, "etag": local.ufrag}

    def _play(self, params: Params, now: float) -> Params:
        lesson, offer = self._admit(params)
        ssrcs = negotiation.local_ssrcs(self._random)
        session_id = str(params["session_id"])
        source_name = str(params["source"])
        cname = f"{CNAME}-{source_name}"
        local = self._local_description(ssrcs=ssrcs, cname=cname, msid=source_name)
        answer, plan = _negotiated(lambda: sdp.answer_play(offer, local))
        source = lesson.source(source_name)
        session = Player(
            id=session_id,
            lesson=lesson,
            source=source,
            participant_id=str(params["participant_id"]),
            direction="out",
            peer=self._peer(plan.remote, local, now),
            opened_at=now,
            egress=negotiation.egress_for(plan, ssrcs, cname=cname, random=self._random),
        )
        source.players.add(session)
        self._add(session, local.ufrag)
        return {"answer": answer, "etag": local.ufrag}

    def _restart(self, params: Params, now: float) -> Params:
        session = self.sessions.get(str(params["session_id"]))
        if session is None:
            raise MediaError("no_such_session", "这个媒体会话已经结束，请重新连接")
        ufrag, pwd = session.peer.restart(str(params["ufrag"]), str(params["pwd"]))
        self.engine.add_ufrag(session, ufrag)
        return {"ufrag": ufrag, "pwd": pwd, "etag": ufrag}

    def _close(self, params: Params, now: float) -> Params:
        session = self.sessions.get(str(params["session_id"]))
        if session is not None:
            self.close_session(session, "closed", now)
        return {}

    def _watch(self, params: Params, now: float) -> Params:
        """How large a participant's page shows a source, and which quality its people chose."""
        lesson = self.lessons.get(str(params["lesson_id"]))
        if lesson is not None:
            who, source = str(params["participant_id"]), str(params["source"])
            self.wish(lesson, who, source, int(params["height"]), params["choice"])
        return {}

    def wish(self, lesson: Lesson, participant_id: str, source: str, height: int, choice: str) -> None:
        """The same; unknown choices are ignored, and what is too much."""
        key = (participant_id, source)
        if choice in get_args(Choice) and (key in lesson.wishes or len(lesson.wishes) < MAX_WISHES):
            lesson.wishes[key] = Wish(height, cast("Choice", choice))
            self._adaptation.wake(lesson, participant_id)

    def _admit(self, params: Params) -> tuple[Lesson, sdp.Offer]:
        """The lesson and the parsed offer of a new session, or the refusal."""
        lesson = self.lessons.get(str(params["lesson_id"]))
        if lesson is None:
            raise MediaError("no_such_lesson", "这节课不在这个媒体进程上")
        session_id, source = str(params["session_id"]), str(params["source"])
        if session_id in self.sessions:
            raise MediaError("bad_request", "session id already in use")
        if len(self.sessions) >= MAX_SESSIONS or len(lesson.sessions) >= MAX_LESSON_SESSIONS:
            raise MediaError("too_many", "同时连接的人数已到上限，请稍后再试")
        if source not in lesson.sources and len(lesson.sources) >= MAX_SOURCES:
            raise MediaError("too_many", "这节课的画面来源已到上限")
        try:
            return lesson, sdp.parse_offer_untrusted(str(params["offer"]))
        except BadPacket as error:
            raise MediaError("bad_sdp", str(error)) from error

    def _local_description(
        self, *, ssrcs: dict[str, sdp.Ssrc] | None = None, cname: str = CNAME, msid: str = "-"
    ) -> sdp.LocalDescription:
        return sdp.LocalDescription(
            ufrag=_token(self._random, 8),
            pwd=_token(self._random, 24),
            fingerprint_sha256=self._certificate.fingerprint_sha256,
            candidates=self._candidates,
            tcp_candidates=self._tcp_candidates,
            ssrcs=ssrcs or {},
            cname=cname,
            msid=msid,
        )

    def _peer(self, remote: sdp.Remote, local: sdp.LocalDescription, now: float) -> PeerSession:
        return PeerSession(remote, local.ufrag, local.pwd, self._certificate, now, to_address=host_and_port)

    def _add(self, session: Session, ufrag: str) -> None:
        self.sessions[session.id] = session
        session.lesson.sessions[session.id] = session
        self.engine.add(session, ufrag)
        self._stats.sessions_opened += 1

    # -- what sessions do

    def _on_connected(self, session: Session, now: float) -> None:
        self._emit_session("session.connected", session, "", now)
        if isinstance(session, Player):
            self._adaptation.add(session, now)
            for subscription in session.egress.subscriptions:
                session.source.relays[subscription.kind].subscribe(
                    subscription, session.target(), now, paced=session.slot >= 0 and subscription.kind == "video"
                )
            if session.source.publisher is not None:
                self.engine.report_to(session.source.publisher, now)  # the keyframe request need not wait for a tick
            if self.mirroring is not None:
                self.mirroring.joined(session.lesson, now)

    def close_session(self, session: Session, reason: str, now: float) -> None:
        """End a session, for whatever reason; idempotent."""
        if session.closed:
            return
        session.closed = True
        self.engine.remove(session, now)
        if isinstance(session, Player):
            self._evidence.mark_out(session, now)
            for subscription in session.egress.subscriptions:
                session.source.relays[subscription.kind].unsubscribe(subscription, now)
            self._adaptation.remove(session)
            session.source.players.discard(session)
        elif isinstance(session, Publisher):
            self.tracks.end_all(session, now)
            self._stats.malformed += session.ingress.malformed
            if session.source.publisher is session:
                session.source.publisher = None
        self.sessions.pop(session.id, None)
        session.lesson.sessions.pop(session.id, None)
        source = session.source
        if source.publisher is None and not source.players and not source.mirrored:
            session.lesson.sources.pop(source.name, None)
        self._stats.sessions_closed += 1
        self._emit_session("session.closed", session, reason, now)

    # -- timer and figures

    def pulse(self) -> None:
        """Timers and evidence, when due.

        Called after each batch of datagrams, which saves the loop most of its wake-ups for time alone, and now and then
        while nothing comes.
        """
        now = self._clock.now()
        if now < self._tick_due:
            return
        self._tick_due = now + TICK
        self.engine.tick(now)
        if self.mirroring is not None:
            self.mirroring.handle_timer(now)
        if now < self._round_due:
            return
        self._round_due = now + ROUND
        self.engine.round(now)
        self.tracks.handle_timer(self.engine.publishers, now)
        self._adaptation.handle_timer(self.lessons.values(), now)
        for lesson_id in probes.over(self.lessons.values(), now):
            self._close_lesson({"lesson_id": lesson_id}, now)
        self._evidence.handle_timer(self.lessons.values(), self.sessions.values(), now)
        self._quality.handle_timer(self.lessons.values(), now)

    def after_media(self) -> None:
        """Media has come by another way than the sockets: what follows it there follows here."""
        self.engine.go_on()
        self.pulse()

    def _emit_session(self, type: str, session: Session, reason: str, now: float) -> None:
        self._emit(
            type,
            {
                "lesson_id": session.lesson.id,
                "session_id": session.id,
                "participant_id": session.participant_id,
                "source": session.source.name,
                "direction": session.direction,
                "reason": reason,
                "at": self._clock.wall(now),
            },
        )

    def figures(self) -> dict[str, Any]:
        """The worker's stats: totals, and what is open now."""
        stats = self._stats.as_dict()
        for publisher in self.engine.publishers:
            stats["malformed"] += publisher.ingress.malformed
            for stream in publisher.tracks:
                stats["nacks_out"] += stream.nacks.sent
                stats["keyframe_requests"] += stream.keyframes.sent
        stats["tap_dropped"] = self._tap.records.dropped
        crowds = {
            lesson.id: sum(len(source.players) for source in lesson.sources.values())
            for lesson in self.lessons.values()
        }
        return {
            **stats,
            "crowds": {lesson_id: count for lesson_id, count in crowds.items() if count},
            "sessions": len(self.sessions),
            "publishers": len(self.engine.publishers),
            "tap_connected": int(self._tap.connected),
            "tap_unacknowledged_bytes": self._tap.records.unacknowledged,
        }


def _negotiated(answer: Callable[[], tuple[str, Any]]) -> tuple[str, Any]:
    try:
        return answer()
    except NoCommonCodec as error:
        needed = "没有双方都支持的音视频编码（需要 VP8、H.264、VP9 或 AV1，以及 Opus）"
        raise MediaError("no_common_codec", needed) from error
    except BadPacket as error:
        raise MediaError("bad_sdp", str(error)) from error


def _token(random: Random, length: int) -> str:
    """ICE characters (RFC 8839 section 5.4)."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return "".join(random.choice(alphabet) for _ in range(length))
