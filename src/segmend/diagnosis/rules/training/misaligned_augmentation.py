"""T203: augmentation inside the model moves the signals or images and leaves the labels where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from segmend.artifacts.anatomy import LayerFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.curves import courses, finite, level
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, listed, number

MOVES = (
    "RandomFlip",
    "RandomTranslation",
    "RandomRotation",
    "RandomZoom",
    "RandomCrop",
    "RandomShear",
    "RandomPerspective",
    "RandomElasticTransform",
    "RandomHeight",
    "RandomWidth",
)
MIXES = ("MixUp", "CutMix")
RESHAPES = ("Reshape", "Permute", "Lambda", "ExpandDims")


class MisalignedAugmentation(Rule):
    """Augmentation moves what the model sees, but not its labels.

    What it finds:
        Layers inside the model that flip, shift, turn, zoom, crop or bend their input (Keras' RandomFlip,
        RandomTranslation and the like) where every step or pixel has a label; layers that mix recordings or images
        (MixUp, CutMix) for any labels; and such layers for images on signals (batch, steps, channels), which they take
        for one single image.

    Why it matters:
        A layer of the model is given the input only. In training it moves an item away from the labels that say where
        it is, so that borders are learnt in the wrong place or not at all. At prediction the layer does nothing, so
        that the fault does not show there. Signals that are taken for one image leak from recording to recording.

    Evidence:
        The layers, and their number with the threshold: one is too many. Where a history is given, training and
        validation loss at its end: a training loss that stays above fits this.

    Remedy:
        Augment the batch, not the input: a transform that moves signals or images and labels on the same map, as code.

    Known limits:
        Augmentation outside the model cannot be seen. A layer of one's own is not known. The strength is not read: a
        layer that is set to do nothing is found, too.
    """

    name = "misaligned-augmentation"
    code = "T203"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.layers")
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "shifted-boundaries",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        moving = _misplaced(chart)
        if moving:
            yield self._of(chart, moving)

    def _of(self, chart: Chart, moving: Sequence[LayerFacts]) -> Finding:
        told = listed([f"{layer.name} ({layer.kind})" for layer in moving])
        mixing = all(layer.kind in MIXES for layer in moving)
        each, unit = holders(chart.task), chart.task.unit
        what = f"move the {each} and not the labels of their {unit}"
        if mixing:
            what = f"mix {each} and not their labels"
        elif chart.task.kind == "classification":
            what = f"take the {each} of a batch for one image, so that they leak into each other"
        return self.finding(
            f"In training, {len(moving)} layer{'s' * (len(moving) > 1)} of the model {what}: {told}",
            severity=Severity.ERROR,
            where={"layer": moving[0].name} if len(moving) == 1 else {},
            evidence={
                "layers": [layer.name for layer in moving],
                "kinds": [layer.kind for layer in moving],
                "number": len(moving),
                "threshold": 0,
                **_losses(chart),
            },
            remedies=[_remedy(chart, moving)],
            gain=1.0,
        )


def _misplaced(chart: Chart) -> list[LayerFacts]:
    """The layers that part what the model sees from its labels."""
    layers = chart.anatomy.layers if chart.anatomy else ()
    found: list[LayerFacts] = []
    reshaped = False
    for layer in layers:
        reshaped = reshaped or layer.kind in RESHAPES
        as_one_image = chart.task.rank == 1 and not reshaped
        if layer.kind in MIXES or (layer.kind in MOVES and (chart.task.kind == "segmentation" or as_one_image)):
            found.append(layer)
    return found


def _losses(chart: Chart) -> dict[str, Any]:
    """Both losses at the end of training, where they are known."""
    for course in courses(chart.history) if chart.history else ():
        loss, val = finite(course.loss), finite(course.val_loss)
        if loss.size and val.size:
            return {"loss_end": float(number(level(loss))), "val_loss_end": float(number(level(val)))}
    return {}


def _remedy(chart: Chart, moving: Sequence[LayerFacts]) -> Remedy:
    names = listed([layer.name for layer in moving])
    kind = "TimeWarp" if chart.task.rank == 1 else "Rotation"
    labels = 'labels="recording"' if chart.task.kind == "classification" else ""
    made = f"segmend.augmentation.{kind}({labels})"
    return Remedy(
        name="augment-the-batch",
        safety="manual",
        advice=f"Take {names} out of the model and change each batch before fit sees it: x, y = {made}((x, y)), "
        "which moves both on the same map.",
    )
