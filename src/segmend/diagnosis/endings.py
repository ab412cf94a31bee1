"""How a model ends: its last activation, its loss and its labels, and what does not fit between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmend.artifacts.anatomy import LossFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Severity

SPARSE = ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy")
ONE_HOT = ("CategoricalCrossentropy", "CategoricalFocalCrossentropy")
BINARY = ("BinaryCrossentropy", "BinaryFocalCrossentropy", "BinaryCrossEntropy")
OWN = ("CrossEntropy", "Dice", "Sum")
CATEGORICAL = (*SPARSE, *ONE_HOT, *OWN)
PROBABILITY = (*CATEGORICAL, *BINARY)
SUMS_TO_ONE = ("softmax", "sparsemax")
IS_PROBABILITY = (*SUMS_TO_ONE, "sigmoid", "hard_sigmoid", "sparse_sigmoid")
OF_PROBABILITIES = ("Dice", "Tversky", "KLDivergence")
"""Losses of Keras that have no from_logits and take probabilities."""

LOGARITHMS = ("log_softmax", "log_sigmoid")
CUTS_LOGITS = ("relu", "relu6", "elu", "tanh", "softplus", "exp", "leaky_relu", "gelu", "silu")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a model ends.

    Attributes:
        activations: the last ones, first to last.
        units: channels of the output.
        loss: its compiled loss, None where there is none.
        targets: facts of the labels, empty where not given.
        weighted: whether steps are weighed, by which ignored ones can be.
    """

    activations: tuple[str, ...]
    units: int | None
    loss: LossFacts | None
    targets: Mapping[str, Any]
    weighted: bool

    @property
    def last(self) -> str:
        """The last activation."""
        return self.activations[-1]

    @property
    def name(self) -> str:
        """The loss's name."""
        return self.loss.name if self.loss else ""

    @property
    def logits(self) -> bool | None:
        """Whether the loss takes logits."""
        return self.loss.from_logits if self.loss else None

    @property
    def binary(self) -> bool:
        """Whether the loss judges each label by itself; segmend's own losses say so in their config."""
        return self.name in BINARY or (self.loss is not None and self.loss.config.get("multilabel") is True)

    @property
    def form(self) -> str:
        """The form of the labels."""
        return str(self.targets.get("form", ""))


def ending_of(chart: Chart, number: int) -> Ending:
    """How one output of a model ends; the labels are those of the first.

    Args:
        chart: with anatomy.
        number: of the output.
    """
    assert chart.anatomy is not None
    output, losses = chart.anatomy.outputs[number], chart.anatomy.losses
    return Ending(
        output.activations or ((output.activation,) if output.activation else ()),
        output.shape[-1] if output.shape else None,
        losses[number] if number < len(losses) else None,
        chart.targets or {} if number == 0 else {},
        bool(chart.fit_arguments.get("sample_weight")),
    )


Fault = tuple[str, Severity, str, str]
"""Message, severity, name of the remedy, advice."""


def activation_fault(end: Ending) -> Fault | None:
    """What is wrong between the activation and the loss."""
    faults = (_twice, _one_unit, _taken_for_logits, _no_probabilities, _several_at_once, _not_exclusive)
    return next((fault for fault in (find(end) for find in faults) if fault is not None), None)


def _twice(end: Ending) -> Fault | None:
    if len(end.activations) < 2 or end.last not in IS_PROBABILITY or end.activations[-2] not in IS_PROBABILITY:
        return None
    before = end.activations[-2]
    return (
        f"{end.last} is applied to what {before} already made probabilities, so that no class can be certain",
        Severity.ERROR,
        "drop-one-activation",
        f"Remove the second of {before} and {end.last}.",
    )


def _one_unit(end: Ending) -> Fault | None:
    if end.units != 1 or end.last not in SUMS_TO_ONE:
        return None
    return (
        f"{end.last} over 1 unit is always 1, so the model says the same of everything",
        Severity.ERROR,
        "use-sigmoid",
        "Use sigmoid with one unit, or softmax with one unit for each class.",
    )


def _taken_for_logits(end: Ending) -> Fault | None:
    if end.logits is not True or end.last == "linear":
        return None
    if end.last in IS_PROBABILITY:
        return (
            f"{end.last} gives probabilities, but {end.name} takes logits (from_logits=True) and applies it again",
            Severity.ERROR,
            "set-from-logits",
            "Compile the loss with from_logits=False, or end the model without an activation.",
        )
    if end.last in CUTS_LOGITS:
        return (
            f"{end.last} bends the logits that {end.name} takes, which must be free to be of either sign",
            Severity.WARNING,
            "end-linearly",
            "End the model without an activation, or with softmax and from_logits=False.",
        )
    return None


def _no_probabilities(end: Ending) -> Fault | None:
    choice = end.name in PROBABILITY and end.logits is False
    if not choice and (end.name not in OF_PROBABILITIES or end.logits is not None):
        return None
    if end.last in IS_PROBABILITY or end.last not in ("linear", *CUTS_LOGITS, *LOGARITHMS):
        return None
    said, way_out = (" (from_logits=False)", ", or linearly with from_logits=True in the loss") if choice else ("", "")
    return (
        f"{end.name} takes probabilities{said}, but {end.last} gives values that are none",
        Severity.ERROR,
        "set-from-logits" if choice else f"use-{_fitting(end)}",
        f'End the model in activation="{_fitting(end)}"{way_out}.',
    )


def _several_at_once(end: Ending) -> Fault | None:
    if not end.binary or end.last not in SUMS_TO_ONE or end.form not in ("multi-hot", "one-hot"):
        return None
    if end.form == "one-hot":
        return (
            f"{end.last} with {end.name} judges {end.units} exclusive classes one by one",
            Severity.WARNING,
            "use-categorical-loss",
            "Compile with CategoricalCrossentropy, which fits classes of which exactly one holds.",
        )
    return (
        f"{end.last} lets only 1 class hold at a time, but in the labels several or none hold, and {end.name} judges "
        f"each by itself",
        Severity.ERROR,
        "use-sigmoid",
        "End the model in sigmoid, one unit for each label.",
    )


def _not_exclusive(end: Ending) -> Fault | None:
    if end.name not in CATEGORICAL or end.binary or end.last not in IS_PROBABILITY or end.last in SUMS_TO_ONE:
        return None
    if end.units == 1 and end.name not in OWN:
        return (
            f"{end.name} over 1 unit is always 0, so nothing is learnt",
            Severity.ERROR,
            "use-binary-loss",
            "Compile with BinaryCrossentropy, or give the model one unit for each class and softmax.",
        )
    if end.units == 1:
        return None
    several = end.form == "multi-hot"
    return (
        f"{end.last} gives {end.units} probabilities that do not sum to 1, as {end.name} takes them to",
        Severity.ERROR if several else Severity.WARNING,
        "use-binary-loss" if several else "use-softmax",
        "Compile with BinaryCrossentropy, since several labels hold at once."
        if several
        else "End the model in softmax, since exactly one class holds at a time.",
    )


def _fitting(end: Ending) -> str:
    return "sigmoid" if end.units == 1 or end.binary else "softmax"
