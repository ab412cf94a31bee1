"""The mask that Keras carries beside a tensor, and what strides and repetitions make of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import ops

# Keras gives no public way to read it, and on JAX it is no attribute of the array.
from keras.src.backend import get_keras_mask


def keras_mask(values: Any) -> Any:
    """The mask that a masking layer has left with a prediction, ``(batch, *spatial)``, or None.

    Examples:
        >>> import keras, numpy as np
        >>> keras_mask(keras.layers.Masking()(np.array([[[1.0], [0.0]]]))).tolist()
        [[True, False]]
        >>> keras_mask(np.zeros((1, 2, 1))) is None
        True
    """
    return get_keras_mask(values)


def hide(values: Any, mask: Any, fill: float = 0.0) -> Any:
    """``values`` with ``fill`` at masked steps, so that NaN in the padding reaches neither values nor gradients.

    Args:
        values: ``(batch, *spatial, channels)``.
        mask: ``(batch, *spatial)``, False where a step is to be ignored; None hides nothing.
        fill: what stands there instead.

    Examples:
        >>> import numpy as np
        >>> hide(np.array([[[1.0], [np.nan]]]), np.array([[True, False]])).tolist()
        [[[1.0], [0.0]]]
    """
    if mask is None:
        return values
    return ops.where(ops.expand_dims(mask, -1), values, fill)


def coarse_mask(mask: Any, strides: Sequence[int]) -> Any:
    """The mask on a grid of cells: a cell counts where any of its steps does.

    Args:
        mask: ``(batch, *spatial)``.
        strides: steps of a cell, one number per spatial axis; the last cell of an axis may be short.

    Returns:
        ``(batch, *ceil(spatial / strides))``.

    Examples:
        >>> import numpy as np
        >>> coarse_mask(np.array([[True, True, True, False, False, False, False]]), [2]).tolist()
        [[True, True, False, False]]
    """
    for axis, stride in enumerate(strides, 1):
        if stride == 1:
            continue
        steps = ops.shape(mask)[axis]
        padding = [(0, 0)] * len(mask.shape)
        padding[axis] = (0, -steps % stride)
        shape = ops.shape(mask)
        cells = (*shape[:axis], -(-steps // stride), stride, *shape[axis + 1 :])
        mask = ops.any(ops.reshape(ops.pad(ops.cast(mask, "bool"), padding), cells), axis=axis + 1)
    return mask


def fine_mask(mask: Any, times: Sequence[int]) -> Any:
    """The mask after each step has been repeated, so many times along each spatial axis.

    Examples:
        >>> import numpy as np
        >>> fine_mask(np.array([[True, False]]), [2]).tolist()
        [[True, True, False, False]]
    """
    for axis, count in enumerate(times, 1):
        mask = ops.repeat(mask, count, axis=axis) if count > 1 else mask
    return mask
