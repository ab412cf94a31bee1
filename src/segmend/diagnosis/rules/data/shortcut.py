"""D204: labels that the file gives away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.task import Kind, Task
from segmend.core.types import FloatArray
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number

TELLS = 0.8
"""Area under the ROC curve: of a recording with the class and one without, size alone tells which is which, in four
pairs of five."""

ALL = 0.95
"""From here on a model need not look at the signal at all."""

CHANCE = 1e-3
"""Of a false alarm over all classes."""

LEAST = 5
"""Groups with the class, and groups without."""

MASK = Remedy(
    name="make-sizes-alike",
    safety="manual",
    advice="Cut or pad all to one size at random places, the same way for every class, and score the model again.",
)
PAIR = Remedy(
    name="check-the-sources",
    safety="manual",
    advice="Ask where the files of each class come from: classes that were recorded or saved in other ways differ in "
    "more than size. Bring files of every class from every source.",
)


class Shortcut(Rule):
    """The class of a whole recording can be told from the size of its file.

    What it finds:
        Classes whose recordings are longer or shorter (images: larger or smaller) than those of the others, so that the
        number of steps alone tells them apart.

    Why it matters:
        Models find the easiest way. Where all recordings of a class come from one device or were cut in one way, their
        length, their padding and whatever else came with it tell the class, and a model scores well without having
        looked at what it should recognise. It fails on the first file from elsewhere.

    Evidence:
        The area under the ROC curve of size alone for each class, over the means of each group's recordings with the
        class and without; it counts from 0.8 on where a rank test with correction for ties gives a chance of 0.001 at
        most, times the number of classes, and 5 groups are on either side. Severity is warning from 0.95 on, else info.

    Remedy:
        Make sizes alike in the same way for every class, and score again; ask where the files come from.

    Known limits:
        Length can belong to the matter, as that of an exercise done twenty times does: then the finding is true, and no
        fault. Only longer and shorter are seen, not a class in the middle. Levels, padding and places in a recording
        can give labels away too, but facts of a data set do not tell them from what a class really looks like.
    """

    name = "shortcut"
    code = "D204"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = ("slice-failure",)
    kinds: ClassVar[tuple[Kind, ...]] = ("classification",)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        facts = chart.fingerprint
        assert facts is not None
        told = {}
        for place, name in enumerate(facts.labels):
            found = _told(facts, place)
            if found is None:
                continue
            area, chance, ours, others = found
            if max(area, 1 - area) >= TELLS and chance * len(facts.labels) <= CHANCE:
                told[name] = {"auc": area, "chance": chance * len(facts.labels), "with": ours, "without": others}
        if told:
            yield self._of(told, chart.task)

    def _of(self, told: dict[str, dict[str, float]], task: Task) -> Finding:
        names = sorted(told, key=lambda name: -abs(told[name]["auc"] - 0.5))
        first = told[names[0]]
        most = max(first["auc"], 1 - first["auc"])
        size = "steps" if task.rank == 1 else "pixels"
        return self.finding(
            f"the size of a file tells its class ({listed(names)}): {task.unit} of {names[0]} have "
            f"{first['with']:.4g} {size} and others {first['without']:.4g} (medians), by which {number(100 * most)} of "
            f"100 pairs are told apart without looking at a sample",
            severity=Severity.WARNING if most >= ALL else Severity.INFO,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={"classes": told, "threshold": TELLS, "chance": CHANCE},
            remedies=(PAIR, MASK),
        )


def _told(facts: Fingerprint, place: int) -> tuple[float, float, float, float] | None:
    """How well size tells a class: area, chance, and the median sizes with it and without; None of too few groups."""
    sizes: dict[tuple[bool, str], list[int]] = {}
    for each in facts.recordings:
        if each.class_steps:
            sizes.setdefault((each.class_steps[place] > 0, each.group), []).append(each.steps)
    ours, others = (np.array([np.mean(v) for (has, _), v in sizes.items() if has is which]) for which in (True, False))
    if min(ours.size, others.size) < LEAST:
        return None
    area, chance = _ranked(ours, others)
    return area, chance, float(np.median(ours)), float(np.median(others))


def _ranked(ours: FloatArray, others: FloatArray) -> tuple[float, float]:
    """Share of pairs in which ours is the larger, ties counting half, and the chance of one as far from a half.

    Source: Mann, Whitney, On a test of whether one of two random variables is stochastically larger than the other,
    Annals of Mathematical Statistics 18 (1947); variance with ties after Lehmann, Nonparametrics, 1975.
    """
    every = np.concatenate((ours, others))
    values, place, count = np.unique(every, return_inverse=True, return_counts=True)
    del values
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m, total = ours.size, others.size, every.size
    area = (rank[:n].sum() - n * (n + 1) / 2) / (n * m)
    variance = (total + 1 - (count.astype(float) ** 3 - count).sum() / (total * (total - 1))) / (12 * n * m)
    if variance <= 0:
        return 0.5, 1.0
    return float(area), math.erfc(abs(area - 0.5) / math.sqrt(2 * variance))
