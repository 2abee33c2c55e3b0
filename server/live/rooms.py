"""The rooms of this web process: its connected pages, what they may ask for, what they are told.

State that another web process must see is in the shared hash (`live.state`); a change is written there first, then
told on the bus, and every process (this one too) acts on the notice alone, so all pages see changes alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from server.county.model import TokenRole

from . import messages as m
from . import quality as q
from . import state
from .ports import MediaError
from .quality_told import told_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from server.county.model import MediaGrant

    from .ports import Bus, MediaPlane, RoomState

    LessonView = Callable[[str], Awaitable[dict[str, Any]]]

log = logging.getLogger("tongke.live")

# Messages that wait for one page; a page that reads none of 256 is not there any more.
QUEUE = 256
# How often a page's entry is renewed (s), a third of state.PAGE_TTL.
RENEW_EVERY = 10.0
# A page may send this many messages at once, and so many a second on average.
BURST, RATE = 40.0, 10.0


@dataclass(eq=False, slots=True)
class Connection:
    """One page's socket. `outbox` holds encoded frames; None closes it."""

    grant: MediaGrant
    id: str
    page: state.Page
    outbox: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    allowance: float = BURST
    counted_at: float = 0.0
    dead: bool = False

    @property
    def participant(self) -> str:
        return self.grant.participant_id

    @property
    def observes(self) -> bool:
        return self.grant.role is TokenRole.OBSERVER

    def send(self, message: m.ServerMessage) -> None:
        """Queue a message; a page that does not read is closed."""
        if self.dead:
            return
        try:
            self.outbox.put_nowait(m.encode(message))
        except asyncio.QueueFull:
            self.close()

    def close(self) -> None:
        """Close the socket after what is queued, or at once if the queue is full."""
        self.dead = True
        if self.outbox.full():
            while not self.outbox.empty():
                self.outbox.get_nowait()
        self.outbox.put_nowait(None)


