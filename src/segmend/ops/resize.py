"""Making two levels of a network the same length."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


def fit_length(values: Any, like: Any) -> Any:
    """The first steps of ``values`` along every spatial axis, as many as ``like`` has.

    Args:
        values: ``(batch, *spatial, channels)``, at least as long as ``like``.
        like: ``(batch, *spatial, channels)``.

    Examples:
        >>> import numpy as np
        >>> fit_length(np.zeros((1, 8, 2)), np.zeros((1, 6, 3))).shape
        (1, 6, 2)
    """
    wanted = ops.shape(like)[1:-1]
    return values[(slice(None), *(slice(0, length) for length in wanted), slice(None))]


@keras.saving.register_keras_serializable(package="segmend")
class CropLike(keras.layers.Layer):
    """Cut the end of a tensor so that it is as long as another one.

    Downsampling by s rounds lengths up, so upsampling by s gives up to s - 1 steps too many, all of them at the end.

    Examples:
        >>> import numpy as np
        >>> CropLike()([np.zeros((1, 8, 2)), np.zeros((1, 6, 3))]).shape
        (1, 6, 2)
    """

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The first of two tensors, cut to the length of the second."""
        values, like = inputs
        cut = fit_length(values, like)
        # Where nothing is cut, JAX hands back the very array, and Keras would keep the mask that it carries.
        return cut if mask is None else ops.copy(cut)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the second tensor; where only the first has one, that, cut alike."""
        mask, like = previous_mask or (None, None)
        if like is not None or mask is None:
            return like
        wanted = ops.shape(inputs[1])[1:-1]
        return mask[(slice(None), *(slice(0, length) for length in wanted))]

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Batch and channels of the first input, spatial axes of the second."""
        values, like = input_shape
        return (values[0], *like[1:-1], values[-1])
