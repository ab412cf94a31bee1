"""What is known of a model: its structure, how it was compiled, and a few facts about its weights."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from segmend.artifacts.base import Artifact
from segmend.artifacts.flow import Flow


class ReceptiveField(Artifact):
    """Receptive field of one output along one spatial axis, in input steps.

    An output step t, at input position p, sees the input steps p + left .. p + right (inclusive). None means
    unbounded on that side.

    Attributes:
        left, right: the union over the phases of the output step.
        smallest: number of input steps that the least seeing phase sees; None if unbounded.
        size: right - left + 1; None if unbounded.
        stride: input steps per output step.
        effective: share of the gradient in per cent (50, 90, 95, 99) to the number of neighbouring input steps that
            carry it, with the weights as they are; empty if not measured, or if no gradient comes through.
    """

    left: int | None
    right: int | None
    smallest: int | None
    size: int | None
    stride: float
    effective: dict[int, int] = Field(default_factory=dict)


class OutputFacts(Artifact):
    """One output of a model.

    Attributes:
        name: name of the layer that makes it.
        shape: without the batch axis; None where it varies.
        activation: "softmax", "sigmoid", "linear", ... of the last layer; None if unknown.
        activations: from the last layer with weights to the output, in order; "linear" only where there is no other.
        fields: one receptive field per spatial axis; empty where they are unknown (``unknown`` says why).
        unknown: why the receptive field could not be computed.
        steps_for: for a few input lengths, the output length: {input steps: output steps}.
        grain: input steps over which the output stays the same, whatever the input; None where not looked for.
        bias: of the last layer with weights, as it stands, one per channel; None where it has none.
        initial_bias: what that layer's bias started from, where its initialiser is a constant.
    """

    name: str
    shape: tuple[int | None, ...]
    activation: str | None
    activations: tuple[str, ...] = ()
    fields: tuple[ReceptiveField, ...] = ()
    unknown: str | None = None
    steps_for: dict[int, int] = Field(default_factory=dict)
    grain: float | None = None
    bias: tuple[float, ...] | None = None
    initial_bias: tuple[float, ...] | None = None


class LayerFacts(Artifact):
    """One layer: class name, name, parameters and what its config says of kernels, strides and regularisation.

    ``config["penalty"]`` is the largest factor of an L1 or L2 penalty.

    Attributes:
        non_finite: weights that are NaN or infinite; None where nobody looked.
        units, silent: channels behind its ReLU, and those that stay 0 on all judged data; None where nobody looked.
    """

    name: str
    kind: str
    parameters: int
    config: dict[str, Any] = Field(default_factory=dict)
    non_finite: int | None = None
    units: int | None = None
    silent: int | None = None


class OverlapProof(Artifact):
    """A loss of overlap (Dice, Jaccard) on a small example in which one class holds most steps.

    Attributes:
        classes: number of classes.
        steps: of the example; ``rare_steps`` of them belong to the rare classes together.
        rare_steps: see ``steps``.
        all_frequent: the loss of a prediction that says the frequent class everywhere.
        perfect, all_wrong: the loss of the labels themselves, and of a prediction that is wrong everywhere.
    """

    classes: int
    steps: int
    rare_steps: int
    all_frequent: float
    perfect: float
    all_wrong: float


class LossFacts(Artifact):
    """The compiled loss of one output.

    Attributes:
        name: class or function name in Keras' CamelCase ("CategoricalCrossentropy"); "?" where unknown.
        from_logits: what the loss takes its input for; None where the loss has no such choice.
        config: its config, where it has one.
        unsavable: why a saved model could not be loaded with it ("lambda", "not registered", "no config"); None where
            it could.
        overlap: of a loss of overlap, how it judges rare classes.
    """

    name: str
    from_logits: bool | None = None
    config: dict[str, Any] = Field(default_factory=dict)
    unsavable: str | None = None
    overlap: OverlapProof | None = None


class Anatomy(Artifact):
    """A model, from outside.

    Attributes:
        framework: "keras", "torch" or "callable".
        input_shape: of the first input without the batch axis; None where it varies.
        outputs: in the model's order.
        layers: in topological order.
        losses: compiled losses in the order of the outputs; empty where not compiled.
        loss_lost: why a saved model's loss could not be restored, so that ``losses`` is empty; None otherwise.
        metrics: names of compiled metrics.
        optimizer: "name", "learning_rate", "schedule" and "weight_decay", where compiled and as far as there are any.
        parameters, trainable_parameters: numbers of weights.
        flow: where masks and summaries of a recording go; None where there is no graph to follow.
        activity_on: recordings on which layers were watched for units that stay silent; None where nobody looked.
    """

    framework: str
    name: str
    input_shape: tuple[int | None, ...]
    outputs: tuple[OutputFacts, ...]
    layers: tuple[LayerFacts, ...] = ()
    losses: tuple[LossFacts, ...] = ()
    loss_lost: str | None = None
    metrics: tuple[str, ...] = ()
    optimizer: dict[str, Any] | None = None
    parameters: int = 0
    trainable_parameters: int = 0
    flow: Flow | None = None
    activity_on: int | None = None
