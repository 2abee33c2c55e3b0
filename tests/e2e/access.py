"""axe-core on a page as it stands: what keeps people with other eyes and hands out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "client_web" / "node_modules" / "axe-core" / "axe.min.js"

SETTLED = """() => document.getAnimations().every(
  one => one.playState !== 'running' || one.effect.getComputedTiming().iterations === Infinity)"""


@cache
def _axe() -> str:
    return AXE.read_text()


def serious(page: Page) -> list[str]:
    """Serious and critical violations as `rule: selector`; a test asserts that there are none."""
    page.wait_for_function(SETTLED)  # a dialog that fades in has no contrast yet
    page.evaluate(_axe())
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
