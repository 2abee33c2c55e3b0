"""Fuzzes each target for a while: `python -m tests.fuzz.run --seconds 60 [--keep] [target …]` (`make fuzz`).

With atheris (guided by coverage) where it is installed, else with damaged seeds until the time is over. An input that
breaks a target is printed as hex: put it into the target's file under `corpus/` with the mending. `--keep` adds to
those files what reaches code that nothing before did. Every target runs in a process of its own.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

ROOT = Path(__file__).parents[2]
OURS = (str(ROOT / "server"), str(ROOT / "recorder"))
LONGEST = {"publish": 8192, "play": 8192, "peer": 4096, "ingress": 4096}  # bytes of an input
LONGEST_ELSE = 1500
KEPT = 40  # inputs of one target
KEPT_BYTES = 2500  # of one input


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", action="store_true", help="add what was found to the corpus")
    parser.add_argument("--one", metavar="FOLDER", help=argparse.SUPPRESS)
    parser.add_argument("targets", nargs="*")
    chosen = parser.parse_args()
    if chosen.one:
        return run_one(chosen.targets[0], Path(chosen.one), chosen.seconds)
    from tests.fuzz.targets import TARGETS

    broken = [name for name in chosen.targets or TARGETS if not fuzz(name, chosen.seconds, keep=chosen.keep)]
    print("broken:", ", ".join(broken) if broken else "none")
    return 1 if broken else 0


def fuzz(name: str, seconds: int, *, keep: bool) -> bool:
    """One target in a process of its own; whether it held."""
    from tests.fuzz.targets import TARGETS, corpus

    with tempfile.TemporaryDirectory() as folder:
        found, crashes = Path(folder, "found"), Path(folder, "crashes")
        found.mkdir()
        crashes.mkdir()
        for number, data in enumerate([*TARGETS[name].seeds(), *corpus(name)]):
            (found / f"seed{number:04d}").write_bytes(data)
        command = [sys.executable, "-m", "tests.fuzz.run", "--one", folder, "--seconds", str(seconds), name]
        process = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, check=False)
        for crash in sorted(crashes.iterdir()):
            print(f"{name}: {crash.read_bytes().hex()}")
        if process.returncode:
            print(process.stdout[-2000:], process.stderr[-4000:])
        print(f"{name}: {summary(process.stderr) or process.stdout.strip() or 'ended'}", flush=True)
        if keep and not process.returncode:
            write_corpus(name, found)
    return process.returncode == 0


def summary(report: str) -> str:
    """libFuzzer's last word on how far it came."""
    lines = [line for line in report.splitlines() if "cov:" in line]
    return " ".join(lines[-1].split()) if lines else ""


def write_corpus(name: str, found: Path) -> None:
    """What was there stays; of what was found the smallest that reach a step of the code which none before did."""
    from tests.fuzz.targets import CORPUS, corpus

    inputs = corpus(name)
    reached = set().union(*(steps(name, data) for data in inputs))
    for data in sorted((path.read_bytes() for path in found.iterdir()), key=lambda data: (len(data), data)):
        if len(data) <= KEPT_BYTES and len(inputs) < KEPT:
            new = steps(name, data) - reached
            if new:
                inputs.append(data)
                reached |= new
    (CORPUS / f"{name}.hex").write_text("".join(data.hex() + "\n" for data in inputs))


def steps(name: str, data: bytes) -> set[tuple[str, int, int]]:
    """The pairs of lines of our code that follow each other when the target takes this input."""
    from tests.fuzz.targets import TARGETS

    seen: set[tuple[str, int, int]] = set()
    before: dict[FrameType, int] = {}

    def on_line(frame: FrameType, event: str, _: object) -> object:
        if not frame.f_code.co_filename.startswith(OURS):
            return None
        seen.add((frame.f_code.co_filename, before.get(frame, 0), frame.f_lineno))
        before[frame] = frame.f_lineno
        return on_line

    sys.settrace(on_line)
    try:
        TARGETS[name](data)
    finally:
        sys.settrace(None)
    return seen


def run_one(name: str, folder: Path, seconds: int) -> int:
    """In the process of one target."""
    if importlib.util.find_spec("atheris") is None:
        return unguided(name, folder, seconds)
    import atheris

    with atheris.instrument_imports(include=["server", "recorder"], enable_loader_override=False):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    size = LONGEST.get(name, LONGEST_ELSE)
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/crashes/", f"-max_len={size}", "-timeout=10"]
    atheris.Setup([name, *options, str(folder / "found")], target)
    atheris.Fuzz()
    return 0


def unguided(name: str, folder: Path, seconds: int) -> int:
    """Damage upon damage, each started from a seed."""
    from tests.fuzz.damage import damage
    from tests.fuzz.targets import TARGETS

    rng = random.Random(name)
    seeds = [path.read_bytes() for path in sorted((folder / "found").iterdir())]
    end = time.monotonic() + seconds
    for count in itertools.count():
        if time.monotonic() > end:
            print(f"{count} inputs, without guidance")
            return 0
        data = rng.choice(seeds)
        for _ in range(rng.randint(1, 6)):
            data = damage(data, rng)
        try:
            TARGETS[name](data)
        except Exception:
            (folder / "crashes" / f"crash{count}").write_bytes(data)
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main())
