"""The technical standard of a classroom, and one check held against it. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..config import only_table, positive, share, text_of, whole
from ..errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

FULL_SCALE = 200.0  # dB: no level of a microphone is further from full scale
MOST_SECONDS = 90  # a network test lasts two minutes in all, with connecting


@dataclass(frozen=True, slots=True)
class Standard:
    """`config/readiness.toml`: levels in dB, rates in kbit/s, shares 0..1, times as their names say."""

    version: str
    min_width: int
    min_height: int
    min_frame_rate: float
    min_brightness: float
    min_microphone_db: float
    min_speaker_margin_db: float
    max_echo_db: float
    min_up_kbps: float
    min_down_kbps: float
    max_loss: float
    max_round_trip_ms: float
    min_seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What a classroom's page measured; None: there is no camera, no microphone, no connection.

    `speaker_db`, `echo_db`: the test tone above the room's noise in the microphone, without and with echo
    cancellation. `heard`: somebody in the room said that the tone was to be heard. `way`: by which the media went.
    """

    width: int | None
    height: int | None
    frame_rate: float | None
    brightness: float | None
    microphone_db: float | None
    speaker_db: float | None
    heard: bool
    echo_db: float | None
    up_kbps: float | None
    down_kbps: float | None
    loss: float | None
    round_trip_ms: float | None
    seconds: float
    way: str


class Item(StrEnum):
    """What is held against the standard, in the order of the check."""

    CAMERA = "camera"  # it sees something
    RESOLUTION = "resolution"
    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    ECHO = "echo"
    UP = "up"
    DOWN = "down"
    LOSS = "loss"
    DELAY = "delay"


def failed(figures: Figures, standard: Standard) -> tuple[Item, ...]:
    """What does not meet the standard; () is ready. A figure that is missing does not meet it.

    A network that was measured for less than `min_seconds` meets nothing. Without a tone in the microphone there is
    no echo either, if somebody heard it.
    """
    measured = figures.seconds >= standard.min_seconds
    quiet = figures.speaker_db is not None and figures.speaker_db < standard.min_speaker_margin_db
    met = {
        Item.CAMERA: _at_least(figures.brightness, standard.min_brightness),
        Item.RESOLUTION: _at_least(figures.width, standard.min_width)
        and _at_least(figures.height, standard.min_height)
        and _at_least(figures.frame_rate, standard.min_frame_rate),
        Item.MICROPHONE: _at_least(figures.microphone_db, standard.min_microphone_db),
        Item.SPEAKER: figures.heard or _at_least(figures.speaker_db, standard.min_speaker_margin_db),
        Item.ECHO: _at_most(figures.echo_db, standard.max_echo_db) or (quiet and figures.heard),
        Item.UP: measured and _at_least(figures.up_kbps, standard.min_up_kbps),
        Item.DOWN: measured and _at_least(figures.down_kbps, standard.min_down_kbps),
        Item.LOSS: measured and _at_most(figures.loss, standard.max_loss),
        Item.DELAY: measured and _at_most(figures.round_trip_ms, standard.max_round_trip_ms),
    }
    return tuple(item for item in Item if not met[item])


def _at_least(value: float | None, least: float) -> bool:
    return value is not None and value >= least


def _at_most(value: float | None, most: float) -> bool:
    return value is not None and value <= most


def figures_of(body: Mapping[str, Any]) -> Figures:
    """From its JSON, as rows hold it."""
    return Figures(**body)


def figures_body(figures: Figures) -> dict[str, Any]:
    """Its JSON."""
    return asdict(figures)


def level(value: object) -> float:
    """A level in dB, of either sign. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -FULL_SCALE <= value <= FULL_SCALE:
        raise ValueError("must be a level in dB")
    return float(value)


def parse_standard(text: str, file: str = "readiness.toml") -> Standard:
    """Raises ConfigError naming file, line and key."""
    table = only_table(text, file, "standard")
    standard = Standard(
        version=table.get("version", text_of),
        min_width=table.get("min_width", whole),
        min_height=table.get("min_height", whole),
        min_frame_rate=table.get("min_frame_rate", positive),
        min_brightness=table.get("min_brightness", positive),
        min_microphone_db=table.get("min_microphone_db", level),
        min_speaker_margin_db=table.get("min_speaker_margin_db", level),
        max_echo_db=table.get("max_echo_db", level),
        min_up_kbps=table.get("min_up_kbps", positive),
        min_down_kbps=table.get("min_down_kbps", positive),
        max_loss=table.get("max_loss", share),
        max_round_trip_ms=table.get("max_round_trip_ms", positive),
        min_seconds=table.get("min_seconds", _seconds),
    )
    table.done()
    return standard


def _seconds(value: object) -> float:
    if not 5 <= positive(value) <= MOST_SECONDS:
        raise ValueError(f"must be 5 to {MOST_SECONDS} seconds: a network test lasts two minutes in all")
    return positive(value)


def check_room(name: str) -> str:
    """A room's name as it is kept. Raises Invalid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid("bad_room", "请写教室名称（最多 100 字）。", "Name the classroom (at most 100 characters).")
    return name
