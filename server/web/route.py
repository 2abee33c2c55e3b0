"""What a row of the route table is; the rows themselves are in `web.table` and the `web.table_*` beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from server.county.model import Role

if TYPE_CHECKING:
    from pydantic import BaseModel


class Access(StrEnum):
    """How a route knows its caller."""

    ACCOUNT = "account"  # session cookie, session token or device token; `roles` says which
    PUBLIC = "public"  # anybody
    MEDIA = "media"  # media token, or a session token of someone who may have one for that lesson
    SESSION = "session"  # the unguessable id in the path is enough; a token, if given, must fit
    HOLDER = "holder"  # an account, or a media token of any lesson
    ROOM = "room"  # the media token comes in the WebSocket's first message
    LOCAL = "local"  # this machine, or an account in `roles`


@dataclass(frozen=True, slots=True)
class Query:
    """One query parameter. `kind`: `string`, `integer` or `date-time`."""

    name: str
    text: str
    kind: str = "string"


@dataclass(frozen=True, slots=True)
class Route:
    """One row. `items`: the answer is a page `{"items", "next"}` of `answer`. `produces`: its media type."""

    name: str
    method: str
    path: str
    summary: str
    access: Access = Access.ACCOUNT
    roles: frozenset[Role] = frozenset()
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    items: bool = False
    status: int = 200
    produces: str = "application/json"
    consumes: str = "application/json"
    query: tuple[Query, ...] = field(default=())

    @property
    def tag(self) -> str:
        """The subject, which is also the handler's module."""
        return self.name.partition(".")[0]


A = frozenset({Role.ADMIN})
T = frozenset({Role.TEACHER})
AR = A | {Role.RESEARCHER}
ART = AR | {Role.TEACHER}
ALL = ART | {Role.DEVICE}

PAGED = (Query("cursor", "`next` of the page before"), Query("limit", "1 to 500, default 50", "integer"))
