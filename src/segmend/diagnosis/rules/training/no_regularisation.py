"""T106: the model overfits, and nothing is done against it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import PLANNED
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses
from segmend.diagnosis.regularisation import means
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.symptoms import RISE, Overfit, grade_of, kept_best, overfit
from segmend.diagnosis.wording import percent

DECAY = 0.01
RATE = 0.2
WEIGHTED = ("Conv", "Dense", "LSTM", "GRU", "SimpleRNN", "Separable")


class NoRegularisation(Rule):
    """The model learns by heart, and nothing in it or in its optimizer works against that.

    What it finds:
        A validation loss that rises for good while the training loss falls, as ``overfitting`` finds it, in a model
        without dropout, without a penalty on its weights, without noise or augmentation among its layers, whose
        optimizer has no weight decay.

    Why it matters:
        A network has more weights than there are recordings, and without any such means it uses them to tell the
        training recordings apart one by one.

    Evidence:
        What was looked for, number of weights and of training labels, and the rise of the validation loss with its
        threshold. Severity is that of the overfitting.

    Remedy:
        Weight decay and dropout as code that fits this model, and augmentation for this kind of data. One at a time,
        each judged by the validation score.

    Known limits:
        Augmentation in the batches, before the model, cannot be seen, nor can a penalty inside a loss, nor the weight
        decay of an optimizer that the model was not compiled with, as in PyTorch. Batch
        normalisation is not counted: its noise is a weak means. Early stopping is told by ``overfitting``.
    """

    name = "no-regularisation"
    code = "T106"
    needs: ClassVar[tuple[str, ...]] = ("history", "anatomy", "anatomy.layers")
    explains: ClassVar[tuple[str, ...]] = ("overfitting",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.history is not None
        assert chart.anatomy is not None
        if means(chart.anatomy):
            return
        found = [(course, seen) for course in courses(chart.history) if (seen := overfit(course)) is not None]
        if found:
            yield self._of(chart, chart.anatomy, *max(found, key=lambda each: each[1].rise))

    def _of(self, chart: Chart, anatomy: Anatomy, course: Course, seen: Overfit) -> Finding:
        labels = chart.fingerprint.steps if chart.fingerprint else None
        beside = f" on {labels} labelled {chart.task.unit}" if labels else ""
        rise = f"by {percent(seen.rise)} " if seen.rise < 10 else ""
        decay = "" if anatomy.optimizer is None else ", no weight decay"
        return self.finding(
            f"Nothing in the model works against learning by heart: no dropout, no penalty{decay}, with "
            f"{anatomy.trainable_parameters} weights{beside}. The validation loss rises {rise}after epoch {seen.epoch}",
            severity=grade_of(chart, course, seen),
            evidence={
                "means": 0,
                "parameters": anatomy.trainable_parameters,
                "labels": labels,
                "best_epoch": seen.epoch,
                "rise": seen.rise if seen.rise < 1e9 else None,
                "threshold": RISE,
            },
            remedies=_remedies(chart, anatomy),
            gain=0.0 if kept_best(chart, course) else seen.lost,
        )


def _remedies(chart: Chart, anatomy: Anatomy) -> list[Remedy]:
    rate = (anatomy.optimizer or {}).get("learning_rate")
    settings = f"{rate:.2g}, weight_decay={DECAY}" if rate else f"weight_decay={DECAY}"
    last = next((layer.name for layer in reversed(anatomy.layers) if layer.kind.startswith(WEIGHTED)), "")
    layer = "Dropout" if chart.task.kind == "classification" else f"SpatialDropout{chart.task.rank}D"
    before = f' before the layer "{last}"' if last else ""
    return [
        remedies.train_again(
            "decay-the-weights",
            f"Train with optimizer=keras.optimizers.AdamW({settings}).",
            {"training.weight_decay": DECAY},
        ),
        Remedy(name="drop-units", safety="manual", advice=f"Add keras.layers.{layer}({RATE}){before}."),
        remedies.train_again("augment", _augment(chart), {"sampling.augment": PLANNED}),
    ]


def _augment(chart: Chart) -> str:
    labels = ', labels="recording"' if chart.task.kind == "classification" else ""
    kinds = ("TimeWarp", "Noise", "Scaling") if chart.task.rank == 1 else ("Rotation", "Flip", "Zoom")
    made = ", ".join(f"segmend.augmentation.{kind}({labels.removeprefix(', ')})" for kind in kinds)
    return f"Change each batch (x, y) before fit sees it: keras.layers.Pipeline([{made}])."
