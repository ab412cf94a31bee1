"""The model that all others are: Keras' functional one, which takes a mask."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="segmend")
class MaskedModel(keras.Model):
    """A functional model that takes a mask: ``model(x, mask=mask)``, or whatever a masking layer before it has left.

    Its layers hand the mask on to the outputs themselves, where they still have steps.

    Examples:
        >>> from segmend.models.masked import MeanOverSteps
        >>> inputs = keras.Input((None, 1))
        >>> model = MaskedModel(inputs, MeanOverSteps()(inputs))
        >>> import numpy as np
        >>> np.asarray(model(np.array([[[1.0], [9.0]]]), mask=np.array([[True, False]]))).tolist()
        [[1.0]]
    """

    @property
    def supports_masking(self) -> bool:
        """Whether masks go through: yes."""
        return True

    @supports_masking.setter
    def supports_masking(self, value: bool) -> None:
        """Keras sets False where a model is made."""

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """None: nothing beyond what the layers have set."""
