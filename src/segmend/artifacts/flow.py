"""Where masks and summaries of a recording go in a model."""

from __future__ import annotations

from typing import Literal

from segmend.artifacts.base import Artifact


class LostMask(Artifact):
    """A mask that does not arrive.

    Attributes:
        made_by: the layer that makes it.
        lost_in: the first layer that drops it.
        kind: class of that layer.
        mixes: whether that layer lets steps see each other, or itself sums them up.
        needed_by: what lies behind and would have used it: names of layers, or "the loss".
    """

    made_by: str
    lost_in: str
    kind: str
    mixes: bool
    needed_by: tuple[str, ...] = ()


class Edge(Artifact):
    """The first or last step of a recurrent layer's output, taken for the whole recording.

    Attributes:
        layer: the recurrent layer.
        kind: whether it runs forward, or in both directions.
        place: which step is taken.
        by: what takes it: the layer itself (no return_sequences), or the operation behind it.
        whole_state: whether each direction gives the state in which it ended.
        masked: whether a mask skips padded steps.
    """

    layer: str
    kind: Literal["forward", "bidirectional"]
    place: Literal["first", "last"]
    by: str
    whole_state: bool
    masked: bool


class Unmasked(Artifact):
    """A layer that lets steps see each other, and to which no mask comes."""

    name: str
    kind: str


class Flow(Artifact):
    """All of it, in the order of the graph."""

    lost_masks: tuple[LostMask, ...] = ()
    edges: tuple[Edge, ...] = ()
    unmasked: tuple[Unmasked, ...] = ()
