"""M205: an alpha of a focal loss that weighs no class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from segmend.artifacts.anatomy import LossFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import WEIGHED
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.task import Kind
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.linking import lowers
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shares import class_shares
from segmend.diagnosis.wording import number

DEFAULT = 0.25
"""Keras' own alpha: whoever leaves it has asked for nothing."""

MOST_WEIGHT = 20.0
"""Weights beyond it make training jump."""


class FocalAlphaIgnored(Rule):
    """The alpha that was given to a focal loss weighs no class.

    What it finds:
        BinaryFocalCrossentropy with an alpha of one's own and apply_class_balancing left at False, where Keras does
        not use it; and CategoricalFocalCrossentropy with one number as alpha, which weighs all classes alike.

    Why it matters:
        Whoever sets alpha wants rare classes to count more. Here they count as before: in the first case nothing
        happens at all, in the second the learning rate is changed.

    Evidence:
        The loss and its alpha; it counts from a departure from Keras' own 0.25 on. Severity is read off the oracle
        ladder, what the missed items cost, or off the macro F1 of whole recordings.

    Remedy:
        apply_class_balancing=True, or a list with one alpha for each class, worked out from how often each occurs.

    Known limits:
        Losses of one's own are not looked into. With alpha at 0.25 nothing was asked for, so nothing is reported,
        although classes are not weighed then either.
    """

    name = "focal-alpha-ignored"
    code = "M205"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.losses",)
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "missed-segments",
        "wrong-threshold",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding for each output."""
        assert chart.anatomy is not None
        for output, loss in zip(chart.anatomy.outputs, chart.anatomy.losses, strict=False):
            why = _ignored(loss)
            if why is not None:
                yield self._of(chart, output.name, loss, why)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A weight that has no effect explains thresholds that are too high, not too low ones."""
        return super().causes(mine, other) and not (other.rule == "wrong-threshold" and not lowers(other))

    def _of(self, chart: Chart, output: str, loss: LossFacts, why: str) -> Finding:
        grave, expected = severity.at_stake(chart, "deletion")
        return self.finding(
            f"{loss.name} does nothing for rare classes with alpha {_alpha(loss):g}: {why}",
            severity=grave,
            where={"output": output},
            evidence={
                "alpha": _alpha(loss),
                "threshold": DEFAULT,
                "apply_class_balancing": bool(loss.config.get("apply_class_balancing")),
                "loss": loss.name,
            },
            remedies=[_remedy(loss, class_shares(chart))],
            gain=severity.gain(expected),
        )


def _ignored(loss: LossFacts) -> str | None:
    """Why alpha does nothing, None where it does or was not set."""
    alpha = loss.config.get("alpha")
    if alpha is None or (isinstance(alpha, int | float) and abs(alpha - DEFAULT) < 1e-9):
        return None
    if loss.name == "BinaryFocalCrossentropy" and not loss.config.get("apply_class_balancing"):
        return "Keras uses it with apply_class_balancing=True only"
    one = not isinstance(alpha, Sequence) or len(set(alpha)) == 1
    if loss.name == "CategoricalFocalCrossentropy" and one:
        return "1 number for all classes scales the loss and weighs none of them"
    return None


def _alpha(loss: LossFacts) -> float:
    alpha: Any = loss.config["alpha"]
    return float(alpha[0] if isinstance(alpha, Sequence) else alpha)


def _remedy(loss: LossFacts, shares: Sequence[float] | None) -> Remedy:
    if loss.name == "BinaryFocalCrossentropy":
        rare = min((share for share in shares or () if share > 0), default=None)
        alpha = _alpha(loss) if rare is None else min(max(1 - rare, 0.5), 0.95)
        advice = (
            f"Compile with BinaryFocalCrossentropy(apply_class_balancing=True, alpha={number(alpha)}): alpha is the "
            "weight of 1 and 1 - alpha that of 0."
        )
    else:
        advice = (
            f"Compile with CategoricalFocalCrossentropy(alpha={_weights(shares)}), one number for each class, as "
            "segmend.class_weights(y) gives them."
        )
    return remedies.train_again("weigh-each-class", advice, WEIGHED)


def _weights(shares: Sequence[float] | None) -> list[float]:
    """Balanced weights with a cap; absent classes get 0."""
    present = [share for share in shares or () if share > 0]
    if not present:
        return [1.0, 4.0]
    return [round(min(MOST_WEIGHT, 1 / (len(present) * share)), 2) if share > 0 else 0.0 for share in shares or ()]
