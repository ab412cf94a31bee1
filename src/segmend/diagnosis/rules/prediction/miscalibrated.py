"""P410: probabilities do not mean what they say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.sureness import Sureness, after_cooling, decisions, fitted_temperature, sureness, surest
from segmend.diagnosis.wording import number, percent

THRESHOLD = 0.05
"""Calibration error beyond what chance gives; models with sound probabilities stay below 0.03 (Guo et al. 2017)."""
DEVIATIONS = 3.0


class Miscalibrated(Rule):
    """Probabilities do not mean what they say: the model is surer, or less sure, than it is right.

    What it finds:
        An expected calibration error (over 15 bins of the probability of what was said) that exceeds what chance gives
        by at least 0.05, where the mean probability and the share that is right lie at least 3 standard errors apart.

    Why it matters:
        The labels may be right all the same. But whoever reads "0.98" believes it; costs weighed by probabilities,
        thresholds that are set by hand, and doubtful cases that are sent to a person all rely on it.

    Evidence:
        How sure the model is and how often it is right, the calibration error, its part by chance, the temperature that
        mends it, and the error that is left when the temperature is fitted to other groups of recordings. Chance is
        told from about 100 pieces of the recordings, since steps side by side err together. Severity is info: no
        label changes.

    Remedy:
        Divide the logarithms of the probabilities by the fitted temperature: above 1 makes it less sure. Where that
        leaves most of the error, classes are off in different directions, as weights per class leave them: fit a
        threshold per class.

    Known limits:
        Where scores were turned into probabilities with a temperature fitted to these labels there is nothing to tell.
        Few pieces make a large part by chance, and then it stays silent. Too sure and not sure enough can cancel.
    """

    name = "miscalibrated"
    code = "P410"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "prediction.y_prob", "scores")
    explains: ClassVar[tuple[str, ...]] = ("cost-suboptimal",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the model."""
        prediction = chart.prediction
        assert prediction is not None
        found = None if prediction.temperature is not None else decisions(prediction)
        if found is None:
            return
        steps, unit = found
        said, right = surest(steps, steps.y_prob)
        now = sureness(said, right, np.repeat(unit, said.size // unit.size))
        if now.error - now.noise >= THRESHOLD and abs(now.deviations) >= DEVIATIONS:
            yield self._of(chart, now, fitted_temperature(prediction), after_cooling(prediction))

    def _of(self, chart: Chart, now: Sureness, temperature: float, after: Sureness | None) -> Finding:
        over = now.said > now.right
        what = f"the {chart.task.unit}" if chart.task.labels != "multilabel" else "all answers"
        mended = "" if after is None else f"; a temperature of {number(temperature)} leaves {number(after.error)}"
        return self.finding(
            f"the model is {'surer' if over else 'less sure'} than it is right: it says {percent(now.said)} on average "
            f"and is right in {percent(now.right)} of {what}. Calibration error {number(now.error)}, of which chance "
            f"makes {number(now.noise)}{mended}",
            severity=Severity.INFO,
            evidence={
                "direction": "over-confident" if over else "under-confident",
                "said": now.said,
                "right": now.right,
                "calibration_error": now.error,
                "by_chance": now.noise,
                "threshold": THRESHOLD,
                "standard_errors": now.deviations,
                "temperature": temperature,
                "calibration_error_after": None if after is None else after.error,
            },
            remedies=_remedies(temperature, now, after, several=chart.task.labels == "multilabel"),
        )


def _remedies(temperature: float, now: Sureness, after: Sureness | None, *, several: bool) -> list[Remedy]:
    power = f"p = y_prob ** (1 / {temperature:.3g})"
    code = f"{power}; p /= p.sum(axis=-1, keepdims=True)"
    if several:
        code = f"{power}; q = (1 - y_prob) ** (1 / {temperature:.3g}); p /= p + q"
    advice = f"Take the probabilities to another temperature: {code}."
    cool = Remedy(name="set-temperature", safety="manual", advice=advice)
    if after is None or after.error < now.error / 2:
        return [cool]
    apart = Remedy(
        name="calibrate-each-class",
        safety="manual",
        advice="Fit a threshold per class, or undo class weights: divide each class's probability by its weight.",
    )
    return [apart, cool]
