"""How well a linear model tells classes apart: the floor under any network."""

from __future__ import annotations

from typing import Literal

from segmend.artifacts.base import Artifact


class ClassSeparability(Artifact):
    """One class against the others, out of sample.

    Attributes:
        name: class name.
        auc: area under the ROC curve, of pairs within a fold; None where a fold could not learn the class from the
            others, or the samples hold nothing else.
        f1: of the most probable class; where labels overlap, of probabilities from 0.5 on.
        recall: of the class that is most probable relative to its share; where labels overlap, of probabilities from
            the class's share on.
        auc_without_level: as ``auc``, from features without the level of the whole recording; None but for these.
    """

    name: str
    auc: float | None
    f1: float | None
    recall: float | None
    auc_without_level: float | None = None


class Separability(Artifact):
    """What ridge regression on windowed features reaches out of sample, every class against the others.

    Attributes:
        auc, macro_f1, balanced_accuracy: means over classes of ``auc``, ``f1`` and ``recall``.
        classes: one entry per class, the background's included.
        folds: number of folds; each is judged by a model fitted on the others.
        folds_by: what is never in two folds at once: "groups", or "recordings" where there is one group only.
        samples: steps (pixels, recordings) that were looked at.
        features: number of features.
        reach: steps to either side of the windows that features are measured in.
    """

    auc: float | None
    macro_f1: float | None
    balanced_accuracy: float | None
    classes: tuple[ClassSeparability, ...]
    folds: int
    folds_by: Literal["groups", "recordings"]
    samples: int
    features: int
    reach: tuple[int, ...]
