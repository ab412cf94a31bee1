"""Keras' layers that mix steps, made to respect a mask: what is masked is hidden, and the mask goes on.

Without a mask they are Keras' own layers, at no cost. With one, a padded recording gives on its own steps what the
cropped recording gives, provided that the padding lies behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from segmend.ops import coarse_mask, fine_mask, hide

LOWEST = -1e30
"""Below every value that a network makes, in float32 and bfloat16."""


class _MaskedConv:
    """What convolutions of both ranks share; ``pads`` are zeros before and after along every spatial axis."""

    def __init__(self, *args: Any, pads: Sequence[int] = (0, 0), **options: Any) -> None:
        super().__init__(*args, **options)
        self.pads = tuple(pads)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Hide, pad, convolve."""
        inputs = hide(inputs, mask)
        if any(self.pads):
            rank = len(inputs.shape) - 2
            inputs = ops.pad(inputs, [(0, 0), *([self.pads] * rank), (0, 0)])
        return super().call(inputs)  # type: ignore[misc]

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask on the grid of the output."""
        return None if previous_mask is None else coarse_mask(previous_mask, self.strides)  # type: ignore[attr-defined]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """As Keras has it, with the padding."""
        batch, *spatial, channels = input_shape
        longer = [None if steps is None else steps + sum(self.pads) for steps in spatial]
        return super().compute_output_shape((batch, *longer, channels))  # type: ignore[misc]

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        return {**super().get_config(), "pads": list(self.pads)}  # type: ignore[misc]


@keras.saving.register_keras_serializable(package="segmend")
class MaskedConv1D(_MaskedConv, keras.layers.Conv1D):
    """A ``Conv1D`` that sees masked steps as zeros, as it sees what lies beyond the recording.

    Args:
        args: as for ``keras.layers.Conv1D``.
        pads: zeros before and after, for a "valid" convolution whose grid does not move with the length.
        options: as for ``keras.layers.Conv1D``.

    Examples:
        >>> import numpy as np
        >>> conv = MaskedConv1D(1, 3, padding="same", kernel_initializer="ones")
        >>> np.asarray(conv(np.ones((1, 4, 1)), mask=np.array([[True, True, False, False]])))[0, :2, 0].tolist()
        [2.0, 2.0]
    """


@keras.saving.register_keras_serializable(package="segmend")
class MaskedConv2D(_MaskedConv, keras.layers.Conv2D):
    """The same for images: a ``Conv2D`` that sees masked pixels as zeros."""


class _MaskedMaxPooling:
    """What poolings of both ranks share; the stride is 1 and the padding "same"."""

    def __init__(self, pool_size: int, **options: Any) -> None:
        super().__init__(pool_size=pool_size, **{**options, "strides": 1, "padding": "same"})  # type: ignore[call-arg]
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The largest value among the steps that count."""
        return super().call(hide(inputs, mask, LOWEST))  # type: ignore[misc]


@keras.saving.register_keras_serializable(package="segmend")
class MaskedMaxPooling1D(_MaskedMaxPooling, keras.layers.MaxPooling1D):
    """A ``MaxPooling1D`` of stride 1 that leaves masked steps out.

    Examples:
        >>> import numpy as np
        >>> pool = MaskedMaxPooling1D(3)
        >>> np.asarray(pool(np.array([[[1.0], [2.0], [9.0]]]), mask=np.array([[True, True, False]])))[0, :2, 0].tolist()
        [2.0, 2.0]
    """


@keras.saving.register_keras_serializable(package="segmend")
class MaskedMaxPooling2D(_MaskedMaxPooling, keras.layers.MaxPooling2D):
    """The same for images."""


class _Repeat:
    """What repetitions of both ranks share."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask, repeated alike."""
        if previous_mask is None:
            return None
        size = self.size  # type: ignore[attr-defined]
        rank = len(inputs.shape) - 2
        return fine_mask(previous_mask, [size] * rank if isinstance(size, int) else size)


@keras.saving.register_keras_serializable(package="segmend")
class Repeat1D(_Repeat, keras.layers.UpSampling1D):
    """An ``UpSampling1D`` that repeats the mask with the steps."""


@keras.saving.register_keras_serializable(package="segmend")
class Repeat2D(_Repeat, keras.layers.UpSampling2D):
    """An ``UpSampling2D`` that repeats the mask with the pixels."""


@keras.saving.register_keras_serializable(package="segmend")
class Hide(keras.layers.Layer):
    """Zeros in place of masked steps: NaN in a padding stays out of layers that only pass over it.

    Examples:
        >>> import numpy as np
        >>> np.asarray(Hide()(np.array([[[1.0], [np.nan]]]), mask=np.array([[True, False]]))).tolist()
        [[[1.0], [0.0]]]
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The input, with zeros at masked steps."""
        return hide(inputs, mask)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """That of the input."""
        return input_shape


@keras.saving.register_keras_serializable(package="segmend")
class MeanOverSteps(keras.layers.Layer):
    """The mean over all steps that count, of any rank: ``(batch, *spatial, channels) -> (batch, channels)``.

    Examples:
        >>> import numpy as np
        >>> mask = np.array([[True, True, False]])
        >>> np.asarray(MeanOverSteps()(np.array([[[1.0], [3.0], [9.0]]]), mask=mask)).tolist()
        [[2.0]]
    """

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """The mean; zeros for a recording of which nothing counts."""
        axes = tuple(range(1, len(inputs.shape) - 1))
        if mask is None:
            return ops.mean(inputs, axis=axes)
        count = ops.expand_dims(ops.sum(ops.cast(mask, inputs.dtype), axis=axes), -1)
        return ops.divide_no_nan(ops.sum(hide(inputs, mask), axis=axes), count)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> None:
        """None: there are no steps left."""

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Batch and channels."""
        return (input_shape[0], input_shape[-1])
