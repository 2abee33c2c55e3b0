"""`tongke demo`: a whole lesson with generated media, from the timetable to the ledger, on a real server."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from server.cluster.children import die_with_parent
from server.demo_client import Api, DemoFailed, Peer
from server.demo_media import RATE, Picture, Tone
from server.settings import Settings, read_serving
from server.supervisor_checks import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["DemoFailed", "run"]

# A cold start with a new database, on a slow machine (s).
START_TIMEOUT = 60.0
# Verification of a minute's recording and the crediting (s).
VERIFY_TIMEOUT = 180.0
DONE = ("credited", "rejected", "needs_review")
# A player that saw less than this share of the pictures sent did not really see the lesson.
SEEN_SHARE = 0.5


async def run(settings: Settings, *, url: str | None, token: str | None, seconds: int) -> None:
    """Play the lesson and print what came of it. Raises DemoFailed when anything is not as it should be."""
    console = Console()
    if not console.is_terminal:  # a log or a pipe has no width: nothing may be cut there
        console = Console(width=160)
    async with _server(settings, url, token, console) as (address, bearer), Api(address, bearer) as api:
        lesson, school, subject = await _schedule(api, seconds)
        before = await _credited(api, subject)
        await _teach(api, lesson, school, seconds, console)
        detail = await _verified(api, lesson["id"], console)
        await _show(api, detail, subject, before, console)


@contextlib.asynccontextmanager
async def _server(
    settings: Settings, url: str | None, token: str | None, console: Console
) -> AsyncIterator[tuple[str, str]]:
    """(url, administrator's token): the one named, the one that runs in the data folder, or one started for this."""
    if url is not None:
        if token is None:
            raise DemoFailed("--url 需要 --token（在那台服务器上：tongke token --user admin） / --url needs --token")
        yield url, token
        return
    serving = read_serving(settings.data)
    if serving is not None:
        console.print(f"使用正在运行的服务 / using the running server {serving['url']}", highlight=False)
        yield serving["url"], await _admin_token(settings)
        return
    console.print(f"没有服务在运行，启动一个 / starting a server in {settings.data}", highlight=False)
    media_port = free_port(socket.SOCK_DGRAM, following=settings.workers - 1)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve", "--data", str(settings.data), "--host", "127.0.0.1",
        "--port", str(free_port(socket.SOCK_STREAM)), "--media-port", str(media_port),
        env={**os.environ, "TONGKE_LOG_LEVEL": "warning"}, preexec_fn=die_with_parent(),
    )  # fmt: skip
    try:
        yield await _started(settings, process), await _admin_token(settings)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def _started(settings: Settings, process: asyncio.subprocess.Process) -> str:
    until = time.monotonic() + START_TIMEOUT
    while time.monotonic() < until:
        if process.returncode is not None:
            raise DemoFailed(f"服务没有启动（{process.returncode}），原因见上 / the server did not start, see above")
        serving = read_serving(settings.data)
        if serving is not None:
            return str(serving["url"])
        await asyncio.sleep(0.1)
    raise DemoFailed(f"服务在 {START_TIMEOUT:g} 秒内没有就绪 / the server was not ready in time")


