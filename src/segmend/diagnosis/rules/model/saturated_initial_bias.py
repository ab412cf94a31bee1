"""M208: a last bias from which some classes can hardly come back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.anatomy import OutputFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import PLANNED
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.task import Kind
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shares import class_shares
from segmend.diagnosis.wording import listed, percent

LEAST = 1e-3
"""A probability below it has a gradient (p times 1 - p) below a 250th of the largest one."""

RARER = 20.0
"""Times less than the class occurs: a bias of the true share, or of the 0.01 that focal losses start from, passes."""

STUCK = 0.1
"""Share of a class's frequency that the mean prediction stays below, where the bias was never unlearnt."""


class SaturatedInitialBias(Rule):
    """The last layer's bias starts where some classes are as good as impossible.

    What it finds:
        A bias that alone gives a class, which occurs, a probability below 0.001 and below a twentieth of its share:
        a constant that the layer was initialised with, or the bias as it stands, where predictions still hardly ever
        give the class a chance.

    Why it matters:
        Sigmoid and softmax are flat out there. The frequent class makes all of the gradient, and training spends its
        time on unlearning the bias, or never gets away from it.

    Evidence:
        The class, its bias, the probability that this gives and the share it occurs with. Severity is read off the
        oracle ladder, what the missed items of the class cost, or off the macro F1 of whole recordings.

    Remedy:
        The bias that gives the shares: their log-odds for sigmoid, their logarithm for softmax, worked out here.

    Known limits:
        Looked at where the last layer with weights is followed by its activation only. Of a trained model without a
        constant in its configuration only the bias as it stands is known, so predictions must agree.
    """

    name = "saturated-initial-bias"
    code = "M208"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.layers", "fingerprint")
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "stopped-early",
        "wrong-threshold",
        "shifted-boundaries",
        "missed-segments",
        "confused-pair",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, about the first output."""
        assert chart.anatomy is not None
        shares = class_shares(chart)
        if not chart.anatomy.outputs or shares is None:
            return
        output = chart.anatomy.outputs[0]
        start = output.initial_bias
        bias = output.bias if start is None else start
        implied = None if bias is None else _implied(chart, output, bias, len(shares))
        if bias is None or implied is None:
            return
        low = [k for k, share in enumerate(shares) if share > 0 and implied[k] < min(LEAST, share / RARER)]
        if start is None:
            low = [k for k in low if _stays(chart, k, shares[k])]
        if low:
            yield self._of(chart, output, low, implied, shares)

    def _of(
        self, chart: Chart, output: OutputFacts, low: Sequence[int], implied: Sequence[float], shares: Sequence[float]
    ) -> Finding:
        names = [chart.labels.names[k] for k in low]
        worst = min(low, key=lambda k: implied[k] / shares[k])
        one = names[0] if len(names) == 1 and low[0] != chart.labels.background else None
        grave, expected = severity.at_stake(chart, "deletion", label=one)
        return self.finding(
            f"The bias of the output alone gives {chart.labels.names[worst]} a probability of {implied[worst]:.1g}, "
            f"but {percent(shares[worst])} of the {chart.task.unit} hold it; concerned: {listed(names)}",
            severity=grave,
            where={"output": output.name, **({"label": one} if one else {})},
            evidence={
                "probability": implied[worst],
                "threshold": min(LEAST, shares[worst] / RARER),
                "share": shares[worst],
                "labels": names,
                "initialised": output.initial_bias is not None,
            },
            remedies=[_remedy(chart, shares, expected)],
            gain=severity.gain(expected),
        )


def _implied(chart: Chart, output: OutputFacts, bias: Sequence[float], classes: int) -> list[float] | None:
    """The probability of each class that the bias gives by itself; None where channels are no classes."""
    several = chart.task.labels == "multilabel"
    if len(bias) == 1 and classes == 2 and not several:
        one = _sigmoid(bias[0])
        return [1 - one, one]
    if len(bias) != classes or not all(map(math.isfinite, bias)):
        return None
    if several or output.activation == "sigmoid":
        return [_sigmoid(value) for value in bias]
    raised = [math.exp(value - max(bias)) for value in bias]
    return [value / sum(raised) for value in raised]


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-min(max(value, -500.0), 500.0)))


def _stays(chart: Chart, which: int, share: float) -> bool:
    """Whether predictions still give the class next to no chance."""
    prob = chart.prediction.y_prob if chart.prediction else None
    if prob is None:
        return False
    total = sum(float(rows[..., which].sum()) for rows in prob)
    count = sum(rows[..., which].size for rows in prob)
    return total < STUCK * share * count


def _remedy(chart: Chart, shares: Sequence[float], expected: Expected) -> Remedy:
    odds = chart.task.labels == "multilabel"
    known = [min(max(share, LEAST), 1 - LEAST) for share in shares]
    values = ", ".join(f"{math.log(s / (1 - s) if odds else s):.2f}" for s in known)
    return remedies.train_again(
        "start-from-the-shares",
        (
            f"Give the last layer bias_initializer=keras.initializers.Constant([{values}]), the "
            f"{'log-odds' if odds else 'logarithms'} of how often each class occurs, and train again."
        ),
        {"training.steps": PLANNED},
        expected,
    )
