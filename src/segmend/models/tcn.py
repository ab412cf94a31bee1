"""A dilated temporal convolutional network with a strided stem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.models.heads import begin, finish, probabilities
from segmend.models.stages import read_stages, stack


def tcn(
    stages: Sequence[Mapping[str, Any]],
    *,
    channels: int,
    classes: int,
    filters: int = 32,
    dropout: float = 0.0,
    drop_path: float = 0.0,
    norm: str = "batch",
    detail: bool = True,
    rank: int = 1,
    window: int | None = None,
    bias: Sequence[float] | None = None,
    mean: Sequence[float] | None = None,
    std: Sequence[float] | None = None,
    refinements: Sequence[Sequence[Mapping[str, Any]]] = (),
    every_stage: bool = False,
    multilabel: bool = False,
    logits: bool = False,
    boundary: bool = False,
    name: str = "tcn",
) -> keras.Model:
    """A dilated convolutional network that gives one label per step.

    Stages that keep resolution and width are residual; a stage with a stride shortens the signal (rounding up), a
    stage with ``up`` lengthens it and joins what the signal was before that stride, so that borders stay sharp. If
    the stages end at a coarser resolution, the network goes back to full resolution by itself. All layers but the
    convolutions see one step at a time, so that overlapping tiles give what one pass gives, provided that tiles begin
    at multiples of the product of strides.

    Args:
        stages: mappings with ``kernel`` and optionally ``dilation``, ``stride``, ``up`` and ``padding``, as
            ``segmend.core.stages.field_of_stages`` reads them.
        channels: channels of the signal.
        classes: number of classes, the background included.
        filters: channels inside.
        dropout: share of channels that are switched off in each residual stage while training.
        drop_path: share of recordings that go past the deepest residual stage while training (stochastic depth); it
            rises evenly with the depth.
        norm: "batch", "layer" (over the channels of a step; half as fast on a CPU, but padded steps leave its
            statistics alone) or "none".
        detail: join what the signal was before a stride on the way back. False repeats the coarse steps instead:
            borders are as coarse as they, and nothing flickers within one.
        rank: spatial axes: 1 for signals, 2 for images.
        window: fixed input length along every spatial axis, or None for any.
        bias: how often each class occurs; the untrained model predicts these shares.
        mean: mean of each channel, by which the model standardises its input.
        std: standard deviation of each channel.
        refinements: one list of stages for each network that takes the probabilities of the one before it and corrects
            them; the field is that of all stages in a row.
        every_stage: also give the probabilities before each refinement, so that each can have a loss. The model then
            returns a dict with the keys "before1_probabilities", ... and that of the last layer.
        multilabel: a probability for each class by itself (sigmoid) instead of one distribution (softmax).
        logits: leave the last layer linear.
        boundary: also give the probability that a segment begins at a step, under the key "boundaries" of a dict; see
            ``segmend.decoding.cut_at_boundaries``.
        name: name of the model.

    Returns:
        A functional model ``(batch, *spatial, channels) -> (batch, *spatial, classes)``; its last layer is called
        "probabilities", or "logits".

    Raises:
        InputError: a stage or another argument is not what was expected.

    Source:
        Bai, Kolter, Koltun 2018, "An empirical evaluation of generic convolutional and recurrent networks"; He et al.
        2016, "Identity mappings in deep residual networks", for the order within a stage; Huang et al. 2016, "Deep
        networks with stochastic depth", for ``drop_path``; Farha, Gall 2019, "MS-TCN: multi-stage temporal
        convolutional network for action segmentation", for the refinements.

    Examples:
        >>> stages = [{"kernel": 9, "stride": 4}, {"kernel": 3}, {"kernel": 3, "dilation": 2}, {"kernel": 5, "up": 4}]
        >>> model = tcn(stages, channels=2, classes=3, filters=8)
        >>> import numpy as np
        >>> model(np.zeros((1, 50, 2))).shape
        (1, 50, 3)
    """
    inputs, x = begin(channels, rank=rank, window=window, mean=mean, std=std)
    options: dict[str, Any] = {"filters": filters, "dropout": dropout, "norm": norm, "detail": detail}
    options["drop_path"] = drop_path
    head: dict[str, Any] = {"multilabel": multilabel, "bias": bias}
    x = stack(x, read_stages(stages, rank), **options)
    earlier = {}
    for number, refinement in enumerate(refinements, 1):
        before = probabilities(x, classes, **head, prefix=f"before{number}_")
        earlier[f"before{number}_probabilities"] = before
        x = stack(before, read_stages(refinement, rank), **options, prefix=f"refine{number}_")
    return finish(
        inputs, x, classes, **head, logits=logits, boundary=boundary, more=earlier if every_stage else {}, name=name
    )
