"""M204: a Dice or Jaccard loss that sums all classes before it divides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.anatomy import LossFacts, OverlapProof
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import WEIGHED
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.task import Kind
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number

TIMES = 3.0
"""A pooled loss charges the rare classes exactly their share of steps (Jaccard about twice that); one that is averaged
over classes charges from ten times the share on."""


class PooledDice(Rule):
    """A Dice or Jaccard loss pools several classes into one sum, so that rare ones do not count.

    What it finds:
        A loss of overlap (Keras' Dice and Tversky with ``axis=None``, or a function of one's own) on an output of
        several channels that charges next to nothing for never finding the rare classes.

    Why it matters:
        People add Dice for the sake of rare classes. Pooled over all classes and steps, the Dice of one-hot labels
        under softmax is exactly one minus the mean probability of the true class: every step has the same gradient,
        whatever its class, so rare classes get what they would get without it.

    Evidence:
        The proof, worked out by the loss itself on a small example in which the rare classes hold 5 % of the steps:
        what it charges for a prediction that never finds them, on a scale from right to wrong, beside what the mean
        of one Dice per class charges. It counts as pooled up to 3 times the rare share. Severity is read off the
        oracle ladder: what the missed items cost.

    Remedy:
        One Dice per class, averaged, together with cross-entropy.

    Known limits:
        Only a loss of overlap by itself is tried, and by its name; one that is added to another in a function of
        one's own is not. On a single foreground channel the pooled sum is the foreground's Dice, and nothing is wrong.
    """

    name = "pooled-dice"
    code = "M204"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.losses",)
    explains: ClassVar[tuple[str, ...]] = ("single-class-collapse", "missed-class", "missed-segments")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding for each output."""
        assert chart.anatomy is not None
        for output, loss in zip(chart.anatomy.outputs, chart.anatomy.losses, strict=False):
            proof = loss.overlap
            if proof is not None and proof.classes > 1 and _charged(proof) <= TIMES * _rare(proof):
                yield self._of(chart, output.name, loss, proof)

    def _of(self, chart: Chart, output: str, loss: LossFacts, proof: OverlapProof) -> Finding:
        grave, expected = severity.at_stake(chart, "deletion")
        apart = by_class(proof)
        unit = chart.task.unit
        return self.finding(
            f"{loss.name} sums {proof.classes} classes into one: where {proof.rare_steps} of {proof.steps} {unit} are "
            f"rare, it charges {number(_charged(proof))} for finding none of them, their share of the {unit}; one "
            f"{loss.name} per class would charge {number(apart)}",
            severity=grave,
            where={"output": output},
            evidence={
                "charged": _charged(proof),
                "threshold": TIMES * _rare(proof),
                "charged_by_class": apart,
                "rare_share": _rare(proof),
                "classes": proof.classes,
                "loss": loss.name,
            },
            remedies=_remedies(chart, expected),
            gain=severity.gain(expected),
        )


def by_class(proof: OverlapProof) -> float:
    """What the mean of one Dice per class charges for the same prediction.

    Examples:
        >>> example = dict(steps=80, rare_steps=4, all_frequent=0.05, perfect=0.0, all_wrong=1.0)
        >>> round(by_class(OverlapProof(classes=2, **example)), 2)
        0.51
    """
    found = proof.steps - proof.rare_steps
    return 1 - 2 * found / (found + proof.steps) / proof.classes


def _charged(proof: OverlapProof) -> float:
    return (proof.all_frequent - proof.perfect) / (proof.all_wrong - proof.perfect)


def _rare(proof: OverlapProof) -> float:
    return proof.rare_steps / proof.steps


def _remedies(chart: Chart, expected: Expected) -> list[Remedy]:
    several: dict[str, Any] = {"multilabel": ("BinaryCrossEntropy()", "Dice(multilabel=True)")}
    entropy, dice = several.get(chart.task.labels, ("CrossEntropy()", "Dice()"))
    return [
        remedies.train_again(
            "dice-per-class",
            (
                f"Compile with loss=segmend.losses.{entropy} + segmend.losses.{dice}: one Dice per class, averaged, "
                "and masks are respected."
            ),
            WEIGHED,
            expected,
        )
    ]
