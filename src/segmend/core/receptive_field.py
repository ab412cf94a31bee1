"""Receptive fields as arithmetic: which input steps an output step can see.

After stride and upsampling the steps of an output do not all see alike: they fall into *phases* that repeat. A
``Field`` holds one interval of input steps per phase. Layers compose by gathering: an output step reads some steps of
the tensor before it, and sees the hull of what those steps see. Intervals hold for steps away from the two ends.

The intervals are exact hulls, as an injected NaN shows them; see "Receptive field" in Araujo, Norris, Sim (2019),
"Computing receptive fields of convolutional neural networks", which has no phases and therefore only bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from segmend.core.padding import paddings
from segmend.errors import InputError

Interval = tuple[float, float]
"""First and last input step seen, both included; infinite where unbounded, (inf, -inf) where nothing is seen.

Where only the recording's first or last step is seen, both ends are infinite on that side.
"""

NOTHING: Interval = (math.inf, -math.inf)
EVERYTHING: Interval = (-math.inf, math.inf)


def hull(intervals: Iterable[Interval]) -> Interval:
    """The smallest interval that holds all intervals.

    Example:
        >>> hull([(0, 2), (5, 5), NOTHING])
        (0, 5)
    """
    first, last = NOTHING
    for low, high in intervals:
        first, last = min(first, low), max(last, high)
    return first, last


@dataclass(frozen=True, slots=True)
class Field:
    """What the steps of one tensor axis see of the input axis.

    Output step ``q * period + r`` sees the input steps ``q * advance + seen[r][0]`` to ``q * advance + seen[r][1]``.

    Attributes:
        advance: input steps by which one period moves on; 0 where all steps see the same (a summary of the recording).
        seen: one interval per phase.

    Example:
        >>> field = Field().conv(3).pool(2).conv(3).upsample(2)
        >>> field.left, field.right, field.size, field.smallest, field.stride
        (-4, 4, 9, 8, 1.0)
    """

    advance: int = 1
    seen: tuple[Interval, ...] = ((0, 0),)

    @property
    def period(self) -> int:
        """Number of phases."""
        return len(self.seen)

    @property
    def stride(self) -> float:
        """Input steps per output step; 0 for a summary of the whole recording."""
        return self.advance / self.period

    @property
    def _hull(self) -> Interval:
        """Union of the phases' intervals, each relative to the input position of its own output step."""
        places = [phase * self.advance // self.period for phase in range(self.period)]
        united = hull((low - place, high - place) for (low, high), place in zip(self.seen, places, strict=True))
        return united if united != NOTHING else (0, -1)

    @property
    def left(self) -> int | None:
        """First input step seen by any phase, relative to the step's own position; None where unbounded."""
        return _finite(self._hull[0])

    @property
    def right(self) -> int | None:
        """Last input step seen by any phase, relative to the step's own position; None where unbounded."""
        return _finite(self._hull[1])

    @property
    def size(self) -> int | None:
        """Input steps from ``left`` to ``right``, both included; None where unbounded."""
        return _finite(_width(self._hull))

    @property
    def smallest(self) -> int | None:
        """Input steps that the least seeing phase sees; None where every phase is unbounded."""
        return _finite(min(_width(interval) for interval in self.seen))

    def gather(self, reads: Sequence[Sequence[int]], move: int = 1) -> Field:
        """The field after a layer whose output step ``q * len(reads) + r`` reads the steps ``q * move + reads[r]``.

        Args:
            reads: per phase of the layer's output the steps it reads: a rising or falling arithmetic progression.
            move: steps by which the layer's input moves on per ``len(reads)`` output steps.

        Example:
            >>> Field().gather([range(-1, 2)]) == Field().conv(3)
            True
        """
        rounds = self.period // math.gcd(self.period, move)
        seen = [
            hull(self._at(turn * move + step) for step in _ends(taps, self.period))
            for turn in range(rounds)
            for taps in reads
        ]
        return Field(self.advance * move * rounds // self.period, tuple(seen))

    def conv(
        self, kernel: int, *, dilation: int = 1, stride: int = 1, padding: str = "same", steps: int | None = None
    ) -> Field:
        """The field after a convolution (or any sliding window of ``kernel`` taps).

        Args:
            kernel: number of taps.
            dilation: steps between two taps.
            stride: input steps of the layer per output step.
            padding: "same" (centred; for an even kernel the extra tap lies ahead), "causal" or "valid" (output step t
                reads t * stride and later).
            steps: length of the layer's input. With "same" and a stride the padding depends on it; without it the
                field is the union over all lengths.

        Raises:
            InputError: the padding is none of the three.

        Example:
            >>> Field().conv(3, dilation=4, padding="causal")
            Field(advance=1, seen=((-8, 0),))
            >>> Field().conv(3, stride=2, steps=8).seen, Field().conv(3, stride=2, steps=9).seen
            (((0, 2),), ((-1, 1),))
            >>> Field().conv(3, stride=2).seen
            ((-1, 2),)
        """
        fields = [
            self.gather([range(-pad, -pad + dilation * (kernel - 1) + 1, dilation)], stride)
            for pad in paddings(kernel, dilation, stride, padding, steps)
        ]
        return union(fields)

    def pool(self, size: int, *, stride: int | None = None, padding: str = "valid", steps: int | None = None) -> Field:
        """The field after max or average pooling; ``stride`` defaults to ``size``."""
        return self.conv(size, stride=stride or size, padding=padding, steps=steps)

    def transposed(self, kernel: int, *, stride: int = 1, dilation: int = 1, padding: str = "same") -> Field:
        """The field after a transposed convolution; phases that no tap reaches see nothing.

        Example:
            >>> Field().transposed(4, stride=2).seen
            ((-1, 0), (0, 1))
        """
        reach = dilation * (kernel - 1) + 1
        pad = max(reach - stride, 0) // 2 if padding == "same" else 0
        reads = []
        for phase in range(stride):
            taps = (phase + pad - dilation * tap for tap in range(kernel))
            reads.append([tap // stride for tap in taps if tap % stride == 0])
        return self.gather(reads)

    def upsample(self, times: int) -> Field:
        """The field after repeating each step ``times`` times."""
        return self.gather([(0,)] * times)

    def shift(self, steps: int) -> Field:
        """The field after moving the axis: output step t reads step ``t + steps`` (cropping > 0, padding < 0)."""
        return self.gather([(steps,)])

    def pad(self, left: int) -> Field:
        """The field after adding ``left`` steps in front."""
        return self.shift(-left)

    def crop(self, left: int) -> Field:
        """The field after cutting ``left`` steps in front."""
        return self.shift(left)

    def forward_recurrent(self) -> Field:
        """The field after a layer that runs forward in time: all of the past, nothing more of the future.

        Example:
            >>> Field().conv(3).forward_recurrent().seen
            ((-inf, 1),)
        """
        last = [max(self._at(phase - back)[1] for back in range(self.period)) for phase in range(self.period)]
        return replace(self, seen=tuple((-math.inf, high) for high in last))

    def backward(self) -> Field:
        """The field after a layer that runs backward in time: all of the future, nothing more of the past."""
        first = [min(self._at(phase + on)[0] for on in range(self.period)) for phase in range(self.period)]
        return replace(self, seen=tuple((low, math.inf) for low in first))

    def everything(self) -> Field:
        """The field after a layer that mixes all steps but keeps the axis, such as attention."""
        return replace(self, seen=(EVERYTHING,) * self.period)

    def summary(self) -> Field:
        """The field after a layer that reduces the axis to one value, such as global pooling."""
        return Field(0, (EVERYTHING,))

    def pinned(self, *, at_end: bool) -> Field:
        """The field of the first or last step alone: far behind or far ahead of any other step, however far it is.

        Example:
            >>> Field().pinned(at_end=True).seen, union([Field().conv(3), Field().pinned(at_end=True)]).seen
            (((inf, inf),), ((-1, inf),))
        """
        far = math.inf if at_end else -math.inf
        low, high = hull(self.seen)
        if (low, high) == NOTHING:
            return Field(0, (NOTHING,))
        return Field(0, ((low if math.isinf(low) else far, high if math.isinf(high) else far),))

    def _at(self, step: int) -> Interval:
        turn, phase = divmod(step, self.period)
        low, high = self.seen[phase]
        return low + turn * self.advance, high + turn * self.advance


def union(fields: Sequence[Field]) -> Field:
    """The field where tensors of the same axis meet: addition, concatenation over channels, product.

    Raises:
        InputError: the tensors advance at different rates, so that their steps do not correspond.

    Example:
        >>> union([Field().conv(3), Field().conv(1, padding="valid").shift(4)]).seen
        ((-1, 4),)
    """
    if len(set(fields)) == 1:
        return fields[0]
    moving = [field for field in fields if field.advance]
    if len({(field.advance / field.period) for field in moving}) > 1:
        rates = sorted({field.stride for field in moving})
        raise InputError(f"receptive field: expected merged tensors of one stride. Received strides {rates}")
    period = math.lcm(*(field.period for field in moving)) if moving else 1
    advance = moving[0].advance * period // moving[0].period if moving else 0
    return Field(advance, tuple(hull(field._at(phase) for field in fields) for phase in range(period)))


def _ends(taps: Sequence[int], period: int) -> Sequence[int]:
    """Taps that can be outermost: within a phase the first and the last tap of a progression are."""
    return taps if len(taps) <= 2 * period else [*taps[:period], *taps[-period:]]


def _width(interval: Interval) -> float:
    if interval != NOTHING and (math.isinf(interval[0]) or math.isinf(interval[1])):
        return math.inf
    return max(interval[1] - interval[0] + 1, 0)


def _finite(value: float) -> int | None:
    return int(value) if math.isfinite(value) else None
