"""Classrooms as a camera sees them, from a seed: a room that stays as it is, people who move as people do.

`Room.picture(t)` is the picture at second `t`, whenever and as often as it is asked, so the same lesson can be looked
at by two recorders at moments of their own, shown again, or shown from a middle.
"""

from __future__ import annotations

import numpy as np

WIDTH, HEIGHT = 160, 90


class Person:
    """Sits or stands somewhere and changes place a little, after times that nobody can foretell."""

    def __init__(self, random: np.random.Generator, *, walks: bool, length: float) -> None:
        pause = 25.0 if not walks else 8.0
        count = int(length / pause * 2) + 8
        self.times = np.cumsum(random.exponential(pause, count))
        home = random.uniform((12, 35), (WIDTH - 12, HEIGHT - 10)) if not walks else np.array([80.0, 45.0])
        reach = (5.0, 3.0) if not walks else (45.0, 6.0)
        self.places = home + random.uniform(-1, 1, (count + 1, 2)) * reach
        self.size = random.uniform(3.0, 5.0) if not walks else 9.0
        self.grey = random.uniform(25, 70) * random.choice((-1, 1))

    def at(self, t: float) -> tuple[float, float]:
        """A change of place takes 1.5 s."""
        n = int(np.searchsorted(self.times, t))
        if n == 0:
            return tuple(self.places[0])
        part = min(1.0, (t - self.times[n - 1]) / 1.5)
        return tuple(self.places[n - 1] * (1 - part) + self.places[n] * part)


class Room:
    """`place` seeds the room, `lesson` the people in it, so one room has many lessons."""

    def __init__(
        self, place: int, lesson: int, *, people: int = 20, teacher: bool = False, length: float = 2700
    ) -> None:
        room = np.random.default_rng([place, 1])
        coarse = room.uniform(60, 200, (9, 16))
        self.still = np.kron(coarse, np.ones((10, 10)))[:HEIGHT, :WIDTH]
        random = np.random.default_rng([place, lesson, 2])
        self.people = [Person(random, walks=False, length=length) for _ in range(people)]
        if teacher:
            self.people.append(Person(random, walks=True, length=length))
        self.light = random.uniform(-6, 6, 2)
        self.seed = [place, lesson, 3]
        self.ys, self.xs = np.mgrid[0:HEIGHT, 0:WIDTH]

    def picture(self, t: float) -> np.ndarray:
        """160×90, uint8: sensor's noise and the day's light included."""
        picture = self.still + self.light[0] * np.sin(t / 700) + self.light[1] * np.sin(t / 211)
        for person in self.people:
            x, y = person.at(t)
            left, top = max(0, int(x - 3 * person.size)), max(0, int(y - 3 * person.size))
            right, low = int(x + 3 * person.size) + 1, int(y + 3 * person.size) + 1
            area = np.s_[top:low, left:right]
            away = ((self.xs[area] - x) ** 2 + (self.ys[area] - y) ** 2) / person.size**2
            picture[area] += person.grey * np.exp(-(away**2))
        noise = np.random.default_rng([*self.seed, int(t * 1000)]).normal(0, 0.5, picture.shape)
        return np.clip(picture + noise, 0, 255).astype(np.uint8)


def looks(start: float, end: float, *, seed: int = 0, every: float = 1.85) -> np.ndarray:
    """The moments at which a recorder's keyframes come."""
    random = np.random.default_rng([seed, 4])
    count = int((end - start) / every)
    return start + random.uniform(0.2, every) + np.arange(count) * every + random.uniform(-0.05, 0.05, count)
