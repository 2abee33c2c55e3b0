"""The sample county: the notice's schools, pairings, subjects and expert groups, loaded into an empty database."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .config import Table, parse_toml, text_of
from .hashes import hash_secret
from .ids import new_code, new_id, new_password
from .model import Device, Pairing, Role, School, Subject, User
from .ports import ExpertGroup

if TYPE_CHECKING:
    from .ports import PasswordHasher, UnitOfWork, UnitsOfWork

CODE_LIFETIME = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class SampleUser:
    """A person of the sample: `username` is also the id's tail."""

    username: str
    name: str
    role: Role
    school_id: str | None


@dataclass(frozen=True, slots=True)
class SampleDevice:
    """A classroom screen of the sample."""

    school_id: str
    name: str


@dataclass(frozen=True, slots=True)
class SampleCounty:
    """What `config/sample-county.toml` says. Researchers of pairings are named by username."""

    schools: tuple[School, ...]
    subjects: tuple[Subject, ...]
    groups: tuple[ExpertGroup, ...]
    users: tuple[SampleUser, ...]
    pairings: tuple[Pairing, ...]
    devices: tuple[SampleDevice, ...]


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """What is told once, on the first start. `secret`: a password, or a device's code."""

    username: str  # of a device: its name
    role: Role
    name: str
    school: str
    secret: str


def user_id(username: str) -> str:
    """The id of a sample account."""
    return f"u-{username}"


def parse_sample(text: str, file: str = "sample-county.toml") -> SampleCounty:
    """Raises ConfigError naming file, line and key; ids are unique and references hold."""
    reader = _Reader(text, file)
    schools = tuple(
        School(row.id(), row.text("name"), row.text("name_en"), row.one_of("kind", KINDS), row.one_of("stage", STAGES))
        for row in reader.rows("schools")
    )
    subjects = []
    groups = []
    for row in reader.rows("subjects"):
        subjects.append(Subject(row.id(), row.text("name"), row.text("name_en")))
        groups.append(ExpertGroup(subjects[-1].id, row.names("leads"), row.names("members")))
    school_ids = {school.id for school in schools}
    users = [SampleUser("admin", "管理员", Role.ADMIN, None)]
    for row in reader.rows("researchers"):
        users.append(SampleUser(row.text("username"), row.text("name"), Role.RESEARCHER, None))
    researchers = {user.username for user in users if user.role is Role.RESEARCHER}
    for row in reader.rows("teachers"):
        school_id = row.one_of("school", school_ids)
        users.append(SampleUser(row.text("username"), row.text("name"), Role.TEACHER, school_id))
    pairings = tuple(
        Pairing(
            row.id(),
            row.whole("number"),
            row.one_of("supporting", school_ids),
            row.one_of("receiving", school_ids),
            user_id(row.one_of("researcher", researchers)),
        )
        for row in reader.rows("pairings")
    )
    devices = tuple(SampleDevice(row.one_of("school", school_ids), row.text("name")) for row in reader.rows("devices"))
    reader.done()
    return SampleCounty(schools, tuple(subjects), tuple(groups), tuple(users), pairings, devices)


async def load_sample(
    store: UnitsOfWork,
    county: SampleCounty,
    hasher: PasswordHasher,
    *,
    now: float,
    admin_password: str | None = None,
) -> list[SampleAccount]:
    """Fill an empty database; [] and nothing changed if it has schools already.

    Passwords and device codes are random (the administrator's may be given) and answered here once, never again.
    """
    async with store.read() as work:
        if await work.roster.schools():
            return []
    names = {school.id: school.name for school in county.schools}
    accounts = []
    users = []
    secrets = [admin_password if person.role is Role.ADMIN else None for person in county.users]
    passwords = [given or new_password() for given in secrets]
    hashes = await asyncio.gather(*(hasher.hash(password) for password in passwords))
    for person, secret, hashed in zip(county.users, passwords, hashes, strict=True):
        accounts.append(
            SampleAccount(person.username, person.role, person.name, names.get(person.school_id or "", ""), secret)
        )
        users.append(
            User(
                id=user_id(person.username),
                username=person.username,
                name=person.name,
                role=person.role,
                school_id=person.school_id,
                password_hash=hashed,
                created_at=now,
            )
        )
    async with store.write() as work:
        if await work.roster.schools():  # another process was faster
            return []
        await _write(work, county, users)
        for screen in county.devices:
            code = new_code()
            device = Device(new_id("d", now), screen.school_id, screen.name, now)
            await work.devices.add(device)
            await work.devices.set_code(device.id, hash_secret(code), now + CODE_LIFETIME)
            accounts.append(SampleAccount(screen.name, Role.DEVICE, screen.name, names[screen.school_id], code))
    return accounts


async def _write(work: UnitOfWork, county: SampleCounty, users: list[User]) -> None:
    for school in county.schools:
        await work.roster.add_school(school)
    for subject in county.subjects:
        await work.roster.add_subject(subject)
    for group in county.groups:
        await work.roster.add_expert_group(group)
    for user in users:
        await work.users.add(user)
    for pairing in county.pairings:
        await work.roster.add_pairing(pairing)


KINDS = frozenset({"supporting", "receiving"})
STAGES = frozenset({"primary", "junior"})


class _Reader:
    """The file's arrays of tables."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._body = parse_toml(text, file)
        self._read: set[str] = set()

    def rows(self, name: str) -> list[_Row]:
        self._read.add(name)
        found = self._body.get(name)
        whole = Table(self._text, self._file, name, {"rows": found})
        rows = whole.get("rows", _tables)
        seen: set[str] = set()
        lines = [n for n, line in enumerate(self._text.splitlines(), 1) if line.strip() == f"[[{name}]]"]
        return [
            _Row(self._text, self._file, name, body, seen, lines[n] if n < len(lines) else 0)
            for n, body in enumerate(rows)
        ]

    def done(self) -> None:
        for name in self._body:
            if name not in self._read:
                raise Table(self._text, self._file, "", self._body).error(name, "is not known here")


class _Row:
    """One table of an array: keys are looked for from its own line on."""

    def __init__(self, text: str, file: str, name: str, body: dict[str, Any], seen: set[str], line: int) -> None:
        rest = "\n" * (line - 1) + "\n".join(text.splitlines()[line - 1 :]) if line else text
        self._table = Table(rest, file, name, body)
        self._seen = seen

    def text(self, key: str) -> str:
        return self._table.get(key, text_of)

    def id(self) -> str:
        return self._table.get("id", self._new_id)

    def whole(self, key: str) -> int:
        return self._table.get(key, _whole)

    def one_of(self, key: str, allowed: frozenset[str] | set[str]) -> str:
        def check(value: object) -> str:
            if not isinstance(value, str) or value not in allowed:
                raise ValueError(f"must be one of {', '.join(sorted(allowed))}")
            return value

        return self._table.get(key, check)

    def names(self, key: str) -> tuple[str, ...]:
        return self._table.get(key, _names)

    def _new_id(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9_-]{1,32}", value):
            raise ValueError("must be an id of small letters, digits, - and _")
        if value in self._seen:
            raise ValueError("must be unique")
        self._seen.add(value)
        return value


def _tables(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        raise ValueError("must be an array of tables that is not empty")
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("must be a whole number")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValueError("must be a list of names")
    return tuple(value)