class RoomHub:
    """All rooms with pages on this web process."""

    def __init__(
        self,
        rooms: RoomState,
        bus: Bus,
        plane: MediaPlane,
        lesson_view: LessonView,
        now: Callable[[], float],
        codecs: Sequence[str] = (),
    ) -> None:
        """`codecs`: what video is best published in, in this order, where everybody plays it."""
        self._rooms = rooms
        self._plane = plane
        self._bus = bus
        self._view = lesson_view
        self._now = now
        self._codecs = tuple(codecs)
        self._here: dict[str, set[Connection]] = {}
        self._resets: dict[str, str] = {}

    @property
    def connected(self) -> int:
        """Pages on this process."""
        return sum(len(pages) for pages in self._here.values())

    # --- coming and going -------------------------------------------------------------------------------------------

    async def join(self, grant: MediaGrant, decodes: Sequence[str] = ()) -> Connection:
        """A page said hello with this grant. Queues its `welcome`; raises what the lesson view raises."""
        lesson = await self._view(grant.lesson_id)
        page = state.Page(
            role=grant.role.value,
            school_id=grant.school_id,
            name=grant.name,
            seen=self._now(),
            decodes=tuple(decodes),
        )
        connection = Connection(grant, secrets.token_hex(6), page, counted_at=self._now())
        # Known here before it is in the hash: whatever is told from now on reaches it.
        self._here.setdefault(grant.lesson_id, set()).add(connection)
        try:
            await self._write_page(connection)
            fields = await self._rooms.get(grant.lesson_id)
        except BaseException:
            self._forget(connection)
            raise
        room = state.read_room(fields)
        connection.send(
            m.Welcome(
                self=m.Me(
                    participant_id=grant.participant_id,
                    role=grant.role.value,
                    school_id=grant.school_id,
                    name=grant.name,
                ),
                lesson=lesson,
                participants=state.visible(state.participants(room, self._now()), connection.observes),
                stage=room.stage,
                layout=room.layout,
                recording=room.recording,
                codecs=state.common_codecs(room, self._now(), self._codecs),
                server_time=self._now(),
            )
        )
        known = told_of(fields, self._now())[connection.observes]
        if known is not None and grant.role is not TokenRole.CLASSROOM:
            connection.send(known)
        await self._tell(grant.lesson_id, "presence")
        return connection

    async def leave(self, connection: Connection) -> None:
        """The page's socket closed. Never raises: what is left in the hash ends by its TTL."""
        self._forget(connection)
        lesson = connection.grant.lesson_id
        try:
            await self._rooms.delete(lesson, state.page_field(connection.participant, connection.id))
            await self._tell(lesson, "presence")
        except Exception as error:  # redis away: the entry is stale in 30 s
            log.warning("leaving the room of %s was not told: %s", lesson, type(error).__name__)

    def close_all(self) -> None:
        """This web process stops: pages connect again by themselves."""
        for pages in self._here.values():
            for connection in pages:
                connection.close()

    def _forget(self, connection: Connection) -> None:
        pages = self._here.get(connection.grant.lesson_id, set())
        pages.discard(connection)
        if not pages:
            self._here.pop(connection.grant.lesson_id, None)
            self._resets.pop(connection.grant.lesson_id, None)

    async def _write_page(self, connection: Connection) -> None:
        field_name = state.page_field(connection.participant, connection.id)
        await self._rooms.set(connection.grant.lesson_id, field_name, state.encode(connection.page))

    async def renew(self) -> None:
        """Renew this process's pages and drop those that a dead process left; to be called every RENEW_EVERY."""
        for lesson_id in list(self._here):
            for connection in list(self._here.get(lesson_id, ())):
                connection.page = msgspec.structs.replace(connection.page, seen=self._now())
                await self._write_page(connection)
                if connection not in self._here.get(lesson_id, ()):  # it left meanwhile: do not bring it back
                    await self._rooms.delete(lesson_id, state.page_field(connection.participant, connection.id))
            stale = state.stale_fields(state.read_room(await self._rooms.get(lesson_id)), self._now())
            if stale:
                await self._rooms.delete(lesson_id, *stale)
                await self._tell(lesson_id, "presence")

    # --- what pages ask for -----------------------------------------------------------------------------------------

    async def receive(self, connection: Connection, frame: str | bytes) -> None:
        """One frame from a page. Answers `error` for what it may not or cannot do; never raises for a bad frame."""
        if not self._allowed(connection):
            connection.send(_error("slow_down", "消息太频繁，连接将关闭。"))
            connection.close()
            return
        try:
            message = m.decode_untrusted(frame)
        except m.BadMessage as error:
            connection.send(_error("bad_message", f"消息格式不对：{error}"))
            return
        handler, roles = _COMMANDS[type(message)]
        if connection.grant.role not in roles:
            connection.send(_error("forbidden", "您在这节课里的身份不能做这件事。"))
            return
        try:
            await handler(self, connection, message)
        except Exception as error:  # redis away for longer than its port waits
            log.warning("room %s: %s failed: %s", connection.grant.lesson_id, type(message).__name__, error)
            connection.send(_error("unavailable", "服务器暂时忙，刚才的操作没有生效，请再试一次。"))

    def _allowed(self, connection: Connection) -> bool:
        now = self._now()
        connection.allowance = min(BURST, connection.allowance + max(0.0, now - connection.counted_at) * RATE) - 1
        connection.counted_at = now
        return connection.allowance >= 0

    async def _on_hello(self, connection: Connection, message: m.Hello) -> None:
        connection.send(_error("bad_message", "已经连接，不需要再次 hello。"))

    async def _on_devices(self, connection: Connection, message: m.Devices) -> None:
        connection.page = msgspec.structs.replace(
            connection.page,
            microphone=message.microphone,
            camera=message.camera,
            screen=message.screen,
            seen=self._now(),
        )
        await self._write_page(connection)
        await self._tell(connection.grant.lesson_id, "presence")

    async def _on_hand(self, connection: Connection, message: m.Hand) -> None:
        await self._flag(connection.grant.lesson_id, state.hand_field(connection.participant), message.raised)
        await self._tell(connection.grant.lesson_id, "presence")

    async def _on_help(self, connection: Connection, message: m.HelpWanted) -> None:
        await self._say(connection, "help", f"{connection.grant.name} 请求帮助")

    async def _on_chat(self, connection: Connection, message: m.Say) -> None:
        text = message.text.strip()
        if text:
            await self._say(connection, "chat", text)

    async def _say(self, connection: Connection, what: str, text: str) -> None:
        await self._tell(
            connection.grant.lesson_id,
            what,
            participant_id=connection.participant,
            name=connection.grant.name,
            text=text,
            at=self._now(),
        )

    async def _on_stage(self, connection: Connection, message: m.SetStage) -> None:
        lesson = connection.grant.lesson_id
        if message.participant_id is not None:
            present = state.participants(state.read_room(await self._rooms.get(lesson)), self._now())
            if not any(one.participant_id == message.participant_id and one.role != "observer" for one in present):
                connection.send(_error("no_such_participant", "这个教室不在课堂里，不能放到讲台。"))
                return
        await self._rooms.set(lesson, "stage", message.participant_id or "")
        await self._tell(lesson, "stage", participant_id=message.participant_id)

    async def _on_layout(self, connection: Connection, message: m.SetLayout) -> None:
        await self._rooms.set(connection.grant.lesson_id, "layout", message.layout)
        await self._tell(connection.grant.lesson_id, "layout", layout=message.layout)

    async def _on_mute(self, connection: Connection, message: m.Mute) -> None:
        lesson = connection.grant.lesson_id
        present = state.participants(state.read_room(await self._rooms.get(lesson)), self._now())
        wanted = [
            one.participant_id
            for one in present
            if one.role == "classroom" and message.participant_id in ("all", one.participant_id)
        ]
        if not wanted and message.participant_id != "all":
            connection.send(_error("no_such_participant", "这个教室不在课堂里。"))
            return
        for participant in wanted:
            await self._flag(lesson, state.muted_field(participant), message.muted)
            await self._tell(lesson, "muted", participant_id=participant, muted=message.muted)
        await self._tell(lesson, "presence")

    async def _on_watch(self, connection: Connection, message: m.Watch) -> None:
        wish = {
            "lesson_id": connection.grant.lesson_id,
            "participant_id": connection.participant,
            "source": message.source,
            "height": message.height,
            "choice": message.choice,
        }
        try:
            await self._plane.tell_lesson(connection.grant.lesson_id, "session.watch", wish)
        except MediaError as error:  # the page wishes again with its next media session
            log.debug("a wish of %s was not told: %s", connection.participant, error.code)

    async def _on_playback(self, connection: Connection, message: m.Playback) -> None:
        claims = q.claims_of(connection.participant, message.players, self._now())
        await self._rooms.set(connection.grant.lesson_id, q.claim_field(connection.participant), q.encode(claims))

    async def _on_ping(self, connection: Connection, message: m.Ping) -> None:
        connection.send(m.Pong(at=message.at, server_time=self._now()))

    async def _flag(self, lesson_id: str, name: str, on: bool) -> None:
        if on:
            await self._rooms.set(lesson_id, name, "1")
        else:
            await self._rooms.delete(lesson_id, name)

    async def _tell(self, lesson_id: str, what: str, **more: str | float | bool | None) -> None:
        await self._bus.publish({"kind": "room", "lesson_id": lesson_id, "what": what, **more})

    # --- what the bus tells -----------------------------------------------------------------------------------------

    async def notice(self, notice: dict[str, Any]) -> None:
        """One notice of the bus. Those of rooms without pages here are nothing to us."""
        kind = notice.get("kind")
        if kind == "resync":
            for lesson_id in list(self._here):
                await self._resync(lesson_id)
            return
        if kind == "account":
            self._close_account(str(notice.get("account_id", "")))
            return
        lesson_id = str(notice.get("lesson_id", ""))
        if lesson_id not in self._here:
            return
        if kind == "lesson":
            await self._lesson_changed(lesson_id)
        elif kind == "room" and notice.get("what") in _TOLD:
            await _TOLD[notice["what"]](self, lesson_id, notice)

    def _close_account(self, account_id: str) -> None:
        """An account ended: its pages close; when they come again they are told that the token is not valid."""
        for pages in self._here.values():
            for connection in pages:
                if connection.grant.account_id == account_id:
                    connection.close()

    async def _resync(self, lesson_id: str) -> None:
        """Notices may have been lost: say again everything that has a state."""
        await self._lesson_changed(lesson_id)
        room = state.read_room(await self._rooms.get(lesson_id))
        # A Redis that lost its data has lost the pages too.
        for connection in list(self._here.get(lesson_id, ())):
            if (connection.participant, connection.id) not in room.pages:
                await self._write_page(connection)
        await self._presence(lesson_id, {})
        self._send(lesson_id, m.Stage(participant_id=room.stage))
        self._send(lesson_id, m.LayoutIs(layout=room.layout))
        self._send(lesson_id, room.recording)

    async def _lesson_changed(self, lesson_id: str) -> None:
        self._send(lesson_id, m.LessonChanged(lesson=await self._view(lesson_id)))

    async def _presence(self, lesson_id: str, notice: dict[str, Any]) -> None:
        room = state.read_room(await self._rooms.get(lesson_id))
        found = state.participants(room, self._now())
        codecs = state.common_codecs(room, self._now(), self._codecs)
        everybody = m.PresenceList(participants=state.visible(found, True), codecs=codecs)
        public = m.PresenceList(participants=state.visible(found, False), codecs=codecs)
        for connection in list(self._here.get(lesson_id, ())):
            connection.send(everybody if connection.observes else public)

    async def _stage(self, lesson_id: str, notice: dict[str, Any]) -> None:
        self._send(lesson_id, m.Stage(participant_id=notice.get("participant_id")))

    async def _layout(self, lesson_id: str, notice: dict[str, Any]) -> None:
        self._send(lesson_id, m.LayoutIs(layout=state.read_layout(notice.get("layout"))))

    async def _muted(self, lesson_id: str, notice: dict[str, Any]) -> None:
        for connection in list(self._here.get(lesson_id, ())):
            if connection.participant == notice["participant_id"]:
                connection.send(m.Muted(muted=bool(notice["muted"])))

    async def _help(self, lesson_id: str, notice: dict[str, Any]) -> None:
        self._send(lesson_id, m.HelpCall(**_words(notice)))

    async def _chat(self, lesson_id: str, notice: dict[str, Any]) -> None:
        self._send(lesson_id, m.Chat(**_words(notice)))

    async def _media_reset(self, lesson_id: str, notice: dict[str, Any]) -> None:
        message = m.MediaReset(reason=str(notice.get("reason", "")))
        if "participants" in notice:  # a worker that served these has died; everybody else goes on
            for connection in list(self._here.get(lesson_id, ())):
                if connection.participant in notice["participants"]:
                    connection.send(message)
            return
        placed = str(notice.get("placed", ""))
        if self._resets.get(lesson_id) == placed:
            return  # two event pumps saw the same change
        self._resets[lesson_id] = placed
        self._send(lesson_id, message)

    async def _recording(self, lesson_id: str, notice: dict[str, Any]) -> None:
        self._send(lesson_id, state.read_room(await self._rooms.get(lesson_id)).recording)

    async def _quality(self, lesson_id: str, notice: dict[str, Any]) -> None:
        """Who teaches and who observes sees how good everybody's media is; classrooms have their own bars."""
        pages = [each for each in self._here.get(lesson_id, ()) if each.grant.role is not TokenRole.CLASSROOM]
        if not pages:
            return
        told = told_of(await self._rooms.get(lesson_id), self._now())
        for connection in pages:
            message = told[connection.observes]
            if message is not None:
                connection.send(message)

    def _send(self, lesson_id: str, message: m.ServerMessage) -> None:
        for connection in list(self._here.get(lesson_id, ())):
            connection.send(message)


