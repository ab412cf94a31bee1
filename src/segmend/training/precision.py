"""In what precision a device trains fastest, and models that are made in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import keras

SINGLE, MIXED = "float32", "mixed_bfloat16"

TENSOR_CORES = (8, 0)
"""Least compute capability of GPUs whose tensor cores multiply bfloat16."""


class Device(NamedTuple):
    """What a training runs on.

    Attributes:
        name: for people.
        capability: of a GPU of NVIDIA, major and minor; None of any other device.
    """

    name: str
    capability: tuple[int, int] | None


def precision_for(device: Device) -> tuple[str, str]:
    """The policy that suits a device, and why.

    Examples:
        >>> precision_for(Device("NVIDIA A100", (8, 0)))[0], precision_for(Device("cpu", None))[0]
        ('mixed_bfloat16', 'float32')
    """
    if device.capability is not None and device.capability >= TENSOR_CORES:
        told = "convolutions in bfloat16 on its tensor cores; weights, softmax and loss stay in float32"
        return MIXED, f"{device.name}: {told}"
    return SINGLE, f"{device.name}: without tensor cores for bfloat16, mixed precision is the slower one"


def device_at_hand() -> Device:
    """The first device of the backend."""
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        first = jax.devices()[0]
        return Device(first.device_kind, _capability(getattr(first, "compute_capability", None)))
    if backend == "tensorflow":
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        facts = tf.config.experimental.get_device_details(gpus[0]) if gpus else {}
        return Device(facts.get("device_name", "gpu" if gpus else "cpu"), facts.get("compute_capability"))
    import torch

    if not torch.cuda.is_available():
        return Device("cpu", None)
    return Device(torch.cuda.get_device_name(), torch.cuda.get_device_capability())


@contextmanager
def made_in(policy: str) -> Iterator[None]:
    """Layers that are made inside have this dtype policy, unless they ask for another.

    Examples:
        >>> with made_in("mixed_bfloat16"):
        ...     layer = keras.layers.Dense(1)
        >>> layer.compute_dtype, keras.layers.Dense(1).compute_dtype
        ('bfloat16', 'float32')
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _capability(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else None
