"""Accounts: people with passwords, classroom screens with one-time codes, the sessions of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..model import Actor, Device, Role, User
    from ..ports import Clock, PasswordHasher, UnitsOfWork


class Accounts:
    """`remote` is the caller's address; failures slow down per username and per username with remote."""

    def __init__(self, store: UnitsOfWork, hasher: PasswordHasher, now: Clock) -> None:
        self._store = store
        self._hasher = hasher
        self._now = now

    async def login(self, username: str, password: str, remote: str) -> tuple[User, str]:
        """The user and a new session token. Raises Unauthorized (`bad_login`) or TooMany (`slow_down`)."""
        ...

    async def actor_for(self, token: str) -> Actor | None:
        """Who bears this session or device token; slides a person's session (12 h). None: nobody (any more)."""
        ...

    async def logout(self, token: str) -> None:
        """Ends that session; an unknown token is no error."""
        ...

    async def change_password(self, actor: Actor, old: str, new: str, *, keep_token: str | None = None) -> None:
        """Own password; ends one's other sessions (all but `keep_token`'s). Raises Unauthorized for a wrong `old`, Invalid for a weak `new`."""
        ...

    async def set_password(self, username: str, new: str) -> None:
        """For the command line (`tongke passwd`): no actor. Ends the user's sessions. Raises NotFound, Invalid."""
        ...

    async def list_users(self, actor: Actor) -> list[User]:
        """All accounts, by username. Admin."""
        ...

    async def get_user(self, user_id: str) -> User:
        """Raises NotFound. For the caller's own profile; no permission is checked."""
        ...

    async def create_user(
        self, actor: Actor, *, username: str, name: str, role: Role, school_id: str | None, password: str
    ) -> User:
        """Admin. Raises Invalid (fields named), Conflict (`username_taken`)."""
        ...

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
        """Admin; None leaves a field. A new password or `disabled` ends the user's sessions at once. Raises NotFound, Invalid."""
        ...

    async def list_devices(self, actor: Actor) -> list[Device]:
        """All classroom screens. Admin."""
        ...

    async def create_device(self, actor: Actor, school_id: str, name: str) -> tuple[Device, str]:
        """Admin. The device and its one-time code (`XXXX-XXXX` without the dash; 7 days). Raises Invalid."""
        ...

    async def new_code(self, actor: Actor, device_id: str) -> str:
        """Admin. A new code; the device's sessions and its old code end. Raises NotFound, Conflict (`revoked`)."""
        ...

    async def revoke_device(self, actor: Actor, device_id: str) -> None:
        """Admin. Ends its sessions and code at once; again is no error. Raises NotFound."""
        ...

    async def redeem(self, code: str, remote: str) -> tuple[Device, str]:
        """Use a code once for a device token. Raises Unauthorized (`bad_code`), TooMany."""
        ...
