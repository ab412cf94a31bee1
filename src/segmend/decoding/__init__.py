"""From probabilities to labels: one decoder, one file."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segmend import catalogue

if TYPE_CHECKING:
    from segmend.artifacts.decoder import DecoderRecord
    from segmend.core.labels import Labels
    from segmend.core.segments import Segments
    from segmend.core.types import FloatArray, IntArray
    from segmend.decoding.base import Decoder
    from segmend.scoring.objective import Objective

__all__ = ["fit", "restore"]


def fit(
    name: str,
    y_prob: Sequence[FloatArray],
    y_true: Sequence[IntArray],
    *,
    labels: Labels,
    groups: Sequence[Any] | None,
    objective: Objective,
    reference: Sequence[Segments] | None = None,
    setting: Mapping[str, float] | None = None,
    deadline: float = math.inf,
    temperature: float | None = None,
) -> DecoderRecord:
    """Fit one decoder of the catalogue: settings on held-out groups, statistics on all recordings given.

    Args:
        name: a name in ``segmend.catalogue.DECODERS``.
        y_prob: one (steps, classes) array of probabilities per recording.
        y_true: one (steps,) array per recording; -1 is not judged.
        labels: class names and the background.
        groups: one value per recording, or None.
        objective: what is maximised, from ``segmend.scoring.objective.parse``.
        reference: reference segments as tables, where touching items of one class are to count apart.
        setting: use this setting instead of searching the grid.
        deadline: ``time.monotonic()`` at which a search stops with the best point so far.
        temperature: the softmax temperature that made the probabilities, kept in the record.

    Raises:
        InputError: the catalogue has no such decoder.

    Examples:
        >>> import numpy as np
        >>> from segmend.core.labels import Labels
        >>> from segmend.scoring.objective import parse
        >>> record = fit("argmax", [np.eye(2)], [np.arange(2)], labels=Labels.numbered(2), groups=None,
        ...              objective=parse("step_accuracy"))
        >>> restore(record).decode(np.eye(2))
        array([0, 1])
    """
    from segmend.artifacts.decoder import DecoderRecord
    from segmend.decoding.search import search

    decoder: type[Decoder] = catalogue.resolve("decoders", name)
    if setting is None and decoder.grid:
        found = search(
            decoder, y_prob, y_true, labels, objective, groups=groups, reference=reference, deadline=deadline
        )
        setting = found.setting
    fitted = decoder.learn(y_prob, y_true, labels, **(setting or {}))
    return DecoderRecord(
        name=name,
        parameters=fitted.parameters(),
        labels=labels.names,
        background=labels.background,
        objective=objective.text,
        fitted_on=f"{len(y_true)} recordings",
        temperature=temperature,
    )


def restore(record: DecoderRecord) -> Decoder:
    """The decoder that a record holds.

    Raises:
        InputError: the decoder is unknown, or a parameter is missing or no number.
    """
    from segmend.core.labels import Labels
    from segmend.errors import InputError

    decoder: type[Decoder] = catalogue.resolve("decoders", record.name)
    try:
        return decoder.from_parameters(record.parameters, Labels(record.labels, record.background))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"decoder.json: parameters of {record.name}: {type(error).__name__}: {error}. "
            f"Received {sorted(record.parameters)}"
        ) from None
