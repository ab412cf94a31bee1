"""A penalty on the weights of any model, as if its layers had been made with it."""

from __future__ import annotations

from typing import Any

import keras


def penalise(model: Any, l1: float) -> None:
    """Add a factor of the absolute values of all trained kernels to the loss; a kernel that has a penalty keeps it.

    Biases, gains of normalisations and embeddings are left alone. The penalty is part of how a model is trained, not of
    the model: it is not saved with it.

    Args:
        model: built.
        l1: factor; 0 adds nothing.

    Examples:
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
        >>> penalise(model, 0.25)
        >>> [float(loss) for loss in model.losses]
        [0.5]
    """
    for variable in model.trainable_variables if l1 else ():
        if variable.name.endswith("kernel") and variable.regularizer is None:
            variable.regularizer = keras.regularizers.L1(l1)
