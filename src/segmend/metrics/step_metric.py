"""Any reading of step counts as a Keras metric."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import keras
from keras import ops

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.ops import keras_mask, read_steps
from segmend.scoring import readings
from segmend.scoring.readings import Counts

Average = Literal["macro", "micro", "weighted"]

READINGS: dict[str, Callable[..., Any]] = {
    "f1": readings.f1,
    "iou": readings.iou,
    "precision": readings.precision,
    "recall": readings.recall,
    "specificity": readings.specificity,
}


@keras.saving.register_keras_serializable(package="segmend")
class StepMetric(keras.metrics.Metric):
    """A reading of step counts, each class against the rest, over all steps since the last reset.

    Predictions are decoded by argmax. Labels, masks, weights and -1 are read as the losses read them, for any number of
    spatial axes. Counts are summed over batches before they are read: the mean of F1 over batches is no F1.

    Args:
        reading: "f1", "iou", "precision", "recall" or "specificity".
        labels: class names, one per class number, or the number of classes.
        average: "macro" (mean over the classes that are there or predicted), "micro" (counts summed over classes),
            "weighted" (by how often a class is there), or None for a dict with one entry per class.
        from_logits: whether the model's last layer is linear; matters for a single channel only.
        name: shown in logs; ``macro_f1`` and the like by default.

    Raises:
        InputError: an argument is not one of its values.

    Examples:
        >>> import numpy as np
        >>> metric = StepMetric("f1", labels=["background", "QRS"], average=None)
        >>> metric.update_state(np.array([[0, 0, 1, 1, -1]]), np.eye(2)[[[0, 1, 1, 1, 0]]])
        >>> {name: round(float(value), 3) for name, value in metric.result().items()}
        {'f1_background': 0.667, 'f1_QRS': 0.8}
    """

    def __init__(
        self,
        reading: str = "f1",
        *,
        labels: Labels | Sequence[str] | int,
        average: Average | None = "macro",
        from_logits: bool = False,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        if reading not in READINGS:
            raise InputError(f"reading: expected one of {list(READINGS)}. Received {reading!r}")
        if average not in (*get_args(Average), None):
            raise InputError(f"average: expected one of {[*get_args(Average), None]}. Received {average!r}")
        super().__init__(name=name or (f"{average}_{reading}" if average else reading), dtype=dtype)
        self.reading, self.average, self.from_logits = reading, average, bool(from_logits)
        self.labels = _names(labels)
        shape = (len(self.labels),)
        self.tp = self.add_weight(shape=shape, initializer="zeros", name="tp")
        self.fp = self.add_weight(shape=shape, initializer="zeros", name="fp")
        self.fn = self.add_weight(shape=shape, initializer="zeros", name="fn")
        self.total = self.add_weight(shape=(), initializer="zeros", name="total")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch."""
        mask = keras_mask(y_pred)
        steps = read_steps(y_true, y_pred, sample_weight, mask, from_logits=self.from_logits)
        classes = len(self.labels)
        if steps.y_prob.shape[-1] != classes:
            raise InputError(f"{self.name}: expected {classes} classes. Received shape {tuple(y_pred.shape)}")
        weight = ops.expand_dims(steps.weight, -1)
        y_true = weight * steps.y_true
        y_pred = weight * ops.one_hot(ops.argmax(steps.y_prob, axis=-1), classes, dtype="float32")
        axes = list(range(len(y_pred.shape) - 1))
        both = ops.sum(y_true * ops.cast(y_pred > 0, "float32"), axis=axes)
        self.tp.assign_add(both)
        self.fp.assign_add(ops.sum(y_pred, axis=axes) - both)
        self.fn.assign_add(ops.sum(y_true, axis=axes) - both)
        self.total.assign_add(ops.sum(steps.weight))

    def result(self) -> Any:
        """The reading now: a number, or a dict by class. NaN where there is nothing to read."""
        tp, fp, fn = (ops.convert_to_tensor(count) for count in (self.tp, self.fp, self.fn))
        counts = Counts(tp, fp, fn, self.total - tp - fp - fn)
        if self.average == "micro":
            return self._read(Counts(*(ops.sum(count) for count in counts)))
        values = self._read(counts)
        if self.average is None:
            return {f"{self.reading}_{name}": values[k] for k, name in enumerate(self.labels)}
        share = ops.ones_like(tp) if self.average == "macro" else tp + fn
        share = ops.where(ops.isnan(values), ops.zeros_like(share), share)
        values = ops.where(ops.isnan(values), ops.zeros_like(values), values)
        return readings.divide(ops.sum(share * values), ops.sum(share), where=ops.where)

    def get_config(self) -> dict[str, Any]:
        """The arguments, so that a compiled model can be saved."""
        return {
            "reading": self.reading,
            "labels": list(self.labels),
            "average": self.average,
            "from_logits": self.from_logits,
            "name": self.name,
            "dtype": self.dtype,
        }

    def _read(self, counts: Counts) -> Any:
        return READINGS[self.reading](counts, where=ops.where)


def names() -> tuple[str, ...]:
    """The names that ``of`` knows.

    >>> names()[:3]
    ('f1', 'macro_f1', 'micro_f1')
    """
    averaged = (name for reading in READINGS for name in (reading, *(f"{a}_{reading}" for a in get_args(Average))))
    return (*averaged, "step_accuracy")


def of(name: str, *, labels: Labels | Sequence[str] | int, from_logits: bool = False) -> StepMetric:
    """The metric of a name: a reading (one value per class), an average and a reading, or "step_accuracy".

    Args:
        name: such as "f1", "macro_f1", "weighted_iou".
        labels: class names, one per class number, or the number of classes.
        from_logits: whether the model's last layer is linear.

    Raises:
        InputError: there is no such name; the message offers the nearest.

    Examples:
        >>> of("macro_f1", labels=3).name
        'macro_f1'
    """
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InputError(f'metrics: expected one of {list(names())}. Received "{name}"{hint}')
    if name == "step_accuracy":  # every judged step has one label, so micro recall is accuracy
        return StepMetric("recall", labels=labels, average="micro", from_logits=from_logits, name=name)
    first, _, rest = name.partition("_")
    average = next((a for a in get_args(Average) if a == first), None)
    return StepMetric(rest or first, labels=labels, average=average, from_logits=from_logits)


def _names(labels: Labels | Sequence[str] | int) -> tuple[str, ...]:
    if isinstance(labels, int):
        return tuple(str(k) for k in range(labels))
    return labels.names if isinstance(labels, Labels) else tuple(str(name) for name in labels)
