"""All that a rule may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.finding import OracleRung
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.opinion import SecondOpinion
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.types import Costs


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chart:
    """The patient's chart; each part may be None, and a rule says which parts it needs.

    Attributes:
        task: what the labels answer.
        labels: class names and the background.
        judged_on: which data the prediction and scores are of ("validation_data", "x, y", "test", ...).
        fingerprint: facts about the data; for bare labels without signals it has no channels.
        prediction: what is judged, with ``y_true``.
        scores: scores of the prediction, preset "segmend".
        oracle: the ladder: baseline first, then one rung per kind of error for all classes, then per kind and class.
        anatomy: facts about the model.
        history: facts about the training.
        targets: facts about ``y`` as given and the model's output for it: "shape", "output_shape" (lists, None where
            recordings differ), "dtype", "form" ("dense", "one-hot", "fractional" where values are no class numbers,
            "multi-hot", "other"), "classes" (one-hot width, or highest number + 1), "sums" (the lowest and highest sum
            of a row over classes; None where rows are numbers), "lowest", "highest", "sizes" and
            "output_sizes" (of each recording, the spatial axes of labels and output: [steps], [height, width], or []
            where there is one value for the whole), "channels" (classes' axis of the output), "values" (numbers of
            values that are "non_finite", "fractional" or "outside" 0 to 1, of "rows" with a value for each class, and
            of those that are "empty", hold "several" classes, or "partial" ones that do not sum to 1); where signals
            came as arrays, "lengths" (steps of each recording), "padded" (those at its end that hold one and the same
            value) and "padded_judged" (those of them whose labels count; None where labels are of whole recordings).
        probe: what a few training recordings showed when tried: "class_weight" (whether Keras "applied" it, the loss
            "by_keras", "by_hand" and "unweighted", a "message", the number of "recordings"), "weight_by_class" (mean
            sample weight of the steps of each class number); where training broke, "even_loss" (the loss where every
            class gets the same probability, None where that is no number).
        fit_arguments: class_weight, sample_weight and the like, as given.
        cost: what it costs to predict the column's class where the row's is true, a row for each class.
        others: what other models said of the recordings of ``prediction``, with the same ``y_true``.
        own_opinion: items that the model itself doubts; of what it was trained on, that means little.
    """

    task: Task
    labels: Labels
    judged_on: str
    fingerprint: Fingerprint | None = None
    prediction: Prediction | None = None
    scores: Scores | None = None
    oracle: tuple[OracleRung, ...] = ()
    anatomy: Anatomy | None = None
    history: History | None = None
    targets: Mapping[str, Any] | None = None
    probe: Mapping[str, Any] | None = None
    fit_arguments: Mapping[str, Any] = field(default_factory=dict)
    cost: Costs | None = None
    others: tuple[Prediction, ...] = ()
    own_opinion: SecondOpinion | None = None

    @property
    def opinions(self) -> tuple[SecondOpinion, ...]:
        """All that is said of the labels' rightness: by a linear model, and by the model itself."""
        known = (None if self.fingerprint is None else self.fingerprint.opinion, self.own_opinion)
        return tuple(each for each in known if each is not None)