def _words(notice: dict[str, Any]) -> dict[str, Any]:
    return {name: notice[name] for name in ("participant_id", "name", "text", "at")}


def _error(code: str, detail: str) -> m.Error:
    return m.Error(code=code, detail=detail)


_ALL = frozenset(TokenRole)
_TEACHER = frozenset({TokenRole.TEACHER})
_CLASSROOM = frozenset({TokenRole.CLASSROOM})

# Each message: its handler, and who may send it (docs/protocols.md, section 6).
_COMMANDS: dict[type, tuple[Callable[[RoomHub, Connection, Any], Awaitable[None]], frozenset[TokenRole]]] = {
    m.Hello: (RoomHub._on_hello, _ALL),
    m.Devices: (RoomHub._on_devices, _TEACHER | _CLASSROOM),
    m.Hand: (RoomHub._on_hand, _CLASSROOM),
    m.HelpWanted: (RoomHub._on_help, _CLASSROOM),
    m.SetStage: (RoomHub._on_stage, _TEACHER),
    m.SetLayout: (RoomHub._on_layout, _TEACHER),
    m.Mute: (RoomHub._on_mute, _TEACHER),
    m.Say: (RoomHub._on_chat, _TEACHER | _CLASSROOM),
    m.Watch: (RoomHub._on_watch, _ALL),
    m.Playback: (RoomHub._on_playback, _ALL),
    m.Ping: (RoomHub._on_ping, _ALL),
}

_TOLD: dict[str, Callable[[RoomHub, str, dict[str, Any]], Awaitable[None]]] = {
    "presence": RoomHub._presence,
    "stage": RoomHub._stage,
    "layout": RoomHub._layout,
    "muted": RoomHub._muted,
    "help": RoomHub._help,
    "chat": RoomHub._chat,
    "media_reset": RoomHub._media_reset,
    "recording": RoomHub._recording,
    "quality": RoomHub._quality,
}


async def run_hub(hub: RoomHub, bus: Bus, also: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Feed the hub (and `also`, the event streams) with the bus's notices, and renew its pages, until cancelled."""

    async def renewing() -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            try:
                await hub.renew()
            except Exception as error:  # redis away: the next round renews
                log.warning("pages were not renewed: %s", type(error).__name__)

    renewal = asyncio.create_task(renewing())
    notices = bus.notices()
    try:
        async for notice in notices:
            for listener in (also, hub.notice):
                try:
                    await listener(notice)
                except Exception:  # one notice that cannot be told must not end the telling
                    log.exception("a notice of kind %s was not told", notice.get("kind"))
    finally:
        if isinstance(notices, AsyncGenerator):  # its subscription ends now, not when it is collected
            await notices.aclose()
        renewal.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewal
