"""Scores of whole recordings that have one label, or several, at the end of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.scoring.measures import mean_defined
from segmend.scoring.objective import CLASS_SCORES, summands
from segmend.scoring.readings import f1
from segmend.scoring.steps import count_steps
from segmend.scoring.steps.probabilities import judged_steps
from segmend.scoring.steps.ranked import ranked


class ClassScore(keras.callbacks.Callback):
    """Predict whole recordings, score their labels, and write the scores into the epoch's logs.

    Callbacks that come *after* this one see the scores, so ``EarlyStopping`` can watch "val_macro_f1" instead of an
    accuracy that the most frequent class decides. The logs gain ``prefix`` + each of "macro_f1", "accuracy" (the share
    of recordings whose label, or whole set of labels, is right), "macro_average_precision" and "objective"; NaN where
    something is undefined.

    Args:
        signals: one array ``(*spatial, channels)`` per recording.
        y_true: class number of each recording, -1 where it is not judged; multilabel: 0 or 1 for each class, shape
            (classes,).
        labels: class names.
        predict: from all signals to ``(recordings, classes)`` by the model as it now is.
        objective: what is written as "objective": a score, or a weighted sum such as
            "macro_f1 + 0.5*macro_average_precision".
        multilabel: whether a recording may have several labels.
        prefix: what the names in the logs begin with.

    Raises:
        InputError: there is no recording, or the objective is no sum of these scores.

    Examples:
        >>> signals, y_true = np.zeros((3, 4, 1)), [np.array(k) for k in (0, 1, 1)]
        >>> said = np.array([[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]])
        >>> score = ClassScore(signals, y_true, labels=Labels.numbered(2, None), predict=lambda signals: said)
        >>> {name: round(value, 2) for name, value in score.measure().items()}
        {'val_macro_f1': 0.67, 'val_accuracy': 0.67, 'val_macro_average_precision': 1.0, 'val_objective': 0.67}
    """

    def __init__(
        self,
        signals: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        *,
        labels: Labels,
        predict: Callable[[Sequence[FloatArray]], Any],
        objective: str = "macro_f1",
        multilabel: bool = False,
        prefix: str = "val_",
    ) -> None:
        super().__init__()
        if not len(signals):
            raise InputError("signals: expected at least one recording to score. Received none")
        self.terms = [(weight, name) for weight, name, _ in summands(objective)]
        unknown = [name for _, name in self.terms if name not in CLASS_SCORES]
        if unknown:
            raise InputError(f'objective: expected a sum of {", ".join(CLASS_SCORES)}. Received "{unknown[0]}"')
        self.signals, self.y_true, self.labels = signals, [np.asarray(each) for each in y_true], labels
        self.predict, self.multilabel, self.prefix = predict, multilabel, prefix

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the scores into ``logs``."""
        if logs is not None:
            logs.update(self.measure())

    def measure(self) -> dict[str, float]:
        """The scores of the model as it now is, by the names that the logs use."""
        y_prob = [np.asarray(row) for row in self.predict(self.signals)]
        y_pred = [undecoded(row, multilabel=self.multilabel) for row in y_prob]
        counted = count_steps(self.y_true, y_pred, self.labels, multilabel=self.multilabel)
        judged = judged_steps(self.y_true, y_prob, multilabel=self.multilabel)
        found = {
            "macro_f1": float(mean_defined(f1(counted.pooled()))),
            "accuracy": float(counted.right.sum() / max(1, counted.judged.sum())),
            "macro_average_precision": ranked(judged)["average_precision"].macro,
        }
        found["objective"] = sum(weight * found[name] for weight, name in self.terms)
        return {self.prefix + name: value for name, value in found.items()}
