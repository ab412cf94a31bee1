"""Any reading of step counts as a Keras metric."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, get_args

import keras
import numpy as np
from keras import ops

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.metrics.choice import READINGS, reading_names, split
from segmend.metrics.sums import COLUMNS, count
from segmend.ops import keras_mask, read_steps
from segmend.scoring.readings import Average, Counts, averaged


@keras.saving.register_keras_serializable(package="segmend")
class StepMetric(keras.metrics.Metric):
    """A reading of step counts over all steps since the last reset.

    Predictions are decoded by argmax, or class by class where labels may overlap. Labels, masks, weights and -1 are
    read as the losses read them, for any number of spatial axes. Counts are summed over batches before they are read:
    the mean of F1 over batches is no F1. What is undefined (a class neither there nor predicted) is NaN, and the
    averages leave it out.

    Args:
        reading: of each class against the rest: "dice", "f1", "f_beta", "iou", "precision", "recall" or "specificity";
            of all classes at once: "step_accuracy" (the share of steps that are right), "balanced_accuracy",
            "expected_cost", "kappa" or "matthews"; where labels overlap, "balanced_accuracy", "hamming_accuracy" or
            "subset_accuracy".
        labels: class names, one per class number, or the number of classes.
        average: how a reading of each class becomes one number: "macro" (mean over the classes that are there or
            predicted), "micro" (counts summed over classes), "weighted" (by how often a class is there), or None for a
            dict with one entry per class.
        multilabel: whether a step may carry several labels: ``y_true`` is then 0 or 1 for each class, and a class is
            predicted where its probability reaches its threshold.
        threshold: for all classes, or one for each; for multilabel only.
        beta: how much more recall weighs than precision in "f_beta".
        cost: cost of each pair of true (row) and predicted class, ``(classes, classes)``, for "expected_cost".
        from_logits: whether the model's last layer is linear; matters for single channels and multilabel.
        name: shown in logs; ``macro_f1`` and the like by default.

    Raises:
        InputError: an argument is not one of its values, or a batch has another number of classes.

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
        multilabel: bool = False,
        threshold: float | Sequence[float] = 0.5,
        beta: float = 1.0,
        cost: Any = None,
        from_logits: bool = False,
        name: str | None = None,
        dtype: str | None = None,
    ) -> None:
        known = reading_names(multilabel=bool(multilabel))
        if reading not in known:
            raise InputError(f"reading: expected one of {list(known)}. Received {reading!r}")
        if average not in (*get_args(Average), None):
            raise InputError(f"average: expected one of {[*get_args(Average), None]}. Received {average!r}")
        if not 0 < beta < float("inf"):
            raise InputError(f"beta: expected a number above 0. Received {beta}")
        needs = READINGS[reading].needs
        super().__init__(
            name=name or (f"{average}_{reading}" if average and needs == "class" else reading), dtype=dtype
        )
        self.reading, self.needs, self.average = reading, needs, average
        self.multilabel, self.from_logits, self.beta = bool(multilabel), bool(from_logits), float(beta)
        self.labels = _names(labels)
        classes = len(self.labels)
        self.threshold = _thresholds(threshold, classes)
        self.cost = _costs(cost, classes) if needs == "confusion" else None
        self.sums = {
            column: self.add_weight(shape=(classes,) * axes, initializer="zeros", name=column)
            for column, axes in COLUMNS[needs].items()
        }

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch."""
        steps = read_steps(
            y_true,
            y_pred,
            sample_weight,
            keras_mask(y_pred),
            from_logits=self.from_logits,
            multilabel=self.multilabel,
        )
        if steps.y_prob.shape[-1] != len(self.labels):
            raise InputError(f"{self.name}: expected {len(self.labels)} classes. Received shape {tuple(y_pred.shape)}")
        threshold = self.threshold if self.multilabel else None
        for column, counted in count(steps, self.needs, threshold).items():
            self.sums[column].assign_add(counted)

    def result(self) -> Any:
        """The reading now: a number, or a dict by class. NaN where there is nothing to read."""
        sums = {column: ops.convert_to_tensor(counted) for column, counted in self.sums.items()}
        read = READINGS[self.reading].read
        if self.needs == "confusion":
            return read(sums["confusion"], ops.convert_to_tensor(self.cost), where=ops.where, add=_add)
        if self.needs == "right":
            return read(sums["right"], sums["total"], where=ops.where)
        counts = Counts(sums["tp"], sums["fp"], sums["fn"], sums["total"] - sums["tp"] - sums["fp"] - sums["fn"])
        if self.needs == "classes":
            return read(counts, where=ops.where, add=_add)
        if self.reading == "f_beta":
            read = partial(read, beta=self.beta)
        values = averaged(read, counts, self.average, where=ops.where, add=_add)
        if self.average is not None:
            return values
        return {f"{self.reading}_{name}": values[k] for k, name in enumerate(self.labels)}

    def get_config(self) -> dict[str, Any]:
        """The arguments, so that a compiled model can be saved."""
        return {
            "reading": self.reading,
            "labels": list(self.labels),
            "average": self.average,
            "multilabel": self.multilabel,
            "threshold": list(self.threshold),
            "beta": self.beta,
            "cost": None if self.cost is None else [list(row) for row in self.cost],
            "from_logits": self.from_logits,
            "name": self.name,
            "dtype": self.dtype,
        }


def of(name: str, *, labels: Labels | Sequence[str] | int, multilabel: bool = False, **options: Any) -> StepMetric:
    """The metric of a name: a reading (one value per class), an average and a reading, or a reading of all classes.

    Args:
        name: such as "f1", "macro_f1", "weighted_iou", "step_accuracy", "kappa".
        labels: class names, one per class number, or the number of classes.
        multilabel: whether a step may carry several labels.
        **options: further arguments of ``StepMetric``.

    Raises:
        InputError: there is no such name; the message offers the nearest.

    Examples:
        >>> of("macro_f1", labels=3).name
        'macro_f1'
    """
    reading, average = split(name, multilabel=multilabel)
    return StepMetric(reading, labels=labels, average=average, multilabel=multilabel, **options)


def _add(values: Any) -> Any:
    return ops.sum(values, axis=-1)


def _names(labels: Labels | Sequence[str] | int) -> tuple[str, ...]:
    if isinstance(labels, int):
        return tuple(str(k) for k in range(labels))
    return labels.names if isinstance(labels, Labels) else tuple(str(name) for name in labels)


def _thresholds(given: float | Sequence[float], classes: int) -> tuple[float, ...]:
    table = np.asarray(given, np.float64)
    if table.shape not in ((), (classes,)) or not ((table > 0) & (table < 1)).all():
        raise InputError(f"threshold: expected a number between 0 and 1, or {classes} of them. Received {given}")
    return tuple(np.broadcast_to(table, classes).tolist())


def _costs(given: Any, classes: int) -> tuple[tuple[float, ...], ...]:
    table = np.asarray(given, np.float64)
    if table.shape != (classes, classes) or not np.isfinite(table).all():
        raise InputError(f"cost: expected finite numbers of shape {(classes, classes)}. Received {given}")
    return tuple(tuple(row) for row in table.tolist())
