"""What an audit says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the stored result is not what the evidence gives. `about`: `lesson`, `entry`, `evaluation`."""

    about: str
    id: str
    code: str
    text: str
    text_en: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
