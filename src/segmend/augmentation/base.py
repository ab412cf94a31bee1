"""What every transform shares: reading the batch, chance, draws, dtype, the configuration."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, NamedTuple, get_args

import keras
from keras import ops

from segmend.augmentation import drawing
from segmend.augmentation.arguments import number
from segmend.errors import InputError

Counts = Literal["kept", "may lose", "may gain", "may change"]
LabelsOf = Literal["steps", "recording"]


class Batch(NamedTuple):
    """One batch while it is changed.

    Attributes:
        x: signals, float32, ``(batch, *spatial, channels)``.
        y: labels of steps ``(batch, *spatial)`` or ``(batch, *spatial, classes)``, or labels of recordings.
        weight: ``(batch, *spatial)`` or ``(batch,)``, or None.
    """

    x: Any
    y: Any
    weight: Any


class Transform(keras.layers.Layer):
    """Base of the transforms; a subclass writes ``change`` and nothing else.

    A transform takes a batch as a data set yields it to ``fit``, ``(x, y)`` or ``(x, y, sample_weight)``, and returns
    the same: ``transform((x, y))``. Chains are ``keras.layers.Pipeline([...])``. Axes of recordings and channels are
    never moved, and no recording sees another one unless the transform ``mixes``. What has no true label afterwards
    has label -1 and weight 0.

    Attributes:
        counts: what happens to the number of segments of each class: "kept", "may lose", "may gain", "may change".
        mixes: whether recordings of a batch are mixed.
        ranks: numbers of spatial axes that the transform works on.
        on_steps: whether it reads the labels of steps, and so cannot work on labels of recordings.
        settings: names of the arguments of its own.

    Args:
        share: chance of each recording to be changed.
        labels: "steps": one label (or row of 0 and 1) per step; "recording": one per recording, which stays.
        seed: of all draws; None takes a random one.
        name: shown in logs.

    Raises:
        InputError: an argument is out of range; when called: the batch is not a tuple of arrays that belong together.
    """

    counts: ClassVar[Counts] = "kept"
    mixes: ClassVar[bool] = False
    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)
    on_steps: ClassVar[bool] = False
    settings: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, *, share: float = 1.0, labels: LabelsOf = "steps", seed: int | None = None, name: str | None = None
    ) -> None:
        super().__init__(name=name, autocast=False)
        self.share = number("share", share, least=0.0, most=1.0)
        if labels not in get_args(LabelsOf):
            raise InputError(f"labels: expected one of {list(get_args(LabelsOf))}. Received {labels!r}")
        if self.on_steps and labels != "steps":
            raise InputError(f"labels: {type(self).__name__} works on labels of steps. Received {labels!r}")
        self.labels, self.seed = labels, seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, batch: Any, training: bool = True) -> Any:
        """The batch with each recording changed by chance; unchanged where ``training`` is False."""
        before = self.read(batch)
        if not training:
            return batch
        x, y, weight = self.change(before)
        parts = (x, y) if weight is None else (x, y, weight)
        if self.share < 1.0:
            chosen = self.uniform((ops.shape(x)[0],)) < self.share
            parts = tuple(_choose(chosen, new, old) for new, old in zip(parts, before, strict=False))
        return tuple(ops.cast(new, old.dtype) for new, old in zip(parts, batch, strict=True))

    def change(self, batch: Batch) -> Batch:
        """The transform itself, of every recording."""
        raise NotImplementedError

    def read(self, batch: Any) -> Batch:
        """The batch in the form that ``change`` takes.

        Raises:
            InputError: as for the class.
        """
        if not isinstance(batch, tuple | list) or len(batch) not in (2, 3):
            raise InputError(f"batch: expected (x, y) or (x, y, sample_weight). Received {type(batch).__name__}")
        x, y, weight = (*batch, None)[:3]
        if not keras.backend.is_float_dtype(x.dtype):
            raise InputError(f"x: expected floating-point signals. Received {x.dtype}")
        dtype = keras.backend.standardize_dtype(y.dtype)
        if dtype.startswith(("uint", "bool")):
            raise InputError(f"y: expected a type that can hold -1. Received {dtype}")
        spatial = tuple(x.shape[1:-1])
        if len(spatial) not in self.ranks:
            raise InputError(
                f"x: {type(self).__name__} expects shape (batch, *spatial, channels), {_either(self.ranks)} spatial "
                f"axes. Received shape {tuple(x.shape)}"
            )
        if self.labels == "steps":
            _belongs("y", y, x, (len(x.shape) - 1, len(x.shape)))
        if weight is not None and len(weight.shape) != 1:
            _belongs("sample_weight", weight, x, (len(x.shape) - 1,))
        return Batch(ops.cast(x, "float32"), y, weight)

    def uniform(self, shape: Any, low: float = 0.0, high: float = 1.0) -> Any:
        """Random numbers between two limits, float32."""
        return keras.random.uniform(shape, low, high, dtype="float32", seed=self.seed_generator)

    def normal(self, shape: Any) -> Any:
        """Random numbers of mean 0 and standard deviation 1, float32."""
        return drawing.normal(shape, self.seed_generator)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shapes of the input."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """The arguments, so that a transform can be saved."""
        own = {name: getattr(self, name) for name in self.settings}
        return {**own, "share": self.share, "labels": self.labels, "seed": self.seed, "name": self.name}


def over(values: Any, like: Any) -> Any:
    """Values per recording ``(batch,)``, with axes of 1 until they broadcast over ``like``."""
    return ops.reshape(values, (-1, *(1,) * (len(like.shape) - 1)))


def ignore(values: Any, ignored: Any, fill: int) -> Any:
    """Labels or weights with ``fill`` where a step ``(batch, *spatial)`` is ignored."""
    if len(values.shape) > len(ignored.shape):
        ignored = ops.expand_dims(ignored, -1)
    return ops.where(ignored, ops.cast(fill, values.dtype), values)


def _choose(chosen: Any, new: Any, old: Any) -> Any:
    return ops.where(over(chosen, new), new, old)


def _belongs(name: str, values: Any, x: Any, ranks: tuple[int, ...]) -> None:
    have, want = tuple(values.shape), tuple(x.shape[:-1])
    same = all(a is None or b is None or a == b for a, b in zip(have, want, strict=False))
    if len(have) not in ranks or not same:
        more = " or with an axis of classes" if len(ranks) > 1 else ""
        raise InputError(f"{name}: expected shape {want}, one per step{more}. Received shape {have}")


def _either(ranks: tuple[int, ...]) -> str:
    return " or ".join(str(rank) for rank in ranks)
