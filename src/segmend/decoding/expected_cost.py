"""The answer that is expected to cost least."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import softmax

from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.types import Costs, FloatArray, IntArray
from segmend.decoding.base import Decoder, log_probabilities
from segmend.decoding.logit_adjustment import labelled
from segmend.decoding.pixels import PixelDecoder


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedCost(PixelDecoder):
    """The class whose expected cost under the probabilities is least; the lower number where two are equal.

    Where a missed event costs ten false alarms, an event of probability 0.2 is answered (Elkan 2001). That needs
    probabilities that mean what they say: ``calibrated`` 1 corrects them first, as ``LogitAdjustment`` does;
    ``flatness`` is a temperature on top, searched for what it saves. Objects of images are the connected components of
    each class.

    ``at_cost(table)`` makes the class for a table; without one all mistakes cost the same.

    Attributes:
        labels: class names and the background.
        table: what it costs to predict the column's class where the row's is true, shape (classes, classes).
        temperature: divides the log probabilities.
        bias: added to them then, shape (classes,).

    Examples:
        >>> kind = at_cost(((0.0, 1.0), (10.0, 0.0)))
        >>> decoder = kind.learn([], [], Labels.numbered(2), calibrated=0.0, flatness=1.0)
        >>> decoder.decode(np.array([[0.8, 0.2], [0.95, 0.05]]))
        array([1, 0])
    """

    name: ClassVar[str] = "expected_cost"
    cost: ClassVar[Costs | None] = None
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "calibrated": (0.0, 1.0),
        "flatness": (0.4, 0.6, 0.8, 1.0, 1.3, 1.7, 2.5),
    }
    start: ClassVar[Mapping[str, float]] = {"calibrated": 1.0, "flatness": 1.0}

    labels: Labels
    table: FloatArray
    temperature: float
    bias: FloatArray

    def _decode(self, y_prob: FloatArray) -> IntArray:
        likely = softmax(log_probabilities(np.asarray(y_prob, np.float64)) / self.temperature + self.bias, axis=1)
        return np.argmin(likely @ self.table, axis=1)

    def parameters(self) -> dict[str, Any]:
        """The table, the temperature and one bias per class, in nats."""
        return {"table": self.table.tolist(), "temperature": float(self.temperature), "bias": self.bias.tolist()}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        table, bias = np.asarray(parameters["table"], float), np.asarray(parameters["bias"], float)
        if table.shape != (len(labels), len(labels)):
            raise ValueError(f"expected a table of shape {(len(labels), len(labels))}, not {table.shape}")
        return cls(labels, table, float(parameters["temperature"]), bias)

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; the calibration is fitted once, of images to their pixels."""
        classes = len(labels)
        table = np.ones((classes, classes)) - np.eye(classes) if cls.cost is None else np.array(cls.cost)
        rows = [np.asarray(each).reshape(-1, classes) for each in y_prob]
        true = [np.ravel(each.mask if isinstance(each, Regions) else each) for each in y_true]
        _, correction = labelled(rows, true, classes)

        def make(setting: Mapping[str, float]) -> Any:
            temperature, bias = correction(setting["calibrated"])
            flat = setting["flatness"]
            return cls(labels, table, temperature * flat, bias / flat)

        return make


@cache
def at_cost(table: Costs) -> type[ExpectedCost]:
    """The class of decoders for a table of costs: of predicting the column's class where the row's is true."""
    return type(
        "ExpectedCostOfTable", (ExpectedCost,), {"__slots__": (), "__doc__": ExpectedCost.__doc__, "cost": table}
    )


def priced(decoder: type[Decoder], cost: Costs) -> type[Decoder]:
    """A kind of decoder that knows the costs, where it asks for them; else as it is."""
    return at_cost(cost) if issubclass(decoder, ExpectedCost) else decoder
