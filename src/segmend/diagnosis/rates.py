"""Learning rates and what is usual for an optimizer."""

from __future__ import annotations

from typing import NamedTuple

from segmend.artifacts.chart import Chart
from segmend.diagnosis.curves import Course, finite

USUAL = {
    "SGD": 0.01,
    "RMSprop": 0.001,
    "Adagrad": 0.01,
    "Adadelta": 1.0,
    "Adafactor": 0.01,
    "Lion": 0.0003,
    "Ftrl": 0.01,
}
"""From the defaults of Keras and, where those are known to be no good (Adadelta), of the papers."""

ADAM = 0.001
ENDING = ("CosineDecay", "PolynomialDecay", "CosineDecayRestarts")
"""Schedules that end: by then the rate is next to nothing, and the loss has fallen with it."""

ANNEALED = 0.1


class Rate(NamedTuple):
    """The learning rate that a training had.

    Attributes:
        value: the highest one.
        optimizer: its name, "Adam" where nobody says.
        usual: the rate that is usual for it.
    """

    value: float
    optimizer: str
    usual: float

    @property
    def times(self) -> float:
        """How many times the usual rate it is."""
        return self.value / self.usual


def rate_of(chart: Chart, course: Course) -> Rate | None:
    """The rate, by the history or else by the compiled optimizer; None where that, or the optimizer, is unknown."""
    compiled = (chart.anatomy.optimizer if chart.anatomy else None) or {}
    logged, told = finite(course.rate), compiled.get("learning_rate")
    name = str(compiled.get("name") or "")
    if not name or (not logged.size and not told):
        return None
    value = float(logged.max()) if logged.size else float(told or 0.0)
    return Rate(value, name, USUAL.get(name, ADAM)) if value > 0 else None


def annealed(chart: Chart, course: Course) -> bool:
    """Whether the rate fell to little or nothing at the end, as a schedule meant it to."""
    compiled = (chart.anatomy.optimizer if chart.anatomy else None) or {}
    logged = finite(course.rate)
    fell = logged.size > 1 and float(logged[-1]) <= ANNEALED * float(logged.max())
    return bool(fell) or (not logged.size and compiled.get("schedule") in ENDING)
