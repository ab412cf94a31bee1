"""The right number of hills in each class's probability, and none beside."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.losses.counting import Counting
from segmend.ops import Steps, on_host


@keras.saving.register_keras_serializable(package="segmend")
class Topological(Counting):
    r"""As many lasting components of each class's probability as there are true ones, and no others.

    As a threshold falls from 1 to 0, components of a class are born at the peaks of its probability and die where they
    meet a higher one; the last of each judged stretch dies at 0. Persistence is the height from death to birth. With n
    true components (of the labels, by shared sides) in a recording,

    .. math:: \frac{1}{1 + n} \Bigl(\sum_{i \le n} (1 - \pi_i)^2 + \sum_{i > n} \pi_i^2\Bigr)

    over persistences in falling order, 0 where there are fewer components than n. It is the loss of Hu et al. in
    dimension 0: the gradient falls on peaks and passes alone, raises the peak and lowers the pass of what is to stay,
    and does the contrary to what is too many. It says how many, not where, so add it to another loss.

    Which peak dies at which pass is found on the host, in n log n: see ``ops.on_host`` for TensorFlow. Defined for
    signals and images. Arguments are those of ``Counting``.

    Raises:
        InputError: when called: the labels have neither one spatial axis nor two.

    Source:
        Hu et al. 2019, "Topology-preserving deep image segmentation"; Clough et al. 2020, "A topological loss function
        for deep-learning based image segmentation using persistent homology".

    Examples:
        >>> import numpy as np
        >>> present = np.array([[0.0, 0.9, 0.4, 0.6, 0.0]], "float32")
        >>> prob = np.stack([1 - present, present], axis=-1)
        >>> loss = Topological(background=0)(np.array([[0, 1, 1, 1, 0]]), prob)  # (0.1 ** 2 + 0.2 ** 2) / (1 + 1)
        >>> print(f"{float(loss):.4f}")
        0.0250
    """

    ranks = (1, 2)

    def __init__(self, *, name: str | None = "topological", **options: Any) -> None:
        super().__init__(name=name, **options)

    def errors(self, steps: Steps) -> Any:
        """Squared differences of the persistences, to one more than the true number."""
        valid = ops.expand_dims(steps.valid, -1)
        y_prob = ops.where(valid > 0, steps.y_prob, ops.zeros_like(steps.y_prob))
        batch, *spatial, classes = y_prob.shape
        size = None if None in spatial else math.prod(spatial)
        flat = (batch, size, classes)
        forms = [(flat, "int32"), (flat, "float32"), (flat, "float32"), ((batch, classes), "float32")]
        death, kept, surplus, true = on_host(_matched, [y_prob, steps.y_true, steps.valid], forms)
        birth = ops.reshape(y_prob, (ops.shape(y_prob)[0], -1, classes))
        level = ops.take_along_axis(ops.pad(birth, ((0, 0), (0, 1), (0, 0))), death, axis=1)
        lasted = birth - level
        wrong = kept * ops.square(1.0 - lasted) + surplus * ops.square(lasted)
        missing = true - ops.sum(kept, axis=1)
        return (ops.sum(wrong, axis=1) + missing) / (1.0 + true)


def _matched(y_prob: FloatArray, y_true: FloatArray, valid: FloatArray) -> tuple[IntArray, Any, Any, FloatArray]:
    """Which components stay, which are too many, and where each dies.

    Returns:
        shapes (batch, steps, classes): the step at which a component dies, as many as there are steps where it dies at
        0; whether the step is the peak of a component that stays; of one that is too many; and the true number, shape
        (batch, classes).
    """
    size = math.prod(y_prob.shape[1:-1])
    judged = np.repeat(valid[..., np.newaxis] > 0, y_prob.shape[-1], axis=-1)
    death = _deaths(y_prob, judged)
    level = np.pad(y_prob.reshape(death.shape), ((0, 0), (0, 1), (0, 0)))
    lasted = np.where(death >= 0, level[:, :-1] - np.take_along_axis(level, death, axis=1), 0.0)
    true = (_deaths(np.ones_like(y_true), judged & (y_true > 0.5)) >= 0).sum(axis=1)
    place = np.empty_like(death)
    order = np.argsort(-lasted, axis=1, kind="stable")
    np.put_along_axis(place, order, np.arange(size, dtype=death.dtype)[:, np.newaxis], axis=1)
    there, first = lasted > 0, place < true[:, np.newaxis]
    return np.where(there, death, size), there & first, there & ~first, true


def _deaths(height: FloatArray, inside: BoolArray) -> IntArray:
    """``persistence.deaths`` of each class of each recording, shape (batch, steps, classes)."""
    from segmend.decoding.persistence import deaths

    batch, *spatial, classes = height.shape
    shape = (batch * classes, *(1, *spatial)[-2:])
    level, within = (np.moveaxis(each, -1, 1).reshape(shape) for each in (height, inside))
    return np.moveaxis(deaths(level, within).reshape(batch, classes, -1), 1, 2)
