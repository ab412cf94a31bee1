"""T101: the validation loss rises while the training loss falls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import FRESH, PLANNED
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.symptoms import RISE, Overfit, grade_of, kept_best, overfit
from segmend.diagnosis.wording import holders, number, percent


class Overfitting(Rule):
    """The model gets better on its training data only.

    What it finds:
        A validation loss that at the end of training lies at least 15 % above its lowest level, while the training
        loss fell on from there by at least 5 %. Levels are medians over a tenth of the epochs (at least 3), and the
        rise must be four times its standard error, as the scatter of the curve gives it.

    Why it matters:
        From the best epoch on, the model learns what is particular to the training data: noise, wrong labels, one
        subject's habits. Its probabilities get too sure, and most often its decisions get worse, too.

    Evidence:
        The best epoch, both losses there and at the end, and the rise with its threshold: early stopping with a usual
        patience leaves the loss up to a tenth above its best, which is no fault. Where a validation score was logged,
        severity is what it lost since its best; otherwise a rise by half is a warning. A gap of 0.10 or more between
        training and validation score is a warning, too. Where the best epoch's weights were kept, it is for
        information.

    Remedy:
        Keep the weights of the best epoch (early stopping, with the patience worked out), which costs nothing. Then
        make the model learn less by heart: dropout, weight decay, augmentation, more recordings, a smaller model.

    Known limits:
        Without validation loss nothing is seen, and in under 5 epochs neither. Validation data that resemble the
        training data too much (``leaked-groups``) hide it.
    """

    name = "overfitting"
    code = "T101"
    spent_as_info = True
    needs: ClassVar[tuple[str, ...]] = ("history",)
    explains: ClassVar[tuple[str, ...]] = (
        "miscalibrated",
        "confused-pair",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, of the network that lost most."""
        assert chart.history is not None
        found = [(course, seen) for course in courses(chart.history) if (seen := overfit(course)) is not None]
        if found:
            yield self._of(chart, *max(found, key=lambda each: each[1].rise))

    def _of(self, chart: Chart, course: Course, seen: Overfit) -> Finding:
        each = holders(chart.task)
        return self.finding(
            f"The validation loss is lowest at epoch {seen.epoch} ({number(seen.best)}) and then rises{_by(seen)} "
            f"to {number(seen.end)}, while the training loss falls from {number(seen.train_best)} "
            f"to {number(seen.train_end)}: the model learns its training {each} by heart",
            severity=grade_of(chart, course, seen),
            evidence={
                "best_epoch": seen.epoch,
                "epochs": len(course.loss),
                "val_loss_best": seen.best,
                "val_loss_end": seen.end,
                "loss_at_best": seen.train_best,
                "loss_end": seen.train_end,
                "rise": seen.rise if math.isfinite(seen.rise) else None,
                "threshold": RISE,
                **({"score": seen.score, "score_lost": seen.lost, "score_gap": seen.gap} if seen.score else {}),
                **({"member": course.member} if course.member else {}),
            },
            remedies=_remedies(chart, course, seen),
            gain=0.0 if kept_best(chart, course) else seen.lost,
        )


def _by(seen: Overfit) -> str:
    return f" by {percent(seen.rise)}" if seen.rise < 10 else ""


def _remedies(chart: Chart, course: Course, seen: Overfit) -> list[Remedy]:
    patience = max(3, len(course.loss) // 10)
    stop = Remedy(
        name="keep-the-best-epoch",
        safety="manual",
        advice=f'Train with callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience={patience}, '
        f"restore_best_weights=True)], or for {seen.epoch} epochs.",
    )
    layer = "Dropout" if chart.task.kind == "classification" else f"SpatialDropout{chart.task.rank}D"
    regularise = remedies.train_again(
        "regularise",
        f"Add keras.layers.{layer}(0.2) before the last layers and optimizer=keras.optimizers.AdamW("
        "weight_decay=0.01), and augment (segmend.augmentation), each by itself, and compare the validation score.",
        {**FRESH, "sampling.augment": PLANNED, "training.weight_decay": PLANNED},
    )
    return [regularise] if kept_best(chart, course) else [stop, regularise]
