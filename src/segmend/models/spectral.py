"""Any model for signals on frames of a spectrum: for audio and other fast signals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from segmend.errors import InputError
from segmend.models.build import build
from segmend.models.heads import begin
from segmend.models.layers import upsample
from segmend.models.masked_model import MaskedModel
from segmend.ops import coarse_mask, hide

FLOOR = 1e-6
"""Added to the spectrum before the logarithm."""


@keras.saving.register_keras_serializable(package="segmend")
class LogSpectrum(keras.layers.Layer):
    """The logarithm of a short-time spectrum, by Keras' ``STFTSpectrogram`` and the bands of its ``MelSpectrogram``.

    Frame f is centred on the steps ``f * hop`` to ``(f + 1) * hop - 1``, whatever the length, so that frames are cells
    of the grid of steps; what lies beyond the recording, and masked steps, are zeros.

    Args:
        frame: steps of a frame.
        hop: steps from one frame to the next, at most ``frame``.
        bands: mel bands; None keeps every frequency.
        sampling_rate_hz: of the signal, by which the bands are laid out.
        options: as for every Keras layer.

    Raises:
        InputError: the frame is shorter than the hop, or bands are asked for without a sampling rate.

    Examples:
        >>> LogSpectrum(64, 32, bands=8, sampling_rate_hz=1000.0)(np.zeros((1, 100, 2), "float32")).shape
        (1, 4, 16)
    """

    def __init__(
        self,
        frame: int,
        hop: int,
        *,
        bands: int | None = None,
        sampling_rate_hz: float | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        if not 1 <= hop <= frame:
            raise InputError(f"hop: expected 1 to {frame} steps, the frame. Received {hop}")
        if bands is not None and not sampling_rate_hz:
            raise InputError("sampling_rate_hz: expected one where bands are asked for. Received none")
        self.frame, self.hop, self.bands, self.sampling_rate_hz = frame, hop, bands, sampling_rate_hz
        self.supports_masking = True
        self.magnitude = keras.layers.STFTSpectrogram(
            "magnitude",
            frame_length=frame,
            frame_step=hop,
            expand_dims=True,
            trainable=False,
            dtype="float32",  # there is no Fourier transform of bfloat16
            name="stft",
        )

    def build(self, input_shape: Any) -> None:
        """The window and the bands, which are not trained."""
        self.magnitude.build(input_shape)
        if self.bands is not None:
            mel = keras.layers.MelSpectrogram(dtype="float32").linear_to_mel_weight_matrix(
                num_mel_bins=self.bands,
                num_spectrogram_bins=self._frequencies,
                sampling_rate=self.sampling_rate_hz,
                lower_edge_hertz=0.0,
                upper_edge_hertz=float(self.sampling_rate_hz or 0) / 2,
            )
            self.mel = np.asarray(ops.convert_to_numpy(mel))

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """``(batch, steps, channels) -> (batch, ceil(steps / hop), features)``."""
        left = (self.frame - self.hop) // 2
        steps = ops.shape(inputs)[1]
        right = self.frame - self.hop - left + -steps % self.hop
        values = self.magnitude(ops.pad(hide(inputs, mask), [(0, 0), (left, right), (0, 0)]))
        if self.bands is not None:
            values = ops.einsum("btfc,fm->btmc", values, ops.convert_to_tensor(self.mel, values.dtype))
        values = ops.log(values + FLOOR)
        shape = ops.shape(values)
        return ops.reshape(values, (shape[0], shape[1], self.features * inputs.shape[-1]))

    @property
    def features(self) -> int:
        """Features of a frame for each channel of the signal: mel bands or frequencies."""
        return self.bands or self._frequencies

    @property
    def _frequencies(self) -> int:
        return 1 + 2 ** (self.frame - 1).bit_length() // 2

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """The mask of the frames."""
        return None if previous_mask is None else coarse_mask(previous_mask, [self.hop])

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Batch, frames, features."""
        batch, steps, channels = input_shape
        return (batch, None if steps is None else -(-steps // self.hop), self.features * channels)

    def get_config(self) -> dict[str, Any]:
        """The arguments."""
        own = {"frame": self.frame, "hop": self.hop, "bands": self.bands, "sampling_rate_hz": self.sampling_rate_hz}
        return {**super().get_config(), **own}


def spectral(
    inner: Mapping[str, Any],
    *,
    channels: int,
    classes: int,
    frame: int = 512,
    hop: int = 256,
    bands: int | None = None,
    sampling_rate_hz: float | None = None,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    name: str = "spectral",
) -> keras.Model:
    """A model on the frames of a logarithmic spectrum; a segmentation is repeated back to the steps of the signal.

    Borders are as coarse as the hop, and a step sees the frames that ``inner`` sees, each of them ``frame`` steps long.

    Args:
        inner: the model on the frames, as a plan's section writes it: ``architecture`` and its arguments. Of rank 1,
            with a single output.
        channels: channels of the signal.
        classes: number of classes, the background included.
        frame: steps of a frame.
        hop: steps from one frame to the next.
        bands: mel bands; None keeps every frequency.
        sampling_rate_hz: of the signal; the bands need it.
        window: fixed input length, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        name: name of the model.

    Returns:
        A functional model ``(batch, steps, channels) -> (batch, steps, classes)``, or ``(batch, classes)`` where the
        inner one classifies.

    Raises:
        InputError: an argument is not what was expected, or the inner model has several outputs or another rank.

    Examples:
        >>> model = spectral({"architecture": "lstm", "units": 4}, channels=1, classes=3, frame=16, hop=8)
        >>> model(np.zeros((1, 30, 1), "float32")).shape
        (1, 30, 3)
    """
    inputs, x = begin(channels, window=window, mean=mean, std=std)
    options: dict[str, Any] = {"bands": bands, "sampling_rate_hz": sampling_rate_hz}
    spectrum = LogSpectrum(frame, hop, **options, dtype="float32", name="log_spectrum")
    frames = spectrum(x)
    frames = keras.layers.LayerNormalization(name="levels")(frames)
    model = build(inner, channels=frames.shape[-1], classes=classes, bias=bias)
    if len(model.outputs) != 1 or len(model.input_shape) != 3:
        raise InputError(
            f"inner: expected a model for signals with one output. "
            f"Received {len(model.outputs)} outputs and input shape {model.input_shape}"
        )
    outputs = model(frames)
    if len(outputs.shape) == 3:
        outputs = upsample(outputs, hop, inputs, name="steps", join=False, dtype="float32")
    return MaskedModel(inputs, outputs, name=name)
