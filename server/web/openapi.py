"""The OpenAPI 3.1 document of all routes, made from the route table; needs no running service."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from server.live import messages

from . import schemas, schemas_media, schemas_roster
from .route import Access, Query, Route
from .table import ROUTES, SDP, TRICKLE

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

_REF = "#/components/schemas/"
_KINDS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "date-time": {"type": "string", "format": "date-time"},
}
_TEXTUAL = {SDP, TRICKLE, "text/plain", "text/event-stream"}
_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.ACCOUNT: [{"session": []}, {"cookie": []}],
    Access.MEDIA: [{"media": []}],
    Access.SESSION: [{}, {"media": []}],
    Access.PUBLIC: [],
    Access.HOLDER: [{"session": []}, {"cookie": []}, {"media": []}],
    Access.ROOM: [],
    Access.LOCAL: [{}, {"session": []}, {"cookie": []}],
}


@cache
def openapi_document() -> dict[str, Any]:
    """The document, as JSON values. The same object each time: do not change it."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "同课 Tongke", "version": "1", "description": "See docs/protocols.md, section 6."},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "session or device token"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "tongke_session"},
                "media": {"type": "http", "scheme": "bearer", "description": "media token of one lesson"},
            },
        },
    }


def _schemas() -> dict[str, Any]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {
        (schemas.Problem, "serialization"): None,
        (schemas_roster.StaleProblem, "serialization"): None,
        (schemas_media.LessonNotice, "serialization"): None,
    }
    for route in ROUTES:
        if route.body is not None:
            wanted[route.body, "validation"] = None
        if route.answer is not None:
            wanted[route.answer, "serialization"] = None
    _, document = models_json_schema(list(wanted), ref_template=_REF + "{model}")
    components: dict[str, Any] = dict(sorted(document["$defs"].items()))
    room = messages.schemas(_REF + "Room{name}")
    for schema in room.values():
        if "properties" not in schema:
            continue
        if "v" in schema["properties"]:
            # What has a default when decoded is always sent.
            schema["required"] = list(schema["properties"])
        if "lesson" in schema["properties"]:
            schema["properties"]["lesson"] = {"$ref": _REF + "LessonAnswer"}
    return components | room


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name.replace(".", "_"),
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": [
            *({"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in _names(route)),
            *(_parameter(query) for query in route.query),
        ],
        "responses": {
            str(route.status): {"description": route.summary, **_content(route)},
            "default": {
                "description": "RFC 9457 problem",
                "content": {"application/problem+json": {"schema": {"$ref": _REF + "Problem"}}},
            },
        },
        "security": _SECURITY[route.access],
    }
    if route.access in (Access.ACCOUNT, Access.LOCAL):
        operation["x-roles"] = sorted(route.roles)
    if route.body is not None:
        schema: dict[str, Any] = {"$ref": _REF + route.body.__name__}
        operation["requestBody"] = {"required": True, "content": {route.consumes: {"schema": schema}}}
    elif route.consumes != "application/json":
        operation["requestBody"] = {"required": True, "content": {route.consumes: {"schema": {"type": "string"}}}}
    return operation


def _names(route: Route) -> list[str]:
    return re.findall(r"{(\w+)}", route.path)


def _parameter(query: Query) -> dict[str, Any]:
    return {"name": query.name, "in": "query", "description": query.text, "schema": _KINDS[query.kind]}


def _content(route: Route) -> dict[str, Any]:
    if route.status in (101, 204) or route.method == "DELETE":
        return {}
    if route.answer is None:
        if route.produces == "application/json":
            return {"content": {"application/json": {"schema": {"type": "object"}}}}
        schema: dict[str, Any] = {"type": "string"} if route.produces in _TEXTUAL else {}
        return {"content": {route.produces: {"schema": schema}}}
    schema = {"$ref": _REF + route.answer.__name__}
    if route.items:
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        }
    return {"content": {"application/json": {"schema": schema}}}