async def _admin_token(settings: Settings) -> str:
    """Made from the data folder, by a process of its own: the demo itself opens no database."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "token", "--user", "admin", "--data", str(settings.data),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await process.communicate()
    if process.returncode != 0:
        raise DemoFailed("无法取得管理员令牌，原因见上 / no administrator's token, see above")
    return output.decode().strip()


async def _schedule(api: Api, seconds: int) -> tuple[dict[str, Any], str, str]:
    """A lesson of the first pairing under the accelerated policy, its receiving school's id, its subject's id."""
    pairing = (await api.json("GET", "/api/pairings"))["items"][0]
    subject = (await api.json("GET", "/api/subjects"))["items"][0]
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    lesson = await api.json(
        "POST",
        "/api/lessons",
        {
            "pairing_id": pairing["id"],
            "subject": subject["id"],
            "topic": "演示课：小小的船",
            "starts_at": now,
            "planned_minutes": max(1, round(seconds / 60)),
            "policy": "accelerated",
        },
    )
    return lesson, pairing["receiving_school_id"], subject["id"]


async def _teach(api: Api, lesson: dict[str, Any], school: str, seconds: int, console: Console) -> None:
    """Start, publish and play for `seconds`, end. Raises DemoFailed when someone did not see or hear."""
    lesson_id = lesson["id"]

    async def token_of(role: str, **more: str) -> str:
        answer = await api.json("POST", f"/api/lessons/{lesson_id}/tokens", {"role": role, **more})
        return str(answer["token"])

    teacher, observer = await token_of("teacher"), await token_of("observer")
    classroom = await token_of("classroom", school_id=school)
    await api.json("POST", f"/api/lessons/{lesson_id}/start")
    publishing = [Peer(api, "老师 teacher", teacher), Peer(api, "课件 screen", teacher), Peer(api, "课堂", classroom)]
    playing = [
        Peer(api, "课堂看老师", classroom),
        Peer(api, "课堂看课件", classroom),
        Peer(api, "研训员看老师", observer),
        Peer(api, "研训员看课堂", observer),
    ]
    sources = ("teacher", "screen", "teacher", f"classroom-{school}")
    try:
        await publishing[0].publish(f"/whip/{lesson_id}", [Picture("TEACHER", 20), Tone(440.0)])
        await publishing[1].publish(f"/whip/{lesson_id}?source=screen", [Picture("SCREEN", 100)])
        await publishing[2].publish(f"/whip/{lesson_id}", [Picture("CLASSROOM", 60), Tone(660.0)])
        await asyncio.gather(
            *(peer.play(f"/whep/{lesson_id}?source={source}") for peer, source in zip(playing, sources, strict=True))
        )
        await asyncio.gather(*(peer.connected() for peer in (*publishing, *playing)))
        await _lesson_time(seconds, playing, console)
        for peer in playing:
            _check_seen(peer, seconds, audio=peer is not playing[1])
        await api.json("POST", f"/api/lessons/{lesson_id}/end")
    finally:
        await asyncio.gather(*(peer.close() for peer in (*playing, *publishing)))


async def _lesson_time(seconds: int, playing: list[Peer], console: Console) -> None:
    with Progress(
        TextColumn("[red]●[/red] {task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        task = progress.add_task("上课中 live", total=seconds)
        began = time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            seen = " · ".join(f"{peer.name} {peer.frames['video']}" for peer in playing)
            progress.update(task, completed=passed, description=f"上课中 live（已解码 frames：{seen}）")
            await asyncio.sleep(0.25)
        progress.update(task, completed=seconds)


def _check_seen(peer: Peer, seconds: int, *, audio: bool) -> None:
    if peer.frames["video"] < SEEN_SHARE * RATE * seconds:
        raise DemoFailed(f"{peer.name}: 只收到 {peer.frames['video']} 帧画面 / too few pictures arrived")
    if audio and peer.frames["audio"] < SEEN_SHARE * 50 * seconds:  # 50 frames of 20 ms a second
        raise DemoFailed(f"{peer.name}: 只收到 {peer.frames['audio']} 段声音 / too little sound arrived")


async def _verified(api: Api, lesson_id: str, console: Console) -> dict[str, Any]:
    """The lesson's detail once it is decided. Raises DemoFailed when that takes too long."""
    with console.status("已录制，正在核验 / recorded, being verified"):
        until = time.monotonic() + VERIFY_TIMEOUT
        while time.monotonic() < until:
            detail: dict[str, Any] = await api.json("GET", f"/api/lessons/{lesson_id}")
            if detail["state"] in DONE:
                return detail
            await asyncio.sleep(0.5)
    raise DemoFailed(f"{VERIFY_TIMEOUT:g} 秒后仍是 {detail['state']} / the lesson is still {detail['state']}")


async def _credited(api: Api, subject: str) -> dict[str, int]:
    """Credited lessons of the subject, by school."""
    year = str(datetime.datetime.now(datetime.UTC).year)
    board = await api.json("GET", "/api/board", year=year)
    return {row["school_id"]: row["credited"] for row in board["items"] if row["subject_id"] == subject}


async def _show(api: Api, detail: dict[str, Any], subject: str, before: dict[str, int], console: Console) -> None:
    """Print ledger, board and recording. Raises DemoFailed when the lesson was not credited to both schools."""
    rows = (await api.json("GET", "/api/ledger", lesson_id=detail["id"]))["items"]
    after = await _credited(api, subject)
    table = Table(title="台账 ledger")
    for title in ("编号 entry", "学校 school", "学科 subject", "形式 form", "计入 amount", "证据 evidence"):
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(
            row["id"], row["school_name"], row["subject_id"], row["form"], f"{row['amount']:+d}",
            _evidence(row["evidence"], row["school_id"]),
        )  # fmt: skip
    console.print(table)
    schools = [detail["supporting_school_id"], *(school["id"] for school in detail["receiving_schools"])]
    for school in schools:
        console.print(f"看板 board: {school} {subject} {before.get(school, 0)} → {after.get(school, 0)}")
    console.print(f"状态 state: {detail['state']}")
    console.print(f"录像 recording: {api.url}/recordings/{detail['id']}", highlight=False, soft_wrap=True)
    if detail["state"] != "credited":
        reasons = "；".join(reason["text"] for reason in detail["reasons"]) or detail.get("reason") or ""
        raise DemoFailed(f"这节课没有计入 / not credited: {detail['state']} {reasons}")
    if any(after.get(school, 0) != before.get(school, 0) + 1 for school in schools):
        raise DemoFailed(f"看板没有各加一节 / the board did not go up by one: {before} → {after}")


def _evidence(evidence: dict[str, Any], school: str) -> str:
    """The figures behind one entry, in a line."""
    lines = [f"授课 taught {evidence['teacher_seconds']:.0f}/{evidence['planned_seconds']:.0f} s"]
    for room in evidence["classrooms"]:
        if room["school_id"] == school:
            lines.append(f"收 received {room['received_share']:.0%}")
            lines.append(f"发 sent {room['sent_share']:.0%}")
    lines.append(f"缺口 gaps {evidence['gap_seconds']:.1f} s")
    return ", ".join(lines)
