"""Which layer of which source each participant is sent: estimates in, aims, rates and probes out.

A participant plays every source over a session of its own, all over one line. So what its sessions' estimators see is
added up and shared out again by importance; a page tells how large it shows what.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.forward.allocation import Demand, allocate, falls_short, ladder, wanted
from server.forward.bandwidth.budget import Budget
from server.forward.bandwidth.estimator import Estimator
from server.forward.lanes import ALL, KEYFRAMES
from server.forward.pacing import FACTOR, LONGEST, LONGEST_SLIDE
from server.forward.subscriptions import AT_ONCE, HELD, PATIENT, PROMPT, RESENDS_PER_SECOND
from server.live.ports import is_probe
from server.media.lessons import SCREEN, Wish
from server.media.rates import LOSSY, SOUND, Rates, SoundRate
from server.wire.transport_cc import arrivals_untrusted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from server.forward.streams import InboundStream
    from server.forward.subscriptions import Subscription
    from server.media.lessons import Lesson
    from server.media.outgoing import Outgoing
    from server.media.sessions import Player

EVERY = 0.1  # s between decisions for a line that is loaded or not known yet
CALM_EVERY = 1.0  # s between decisions for one that has taken everything for a while
PLAIN_BELOW, REDUNDANT_FROM = 250_000.0, 350_000.0  # bit/s per source between which sound stays as it is
SHOWN = Wish(100_000, "auto")  # a page that said nothing shows everything large
GIVE_UP_AFTER = 1.5  # s that a line must have been too thin before moving pictures are given up on it
RISE_AFTER = 1.0  # s that the line must have carried a larger layer on paper before it is sent
FILL_AFTER = 1.5  # s from its first picture until it is sent at more pictures a second: its keyframe was load enough
RISE_AGAIN = 4.0  # s after a larger layer was given up
KEYFRAME_WITHIN, KEYFRAME_KEPT = 0.2, 0.4  # s that a keyframe may take: of a larger layer, of the one that is sent
SLIDE_WITHIN = 5.0  # s in which a slide shall be there
STILL = 3.0  # s that a screen's layer may be silent while another is heard: its encoder saves up after a keyframe
RESEND_SHARE = 0.5  # of the estimate, that may go into packets asked for again
LEAST_RESENDS = 5.0  # packets a second
PACKET_BITS = 1200 * 8
OVERDUE = 1.0  # s without feedback: the line is cut, or so full that nothing comes through
WIDE = 1_000_000.0  # bit/s from which a slide goes in one go
CALM = 5.0  # s without overuse and loss after which packets need not be held back
PRIORITY = {SCREEN: 0, "teacher": 1}  # lower is more important; classrooms come after


@dataclass(eq=False)
class Line:
    """One session's line."""

    player: Player
    estimator: Estimator
    video: Subscription | None
    calm_since: float
    heard_at: float  # the last transport-wide feedback
    due: float = 0.0  # when to decide anew
    reported_at: float = 0.0  # the last receiver report
    too_thin: float | None = None  # since when no moving picture fits
    could_rise: float | None = None  # since when a larger layer than the one sent would fit
    rose_at: float = float("-inf")  # when a larger layer was begun, with the fewest of its pictures
    fell_at: float = float("-inf")  # when a larger layer was given up
    options: list[tuple[InboundStream, int]] = field(default_factory=list)
    sound: SoundRate = field(default_factory=SoundRate)

    @property
    def choices(self) -> bool:
        """Whether there is anything to decide: transport-wide feedback, or more than one form of the picture."""
        if self.video is None:
            return False
        layers = self.player.source.relays["video"].layers
        return (
            self.player.slot >= 0 or len(layers) > 1 or any(sum(map(bool, each.temporal_octets)) > 1 for each in layers)
        )


