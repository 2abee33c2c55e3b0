"""What a gauge (`gauge.js`) saw, as the figures of a lesson: frames shown, freezes, gaps of sound, delay, bitrate."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass
from typing import Any

FREEZE = 0.2  # s between two frames from which a viewer sees it (the goal of the figures)
GAP = 0.2  # s of missing sound that is heard as a gap
SOUND_RATE = 48_000  # samples/s that Opus decodes to


@dataclass(frozen=True)
class Figure:
    """One measured value beside its goal. `at_least`: more is better, otherwise less is."""

    what: str
    value: float
    goal: float
    unit: str = ""
    at_least: bool = False

    @property
    def reached(self) -> bool:
        return self.near(1.0)

    def near(self, slack: float) -> bool:
        """Whether it misses its goal by no more than that factor (of what is lacking to 100, where more is better)."""
        if self.at_least:
            return 100 - self.value <= slack * (100 - self.goal)
        return self.value <= slack * self.goal

    def __str__(self) -> str:
        return f"{self.what}: {self.value:.4g} {self.unit} (to reach: {'≥' if self.at_least else '≤'} {self.goal:g})"


@dataclass(frozen=True)
class Seen:
    """`frames`: when each frame was shown; `samples`: statistics every 100 ms; all times are seconds since 1970."""

    frames: list[float]
    samples: list[dict[str, Any]]

    @classmethod
    def of(cls, raw: dict[str, Any]) -> Seen:
        return cls(
            [at / 1000 for at in raw["frames"]], [{**sample, "at": sample["at"] / 1000} for sample in raw["samples"]]
        )

    def between(self, since: float, until: float = float("inf")) -> Seen:
        """Only what was seen in that time."""
        return Seen(
            [at for at in self.frames if since <= at <= until],
            [sample for sample in self.samples if since <= sample["at"] <= until],
        )

    @property
    def began(self) -> float:
        return float(self.samples[0]["at"])

    @property
    def ended(self) -> float:
        return float(self.samples[-1]["at"])

    @property
    def seconds(self) -> float:
        return self.ended - self.began

    def pauses(self) -> list[float]:
        """Seconds between neighbouring frames, with the times before the first and after the last."""
        edges = [self.began, *(at for at in self.frames if self.began <= at <= self.ended), self.ended]
        return [after - before for before, after in itertools.pairwise(edges)]

    def longest_freeze(self) -> float:
        """s; what is shorter than FREEZE is the ordinary distance of frames."""
        return max(self.pauses())

    def flowing(self) -> float:
        """The share of the time (of the frames that were due in it) outside freezes over 200 ms."""
        return 1 - sum(pause for pause in self.pauses() if pause > FREEZE) / self.seconds

    def sound_gaps(self) -> list[float]:
        """Seconds of each run of concealed sound over 200 ms: concealment that goes on from sample to sample."""
        gaps: list[float] = []
        run = 0.0
        for before, after in self._steps("audio"):
            played = after["audio"]["samples"] - before["audio"]["samples"]
            concealed = after["audio"]["concealed"] - before["audio"]["concealed"]
            if concealed > 0:
                run += concealed / SOUND_RATE
            if concealed < 0.5 * played:  # more was heard than made up: the run has ended
                gaps.append(run)
                run = 0.0
        return [gap for gap in (*gaps, run) if gap > GAP]

    def concealed(self) -> float:
        """The share of the sound that the receiver had to make up."""
        played = self.grown("audio", "samples")
        return self.grown("audio", "concealed") / played if played else 1.0

    def bitrate(self, kind: str = "video") -> float:
        """bit/s of that kind over the whole time."""
        return (
            sum(after[kind]["bytes"] - before[kind]["bytes"] for before, after in self._steps(kind)) * 8 / self.seconds
        )

    def lost(self, kind: str = "video") -> float:
        """The share of packets that never came."""
        steps = self._steps(kind)
        lost = sum(after[kind]["lost"] - before[kind]["lost"] for before, after in steps)
        return float(lost) / max(
            1, lost + sum(after[kind]["packets"] - before[kind]["packets"] for before, after in steps)
        )

    def delay(self, kind: str = "video") -> float:
        """Median seconds from the camera to the viewer, by the sender's reports (both ends share this clock)."""
        told = self._delays(kind)
        return statistics.median(told) / 1000 if told else float("nan")

    def worst_delay(self, kind: str = "video") -> float:
        """The delay that 95 % of the samples stay under, in seconds."""
        told = self._delays(kind)
        return statistics.quantiles(told, n=20)[-1] / 1000 if len(told) > 1 else float("nan")

    def settled(self, most_delay: float = 0.4, most_pause: float = 1.0) -> float:
        """Seconds from the beginning until delay and pauses stay within these for good."""
        late = [sample["at"] for sample in self.samples if (_delay(sample) or 0.0) > most_delay * 1000]
        edges = [self.began, *self.frames, self.ended]
        stops = [after for before, after in itertools.pairwise(edges) if after - before > most_pause]
        return max([self.began, *late, *stops]) - self.began

    def sound_again(self, since: float) -> float:
        """Seconds from then until more sound is heard than made up; infinite if it never is."""
        for before, after in self._steps("audio"):
            played = after["audio"]["samples"] - before["audio"]["samples"]
            concealed = after["audio"]["concealed"] - before["audio"]["concealed"]
            if before["at"] >= since and played > 0 and concealed < 0.5 * played:
                return float(after["at"] - since)
        return float("inf")

    def picture_again(self, since: float) -> float:
        """Seconds from then until a frame is shown; infinite if none is."""
        return min((at for at in self.frames if at > since), default=float("inf")) - since

    def heights(self) -> list[tuple[float, int]]:
        """(time, lines of the picture) at each change of it."""
        told = [(sample["at"], sample["video"]["height"]) for sample in self.samples if sample["video"]]
        return [step for before, step in itertools.pairwise([(self.began, 0), *told]) if step[1] != before[1]]

    def last(self, kind: str, key: str) -> float:
        """The newest value of one statistic; 0 when there is none."""
        return next((sample[kind][key] for sample in reversed(self.samples) if sample[kind]), 0)

    def grown(self, kind: str, key: str) -> float:
        """How much a statistic that counts has grown."""
        return float(sum(after[kind][key] - before[kind][key] for before, after in self._steps(kind)))

    def _delays(self, kind: str) -> list[float]:
        return [sample[kind]["delay"] for sample in self.samples if sample[kind] and sample[kind]["delay"] is not None]

    def _steps(self, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Neighbouring samples of one connection that both know that kind."""
        return [
            (before, after)
            for before, after in itertools.pairwise(self.samples)
            if before[kind] and after[kind] and before["serial"] == after["serial"]
        ]


def _delay(sample: dict[str, Any]) -> float | None:
    """ms that the picture is late, or the sound where no picture is."""
    return next((sample[kind]["delay"] for kind in ("video", "audio") if sample[kind] and sample[kind]["delay"]), None)
