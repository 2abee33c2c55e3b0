"""From which network line a lesson was sent, and whether it is another school's."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from .doubts import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .doubts import Publication
    from .honesty import HonestyPolicy
    from .model import Lesson, School


def line_of(address: str) -> str | None:
    """What tells one line from another: an IPv4 address, the first 64 bits of an IPv6 one. None: this machine, or none.

    A room recorder is pulled by the server itself, so it comes from this machine.
    """
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if found.is_loopback or found.is_unspecified:
        return None
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


def borrowed(
    lesson: Lesson, lines: Sequence[Publication], schools: Mapping[str, School], policy: HonestyPolicy
) -> Iterator[Finding]:
    """A school's place was taken from a line on which another school sent within a day, and they never shared one.

    A county whose schools all leave through one address shares it in every lesson, and is never doubted for that.
    """
    begun = lesson.started_at
    if begun is None:
        return
    for school_id in (lesson.supporting_school_id, *lesson.receiving_school_ids):
        before = [
            one
            for one in lines
            if one.school_id == school_id and one.lesson_id != lesson.id and 0 < begun - one.at <= policy.line_known
        ]
        known = {one.address for one in before}
        lessons = len({one.lesson_id for one in before})
        if lessons < policy.line_lessons:
            continue
        for mine in lines:
            if (mine.lesson_id, mine.school_id) != (lesson.id, school_id) or mine.address in known:
                continue
            theirs = _others_there(mine, known, lines, policy, begun)
            if theirs:
                yield _finding(mine, school_id, theirs, lessons, schools)
                break


def _others_there(
    mine: Publication, known: set[str], lines: Sequence[Publication], policy: HonestyPolicy, begun: float
) -> list[str]:
    """Other schools that sent from that line within hours, but for those that were on a `known` one before."""
    found = {
        one.school_id
        for one in lines
        if one.address == mine.address and one.school_id is not None and abs(one.at - mine.at) <= policy.line
    }
    shared = {one.school_id for one in lines if one.address in known and one.at < begun}
    return sorted(school_id for school_id in found - shared if school_id != mine.school_id)


def _finding(
    mine: Publication, school_id: str, theirs: Sequence[str], lessons: int, schools: Mapping[str, School]
) -> Finding:
    owners = [named(schools, one) for one in theirs]
    whose, whose_en = "、".join(one for one, _ in owners), ", ".join(one for _, one in owners)
    name, name_en = named(schools, school_id)
    return Finding(
        Kind.BORROWED,
        school_id,
        f"borrowed:{school_id}",
        f"{name}的画面和声音来自{whose}的网络（{mine.address}），此前 {lessons} 节课都不是："
        "设备码或令牌可能被别处使用。",
        f"{name_en} was sent from the line of {whose_en} ({mine.address}), as in none of its {lessons} lessons before: "
        "its device code or token may have been used elsewhere.",
        {"address": mine.address, "schools": list(theirs), "lessons_before": lessons},
    )


def named(schools: Mapping[str, School], school_id: str) -> tuple[str, str]:
    """A school's names, Chinese and English; its id when it is not in the roster."""
    school = schools.get(school_id)
    return (school.name, school.name_en or school.name) if school is not None else (school_id, school_id)