class Adaptation:
    """All players of a worker."""

    def __init__(self, out: Outgoing) -> None:
        self._out = out
        self._lines: dict[Player, Line] = {}
        self._together: dict[tuple[Lesson, str], list[Line]] = {}
        self._rates: dict[InboundStream, Rates] = {}
        self._due = 0.0

    def add(self, player: Player, now: float) -> None:
        """A player that can receive now; its subscriptions get their slot in the send book."""
        subscriptions = player.egress.subscriptions
        # a network test measures the line itself: nothing is held back from it
        if any(each.layout.transport_id for each in subscriptions) and not is_probe(player.lesson.id):
            player.slot = self._out.book.open()
            for each in subscriptions:
                each.slot = player.slot
        video = next((each for each in subscriptions if each.kind == "video"), None)
        together = self._together.setdefault((player.lesson, player.participant_id), [])
        budget = together[0].estimator.budget if together else Budget()
        line = self._lines[player] = Line(player, Estimator(budget=budget), video, now, now)
        together.append(line)

    def remove(self, player: Player) -> None:
        """It has gone. Idempotent."""
        line = self._lines.pop(player, None)
        if line is None:
            return
        key = (player.lesson, player.participant_id)
        self._together[key].remove(line)
        line.estimator.budget.leave(line.estimator)
        if not self._together[key]:
            del self._together[key]
        for subscription in player.egress.subscriptions:
            self._out.forget(subscription)
        self._out.book.close(player.slot)

    def feedback(self, player: Player, now: float) -> None:
        """Transport-cc feedback arrived. Raises BadPacket."""
        line = self._lines.get(player)
        bodies, player.egress.feedback = player.egress.feedback, []
        if line is None or player.slot < 0:
            return
        for body in bodies:
            base, arrivals = arrivals_untrusted(body)
            sent = self._out.book.look(player.slot, base, len(arrivals))
            if sent is not None:
                line.heard_at = now
                line.estimator.feedback(sent, arrivals, now)
        if line.estimator.overusing or line.estimator.loss > LOSSY:
            line.calm_since = now
            line.due = min(line.due, now)

    def handle_timer(self, lessons: Iterable[Lesson], now: float) -> None:
        """Decide anew for everybody, when due."""
        if now < self._due:
            return
        self._due = now + EVERY
        self._measure(lessons, now)
        for lines in self._together.values():
            due = False
            for line in lines:
                if line.due <= now:
                    line.due = now + CALM_EVERY
                    due = due or line.choices
            if due:
                self._share_out(lines, now)

    def wake(self, lesson: Lesson, participant_id: str) -> None:
        """Something changed for this participant: decide at the next look."""
        for line in self._together.get((lesson, participant_id), ()):
            line.due = 0.0

    def _measure(self, lessons: Iterable[Lesson], now: float) -> None:
        seen: set[InboundStream] = set()
        for lesson in lessons:
            for source in lesson.sources.values():
                layers = source.relays["video"].layers
                living = _living(layers, now, screen=source.name == SCREEN)
                if len(layers) > 1 and living != source.living:
                    source.living = living
                    for player in source.players:
                        self.wake(lesson, player.participant_id)
                for stream in layers:
                    seen.add(stream)
                    rates = self._rates.get(stream)
                    if rates is None:
                        self._rates[stream] = Rates(stream, now)
                    else:
                        rates.update(stream, now)
        if len(seen) < len(self._rates):
            self._rates = {stream: rates for stream, rates in self._rates.items() if stream in seen}

    # -- one participant

    def _share_out(self, lines: list[Line], now: float) -> None:
        budget = lines[0].estimator.budget
        demands: list[tuple[Line, Demand]] = []
        for line in lines:
            self._hear(line, now)
            demand = self._demand(line, now)
            if demand is not None:
                demands.append((line, demand))
        whole = budget.total(now)
        speaking = sum(_speaks(line, now) for line in lines)
        for line in lines:
            self._choose_sound(line, whole / max(speaking, 1), now)
        sound = sum(line.sound.bitrate for line in lines if _speaks(line, now))
        total = max(budget.room(now) - sound, 0.0)
        chosen = allocate([demand for _, demand in demands], total)
        for line, demand in demands:
            index = self._steady(line, demand, self._prompt(line, demand, chosen[demand.key], now), now)
            self._apply(line, index, now)
            if index is not None:
                line.estimator.sending(demand.options[index].bitrate + line.sound.bitrate)
            line.player.estimate = whole
            line.player.held_back = falls_short(demand, index)
            if line.video is not None:
                here, there = budget.own_loss > LOSSY, self._sent_over_lossy_line(line)
                delay = _patience(demand, held_back=line.player.held_back, lossy_here=here, lossy_there=there)
                line.player.source.relays["video"].hasten(line.video, delay)
        most = wanted([demand for _, demand in demands])
        if most > total:
            self._probe(lines, most + sound, now)
        for line in lines:
            line.due = now + (CALM_EVERY if most <= total and now - line.calm_since > CALM else EVERY)

    def _sent_over_lossy_line(self, line: Line) -> bool:
        """Whether the picture comes here already late, repaired."""
        stream = line.video.stream if line.video is not None else None
        rates = None if stream is None else self._rates.get(stream)
        return rates is not None and rates.lossy

    @staticmethod
    def _prompt(line: Line, demand: Demand, index: int | None, now: float) -> int | None:
        """The choice, or one below it: no camera's layer whose keyframes hold up everything that comes after them."""
        if index is None or demand.screen:
            return index
        rate = max(line.estimator.bitrate(now) - line.sound.bitrate, SOUND) * FACTOR
        here = -1 if demand.current is None else demand.options[demand.current].layer
        while index and (layer := demand.options[index].layer):
            within = KEYFRAME_KEPT if layer <= here else KEYFRAME_WITHIN
            if line.options[index][0].keyframe_octets * 8 <= rate * within:
                break
            # of what is left there may be no smaller layer, as a sharper picture that costs less replaces it
            index = max((number for number, option in enumerate(demand.options) if option.layer < layer), default=0)
        return index

    @staticmethod
    def _steady(line: Line, demand: Demand, index: int | None, now: float) -> int | None:
        """The choice, but nothing in haste.

        No larger layer before it has fitted for a while, for each change costs everybody a keyframe; and no slide show
        or black picture for a moment's trouble.
        """
        current = demand.current
        if current is None:
            line.could_rise = line.too_thin = None
            return index
        moving = next((number for number, option in enumerate(demand.options) if option.temporal != KEYFRAMES), 0)
        if demand.wanted_height and demand.choice != "sound" and (index is None or index < moving <= current):
            line.too_thin = now if line.too_thin is None else line.too_thin
            if now - line.too_thin < GIVE_UP_AFTER:
                index = moving
        else:
            line.too_thin = None
        if index is None:
            line.could_rise = None
            return None
        here, there = demand.options[current].layer, demand.options[index].layer
        if there < here:
            line.fell_at = now
        if there <= here:
            line.could_rise = None
            return min(index, current) if there == here and now - line.rose_at < FILL_AFTER else index
        if line.could_rise is None:
            line.could_rise = now
        if now - line.could_rise >= RISE_AFTER and now - line.fell_at >= RISE_AGAIN:
            line.rose_at = now
            return next(number for number, option in enumerate(demand.options) if option.layer == there)
        return max(number for number, option in enumerate(demand.options) if option.layer == here)

    def _hear(self, line: Line, now: float) -> None:
        egress = line.player.egress
        report = max(egress.reports.values(), key=lambda each: each.at, default=None)
        if report is not None and report.round_trip is not None:
            line.estimator.round_trip(report.round_trip)
        if line.player.slot < 0:
            if egress.remb is not None:
                line.estimator.receiver_limit(egress.remb, now)
            if report is not None and report.at > line.reported_at:
                line.reported_at = report.at
                line.estimator.report(report.fraction_lost, now)
        elif now - line.heard_at > OVERDUE:
            line.estimator.overdue(now)
            line.calm_since = now

    @staticmethod
    def _choose_sound(line: Line, share: float, now: float) -> None:
        """Redundant sound costs twice as much: a line that is too thin for that goes without."""
        relay = line.player.source.relays["audio"]
        for subscription in line.player.egress.subscriptions:
            seat = relay.seat(subscription)
            if seat is None:
                continue
            line.sound.update(seat.lane, now)
            if line.player.slot >= 0:
                relay.unpack(subscription, share < (REDUNDANT_FROM if seat.plain else PLAIN_BELOW), now)

    def _demand(self, line: Line, now: float) -> Demand | None:
        player, video = line.player, line.video
        if video is None:
            return None
        relay = player.source.relays["video"]
        seat = relay.seat(video)
        if seat is None:
            return None
        layers = [each for each in relay.layers if video.payload_types(each.codec) is not None]
        screen = player.source.name == SCREEN
        living = sorted(_living(layers, now, screen=screen) or layers, key=lambda each: each.size)
        options = ladder(
            [(stream.height, self._rates_of(stream, first=stream is living[0], screen=screen)) for stream in living]
        )
        if not options:
            return None
        line.options = [(living[option.layer], option.temporal) for option in options]
        wish = player.lesson.wishes.get((player.participant_id, player.source.name), SHOWN)
        current = (seat.aim, seat.temporal) if seat.on else None
        return Demand(
            key=line,
            priority=PRIORITY.get(player.source.name, 2),
            options=options,
            wanted_height=wish.height,
            choice=wish.choice,
            current=line.options.index(current) if current in line.options else None,
            screen=screen,
        )

    def _rates_of(self, stream: InboundStream, *, first: bool, screen: bool) -> dict[int, float]:
        """{temporal layer: bit/s} of what may be sent of a layer.

        A camera at a quarter of its pictures (5 a second) looks frozen: the next smaller layer is better. The smallest
        layer and screens can be as slow as that, and a slide show.
        """
        rates = self._rates.get(stream)
        found = rates.upto() if rates is not None else {}
        if not first and not screen:
            found = dict(list(found.items())[-2:])
        slides = stream.keyframe_octets * 8 / SLIDE_WITHIN
        if first and found and 0 < slides < min(found.values()):
            found[KEYFRAMES] = slides
        return found

    def _apply(self, line: Line, index: int | None, now: float) -> None:
        player, video = line.player, line.video
        if video is None:
            return
        relay = player.source.relays["video"]
        if player.slot >= 0:  # a full line loses more the more it is sent again
            share = RESEND_SHARE * line.estimator.bitrate(now) / PACKET_BITS
            video.resends = min(max(share, LEAST_RESENDS), RESENDS_PER_SECOND)
        if index is None:
            if player.slot >= 0 or self._chose_sound(player):
                relay.aim(video, None, ALL, now, on=False)
            return
        stream, temporal = line.options[index]
        relay.aim(video, stream, temporal, now)
        self._hold_back(line, video, temporal, now)
        if temporal == KEYFRAMES:
            self._show_slides(player, video, stream, now)

    def _show_slides(self, player: Player, video: Subscription, stream: InboundStream, now: float) -> None:
        """Ask for another keyframe for one who sees keyframes alone, if it is time."""
        pacer = self._out.pacer(video)
        if not pacer.busy:
            if pacer.slides.outdated(stream, now):
                stream.keyframes.want(now)
        elif pacer.slides.in_the_way(stream):
            self._out.make_room(player.source.relays["video"], video, now)

    @staticmethod
    def _chose_sound(player: Player) -> bool:
        wish = player.lesson.wishes.get((player.participant_id, player.source.name), SHOWN)
        return wish.choice == "sound" or wish.height == 0

    def _hold_back(self, line: Line, video: Subscription, temporal: int, now: float) -> None:
        """Pace those whose line was not calm lately, and slides on all but wide lines: one alone fills a queue."""
        relay = line.player.source.relays["video"]
        pacer = self._out.pacer(video)
        pacer.rate = max(line.estimator.bitrate(now) - line.sound.bitrate, SOUND)
        screen, restless = line.player.source.name == SCREEN, now - line.calm_since < CALM
        pacer.longest = LONGEST_SLIDE if screen else LONGEST
        if temporal == KEYFRAMES or (line.player.slot >= 0 and (restless or (screen and pacer.rate < WIDE))):
            relay.pace(video, True)
        elif not pacer.queue:
            relay.pace(video, False)

    def _probe(self, lines: list[Line], most: float, now: float) -> None:
        """Find out whether the line takes more, with packets that its players have already."""
        for line in lines:
            if line.player.slot < 0 or line.video is None or line.video.newest is None:
                continue
            probe = line.estimator.probe(most, now)
            if probe is not None:
                self._out.probe(line.player, line.video, probe, line.estimator, now)
            return


def _patience(demand: Demand, *, held_back: bool, lossy_here: bool, lossy_there: bool) -> bytes:
    """How long a player shall wait with a picture: not long on a thin line, unless much is repaired on it or before."""
    if demand.screen:
        return AT_ONCE if held_back else PATIENT
    if lossy_there:
        return HELD
    return PROMPT if held_back and not lossy_here else PATIENT


def _living(layers: Sequence[InboundStream], now: float, *, screen: bool) -> list[InboundStream]:
    """Those that come now; the sender has no bandwidth for the others, or nothing to send of a still screen."""
    heard = max((each.last_arrival for each in layers), default=now)
    return [each for each in layers if each.alive(now) or (screen and heard - each.last_arrival < STILL)]


def _speaks(line: Line, now: float) -> bool:
    """Whether sound comes from the source of this line; a shared screen mostly has none."""
    return any(stream.alive(now) for stream in line.player.source.relays["audio"].layers)
