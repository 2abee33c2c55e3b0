"""Why it is bad, in one line of plain words: which end, which direction, what, and what to do. Pure rules.

Two tables, read from above. `SCOPES` compares the ends of a lesson with each other: everybody who receives badly points
to what they share (the server, its exit, the teacher's uplink), one alone to that end. `SYMPTOMS` looks at one end and
says what is wrong with it.

| scope | holds when | said of |
| --- | --- | --- |
| server busy | the worker uses nearly a whole core and something is bad | the server |
| exit | two ends or more receive, all badly (loss, or thin), nobody sends badly | the server's network |
| source stalls | everybody's player stands still at one source whose lines are all good | that source's computer |
| both ways | an end sends and receives badly | that end |
| one way | an end sends, or receives, badly | that end |
| player | a page says that it shows badly what arrived well | that end's computer |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .quality import BAD, Note, observes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .quality import Claim, QualityRow

    Explained = set[tuple[str, str]]
    Found = Iterator[tuple[Note, Explained]]  # a line, and the ends it covers

BUSY = 0.9  # of a core: the worker's ticks come late from here on
LOSS = 0.03  # what repair cannot hide on a long line; less is not why it is bad
SLOW = 400.0  # ms there and back: one begins to talk into the other's words (ITU-T G.114: 150 to 400 one way)
UNSTEADY = 60.0  # ms of jitter: three packets of sound
THIN = 150_000  # bit/s of a camera: a small picture at a few frames
FROZEN = 1.0  # s of 10 that a page's picture stood still
CONCEALED = 0.1  # share of sound that a page made up
MOST = 3  # lines at once; more are not read

Side = Literal["in", "out", "both"]
WORDS: dict[str, tuple[str, str]] = {
    "in": ("上行", "The uplink of {who}"),
    "out": ("下行", "The downlink of {who}"),
    "both": ("上行和下行", "The line of {who}, both ways,"),
}


@dataclass(frozen=True, slots=True)
class End:
    """One participant's rows of a direction (or both)."""

    participant_id: str
    side: Side
    rows: tuple[QualityRow, ...]

    @property
    def bad(self) -> bool:
        return any(row.score is not None and row.score <= BAD for row in self.rows)

    @property
    def judged(self) -> list[QualityRow]:
        """The rows in which something flows or ought to."""
        return [row for row in self.rows if row.score is not None]

    @property
    def loss(self) -> float:
        return max((row.loss for row in self.judged), default=0.0)

    @property
    def round_trip(self) -> float:
        return max((row.rtt_ms or 0.0 for row in self.judged), default=0.0)

    @property
    def jitter(self) -> float:
        return max((row.jitter_ms for row in self.judged), default=0.0)

    @property
    def silent(self) -> bool:
        return all(row.bitrate == 0 for row in self.rows)

    @property
    def camera(self) -> float:
        """Bit/s of the worst camera it sends, infinite without one."""
        cameras = [row for row in self.judged if row.kind == "video" and row.source != "screen"]
        return min((row.bitrate for row in cameras if row.direction == "in"), default=float("inf"))

    @property
    def held_back(self) -> bool:
        """Whether the server sends less than is shown, because the line takes no more."""
        return any(row.held_back for row in self.judged)

    @property
    def rate(self) -> float:
        """Bit/s to name when the line is thin: what it is thought to carry, or what the worst camera gets through."""
        estimates = [row.estimate for row in self.judged if row.held_back and row.estimate is not None]
        return max(estimates) if estimates else self.camera

    @property
    def freezes(self) -> int:
        return sum(row.freezes for row in self.judged)


@dataclass(frozen=True, slots=True)
class Symptom:
    """`text` and `text_en` follow the end's name; they may use loss (%), rtt, jitter (ms) and rate (kbit/s)."""

    code: str
    holds: Callable[[End], bool]
    text: str
    text_en: str


