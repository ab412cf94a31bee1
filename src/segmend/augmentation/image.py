"""Images and their labels through Keras' own layers."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from segmend.augmentation.base import Batch, Transform
from segmend.errors import InputError

FILL_MODES = ("constant", "nearest", "reflect")
"""Those that every backend of Keras has."""

PLAIN = {"dtype": "float32", "data_format": "channels_last"}


class Placed(Transform):
    """Base of the transforms that move pixels; a subclass names the layer with ``use``.

    One draw goes through two layers of Keras: bilinear, with ``fill_mode``, for the image; nearest for labels and
    weights, where all that comes from outside of the image has label -1 and weight 0, whatever the image shows there.

    Args:
        fill_mode: what an image shows where nothing was: "constant" (0), "nearest" or "reflect".
        **common: ``share``, ``labels``, ``seed``, ``name``, as for ``Transform``.

    Raises:
        InputError: ``fill_mode`` is none of these.
    """

    counts = "may change"
    ranks = (2,)

    def __init__(self, *, fill_mode: str = "reflect", **common: Any) -> None:
        super().__init__(**common)
        if fill_mode not in FILL_MODES:
            raise InputError(f"fill_mode: expected one of {list(FILL_MODES)}. Received {fill_mode!r}")
        self.fill_mode = fill_mode

    def use(self, layer: type[keras.layers.Layer], *args: Any) -> None:
        """Move pixels as a layer of Keras does; called once, in ``__init__``, for layers hold states."""
        self.of_signal = layer(*args, fill_mode=self.fill_mode, interpolation="bilinear", **PLAIN)
        self.of_labels = layer(*args, fill_mode="constant", interpolation="nearest", **PLAIN)

    def change(self, batch: Batch) -> Batch:
        """The image and its labels by one draw."""
        drawn = self.of_signal.get_random_transformation(batch.x, training=True, seed=self.seed_generator)
        return follow(self, self.of_signal, self.of_labels, drawn, batch)

    def get_config(self) -> dict[str, Any]:
        """The arguments, so that a transform can be saved."""
        return {**super().get_config(), "fill_mode": self.fill_mode}


def follow(transform: Transform, of_signal: Any, of_labels: Any, drawn: Any, batch: Batch) -> Batch:
    """A batch whose images, labels and weights go through layers of Keras with one draw; these fill with 0."""
    x, y, weight = batch
    if transform.labels == "steps":
        y = _moved(of_labels, drawn, y + 1) - 1  # so that the 0 of what is outside becomes -1
    if weight is not None and len(weight.shape) > 1:
        weight = _moved(of_labels, drawn, weight)
    return Batch(of_signal.transform_images(x, _copy(drawn), training=True), y, weight)


def _moved(layer: Any, drawn: Any, values: Any) -> Any:
    """Labels or weights ``(batch, height, width)`` or with classes, moved as the images are."""
    dense = len(values.shape) == 3
    image = ops.cast(ops.expand_dims(values, -1) if dense else values, "float32")
    image = layer.transform_images(image, _copy(drawn), training=True)
    image = image[..., 0] if dense else image
    return ops.cast(image if keras.backend.is_float_dtype(values.dtype) else ops.round(image), values.dtype)


def _copy(drawn: Any) -> Any:
    """The same draw again: on PyTorch, Keras' affine transform swaps the axes of its matrix in place."""
    return keras.tree.map_structure(lambda value: ops.copy(value) if ops.is_tensor(value) else value, drawn)
