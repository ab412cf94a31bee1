"""The layers of a PyTorch module, told in Keras' words, which are those that rules read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from segmend.artifacts.anatomy import LayerFacts

KINDS = {
    "Linear": "Dense",
    "LazyLinear": "Dense",
    "RNN": "SimpleRNN",
    "InstanceNorm1d": "GroupNormalization",
    "InstanceNorm2d": "GroupNormalization",
    "GroupNorm": "GroupNormalization",
    "LayerNorm": "LayerNormalization",
    "RMSNorm": "RMSNormalization",
    "BatchNorm1d": "BatchNormalization",
    "BatchNorm2d": "BatchNormalization",
    "MultiheadAttention": "MultiHeadAttention",
    "Dropout1d": "SpatialDropout1D",
    "Dropout2d": "SpatialDropout2D",
    "MaxPool1d": "MaxPooling1D",
    "MaxPool2d": "MaxPooling2D",
    "AvgPool1d": "AveragePooling1D",
    "AvgPool2d": "AveragePooling2D",
    "ConvTranspose1d": "Conv1DTranspose",
    "ConvTranspose2d": "Conv2DTranspose",
    "Conv1d": "Conv1D",
    "Conv2d": "Conv2D",
    "LogSoftmax": "LogSoftmax",
    "LeakyReLU": "LeakyReLU",
}
"""PyTorch's class to Keras'; what is not here keeps its name."""

GLOBAL = {"AdaptiveAvgPool": "GlobalAveragePooling", "AdaptiveMaxPool": "GlobalMaxPooling"}
RECURRENT = ("LSTM", "GRU", "RNN")
WHOLE = ("MultiheadAttention",)
"""Told as one layer although there are modules inside."""

_SETTINGS = {
    "filters": "out_channels",
    "kernel_size": "kernel_size",
    "strides": "stride",
    "dilation_rate": "dilation",
    "groups": "groups",
    "units": "hidden_size",
    "size": "scale_factor",
    "dropout": "dropout",
}


def leaves(module: Any) -> Iterator[tuple[str, Any]]:
    """Name and module of every layer, in the order in which they were made: those without parts, or with weights."""
    whole: tuple[str, ...] = ()
    for name, part in module.named_modules():
        if any(name.startswith(f"{outer}.") for outer in whole):
            continue
        if class_of(part) in WHOLE:
            whole = (*whole, name)
        own = any(True for _ in part.parameters(recurse=False))
        if class_of(part) in WHOLE or own or not any(True for _ in part.children()):
            yield name or class_of(part).lower(), part


def hookable(module: Any) -> Iterator[tuple[str, Any]]:
    """The layers that can be watched; compiled ones cannot."""
    import torch

    return ((name, part) for name, part in leaves(module) if not isinstance(part, torch.jit.ScriptModule))


@contextmanager
def hooked(handles: Iterable[Any]) -> Iterator[None]:
    """Hooks as they were registered, taken off again afterwards."""
    hooks = list(handles)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def class_of(part: Any) -> str:
    """The class of a layer, that which it had before it was compiled where it was."""
    return str(getattr(part, "original_name", type(part).__name__))


def layer_facts(name: str, part: Any) -> LayerFacts:
    """What is known of one layer.

    Args:
        name: in the module, with dots.
        part: the layer.
    """
    weights = list(part.parameters(recurse=class_of(part) in WHOLE))
    buffers = list(part.buffers(recurse=False))
    return LayerFacts(
        name=name,
        kind=kind_of(part),
        parameters=sum(weight.numel() for weight in weights),
        config=_config(part),
        non_finite=sum(_non_finite(values) for values in (*weights, *buffers)),
    )


def kind_of(part: Any) -> str:
    """The name that Keras has for the layer."""
    name = class_of(part)
    if name in RECURRENT and part.bidirectional:
        return "Bidirectional"
    for prefix, kind in GLOBAL.items():
        if name.startswith(prefix) and _all_ones(part.output_size):
            return f"{kind}{name[-2]}D"
    if name == "Upsample":
        return "UpSampling"
    return KINDS.get(name, name)


def _config(part: Any) -> dict[str, Any]:
    name = class_of(part)
    told = {word: _plain(getattr(part, held, None)) for word, held in _SETTINGS.items()}
    if "Pool" in name:
        told["pool_size"] = told.pop("kernel_size")
    if name == "Linear":
        told["units"] = part.out_features
    if name in RECURRENT and part.num_layers > 1:
        told["layers"] = part.num_layers
    if "Dropout" in name:
        told["rate"] = _plain(getattr(part, "p", None))
    if "Conv" in name and hasattr(part, "padding"):
        told["padding"] = _padding(part)
    return {word: value for word, value in told.items() if value is not None and value != 0.0}


def _padding(part: Any) -> str:
    """Keras' word: "same" where as much is added as the kernel takes away along the first axis, else "valid"."""
    if isinstance(part.padding, str):
        return part.padding
    added, taken = 2 * part.padding[0], part.dilation[0] * (part.kernel_size[0] - 1)
    return "same" if added >= taken else "valid"


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) else None


def _all_ones(size: Any) -> bool:
    return all(each == 1 for each in (size if isinstance(size, tuple | list) else (size,)))


def _non_finite(values: Any) -> int:
    return int((~values.isfinite()).sum()) if values.is_floating_point() else 0
