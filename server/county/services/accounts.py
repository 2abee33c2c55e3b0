"""Accounts: people with passwords, classroom screens with one-time codes, the sessions of both."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from ..errors import Conflict, Invalid, NotFound, Unauthorized
from ..hashes import hash_secret, new_token
from ..ids import new_code, new_id, new_password, read_code
from ..model import Actor, Device, Role, User
from ..permissions import Action, require
from ..ports import MAX_ADDRESS, AuditRow, SessionRecord
from ..sample import CODE_LIFETIME
from ..throttle import Limit, Throttle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..ports import Clock, PasswordHasher, UnitOfWork, UnitsOfWork

T = TypeVar("T")

SESSION_LIFETIME = 12 * 3600.0  # sliding
SLIDE_EVERY = 300.0  # a session is written again at most this often
SEEN_EVERY = 60.0  # the same for a device's last_seen_at
PASSWORDS_AT_ONCE = 100  # argon2id takes about 50 ms of a core for each
MIN_PASSWORD, MAX_PASSWORD = 8, 256
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")

# Somebody at one address slows down soon; the account as a whole later and never for long, so that a stranger cannot
# lock its owner out.
LOGIN_HERE = Limit(free=5, longest=300.0)
LOGIN_ANYWHERE = Limit(free=20, longest=30.0)
REDEEM_HERE = Limit(free=5, longest=300.0)
REDEEM_ANYWHERE = Limit(free=200, longest=10.0)


class Accounts:
    """`remote` is the caller's address; failures slow down per username and per username with remote."""

    def __init__(self, store: UnitsOfWork, hasher: PasswordHasher, now: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._now = now
        self._throttle = Throttle()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._nobody: str | None = None  # a hash no password fits, so that unknown users take as long as known ones

    async def login(self, username: str, password: str, remote: str) -> tuple[User, str]:
        """The user and a new session token. Raises Unauthorized (`bad_login`) or TooMany (`slow_down`)."""
        name = username.strip().lower()[:64]
        # One at a time per account: many right passwords at once are not mistaken for guesses in flight.
        turn = self._turns.setdefault(name, asyncio.Lock())
        async with turn:
            return await self._login(name, password, remote)

    async def _login(self, name: str, password: str, remote: str) -> tuple[User, str]:
        here, anywhere = f"login {name} {remote}", f"login {name}"
        now = self._now()
        self._throttle.attempt({here: LOGIN_HERE, anywhere: LOGIN_ANYWHERE}, now)
        async with self._store.read() as work:
            user = await work.users.by_username(name)
        stored = user.password_hash if user is not None and user.password_hash else await self._nobodys_hash()
        fits = len(password) <= MAX_PASSWORD and await self._hasher.verify(stored, password)
        if user is None or not fits or user.disabled:
            raise Unauthorized("bad_login", "用户名或密码不对。", "Wrong username or password.")
        token = new_token()
        async with self._store.write() as work:
            # Read again: the account may have been disabled, or its password changed, while we verified.
            current = await work.users.get(user.id)
            if current is None or current.disabled or current.password_hash != user.password_hash:
                raise Unauthorized("bad_login", "用户名或密码不对。", "Wrong username or password.")
            await work.sessions.purge(now)
            await work.sessions.add(SessionRecord(hash_secret(token), user.id, None, now, now + SESSION_LIFETIME))
            await work.audit(AuditRow(now, user.id, "login", user.username, address=remote[:MAX_ADDRESS]))
        self._throttle.forgive(here)
        self._throttle.forgive(anywhere)
        return user, token

    async def actor_for(self, token: str) -> Actor | None:
        """Who bears this session or device token; slides a person's session (12 h). None: nobody (any more)."""
        digest = hash_secret(token)
        now = self._now()
        async with self._store.read() as work:
            session = await work.sessions.get(digest)
            if session is None or (session.expires_at is not None and session.expires_at <= now):
                return None
            user = await work.users.get(session.user_id) if session.user_id is not None else None
            device = await work.devices.get(session.device_id) if session.device_id is not None else None
        if user is not None and not user.disabled:
            if session.expires_at is not None and session.expires_at - now < SESSION_LIFETIME - SLIDE_EVERY:
                async with self._store.write() as work:
                    await work.sessions.extend(digest, now + SESSION_LIFETIME)
            return Actor(user.id, user.role, user.name, user.school_id)
        if device is not None and not device.revoked:
            if device.last_seen_at is None or now - device.last_seen_at > SEEN_EVERY:
                async with self._store.write() as work:
                    await work.devices.seen(device.id, now)
            return Actor(device.id, Role.DEVICE, device.name, device.school_id)
        return None

    async def logout(self, token: str) -> None:
        """Ends that session; an unknown token is no error."""
        async with self._store.write() as work:
            await work.sessions.delete(hash_secret(token))

    async def change_password(self, actor: Actor, old: str, new: str, *, keep_token: str | None = None) -> None:
        """Own password; ends one's other sessions (all but `keep_token`'s).

        Raises Unauthorized for a wrong `old`, Invalid for a weak `new`, TooMany.
        """
        require(actor, Action.PASSWORD_CHANGE)
        _check_password(new)
        key = f"password {actor.id}"
        self._throttle.attempt({key: LOGIN_HERE}, self._now())
        user = await self.get_user(actor.id)
        if len(old) > MAX_PASSWORD or not await self._hasher.verify(user.password_hash or "", old):
            raise Unauthorized("bad_password", "原密码不对。", "The old password is wrong.")
        self._throttle.forgive(key)
        keep = hash_secret(keep_token) if keep_token is not None else None
        await self._save_password(user.id, new, actor.id, keep=keep)

    async def set_password(self, username: str, new: str) -> None:
        """For the command line (`tongke passwd`): no actor. Ends the user's sessions. Raises NotFound, Invalid."""
        _check_password(new)
        async with self._store.read() as work:
            user = await work.users.by_username(username.strip().lower())
        if user is None:
            raise NotFound("no_such_user", f"没有这个账号：{username}", f"No such account: {username}")
        await self._save_password(user.id, new, "system")

    async def list_users(self, actor: Actor) -> list[User]:
        """All accounts, by username. Admin."""
        require(actor, Action.USERS_MANAGE)
        async with self._store.read() as work:
            return await work.users.all()

    async def get_user(self, user_id: str) -> User:
        """Raises NotFound. For the caller's own profile; no permission is checked."""
        async with self._store.read() as work:
            return _found(await work.users.get(user_id))

    async def create_user(
        self, actor: Actor, *, username: str, name: str, role: Role, school_id: str | None, password: str
    ) -> User:
        """Admin. Raises Invalid (fields named), Conflict (`username_taken`)."""
        require(actor, Action.USERS_MANAGE)
        username = username.strip().lower()
        if not USERNAME.fullmatch(username):
            raise Invalid(
                "bad_username",
                "username 应为 2 到 32 个小写字母、数字、点、横线或下划线，以字母或数字开头。",
                "username must be 2 to 32 small letters, digits, dots, dashes or underscores, a letter or digit first.",
            )
        _check_password(password)
        now = self._now()
        name = _check_name(name)
        if role is Role.DEVICE:
            raise Invalid("bad_role", "role：设备用设备码，不用账号。", "role: a device has a code, not an account.")
        async with self._store.read() as work:
            await _check_school(work, role, school_id)
        hashed = await self._hasher.hash(password)
        user = User(new_id("u", now), username, name, role, school_id, hashed, created_at=now)
        async with self._store.write() as work:
            if not await work.users.add(user):
                raise Conflict(
                    "username_taken", f"用户名 {username} 已经有人用了。", f"The username {username} is taken."
                )
            await work.audit(AuditRow(now, actor.id, "user.create", user.id, f"{username} {role}"))
        return user

    async def update_user(
        self,
        actor: Actor,
        user_id: str,
        *,
        name: str | None = None,
        school_id: str | None = None,
        password: str | None = None,
        disabled: bool | None = None,
    ) -> User:
        """Admin; None leaves a field. A new password or `disabled` ends the user's sessions at once.

        Raises NotFound, Invalid, Conflict (an administrator disabling itself).
        """
        require(actor, Action.USERS_MANAGE)
        if disabled and user_id == actor.id:
            raise Conflict("own_account", "不能停用自己的账号。", "You cannot disable your own account.")
        if password is not None:
            _check_password(password)
        hashed = await self._hasher.hash(password) if password is not None else None
        now = self._now()
        async with self._store.write() as work:
            user = _found(await work.users.get(user_id))
            changed = replace(
                user,
                name=_check_name(name) if name is not None else user.name,
                school_id=school_id if school_id is not None else user.school_id,
                password_hash=hashed or user.password_hash,
                disabled=disabled if disabled is not None else user.disabled,
            )
            await _check_school(work, changed.role, changed.school_id)
            await work.users.save(changed)
            if hashed is not None or changed.disabled:
                await work.sessions.delete_of_user(user_id)
            fields = {"name": name, "school_id": school_id, "password": password, "disabled": disabled}
            named = " ".join(field for field, value in fields.items() if value is not None)
            await work.audit(AuditRow(now, actor.id, "user.update", user_id, named))
        return changed

    async def first_passwords(self, actor: Actor) -> tuple[list[tuple[User, str]], int]:
        """Admin. A random password for each open account that has none, at most PASSWORDS_AT_ONCE of them, told this
        once; and how many accounts are left without one.
        """
        require(actor, Action.USERS_MANAGE)
        async with self._store.read() as work:
            waiting = [user for user in await work.users.all() if user.password_hash is None and not user.disabled]
        chosen = waiting[:PASSWORDS_AT_ONCE]
        passwords = [new_password() for _ in chosen]
        hashes = await asyncio.gather(*(self._hasher.hash(password) for password in passwords))
        given = []
        async with self._store.write() as work:
            for user, password, hashed in zip(chosen, passwords, hashes, strict=True):
                current = await work.users.get(user.id)
                if current is not None and current.password_hash is None:  # nobody gave one meanwhile
                    await work.users.save(replace(current, password_hash=hashed))
                    await work.audit(AuditRow(self._now(), actor.id, "user.password", user.id))
                    given.append((current, password))
        return given, len(waiting) - len(chosen)

    async def list_devices(self, actor: Actor) -> list[Device]:
        """All classroom screens. Admin."""
        require(actor, Action.DEVICES_MANAGE)
        async with self._store.read() as work:
            return await work.devices.all()

    async def create_device(self, actor: Actor, school_id: str, name: str) -> tuple[Device, str]:
        """Admin. The device and its one-time code (8 characters, 7 days). Raises Invalid."""
        require(actor, Action.DEVICES_MANAGE)
        now = self._now()
        device = Device(new_id("d", now), school_id, _check_name(name), now)
        code = new_code()
        async with self._store.write() as work:
            await _check_school(work, Role.DEVICE, school_id)
            await work.devices.add(device)
            await work.devices.set_code(device.id, hash_secret(code), now + CODE_LIFETIME)
            await work.audit(AuditRow(now, actor.id, "device.create", device.id, school_id))
        return device, code

    async def new_code(self, actor: Actor, device_id: str) -> str:
        """Admin. A new code; the device's sessions and its old code end. Raises NotFound, Conflict (`revoked`)."""
        require(actor, Action.DEVICES_MANAGE)
        return (await self.new_codes(actor, [device_id]))[0][1]

    async def new_codes(self, actor: Actor, device_ids: Sequence[str]) -> list[tuple[Device, str]]:
        """Admin. As `new_code`, for several at once: all or none."""
        require(actor, Action.DEVICES_MANAGE)
        now = self._now()
        given = []
        async with self._store.write() as work:
            for device_id in dict.fromkeys(device_ids):
                device, code = _found(await work.devices.get(device_id)), new_code()
                if device.revoked:
                    raise Conflict(
                        "revoked",
                        "这台设备已停用，请先在名册里恢复它。",
                        "This device was revoked; restore it in the roster first.",
                    )
                device = replace(device, redeemed_at=None)
                await work.sessions.delete_of_device(device_id)
                await work.devices.save(device)
                await work.devices.set_code(device_id, hash_secret(code), now + CODE_LIFETIME)
                await work.audit(AuditRow(now, actor.id, "device.code", device_id))
                given.append((device, code))
        return given

    async def revoke_device(self, actor: Actor, device_id: str) -> None:
        """Admin. Ends its sessions and code at once; again is no error. Raises NotFound."""
        require(actor, Action.DEVICES_MANAGE)
        async with self._store.write() as work:
            device = _found(await work.devices.get(device_id))
            await work.devices.save(replace(device, revoked=True))
            await work.devices.clear_code(device_id)
            await work.sessions.delete_of_device(device_id)
            await work.audit(AuditRow(self._now(), actor.id, "device.revoke", device_id))

    async def redeem(self, code: str, remote: str) -> tuple[Device, str]:
        """Use a code once for a device token. Raises Unauthorized (`bad_code`), TooMany."""
        now = self._now()
        here, anywhere = f"redeem {remote}", "redeem"
        self._throttle.attempt({here: REDEEM_HERE, anywhere: REDEEM_ANYWHERE}, now)
        token = new_token()
        async with self._store.write() as work:
            device_id = await work.devices.take_code(hash_secret(read_code(code[:64])), now)
            device = await work.devices.get(device_id) if device_id is not None else None
            if device is None:
                raise Unauthorized(
                    "bad_code",
                    "设备码不对、已用过或已过期，请向管理员要一个新的。",
                    "The device code is wrong, used or expired; ask the administrator for a new one.",
                )
            device = replace(device, redeemed_at=now, last_seen_at=now)
            await work.devices.save(device)
            await work.sessions.delete_of_device(device.id)
            await work.sessions.add(SessionRecord(hash_secret(token), None, device.id, now, None))
            await work.audit(AuditRow(now, device.id, "device.redeem", device.id, address=remote[:MAX_ADDRESS]))
        self._throttle.forgive(here)
        self._throttle.forgive(anywhere)
        return device, token

    async def _save_password(self, user_id: str, new: str, actor_id: str, *, keep: str | None = None) -> None:
        hashed = await self._hasher.hash(new)
        async with self._store.write() as work:
            user = _found(await work.users.get(user_id))
            await work.users.save(replace(user, password_hash=hashed))
            await work.sessions.delete_of_user(user_id, keep=keep)
            await work.audit(AuditRow(self._now(), actor_id, "user.password", user_id))

    async def _nobodys_hash(self) -> str:
        if self._nobody is None:
            self._nobody = await self._hasher.hash(new_password(32))
        return self._nobody


def _found(thing: T | None) -> T:
    if thing is None:
        raise NotFound("not_found", "没有这个账号或设备。", "No such account or device.")
    return thing


def _check_password(password: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            "bad_password",
            f"密码应有 {MIN_PASSWORD} 到 {MAX_PASSWORD} 个字符。",
            f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters.",
        )


def _check_name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid("bad_name", "name 应有 1 到 100 个字符。", "name must have 1 to 100 characters.")
    return name


async def _check_school(work: UnitOfWork, role: Role, school_id: str | None) -> None:
    """Teachers belong to a school, screens to a receiving one, the others to none."""
    if role in (Role.ADMIN, Role.RESEARCHER):
        if school_id is not None:
            raise Invalid(
                "bad_school_id", "school_id：管理员和教研员不属于学校。", "school_id: this role has no school."
            )
        return
    schools = [school for school in await work.roster.schools() if role is Role.TEACHER or school.kind == "receiving"]
    allowed = [school.id for school in schools if not school.archived]
    if school_id not in allowed:
        raise Invalid(
            "bad_school_id",
            f"school_id 应是以下之一：{'、'.join(allowed)}。",
            f"school_id must be one of: {', '.join(allowed)}.",
        )
