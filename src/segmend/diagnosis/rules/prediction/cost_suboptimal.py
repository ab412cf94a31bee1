"""P416: other answers to the same probabilities cost less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.labels import IGNORE
from segmend.core.task import Kind
from segmend.core.types import FloatArray, IntArray
from segmend.diagnosis import severity
from segmend.diagnosis.remedies import decode
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.sureness import decisions
from segmend.diagnosis.wording import percent

THRESHOLD = 0.05
DEVIATIONS = 3.0
FEWEST = 5
"""Pieces of the recordings with mistakes: the share that is saved of fewer does not tell its own spread."""

SHOWN = 4


class CostSuboptimal(Rule):
    """Answers that weigh what mistakes cost would cost less, from the same probabilities.

    What it finds:
        That the answer with the least expected cost under the probabilities, in the place of what was predicted, takes
        at least 5 % off the cost that the mistakes really made, and 3 standard errors of that share (a ratio of sums
        over pieces of the recordings, 5 of them with mistakes or more).

    Why it matters:
        The most probable class is the best answer only where all mistakes cost the same. Where a missed event costs
        ten false alarms, an event of probability 0.2 should be answered.

    Evidence:
        Mean cost of a step now and with the other answers, both counted on the labels, so that probabilities that are
        off are not believed; the share saved, its threshold, and how many answers change. Severity is error from 25 %
        saved and warning from 5 %, as for shares of a count.

    Remedy:
        Take the answer of least expected cost: ``mend`` with the objective "cost" calibrates the probabilities, fits
        and proves it. In training, ``segmend.losses.ExpectedCost`` teaches costs.

    Known limits:
        Needs a table of costs and probabilities. Costs are of steps (of whole recordings in classification), not of
        segments. Labels that may overlap are not looked at.
    """

    name = "cost-suboptimal"
    code = "P416"
    needs: ClassVar[tuple[str, ...]] = ("cost", "prediction", "prediction.y_prob")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    overlapping: ClassVar[bool] = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the prediction."""
        prediction = chart.prediction
        assert prediction is not None and prediction.y_true is not None
        found = decisions(prediction)
        if found is None:
            return
        steps, unit = found
        pairs = zip(prediction.y_true, prediction.y_pred, strict=True)
        said = np.concatenate([np.ravel(rows)[np.ravel(true) != IGNORE] for true, rows in pairs])
        table = np.array(chart.cost)
        best = np.argmin(steps.y_prob @ table, axis=1)
        now, then = table[steps.y_true, said], table[steps.y_true, best]
        share = float(1 - then.sum() / now.sum()) if now.any() else 0.0
        if share >= THRESHOLD and _is_sure(share, now, then, unit):
            yield self._of(chart, float(now.mean()), float(then.mean()), float((best != said).mean()))

    def _of(self, chart: Chart, now: float, then: float, changed: float) -> Finding:
        share = 1 - then / now
        of = f"{chart.task.unit[:-1]}"
        assert chart.cost is not None
        table = [list(row) for row in chart.cost] if len(chart.cost) <= SHOWN else "cost"
        return self.finding(
            f"the answers of least expected cost would cost {then:.3g} per {of} instead of {now:.3g} "
            f"({percent(share)} less) from the same probabilities; they differ in {percent(changed)} of the "
            f"{chart.task.unit}",
            severity=severity.of_change(0.0, share),
            evidence={
                "cost": now,
                "cost_then": then,
                "saved": share,
                "threshold": THRESHOLD,
                "changed": changed,
                "costs": [list(row) for row in chart.cost],
            },
            remedies=[
                _answer(table),
                Remedy(
                    name="train-with-costs",
                    safety="manual",
                    advice="Train with loss=segmend.losses.CrossEntropy() + segmend.losses.ExpectedCost(cost=cost).",
                ),
            ],
        )


def _answer(table: object) -> Remedy:
    line = f"y_pred = np.argmin(y_prob @ np.array({table}), axis=-1)"
    ready = decode("expected_cost")
    return ready.model_copy(update={"advice": f"{ready.advice[:-1]}; as it is: {line}."})


def _is_sure(share: float, now: FloatArray, then: FloatArray, unit: IntArray) -> bool:
    """Whether the share that is saved lies far enough above nothing.

    Pieces with many mistakes cost much and save much, so that the sums spread widely where their ratio does not.

    Source: Cochran, Sampling techniques, 3rd edition (1977), chapter 6: the variance of a ratio.
    """
    cost, left = (np.bincount(unit, values) for values in (now, then))
    apart = cost - left - share * cost
    error = float(np.sqrt(np.square(apart).sum() * cost.size / max(1, cost.size - 1)))
    return bool(np.count_nonzero(cost) >= FEWEST and share * float(cost.sum()) >= DEVIATIONS * error)
