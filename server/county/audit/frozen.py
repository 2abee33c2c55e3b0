"""A frozen evaluation: what is signed, and whether it still is what was signed and what its evidence gives."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .findings import Difference
from .papers import score_again

if TYPE_CHECKING:
    from collections.abc import Mapping

PURPOSE = b"tongke frozen evaluation 1"  # keeps the key from signing anything else of the installation's secret


@dataclass(frozen=True, slots=True)
class Frozen:
    """An evaluation as it stood at `at`. `rules`, `facts`, `result`: the texts themselves (TOML, JSON, JSON).

    `digest`: SHA-256 of everything else, hex; `signature`: HMAC-SHA256 of the digest with the installation's key, hex.
    """

    id: str
    year: int
    level: str
    at: float
    actor_id: str
    actor_name: str
    note: str
    rules_id: str
    rules: str
    facts: str
    result: str
    digest: str = ""
    signature: str = ""


def digest_of(frozen: Frozen) -> str:
    """SHA-256 over the fields in their order, as a JSON list (times with 6 decimals, so that stores may not differ)."""
    signed = [
        frozen.id,
        frozen.year,
        frozen.level,
        f"{frozen.at:.6f}",
        frozen.actor_id,
        frozen.actor_name,
        frozen.note,
        frozen.rules_id,
        frozen.rules,
        frozen.facts,
        frozen.result,
    ]
    return hashlib.sha256(json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def sign(digest: str, key: str) -> str:
    """HMAC-SHA256 by a key derived from the installation's secret."""
    derived = hmac.new(key.encode(), PURPOSE, hashlib.sha256).digest()
    return hmac.new(derived, digest.encode(), hashlib.sha256).hexdigest()


def is_genuine(frozen: Frozen, key: str) -> bool:
    """Unchanged since it was frozen, and by this installation."""
    digest = digest_of(frozen)
    return hmac.compare_digest(digest, frozen.digest) and hmac.compare_digest(sign(digest, key), frozen.signature)


def frozen_differences(
    frozen: Frozen, key: str, credited: Mapping[str, Mapping[str, Mapping[str, int]]] | None
) -> list[Difference]:
    """Seal, scores, and what the facts say of the ledger.

    `credited`: the ledger's sums at that moment, form → school → subject; None: not looked at.
    """

    def differs(code: str, text: str, text_en: str) -> Difference:
        return Difference("evaluation", frozen.id, code, text, text_en)

    found = []
    if not is_genuine(frozen, key):
        found.append(differs("seal", "内容或签名与存档时不符。", "Its content or signature is not what was frozen."))
    try:
        found += [
            differs("score", f"{what}：存档 {kept}，重算 {again}。", f"{what}: frozen {kept}, again {again}.")
            for what, kept, again in _scores(frozen)
        ]
        for what, kept, again in _counts(frozen, credited) if credited is not None else ():
            found.append(
                differs("count", f"{what}：存档 {kept}，台账 {again}。", f"{what}: frozen {kept}, ledger {again}.")
            )
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as problem:
        found.append(differs("unreadable", f"存档读不出来：{problem}", f"It cannot be read: {problem}"))
    return found


def _scores(frozen: Frozen) -> list[tuple[str, object, object]]:
    """(what, frozen, again) wherever the second computation says something else."""
    result = json.loads(frozen.result)
    found: list[tuple[str, object, object]] = []
    again = score_again(frozen.rules, frozen.facts, frozen.level)
    if set(again) != set(result):
        found.append(("papers", sorted(result), sorted(again)))
    for paper, marks in again.items():
        kept: dict[str, Any] = {"total": result.get(paper, {}).get("total")}
        for section in result.get(paper, {}).get("sections", ()):
            kept[f"section {section['id']}"] = section["score"]
            kept |= {item["id"]: item["score"] for item in section["items"]}
        for name in sorted({*marks, *kept}):
            one, other = kept.get(name), marks.get(name)
            if one is None or other is None or abs(Decimal(str(one)) - other) > Decimal("1e-9"):
                found.append((f"{paper} {name}", one, other))
    return found


def _counts(
    frozen: Frozen, credited: Mapping[str, Mapping[str, Mapping[str, int]]]
) -> list[tuple[str, object, object]]:
    """What the frozen rows of schools say of lessons, against the ledger at that moment."""
    found: list[tuple[str, object, object]] = []
    for school in json.loads(frozen.facts).get("schools", ()):
        by_subject = credited.get("synchronous", {}).get(school["id"], {})
        lessons = {subject: amount for subject, amount in by_subject.items() if amount}
        if school.get("lessons") != lessons:
            found.append((f"{school['name']} lessons", school.get("lessons"), lessons))
        for form in ("delivered", "training", "master"):
            amount = sum(credited.get(form, {}).get(school["id"], {}).values())
            if school.get(form) != amount:
                found.append((f"{school['name']} {form}", school.get(form), amount))
    return found
