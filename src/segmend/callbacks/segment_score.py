"""Segment and count scores of whole recordings at the end of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np

from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.scoring.meetings import meet, meet_images
from segmend.scoring.objective import Objective, parse
from segmend.scoring.tallies import Tally, tally_of

Predict = Callable[[FloatArray], FloatArray]
Decode = Callable[[FloatArray], IntArray | Regions]

SCORES = ("segment_f1@50", "segment_f1@25", "count_mae", "macro_f1", "step_accuracy")


class SegmentScore(keras.callbacks.Callback):
    """Predict and decode whole recordings, score their segments, and write the scores into the epoch's logs.

    Callbacks that come *after* this one see the scores, so ``EarlyStopping`` and ``ModelCheckpoint`` can watch
    "val_segment_f1@50" instead of a loss per step, which hardly moves while counts go wrong. Nothing is fitted here.

    The logs gain ``prefix`` + each of ``scores``, + "count_ratio" and + "objective". Where something is undefined
    (no segment in the reference and none predicted) the log holds NaN.

    Args:
        recordings: ``(signal (steps, channels), y_true (steps,))`` of each recording, or ``(image (*spatial, channels),
            y_true (*spatial))``; -1 is not judged. Multilabel: ``y_true`` is 0 or 1 for each class, on one more axis.
        labels: class names and the background.
        predict: from one signal to ``(*spatial, classes)`` by the model as it now is; None asks ``model.predict`` for
            the whole recording at once.
        decode: from probabilities to labels shaped like ``y_true``, of images also to ``Regions``, which tell objects
            that touch apart; None takes the likeliest class of each step, or each class whose probability reaches
            one half.
        objective: what ``prefix + "objective"`` measures; larger is better.
        scores: names that an objective may hold, each logged by itself; "step_accuracy" of overlapping labels is the
            share of steps whose whole set is right.
        reference: reference segments as tables, where touching items of one class are to stay apart; of images,
            instance numbers of the pixels.
        multilabel: whether a step may carry several labels.
        connectivity: of images, along how many axes at once pixels of one object may touch.
        every: score every so many epochs; between them the logs repeat the last scores.
        prefix: what the names in the logs begin with.

    Raises:
        InputError: there is no recording, ``every`` is below 1, a name is no score, or a prediction has the
            wrong length.

    Examples:
        >>> truth = np.array([0, 1, 1, 0])
        >>> recordings = [(np.zeros((4, 1)), truth)]
        >>> score = SegmentScore(recordings, labels=Labels.numbered(2), predict=lambda signal: np.eye(2)[truth])
        >>> logs = {}
        >>> score.on_epoch_end(0, logs)
        >>> logs["val_segment_f1@50"], logs["val_count_mae"], logs["val_count_ratio"]
        (1.0, 0.0, 1.0)
    """

    def __init__(
        self,
        recordings: Sequence[tuple[FloatArray, IntArray]],
        *,
        labels: Labels,
        predict: Predict | None = None,
        decode: Decode | None = None,
        objective: str = "segment_f1@50",
        scores: Sequence[str] = SCORES,
        reference: Sequence[Segments] | Sequence[IntArray] | None = None,
        multilabel: bool = False,
        connectivity: int = 1,
        every: int = 1,
        prefix: str = "val_",
    ) -> None:
        super().__init__()
        if not len(recordings):
            raise InputError("recordings: expected at least one recording to score. Received none")
        if every < 1:
            raise InputError(f"every: expected a number of epochs of at least 1. Received {every}")
        self.signals = [signal for signal, _ in recordings]
        self.y_true = [np.asarray(steps) for _, steps in recordings]
        self.labels, self.reference, self.connectivity = labels, reference, connectivity
        self.predict = predict or self._predict_at_once
        self.decode = decode or partial(undecoded, multilabel=multilabel)
        self.multilabel, self.every, self.prefix = multilabel, every, prefix
        self.objectives: dict[str, Objective] = {name: parse(name) for name in scores} | {"objective": parse(objective)}
        self.latest: dict[str, float] = {}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the scores into ``logs``."""
        if epoch % self.every == 0 or not self.latest:
            self.latest = self.measure()
        if logs is not None:
            logs.update(self.latest)

    def get_state(self) -> dict[str, Any]:
        """The last scores, which the epochs repeat that are not scored."""
        return dict(self.latest)

    def set_state(self, state: dict[str, Any]) -> None:
        """Repeat these scores until the next look."""
        self.latest = dict(state)

    def measure(self) -> dict[str, float]:
        """The scores of the model as it now is, by the names that the logs use."""
        counted = self._tally()
        found = {name: objective(counted) for name, objective in self.objectives.items()}
        there, predicted = int(counted.reference.sum()), int(counted.predicted.sum())
        found["count_ratio"] = predicted / there if there else float("nan")
        return {self.prefix + name: value for name, value in found.items()}

    def _tally(self) -> Tally:
        y_pred = []
        for number, (signal, y_true) in enumerate(zip(self.signals, self.y_true, strict=True)):
            y_prob = np.asarray(self.predict(signal))
            steps = y_true.shape[: y_true.ndim - self.multilabel]
            if y_prob.shape[: len(steps)] != steps:
                raise InputError(
                    f"predict: expected {' x '.join(map(str, steps))} steps for recording {number}. "
                    f"Received shape {y_prob.shape}"
                )
            y_pred.append(self.decode(y_prob))
        thresholds = {k for objective in self.objectives.values() for k in objective.thresholds}
        options: dict[str, Any] = {"multilabel": self.multilabel, "reference": self.reference}
        if self.y_true[0].ndim - self.multilabel > 1:
            masks, numbers = _apart(y_pred)
            options |= {"connectivity": self.connectivity, "prediction": numbers}
            met = meet_images(self.y_true, masks, self.labels, **options)
        else:
            met = meet(self.y_true, [np.asarray(each) for each in y_pred], self.labels, **options)
        return tally_of(met, None, thresholds)

    def _predict_at_once(self, signal: FloatArray) -> FloatArray:
        y_prob: FloatArray = self.model.predict(np.asarray(signal)[None], verbose=0)[0]
        return y_prob


def _apart(y_pred: Sequence[IntArray | Regions]) -> tuple[list[IntArray], list[IntArray] | None]:
    """Classes of the pixels of all images, and the numbers of their objects where the decoder tells them apart."""
    numbers = [np.asarray(each.instances) for each in y_pred if isinstance(each, Regions)]
    masks = [np.asarray(each.mask if isinstance(each, Regions) else each) for each in y_pred]
    return masks, numbers if len(numbers) == len(masks) else None
