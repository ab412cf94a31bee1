"""P413: the model errs at the ends of recordings, or the borders of images, far more than inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.prediction import Prediction
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.diagnosis import repaired, severity
from segmend.diagnosis.chance import SURE, flipped
from segmend.diagnosis.ends import Ends, ends_of, side_slices, wrong_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, percent

TIMES = 3.0
MORE = 0.05
FEWEST = 10
MOSTLY = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """A band in which the model errs.

    Attributes:
        width: in steps.
        sides: numbers of the sides, as ``Ends`` orders them.
        near, inside: mean share of wrong steps there and inside.
        units: number of ends looked at.
        chance: probability of such a difference by chance.
    """

    width: int
    sides: tuple[int, ...]
    near: float
    inside: float
    units: int
    chance: float


class EdgeArtefacts(Rule):
    """The model errs near the ends of recordings, or the borders of images, far more than inside.

    What it finds:
        A band of 2 to 256 steps along the ends (at most an eighth of the shortest recording) in which the share of
        wrong steps is at least 3 times that inside and at least 5 points more, over at least 10 ends, and more than
        chance gives (permutation of signs over ends, probability below 0.001). All sides are looked at together, then
        each by itself: a causal model errs at the start only.

    Why it matters:
        Beyond the end a model sees padding, which it hardly met in training. Where recordings are windows, or images
        are tiles, every seam is such an end: items on it are missed, or counted in both windows.

    Evidence:
        Share of wrong steps in the band and inside, the band's width, the thresholds, and how much of all errors lies
        in the band. Severity is what right labels in the band gain in segment F1@50, and how far they bring the count
        ratio towards 1.

    Remedy:
        Give the model more than it is asked for: extend recordings by reflection by the width of the band, or predict
        in overlapping windows and keep their middles. Train with windows that begin anywhere.

    Known limits:
        Seams of windows inside a recording are not known here and not looked for. Where harder things happen at the
        ends of recordings than inside, the model is blamed for it. Recordings of fewer than 32 steps have no inside.
    """

    name = "edge-artefacts"
    code = "P413"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    explains: ClassVar[tuple[str, ...]] = (
        "missed-segments",
        "spurious-segments",
        "flickering",
        "over-segmentation",
        "count-bias",
    )

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the prediction."""
        assert chart.prediction is not None
        ends = ends_of(chart.prediction)
        edge = None if ends is None else worst(ends)
        if edge is not None:
            yield self._of(chart, edge)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """The ends explain other errors where most errors lie there."""
        return super().causes(mine, other) and mine.evidence["share_of_errors"] >= MOSTLY

    def _of(self, chart: Chart, edge: Edge) -> Finding:
        prediction, task = chart.prediction, chart.task
        assert prediction is not None
        mended, share = _mended(prediction, edge)
        now, then = (repaired.measured(prediction, rows) for rows in (prediction.y_pred, mended))
        grave, expected = repaired.judged(chart, now, then)
        return self.finding(
            f"within {edge.width} {task.unit} of {_place(edge, task)} {percent(edge.near)} of the {task.unit} are "
            f"wrong, further inside {percent(edge.inside)}; {percent(share)} of all errors lie there",
            severity=grave,
            evidence={
                f"width_{task.unit}": edge.width,
                "sides": [_SIDES[task.rank][k] for k in edge.sides],
                "wrong_near": edge.near,
                "wrong_inside": edge.inside,
                "threshold_times": TIMES,
                "threshold_more": MORE,
                "ends": edge.units,
                "chance": edge.chance,
                "share_of_errors": share,
            },
            remedies=_remedies(edge, task),
            gain=severity.gain(expected),
        )


_SIDES = {1: ("start", "end"), 2: ("top", "bottom", "left", "right")}


def worst(ends: Ends) -> Edge | None:
    """The band that holds the most errors beyond those inside: of all sides, else of one."""
    sides = ends.near.shape[2]
    for chosen in (tuple(range(sides)), *((k,) for k in range(sides))):
        found = [edge for b, width in enumerate(ends.bands) if (edge := _edge(ends, b, width, chosen)) is not None]
        if found:
            return _affected(ends, max(found, key=lambda edge: (edge.near - edge.inside) * edge.width))
    return None


def _affected(ends: Ends, edge: Edge) -> Edge:
    """The edge without sides that are as good as the inside."""
    near = ends.near[:, ends.bands.index(edge.width)]
    means = {k: float(np.nanmean(near[:, k])) for k in edge.sides if np.isfinite(near[:, k]).any()}
    sides = tuple(k for k, mean in means.items() if mean >= max(TIMES * edge.inside, edge.inside + MORE))
    if not sides or sides == edge.sides:
        return edge
    return dataclasses.replace(edge, sides=sides, near=float(np.nanmean(near[:, list(sides)])))


def _edge(ends: Ends, band: int, width: int, sides: tuple[int, ...]) -> Edge | None:
    near = ends.near[:, band][:, list(sides)]
    more = near - ends.inside[:, None]
    known = np.isfinite(more)
    if known.sum() < FEWEST:
        return None
    here, inside = float(near[known].mean()), float(np.nanmean(ends.inside))
    if here < TIMES * inside or here - inside < MORE:
        return None
    chance = flipped(more[known])
    return Edge(width, sides, here, inside, int(known.sum()), chance) if chance < SURE else None


def _mended(prediction: Prediction, edge: Edge) -> tuple[list[IntArray], float]:
    """The labels with what is true in the band, and the share of all errors that lies in it."""
    assert prediction.y_true is not None
    mended, inside, every = [], 0, 0
    for true, said in zip(prediction.y_true, prediction.y_pred, strict=True):
        wrong, known = wrong_of(true, said, prediction.multilabel)
        band = np.zeros(wrong.shape, bool)
        for k in edge.sides:
            band[side_slices(wrong.ndim, edge.width)[k]] = True
        inside, every = inside + int(np.count_nonzero(wrong & band)), every + int(np.count_nonzero(wrong))
        right = band & known
        mended.append(np.where(right[..., None] if prediction.multilabel else right, true, said).astype(said.dtype))
    return mended, inside / max(1, every)


def _place(edge: Edge, task: Task) -> str:
    names = _SIDES[task.rank]
    if len(edge.sides) == 1:
        return f"the {names[edge.sides[0]]} of the {holders(task)}"
    return "the ends of the recordings" if task.rank == 1 else "the borders of the images"


def _remedies(edge: Edge, task: Task) -> list[Remedy]:
    width = edge.width
    pad = ", ".join([f"({width}, {width})"] * task.rank)
    cut = ", ".join([f"{width}:-{width}"] * task.rank)
    windows = "windows" if task.rank == 1 else "tiles"
    return [
        Remedy(
            name="extend-by-reflection",
            safety="manual",
            advice=f'Predict with surroundings: x = np.pad(x, [(0, 0), {pad}, (0, 0)], mode="reflect"); '
            f"y_prob = model.predict(x)[:, {cut}].",
        ),
        Remedy(
            name="keep-the-middle",
            safety="manual",
            advice=f"Let {windows} overlap by at least {2 * width} {task.unit} and keep their middles; train with "
            f"{windows} that begin anywhere.",
        ),
    ]
