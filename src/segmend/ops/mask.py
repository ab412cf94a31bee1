"""The mask that Keras carries beside a tensor."""

from __future__ import annotations

from typing import Any

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
