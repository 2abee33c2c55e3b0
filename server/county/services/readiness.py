"""Readiness: classrooms check themselves; the county sees equipment, network spaces, agreements, small schools."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ..errors import Forbidden, NotFound
from ..ids import new_id
from ..model import Role
from ..permissions import Action, require
from ..ports import AuditRow
from ..readiness.agreements import AgreementFile, check_scan
from ..readiness.dates import Check, Equipment, equipment
from ..readiness.standard import Figures, Standard, check_room, failed
from ..targets import day_of

if TYPE_CHECKING:
    from ..model import Actor, Pairing, School
    from ..policies import CountyConfig
    from ..ports import Clock, UnitOfWork, UnitsOfWork
    from ..roster.entries import Entry

SHOWN = 50  # of a school's checks


@dataclass(frozen=True, slots=True)
class SchoolReadiness:
    """One school. `entry`: what is registered of it by hand, if anything; `paired`: it counts in the evaluation."""

    school: School
    paired: bool
    equipment: Equipment
    space_opened_on: date | None
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class CountyReadiness:
    """The county. `agreements`: each open pairing with its agreement, registered, scanned; `small`: whether paired."""

    standard: Standard
    schools: tuple[SchoolReadiness, ...]
    agreements: tuple[tuple[Pairing, Entry | None, AgreementFile | None], ...]
    small: tuple[tuple[Entry, bool], ...]


class Readiness:
    """Every method checks the actor."""

    def __init__(self, store: UnitsOfWork, config: CountyConfig, now: Clock) -> None:
        self._store = store
        self._config = config
        self._now = now

    def standard(self) -> Standard:
        """What a check is judged by now."""
        return self._config.readiness

    async def check(self, actor: Actor, room: str, figures: Figures) -> Check:
        """Keep what a classroom measured. A screen's room is its own; a teacher names the room (`room`).

        Raises Forbidden, Invalid.
        """
        require(actor, Action.READINESS_CHECK)
        if actor.school_id is None:
            raise Forbidden("no_school", "这个账号不属于任何学校。", "This account belongs to no school.")
        now, by_device = self._now(), actor.role is Role.DEVICE
        name = actor.name if by_device else check_room(room)
        check = Check(
            id=new_id("r", now),
            school_id=actor.school_id,
            room=actor.id if by_device else name,
            room_name=name,
            by_device=by_device,
            at=now,
            day=day_of(now, self._config.targets),
            by=actor.name,
            standard=self._config.readiness.version,
            figures=figures,
            failed=failed(figures, self._config.readiness),
        )
        async with self._store.write() as work:
            await work.readiness.add(check)
            await work.audit(AuditRow(now, actor.id, "readiness.check", check.id, "met" if check.met else "not met"))
        return check

    async def own(self, actor: Actor) -> list[Check]:
        """Checks of the actor's own school (a screen: of itself), newest first. Raises Forbidden."""
        require(actor, Action.READINESS_CHECK)
        async with self._store.read() as work:
            found = await work.readiness.of_school(actor.school_id or "", SHOWN)
        return [check for check in found if actor.role is not Role.DEVICE or check.room == actor.id]

    async def of_school(self, actor: Actor, school_id: str) -> list[Check]:
        """A school's checks, newest first. Raises Forbidden."""
        require(actor, Action.READINESS_SEE)
        async with self._store.read() as work:
            return await work.readiness.of_school(school_id, SHOWN)

    async def scan(self, actor: Actor, pairing_id: str, name: str, head: bytes, size: int) -> AgreementFile:
        """A pairing's agreement as it may be put up: its bytes are to be written, then `keep_scan`. `head`: the first.

        Raises Invalid (name, type, content, size), NotFound, Forbidden.
        """
        require(actor, Action.ROSTER_MANAGE)
        name, media_type = check_scan(name, head, size)
        async with self._store.read() as work:
            pairing = await work.roster.pairing(pairing_id)
        if pairing is None or pairing.archived:
            raise NotFound("no_such_pairing", f"没有这个结对：{pairing_id}", f"No such pairing: {pairing_id}")
        now = self._now()
        return AgreementFile(pairing_id, new_id("m", now), name, media_type, size, now, actor.name)

    async def keep_scan(self, actor: Actor, file: AgreementFile) -> AgreementFile | None:
        """Its bytes are on the disk. Answers the one it replaces, whose bytes are to be removed. Raises Forbidden."""
        require(actor, Action.ROSTER_MANAGE)
        async with self._store.write() as work:
            before = (await work.readiness.files()).get(file.pairing_id)
            await work.readiness.put_file(file)
            await work.audit(AuditRow(file.at, actor.id, "agreement.file", file.pairing_id, file.name))
        return before

    async def scan_of(self, actor: Actor, pairing_id: str) -> AgreementFile:
        """Raises NotFound, Forbidden."""
        require(actor, Action.READINESS_SEE)
        async with self._store.read() as work:
            found = (await work.readiness.files()).get(pairing_id)
        if found is None:
            raise NotFound("no_such_file", "还没有上传这份协议。", "This agreement has not been put up.")
        return found

    async def county(self, actor: Actor) -> CountyReadiness:
        """Raises Forbidden."""
        require(actor, Action.READINESS_SEE)
        async with self._store.read() as work:
            schools = await schools_ready(work)
            signed = {entry.values["pairing_id"]: entry for entry in await _open(work, "agreements")}
            pairings = [pairing for pairing in await work.roster.pairings() if not pairing.archived]
            paired = {one.school.id for one in schools if one.paired}
            files = await work.readiness.files()
            small = [(entry, entry.values["school_id"] in paired) for entry in await _open(work, "small_schools")]
        agreements = tuple((one, signed.get(one.id), files.get(one.id)) for one in pairings)
        return CountyReadiness(self._config.readiness, tuple(schools), agreements, tuple(small))


async def schools_ready(work: UnitOfWork) -> list[SchoolReadiness]:
    """Every open school, in the roster's order."""
    registered = {entry.values["school_id"]: entry for entry in await _open(work, "readiness")}
    checks: dict[str, list[Check]] = defaultdict(list)
    for check in await work.readiness.all():
        checks[check.school_id].append(check)
    screens: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for device in await work.devices.all():
        if not device.revoked:
            screens[device.school_id].append((device.id, device.name))
    paired = {
        school
        for pairing in await work.roster.pairings()
        if not pairing.archived
        for school in (pairing.supporting_school_id, pairing.receiving_school_id)
    }
    found = []
    for school in await work.roster.schools():
        if school.archived:
            continue
        entry = registered.get(school.id)
        accepted, opened = _day(entry, "equipment_accepted_on"), _day(entry, "space_opened_on")
        its = equipment(screens[school.id], checks[school.id], accepted)
        found.append(SchoolReadiness(school, school.id in paired, its, opened, entry))
    return found


async def agreements_signed(work: UnitOfWork) -> dict[str, date | None]:
    """By pairing, the day its registered agreement was signed."""
    return {str(entry.values["pairing_id"]): _day(entry, "signed_on") for entry in await _open(work, "agreements")}


async def small_schools(work: UnitOfWork) -> list[Entry]:
    """The published list of small schools."""
    return await _open(work, "small_schools")


async def _open(work: UnitOfWork, kind: str) -> list[Entry]:
    return [entry for entry in await work.roster.entries(kind) if not entry.archived]


def _day(entry: Entry | None, key: str) -> date | None:
    value = entry.values[key] if entry is not None else None
    return None if value is None else date.fromisoformat(str(value))