SYMPTOMS = (
    Symptom(
        "cut",
        lambda end: end.silent,
        "中断：请他们看看网线是否松动、无线是否断开，恢复后会自动重连",
        "is cut: ask them to look at the cable or the wireless; it comes back by itself",
    ),
    Symptom(
        "loss",
        lambda end: end.loss >= LOSS,
        "丢包 {loss} %：请他们改用网线",
        "loses {loss} % of packets: ask them to use the cable",
    ),
    Symptom(
        "thin",
        lambda end: end.held_back or end.camera < THIN,
        "带宽不足（约 {rate} kbit/s）：请他们关闭同一网络上的其他视频和下载；画面已自动降低，声音优先",
        "is thin (about {rate} kbit/s): ask them to stop other videos and downloads on that network; "
        "the picture was reduced, sound goes first",
    ),
    Symptom(
        "slow",
        lambda end: end.round_trip >= SLOW,
        "延迟 {rtt} 毫秒：请他们暂停下载和视频等占用网络的程序",
        "takes {rtt} ms there and back: ask them to pause downloads and videos on that network",
    ),
    Symptom(
        "unsteady",
        lambda end: end.jitter >= UNSTEADY,
        "时快时慢（抖动 {jitter} 毫秒）：请他们改用网线，或离无线路由器近一些",
        "is unsteady (jitter {jitter} ms): ask them to use the cable or to move closer to the access point",
    ),
    Symptom(
        "freezes",
        lambda end: end.freezes > 0,
        "画面卡顿：请他们关闭其他程序，仍不好就刷新页面",
        "freezes: ask them to close other programs, and to reload the page if it stays so",
    ),
    Symptom(
        "bad",
        lambda end: True,
        "质量差：请他们刷新页面，仍不好就换一根网线或换一台电脑",
        "is bad: ask them to reload the page, then to try another cable or another computer",
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A lesson at one look. `names` by participant; who is not in it is called by its id."""

    rows: Sequence[QualityRow]
    claims: Sequence[Claim]
    names: Mapping[str, str]
    load: float

    def name(self, participant_id: str) -> str:
        return self.names.get(participant_id, participant_id)

    def ends(self, side: Side) -> list[End]:
        """Everybody's end of a direction, the teacher first."""
        groups: dict[str, list[QualityRow]] = {}
        for row in self.rows:
            if side in (row.direction, "both"):
                groups.setdefault(row.participant_id, []).append(row)
        found = [End(who, side, tuple(rows)) for who, rows in groups.items()]
        return sorted(found, key=lambda end: (end.participant_id != "teacher", end.participant_id))


def diagnose(rows: Iterable[QualityRow], claims: Iterable[Claim], names: Mapping[str, str], load: float) -> list[Note]:
    """At most three lines, the most important first; [] when nothing is bad."""
    case = Case(list(rows), list(claims), names, load)
    notes: list[Note] = []
    explained: Explained = set()  # (participant, direction) that a line covers already
    for scope in SCOPES:
        for note, covers in scope(case, explained):
            explained |= covers
            notes.append(note)
    return notes[:MOST]


def _server_busy(case: Case, explained: Explained) -> Found:
    bad: Explained = {(end.participant_id, end.side) for side in ("in", "out") for end in case.ends(side) if end.bad}
    if case.load >= BUSY and len(bad) > 1:
        percent = round(100 * case.load)
        yield (
            Note(
                participant_id=None,
                direction="server",
                code="server_busy",
                text=f"服务器太忙（占用 {percent} %）：请管理员增加媒体进程（--workers）或减少同时上课的课堂",
                text_en=f"The server is too busy ({percent} %): ask the administrator for more media workers "
                "(--workers) or fewer lessons at once",
            ),
            bad,
        )


def _exit(case: Case, explained: Explained) -> Found:
    receivers = [end for end in case.ends("out") if end.judged]
    shared = len(receivers) > 1 and all(end.bad and (end.loss >= LOSS or end.held_back) for end in receivers)
    if shared and not any(end.bad for end in case.ends("in")):
        covers = {(end.participant_id, "out") for end in receivers}
        if covers & explained:
            return
        least = min(end.loss for end in receivers)
        what, what_en = (
            (f"都丢包（至少 {_percent(least)} %）", f"loses packets (at least {_percent(least)} %)")
            if least >= LOSS
            else ("带宽都不足", "is thin")
        )
        yield (
            Note(
                participant_id=None,
                direction="server",
                code="exit",
                text=f"所有人的下行{what}：问题多半在服务器这一侧，请管理员检查服务器的网络出口和负载",
                text_en=f"Everybody's downlink {what_en}: it is probably the server's side; "
                "ask the administrator to look at its network and its load",
            ),
            covers,
        )


def _source_stalls(case: Case, explained: Explained) -> Found:
    """Good lines, and yet everybody's player stands still at one source: that source's computer does not keep up."""
    by_source: dict[str, list[Claim]] = {}
    for claim in case.claims:
        by_source.setdefault(claim.source, []).append(claim)
    for source, claims in sorted(by_source.items()):
        sender = "teacher" if source == "screen" else source
        lines = [end for side in ("in", "out") for end in case.ends(side)]
        lines = [end for end in lines if end.participant_id in {sender, *(claim.participant_id for claim in claims)}]
        if len(claims) < 2 or not all(_stands(claim) for claim in claims) or any(end.bad for end in lines):
            continue
        who = case.name(sender)
        covers = {(claim.participant_id, "player") for claim in claims}
        yield (
            Note(
                participant_id=sender,
                direction="in",
                code="source_stalls",
                text=f"大家看到{who}的画面都卡顿，而网络正常：请他们关闭其他程序，或换一台电脑",
                text_en=f"Everybody sees {who} freeze although the network is good: "
                "ask them to close other programs or to use another computer",
            ),
            covers,
        )


def _both_ways(case: Case, explained: Explained) -> Found:
    one_way = {(end.participant_id, side) for side in ("in", "out") for end in case.ends(side) if end.bad}
    for end in case.ends("both"):
        covers = {(end.participant_id, "in"), (end.participant_id, "out")}
        if covers <= one_way and not covers & explained and not observes(end.participant_id):
            yield _note(case, end), covers


def _one_way(case: Case, explained: Explained) -> Found:
    for side in ("in", "out"):
        for end in case.ends(side):
            key = (end.participant_id, side)
            if end.bad and key not in explained and not observes(end.participant_id):
                yield _note(case, end), {key}


def _player(case: Case, explained: Explained) -> Found:
    down = {end.participant_id: end for end in case.ends("out")}
    for who in sorted({claim.participant_id for claim in case.claims}):
        end = down.get(who)
        stands = any(_stands(claim) for claim in case.claims if claim.participant_id == who)
        covered = {(who, "out"), (who, "player")} & explained
        if stands and end is not None and not end.bad and not covered and not observes(who):
            name = case.name(who)
            yield (
                Note(
                    participant_id=who,
                    direction="out",
                    code="player",
                    text=f"{name}的网络正常，但电脑播放不过来：请他们关闭其他程序，或改用小一些的画面",
                    text_en=f"The network of {name} is good but its computer does not keep up: "
                    "ask them to close other programs or to choose a smaller picture",
                ),
                {(who, "player")},
            )


SCOPES = (_server_busy, _exit, _source_stalls, _both_ways, _one_way, _player)


def _stands(claim: Claim) -> bool:
    return claim.frozen_seconds >= FROZEN or claim.concealed_share >= CONCEALED


def _note(case: Case, end: End) -> Note:
    symptom = next(each for each in SYMPTOMS if each.holds(end))
    rate = end.rate
    values = {
        "loss": _percent(end.loss),
        "rtt": round(end.round_trip),
        "jitter": round(end.jitter),
        "rate": round(rate / 1000) if rate != float("inf") else 0,
    }
    who = case.name(end.participant_id)
    side, side_en = WORDS[end.side]
    return Note(
        participant_id=end.participant_id,
        direction=end.side,
        code=symptom.code,
        text=f"{who}{side}{symptom.text.format(**values)}",
        text_en=f"{side_en.format(who=who)} {symptom.text_en.format(**values)}",
    )


def _percent(part: float) -> str:
    """Whole per cent, a decimal below one."""
    percent = 100 * part
    return f"{percent:.0f}" if percent >= 1 else f"{percent:.1f}"
