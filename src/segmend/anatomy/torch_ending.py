"""How a PyTorch module ends: the activations behind its last layer with weights."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from segmend.anatomy.torch_run import at_rest, differentiable
from segmend.core.types import FloatArray

PASSING = (
    "View UnsafeView Transpose T Permute Squeeze Unsqueeze Select Slice Clone Alias AsStrided Expand ToCopy Contiguous "
    "Reshape ReshapeAlias NativeDropout UpsampleNearest1D UpsampleNearest2D ConstantPadNd"
)
NAMED = {
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Sigmoid": "sigmoid",
    "LogSigmoid": "log_sigmoid",
    "Hardsigmoid": "hard_sigmoid",
    "Tanh": "tanh",
    "Relu": "relu",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Gelu": "gelu",
    "Silu": "silu",
    "Softplus": "softplus",
    "Exp": "exp",
}
WEIGHTED = ("Addmm", "Mm", "Bmm", "Convolution", "Linear")
LEAF = "AccumulateGrad"
TOLERANCE = 1e-3


def activations(module: Any, example: Any) -> tuple[str, ...]:
    """The activations between the last layer with weights and the output, first to last, by the gradient's graph.

    "linear" stands where there is none. Empty where the output comes from a merge or an unknown operation.

    Args:
        module: any ``torch.nn.Module``.
        example: a batch as the module takes it.

    Examples:
        >>> import torch
        >>> activations(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Softmax(-1)), np.zeros((1, 3)))
        ('softmax',)
    """
    import torch

    with at_rest(module), torch.enable_grad():
        _, answer = differentiable(module, example)
    names: list[str] = []
    node = answer.grad_fn
    while node is not None:
        kind = re.sub(r"Backward\d*$", "", node.name())
        if kind in WEIGHTED or (kind == "Add" and _adds_a_bias(node)):
            return tuple(names) or ("linear",)
        if kind in NAMED:
            names.insert(0, NAMED[kind])
        elif kind not in PASSING.split():
            break
        node = next((before for before, _ in node.next_functions if before is not None), None)
    return ()


def _adds_a_bias(node: Any) -> bool:
    """Whether one side of a sum is a parameter and the other comes from weights."""
    names = [before.name() for before, _ in node.next_functions if before is not None]
    return any(LEAF in name for name in names)


def measured(answer: FloatArray) -> str:
    """What the output's values look like, classes last: "softmax", "log_softmax", "sigmoid" or "linear".

    Examples:
        >>> measured(np.array([[0.2, 0.8]])), measured(np.array([[0.2, 0.9]])), measured(np.array([[-3.0, 2.0]]))
        ('softmax', 'sigmoid', 'linear')
    """
    values = np.asarray(answer, np.float64)
    several = values.ndim > 1 and values.shape[-1] > 1
    if values.min() >= 0 and values.max() <= 1:
        return "softmax" if several and np.allclose(values.sum(axis=-1), 1, atol=TOLERANCE) else "sigmoid"
    if several and values.max() <= 0 and np.allclose(np.exp(values).sum(axis=-1), 1, atol=TOLERANCE):
        return "log_softmax"
    return "linear"
