"""MiniRocket: what share of each of ten thousand fixed convolutions is positive, and ridge classification."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.recipes.data import Split
from benchmarks.recipes.recipe import Facts, Recipe, whole_signals

TAPS, FEATURES, MOST_DILATIONS = 9, 9996, 32
KERNELS = tuple(itertools.combinations(range(TAPS), 3))
"""The taps of weight 2 of each of the 84 kernels; the other six have weight -1."""

GOLDEN = (np.sqrt(5) + 1) / 2


@dataclass(frozen=True, eq=False)
class Features:
    """The convolutions, chosen on training recordings.

    Attributes:
        dilations: steps between taps.
        channels: for each dilation and kernel, the channels that are summed.
        biases: for each dilation and kernel, what the sum is compared with.
    """

    dilations: tuple[int, ...]
    channels: tuple[tuple[Any, ...], ...]
    biases: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, signals: Sequence[Any], rng: np.random.Generator) -> Features:
        """Channels by chance, and quantiles of what training recordings drawn by chance give."""
        count = signals[0].shape[-1]
        dilations, each = dealt(min(len(signal) for signal in signals))
        quantiles = np.arange(1, len(KERNELS) * sum(each) + 1) * GOLDEN % 1
        channels, biases, used = [], [], 0
        for dilation, number in zip(dilations, each, strict=True):
            chosen, compared = [], []
            for kernel in KERNELS:
                size = min(count, int(2 ** rng.uniform(0, np.log2(min(count, TAPS) + 1))))
                chosen.append(np.sort(rng.choice(count, size, replace=False)))
                signal = signals[rng.integers(len(signals))][:, chosen[-1]]
                answer = convolved(taps(signal, dilation), kernel)
                compared.append(np.quantile(answer, quantiles[used : used + number]).astype(np.float32))
                used += number
            channels.append(tuple(chosen))
            biases.append(tuple(compared))
        return cls(tuple(dilations), tuple(channels), tuple(biases))

    def __call__(self, signal: Any) -> Any:
        """The features of one recording (steps, channels): shares of positive values, shape (features,)."""
        found = []
        for number, dilation in enumerate(self.dilations):
            every = taps(signal, dilation)
            for k, kernel in enumerate(KERNELS):
                answer = convolved(every[..., self.channels[number][k]], kernel)
                edge = (TAPS // 2) * dilation
                if (number + k) % 2 and len(answer) > 2 * edge:
                    answer = answer[edge:-edge]
                found.append((answer[:, None] > self.biases[number][k]).mean(axis=0))
        return np.concatenate(found).astype(np.float32)


def dealt(length: int) -> tuple[list[int], list[int]]:
    """Dilations up to what a recording holds, and how many features of each kernel every one gets.

    Examples:
        >>> dilations, each = dealt(1000)
        >>> dilations[:4], dilations[-1], 84 * sum(each)
        ([1, 2, 3, 4], 124, 9996)
    """
    per_kernel = FEATURES // len(KERNELS)
    tried = min(per_kernel, MOST_DILATIONS)
    spread = np.logspace(0, np.log2((length - 1) / (TAPS - 1)), tried, base=2).astype(int)
    dilations, count = np.unique(spread, return_counts=True)
    each = (count * per_kernel / tried).astype(int)
    each[: per_kernel - each.sum()] += 1
    return dilations.tolist(), each.tolist()


def taps(signal: Any, dilation: int) -> Any:
    """What each tap sees at each step, zeros beyond the ends: shape (taps, steps, channels)."""
    edge = (TAPS // 2) * dilation
    padded = np.pad(signal, ((edge, edge), (0, 0)))
    return np.stack([padded[k * dilation : k * dilation + len(signal)] for k in range(TAPS)])


def convolved(every: Any, kernel: tuple[int, int, int]) -> Any:
    """One kernel over all given channels, shape (steps,)."""
    return (3 * every[list(kernel)].sum(axis=0) - every.sum(axis=0)).sum(axis=-1)


@dataclass(eq=False)
class Ridge:
    """Features and a linear classifier."""

    facts: Facts
    features: Features
    classifier: Any
    notes: dict[str, Any]

    def probabilities(self, signals: Sequence[Any]) -> list[Any]:
        """Softmax of the classifier's margins, or the sigmoid where labels may overlap."""
        margins = self.classifier.decision_function(np.stack([self.features(signal) for signal in signals]))
        if self.facts.multilabel:
            return list(1 / (1 + np.exp(-margins)))
        if margins.ndim == 1:
            margins = np.stack([-margins, margins], axis=1)
        raised = np.exp(margins - margins.max(axis=1, keepdims=True))
        return list(raised / raised.sum(axis=1, keepdims=True))


def train(recipe: Recipe, split: Split, seconds: float, seed: int) -> Ridge:
    """Features of the training part, and ridge classification whose penalty leave-one-out chooses."""
    from sklearn.linear_model import RidgeClassifierCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    began = time.monotonic()
    part = split.part("train", recipe.scaled)
    features = Features.of(part.signals, np.random.default_rng(seed))
    classifier = make_pipeline(StandardScaler(with_mean=False), RidgeClassifierCV(alphas=np.logspace(-3, 3, 10)))
    classifier.fit(np.stack([features(signal) for signal in part.signals]), np.stack(part.y_true))
    return Ridge(split.facts, features, classifier, {"fit_s": time.monotonic() - began})


RECIPE = Recipe(
    name="minirocket",
    paper=(
        "Dempster, Schmidt, Webb 2021, MiniRocket: a very fast (almost) deterministic transform for time series "
        "classification, KDD"
    ),
    taken=(
        "84 kernels of 9 taps with weights -1 and 2, up to 32 dilations, 9,996 shares of positive values with "
        "biases at quantiles of training recordings, half of them padded; sums over random channels as in its "
        "multivariate form; ridge classification of scaled features, penalty of 1e-3 to 1e3 by leave-one-out"
    ),
    departs=(
        "written anew in NumPy; recordings of unequal length stay as they are, dilations being those of the "
        "shortest; labels that overlap are ridge classifications beside each other"
    ),
    serves=whole_signals,
    train=train,
)
