"""P415: most errors lie in a small part of what is judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.core.task import Kind, Task
from segmend.diagnosis import repaired, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.slices import Judgements, Slice, failing, judgements, slices_of
from segmend.diagnosis.wording import holders, percent

LARGEST = 1 / 3
MOSTLY = 0.5
TIMES = 3.0
FEWEST = 5
SURE = 0.01
"""Of all parts together: one chart in a hundred without a failing part."""


class SliceFailure(Rule):
    """Most errors lie in a small part of what is judged, and the rest is much better.

    What it finds:
        The smallest part, of at most a third of the items, that holds at least half of the errors (and 5) and errs at
        least 3 times as often as the rest. Items are reference segments or objects, an error being one that nothing of
        its class matches with an IoU of 0.5; of a classification they are whole recordings. Parts are single recordings
        and groups, the shortest and the longest quarter of the items, and quarters of the recordings by length and by
        level, spread and noise of each channel.

    Why it matters:
        A mean over everything hides that the model works for most and fails for some: one subject, one sensor, the
        short ones. More of the same data will not help, more of that part will.

    Evidence:
        Errors and items inside the part and outside, the thresholds, and the probability that chance puts as many
        errors into some part of these (permutation within each class, times the parts looked at), which must be below
        0.01: a part is not blamed for holding a class that is wrong everywhere. Severity is what the part gains if it
        is as good as the rest.

    Remedy:
        A subject or recording: look at it, for annotations made in another way or a fault of the recording; otherwise
        train with more like it. A quarter by size: vary how large items are when training. Noise, level or spread:
        add noise, or standardise each recording.

    Known limits:
        Invented segments belong to no item and are not counted. Parts are described by one property at a time. What
        differs between recordings is told from at least 8 of them.
    """

    name = "slice-failure"
    code = "P415"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the prediction."""
        assert chart.prediction is not None
        items = judgements(chart.prediction)
        if items.wrong.sum() < FEWEST:
            return
        parts = list(slices_of(chart, items))
        limits = {"fewest": FEWEST, "largest": LARGEST, "mostly": MOSTLY, "times": TIMES, "sure": SURE}
        found = failing(parts, items, **limits)  # type: ignore[arg-type]
        if found is not None:
            yield self._of(chart, items, *found, len(parts))

    def _of(self, chart: Chart, items: Judgements, part: Slice, chance: float, parts: int) -> Finding:
        size, held = int(part.inside.sum()), int((items.wrong & part.inside).sum())
        every, errors = items.wrong.size, int(items.wrong.sum())
        elsewhere = (errors - held) / max(1, every - size)
        grave, expected = _cost(chart, items, part, held - size * elsewhere)
        return self.finding(
            f"{percent(held / errors)} of the {errors} {chart.task.item} that the model gets wrong lie in "
            f"{percent(size / every)} of all: {_named(part, chart.task)}. There {percent(held / size)} are wrong, "
            f"elsewhere {percent(elsewhere)}",
            severity=grave,
            where=_where(part),
            evidence={
                "slice": part.kind,
                "of": part.of,
                "end": part.end,
                "limit": part.limit if np.isfinite(part.limit) else None,
                "items": size,
                "of_items": every,
                "errors": held,
                "of_errors": errors,
                "share": held / size,
                "share_elsewhere": elsewhere,
                "threshold_times": TIMES,
                "threshold_errors": MOSTLY,
                "chance": chance,
                "parts": parts,
            },
            remedies=_remedies(part, chart.task),
            gain=severity.gain(expected),
        )


def _where(part: Slice) -> dict[str, str]:
    if part.kind == "recording":
        return {"recording": part.of}
    return {"channel": part.of} if part.kind in ("level", "spread", "noise") else {}


def _named(part: Slice, task: Task) -> str:
    if part.kind in ("recording", "group"):
        kind = part.kind if part.kind == "group" else holders(task)[:-1]
        return f"the {kind} {part.of}"
    low = part.end == "low"
    bound = "at most" if low else "at least"
    if part.kind in ("duration", "length"):
        ends = ("shortest", "longest") if task.rank == 1 else ("smallest", "largest")
        what = task.item if part.kind == "duration" else holders(task)
        return f"the {ends[not low]} quarter of the {what} ({bound} {part.limit:.0f} {task.unit})"
    limit = part.limit if part.kind == "level" else float(np.exp(part.limit))
    extreme = f"{'lowest' if low else 'highest'} {part.kind}"
    return f"the quarter of the {holders(task)} with the {extreme} on channel {part.of} ({bound} {limit:.3g})"


def _cost(chart: Chart, items: Judgements, part: Slice, more: float) -> tuple[Severity, Expected]:
    """What the part gains if it is as good as the rest: so many items more."""
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    if prediction.rank == 0:
        mended = list(prediction.y_pred)
        for k in items.recording[part.inside & items.wrong].tolist():
            mended[k] = prediction.y_true[k]
        return repaired.judged(chart, *(repaired.measured(prediction, rows) for rows in (prediction.y_pred, mended)))
    expected = severity.with_matches(chart, more)
    return severity.of_change(severity.gain(expected), 0.0), expected


def _remedies(part: Slice, task: Task) -> list[Remedy]:
    vary = "segmend.augmentation.SegmentLength()" if task.rank == 1 else "segmend.augmentation.Zoom()"
    advice = {
        "duration": f"Vary how large {task.item} are when training: {vary}; check that the receptive field fits them.",
        "length": f"Train with {holders(task)} of that size too, or in windows of one size.",
        "noise": "Add noise when training: segmend.augmentation.Noise(snr=(5, 30)).",
        "level": "Standardise each by itself, in training too, or vary the level: segmend.augmentation.Offset().",
        "spread": "Standardise each by itself, in training too, or vary the gain: segmend.augmentation.Scaling().",
    }
    look = Remedy(
        name="look-at-the-slice",
        safety="manual",
        advice="Look at some of them: are they annotated in the same way, and recorded soundly? If so, train with more "
        "like them.",
    )
    if part.kind not in advice:
        return [look]
    return [Remedy(name=f"train-for-{part.kind}", safety="manual", advice=advice[part.kind]), look]
