"""T102: the model does hardly better than one who knows only how frequent each class is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.skill import Skill, unlearnt
from segmend.diagnosis.symptoms import broken
from segmend.diagnosis.wording import holders, number, percent

LEARNABLE = 0.75
"""Area under the ROC curve of a linear model from which on there is certainly something to learn."""


class Underfitting(Rule):
    """Training has learnt hardly more than how frequent each class is.

    What it finds:
        An accuracy and a cross-entropy, whichever is logged, that even at their best, in training or validation, are
        close to those of an answer that is always the same: of the way from there to no error at all, less than 15 %
        (accuracy) and less than 8 % (cross-entropy) was gone.

    Why it matters:
        A model that cannot fit even what it is trained on is no use elsewhere; more data or regularisation will not
        help. Something keeps it from learning: a rate that is wrong, too small a model, signals that are not scaled,
        labels that do not belong to the signals.

    Evidence:
        The measure, its level, that of the constant answer (the share of the most frequent class, the entropy of the
        shares) and the thresholds: even where every third label of two classes is wrong, a good model goes 33 % and
        8 % of the way. Where the area under the ROC curve of a linear model on simple features is known, it tells
        whether there is something to learn: from 0.75 on this is a warning, otherwise for information.

    Remedy:
        First let the model learn one small batch by heart: that must work. Then scale the signals, take a larger
        model or a longer receptive field, train longer, take regularisation away.

    Known limits:
        Where the data say nothing about the labels, no model learns, and the finding is true but no fault of the
        training. A loss with weights, with label smoothing or of another kind has no known level and is not judged.
    """

    name = "underfitting"
    code = "T102"
    needs: ClassVar[tuple[str, ...]] = ("history", "fingerprint")
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "confused-pair",
        "flickering",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, of the network that learnt most."""
        assert chart.history is not None
        judged = [(course, unlearnt(chart, course)) for course in courses(chart.history) if broken(course) is None]
        found = [(course, skill) for course, skill in judged if skill is not None]
        if found and len(found) == len(judged):
            yield self._of(chart, *max(found, key=lambda each: each[1].skill))

    def _of(self, chart: Chart, course: Course, skill: Skill) -> Finding:
        separability = chart.fingerprint.separability if chart.fingerprint else None
        linear = separability.auc if separability else None
        learnable = linear is not None and linear >= LEARNABLE
        hint = f"; a linear model tells the classes apart (area {number(linear)})" if linear and learnable else ""
        answer = "the shares of the classes" if skill.column == "loss" else "the most frequent class"
        return self.finding(
            f"The best {skill.column} in {len(course.loss)} epochs is {number(skill.measured)}, while always answering "
            f"{answer} gives {number(skill.chance)}: {percent(max(skill.skill, 0))} of what there is to learn was "
            f"learnt{hint}",
            severity=Severity.WARNING if learnable else Severity.INFO,
            evidence={
                "column": skill.column,
                "measured": skill.measured,
                "constant_answer": skill.chance,
                "learnt": skill.skill,
                "threshold": skill.threshold,
                "linear_auc": linear,
            },
            remedies=_remedies(chart),
        )


def _remedies(chart: Chart) -> list[Remedy]:
    each = holders(chart.task)
    return [
        Remedy(
            name="learn-one-batch-by-heart",
            safety="manual",
            advice=f"Train on 4 {each} only, without dropout: model.fit(x[:4], y[:4], epochs=300). If the loss does "
            f"not go to nothing, labels, loss, rate or scale of the {each} are at fault, not the model's size.",
        ),
        Remedy(
            name="scale-the-input",
            safety="manual",
            advice="Scale every channel to mean 0 and standard deviation 1, with the training data's numbers: "
            "layer = keras.layers.Normalization(); layer.adapt(x).",
        ),
        Remedy(
            name="enlarge-the-model",
            safety="manual",
            advice="Double the filters or units of every layer and train for twice as many epochs.",
        ),
        remedies.rebuild(),
    ]
