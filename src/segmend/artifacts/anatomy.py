"""What is known of a model without looking at its weights' values."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from segmend.artifacts.base import Artifact


class ReceptiveField(Artifact):
    """Receptive field of one output along one spatial axis, in input steps.

    An output step t, at input position p, sees the input steps p + left .. p + right (inclusive). None means
    unbounded on that side.

    Attributes:
        left, right: the union over the phases of the output step.
        smallest: number of input steps that the least seeing phase sees; None if unbounded.
        size: right - left + 1; None if unbounded.
        stride: input steps per output step.
        effective: number of input steps that carry 95 % of the gradient at initialisation or as trained, None if not
            measured.
    """

    left: int | None
    right: int | None
    smallest: int | None
    size: int | None
    stride: float
    effective: int | None = None


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
    """

    name: str
    shape: tuple[int | None, ...]
    activation: str | None
    activations: tuple[str, ...] = ()
    fields: tuple[ReceptiveField, ...] = ()
    unknown: str | None = None
    steps_for: dict[int, int] = Field(default_factory=dict)


class LayerFacts(Artifact):
    """One layer: class name, name, parameters and what its config says of kernels, strides and regularisation.

    ``config["penalty"]`` is the largest factor of an L1 or L2 penalty.
    """

    name: str
    kind: str
    parameters: int
    config: dict[str, Any] = Field(default_factory=dict)


class LossFacts(Artifact):
    """The compiled loss of one output.

    Attributes:
        name: class or function name in Keras' CamelCase ("CategoricalCrossentropy"); "?" where unknown.
        from_logits: what the loss takes its input for; None where the loss has no such choice.
        config: its config, where it has one.
    """

    name: str
    from_logits: bool | None = None
    config: dict[str, Any] = Field(default_factory=dict)


class Anatomy(Artifact):
    """A model, from outside.

    Attributes:
        framework: "keras", "torch" or "callable".
        input_shape: of the first input without the batch axis; None where it varies.
        outputs: in the model's order.
        layers: in topological order.
        losses: compiled losses in the order of the outputs; empty where not compiled.
        metrics: names of compiled metrics.
        optimizer: "name", "learning_rate", "schedule" and "weight_decay", where compiled and as far as there are any.
        parameters, trainable_parameters: numbers of weights.
    """

    framework: str
    name: str
    input_shape: tuple[int | None, ...]
    outputs: tuple[OutputFacts, ...]
    layers: tuple[LayerFacts, ...] = ()
    losses: tuple[LossFacts, ...] = ()
    metrics: tuple[str, ...] = ()
    optimizer: dict[str, Any] | None = None
    parameters: int = 0
    trainable_parameters: int = 0
