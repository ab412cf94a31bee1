"""Labels in a form that the loss cannot read."""

from __future__ import annotations

from segmend.artifacts.finding import Severity
from segmend.diagnosis.endings import BINARY, ONE_HOT, SPARSE, SUMS_TO_ONE, Ending, Fault

TOLERANCE = 0.01
"""What smoothed labels and rounding may miss in a sum of 1."""


def label_fault(end: Ending) -> Fault | None:
    """What is wrong between the labels' form and the loss."""
    lowest, classes = end.targets.get("lowest"), int(end.targets.get("classes") or 0)
    several = (end.units or 0) > 1
    if end.name == "SparseCategoricalCrossentropy" and end.form in ("one-hot", "multi-hot") and several:
        return _unread(end, "class numbers", "categorical_crossentropy")
    if end.name in ONE_HOT and end.form == "dense" and several:
        return _unread(end, "one-hot rows", "sparse_categorical_crossentropy")
    if end.name in BINARY and end.form == "dense" and classes > 2:
        return _unread(end, "0 and 1", "sparse_categorical_crossentropy, with softmax")
    if (sums := _not_one(end)) is not None:
        return (
            f"the labels' rows sum to {sums[0]:.2g} up to {sums[1]:.2g}, but {end.last} and {end.name} compare "
            f"distributions over {end.units} classes, which sum to 1",
            Severity.ERROR,
            "match-labels-and-loss",
            "Make the labels one-hot by keras.utils.to_categorical(y), or end in sigmoid with BinaryCrossentropy if "
            "several hold at once.",
        )
    if end.form == "fractional" and end.name in SPARSE:
        return _unread(end, "whole class numbers", "whole numbers as labels")
    ignored = (end.loss.config.get("ignore_class") if end.loss else None, end.weighted)
    if end.name == "SparseCategoricalCrossentropy" and lowest is not None and lowest < 0 and ignored == (None, False):
        return (
            f"the labels go down to {lowest:g}, and {end.name} ignores no class",
            Severity.ERROR,
            "ignore-a-class",
            f"Compile SparseCategoricalCrossentropy(ignore_class={lowest:g}), or segmend.losses.CrossEntropy.",
        )
    return None


def _not_one(end: Ending) -> tuple[float, float] | None:
    """The sums of labels' rows where they are neither one-hot nor shares; rows of zeros, which are ignored, may be."""
    sums = end.targets.get("sums")
    exclusive = end.name in (*ONE_HOT, "KLDivergence") and end.activations and end.last in SUMS_TO_ONE
    if not sums or not exclusive or (end.units or 0) < 2 or end.form not in ("fractional", "multi-hot", "other"):
        return None
    low, high = sums
    wrong = high > 1 + TOLERANCE or (low < 1 - TOLERANCE and abs(low) > TOLERANCE) or low < -TOLERANCE
    return (low, high) if wrong else None


def _unread(end: Ending, wanted: str, instead: str) -> Fault:
    given = {"dense": "class numbers", "one-hot": "one-hot rows", "multi-hot": "rows of 0 and 1"}.get(
        end.form, end.form
    )
    classes = end.targets.get("classes")
    return (
        f"{end.name} reads {wanted}, but the labels are {given} of {classes} classes",
        Severity.ERROR,
        "match-labels-and-loss",
        f"Compile with {instead}, or give the labels as {wanted}.",
    )
