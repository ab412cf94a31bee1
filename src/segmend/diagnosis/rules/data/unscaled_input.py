"""D203: channels on scales that a model is not made for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import ChannelFacts
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number

APART = 100.0
"""Ratio of spreads: what a channel of the smaller adds to a sum is lost in the larger one's noise."""

LARGE = 20.0
"""Size of samples: layers begin with weights for a size of 1, so that first outputs are as many times too large."""

HUGE = 1000.0
"""The same for data whose model is not known: raw counts of a converter."""

SMALL = 0.01
"""Size of samples below which gradients of the first layer are as small."""

BURIED = 30.0
"""Mean over spread: what changes is lost in an offset that never does."""

NORMS = (
    "Normalization",
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "RMSNormalization",
    "UnitNormalization",
    "Rescaling",
    "LogSpectrum",
)
_SHAPES = "InputLayer Masking Reshape Permute Flatten RepeatVector Hide Resizing CenterCrop Identity Activation ReLU"
_NOISES = "Dropout SpatialDropout GaussianNoise GaussianDropout RandomFlip RandomRotation RandomTranslation RandomZoom"
_POOLS = "ZeroPadding Cropping MaxPooling AveragePooling UpSampling"
KEEPS_SCALE = tuple(f"{_SHAPES} {_NOISES} {_POOLS}".split())


class UnscaledInput(Rule):
    """Channels have very different, huge or tiny scales, and nothing in the model standardises them.

    What it finds:
        Channels whose spreads differ by 100 and more; samples of a size (root mean square) of 20 and more, such as
        pixels from 0 to 255, or of 0.01 and less; means of 30 times the spread and more. A model that begins with a
        layer of normalisation or rescaling is all right. Where no model is known, only channels that differ by 100 and
        samples of a size of 1000 and more are told.

    Why it matters:
        Layers begin with weights that are made for inputs of mean 0 and spread 1. Inputs a hundred times as large
        saturate the first outputs, so that the loss begins high and learning is slow or diverges; a channel a hundred
        times smaller than its neighbour is not heard at all.

    Evidence:
        Mean, spread and size of the channels concerned, with the thresholds, and the model's first layer. Severity is
        warning where the model is known, info where only the data are: training by segmend standardises by itself.

    Remedy:
        Standardise each channel by mean and spread of the training part, in a Normalization layer with these numbers,
        so that the saved model does it too.

    Known limits:
        Layers with a call of their own before the first weights are taken to standardise. What was done to the data
        between the files and the model is only seen where the arrays themselves are given. A trained model has made
        up for its inputs as far as it could: the fault has then cost time, or score, or nothing.
    """

    name = "unscaled-input"
    code = "D203"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint.channels",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "diverged",
        "oscillating",
        "dead-units",
        "single-class-collapse",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.fingerprint is not None
        every = [each for each in chart.fingerprint.channels if each.std and each.mean is not None]
        model = chart.anatomy if chart.anatomy is not None and chart.anatomy.framework != "callable" else None
        if not every or (model is not None and (chart.targets is None or standardises(model))):
            return  # without targets the model was not given these very samples
        told = _faults(every, known=model is not None)
        if not told:
            return
        concerned = list({each.name: each for _, each in told}.values())
        first = next((each.kind for each in model.layers if each.parameters), None) if model else None
        nothing = f", and nothing before the first {first} layer standardises them" if first else ""
        yield self.finding(
            f"{'; '.join(text for text, _ in told)}{nothing}",
            severity=Severity.INFO if model is None else Severity.WARNING,
            where={"channel": concerned[0].name} if len(every) > len(concerned) == 1 else {},
            evidence={
                "channels": {
                    each.name: {"mean": each.mean, "std": each.std, "size": _size(each)} for each in concerned
                },
                "threshold": {
                    "ratio": APART,
                    "large": LARGE if model else HUGE,
                    "small": SMALL,
                    "mean_over_spread": BURIED,
                },
                "first_layer": first,
            },
            remedies=(_normalise(every),),
        )


def standardises(anatomy: Anatomy) -> bool:
    """Whether something before the first weights can bring samples to one scale, as far as is known."""
    for layer in anatomy.layers:
        if layer.kind in NORMS:
            return True
        if layer.kind.removesuffix("1D").removesuffix("2D") not in KEEPS_SCALE:
            return not layer.parameters
    return True


def _size(channel: ChannelFacts) -> float:
    assert channel.mean is not None and channel.std is not None
    return math.hypot(channel.mean, channel.std)


def _spread(channel: ChannelFacts) -> float:
    assert channel.std is not None
    return channel.std


def _faults(every: Sequence[ChannelFacts], *, known: bool) -> list[tuple[str, ChannelFacts]]:
    """What is wrong, with a channel that shows it."""
    found = []
    wide, narrow = max(every, key=_spread), min(every, key=_spread)
    if _spread(wide) >= APART * _spread(narrow):
        times = _spread(wide) / _spread(narrow)
        text = f"channel {wide.name} spreads {times:.3g} times as far as {narrow.name} ({_spread(wide):.3g} and "
        found.append((f"{text}{_spread(narrow):.3g})", narrow))
    large = [each for each in every if _size(each) >= (LARGE if known else HUGE)]
    if large:
        most = max(large, key=_size)
        found.append((f"samples of {_channels(large)} have a size (root mean square) of {number(_size(most))}", most))
    if known and not large and max(map(_size, every)) <= SMALL:
        most = max(every, key=_size)
        found.append((f"no channel has samples of a size above {_size(most):.2g}", most))
    buried = [each for each in every if known and each not in large and abs(each.mean or 0) >= BURIED * _spread(each)]
    if buried:
        text = f"{buried[0].name} moves by {_spread(buried[0]):.3g} around a mean of {buried[0].mean:.3g}"
        found.append((text, buried[0]))
    return found


def _channels(concerned: Sequence[ChannelFacts]) -> str:
    """Names that say what they are of, since bare arrays have numbers for names."""
    return f"channel{'s' * (len(concerned) > 1)} {listed([each.name for each in concerned])}"


def _normalise(channels: Sequence[ChannelFacts]) -> Remedy:
    """A layer with the numbers of the data, of a few channels."""
    if len(channels) <= 4:
        mean = ", ".join(f"{each.mean:.4g}" for each in channels)
        variance = ", ".join(f"{_spread(each) ** 2:.4g}" for each in channels)
        layer = f"keras.layers.Normalization(mean=[{mean}], variance=[{variance}])"
    else:
        layer = "norm = keras.layers.Normalization(); norm.adapt(x_train), and norm"
    return Remedy(
        name="normalise-the-input", safety="manual", advice=f"Put {layer} first in the model, and train it again."
    )
