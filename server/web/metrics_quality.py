"""Prometheus metrics of how good the lessons' media is (docs/operations.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from server.live import quality as q

if TYPE_CHECKING:
    from .context import Context

_LOSS_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_DELAY_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)


class QualityMetrics:
    """How good the media is: histograms over all looks, gauges of the lessons that are live now.

    Series of a participant exist only while its lesson is live and looked at, and never for observers.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        way, person = ("direction", "kind"), ("lesson", "participant", "direction")
        self._looks = Counter(
            "tongke_quality_looks_total", "Looks at a stream by its score (1 bad to 5 good)", (*way, "score"),
            registry=registry,
        )  # fmt: skip
        self._loss = Histogram(
            "tongke_quality_loss_ratio", "Packets lost before repair", way, registry=registry, buckets=_LOSS_BUCKETS
        )
        self._round_trip = Histogram(
            "tongke_quality_round_trip_seconds", "Round trip", way, registry=registry, buckets=_DELAY_BUCKETS
        )
        self._jitter = Histogram(
            "tongke_quality_jitter_seconds", "Jitter", way, registry=registry, buckets=_DELAY_BUCKETS
        )
        self._score = Gauge(
            "tongke_participant_score", "Worst score of an end, live lessons", person, registry=registry
        )
        self._lost = Gauge("tongke_participant_loss_ratio", "Worst loss of an end", person, registry=registry)
        self._bitrate = Gauge("tongke_participant_bitrate", "Payload of an end, bit/s", person, registry=registry)
        self._bad = Gauge("tongke_lessons_bad", "Live lessons with a bad end (score 2 or less)", registry=registry)

    def observe(self, row: q.QualityRow) -> None:
        """One row of a look."""
        if row.score is None:
            return
        self._looks.labels(row.direction, row.kind, str(row.score)).inc()
        self._loss.labels(row.direction, row.kind).observe(row.loss)
        self._jitter.labels(row.direction, row.kind).observe(row.jitter_ms / 1000)
        if row.rtt_ms is not None:
            self._round_trip.labels(row.direction, row.kind).observe(row.rtt_ms / 1000)

    async def collect(self, c: Context, live: list[str]) -> None:
        """The gauges anew, from the rooms' newest looks."""
        for gauge in (self._score, self._lost, self._bitrate):
            gauge.clear()
        bad = 0
        for lesson_id in live:
            fields = await c.live.rooms.get(lesson_id)
            seen = q.fresh(q.read_snapshot(fields.get(q.FIELD)), c.now())
            if seen is not None:
                bad += self._lesson(lesson_id, q.public(seen).rows)
        self._bad.set(bad)

    def _lesson(self, lesson_id: str, rows: list[q.QualityRow]) -> bool:
        """One lesson's ends; whether one of them is bad."""
        by_end: dict[tuple[str, str], list[q.QualityRow]] = {}
        for row in rows:
            if row.score is not None:
                by_end.setdefault((row.participant_id, row.direction), []).append(row)
        bad = False
        for (participant, direction), group in by_end.items():
            labels = (lesson_id, participant, direction)
            score = min(row.score for row in group if row.score is not None)
            self._score.labels(*labels).set(score)
            self._lost.labels(*labels).set(max(row.loss for row in group))
            self._bitrate.labels(*labels).set(sum(row.bitrate for row in group))
            bad = bad or score <= q.BAD
        return bad
