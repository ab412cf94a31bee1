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
    from segmend.core.task import Task
    from segmend.core.types import Costs, FloatArray, IntArray
    from segmend.decoding.base import Decoder
    from segmend.scoring.objective import Objective

__all__ = ["candidates", "fit", "resolve", "restore", "serving"]


def fit(
    name: str,
    y_prob: Sequence[FloatArray],
    y_true: Sequence[IntArray],
    *,
    labels: Labels,
    groups: Sequence[Any] | None,
    objective: Objective,
    reference: Sequence[Segments] | None = None,
    instances: Sequence[IntArray] | None = None,
    task: Task | None = None,
    setting: Mapping[str, float] | None = None,
    deadline: float = math.inf,
    temperature: float | None = None,
) -> DecoderRecord:
    """Fit one decoder of the catalogue: settings on held-out groups, statistics on all recordings given.

    Args:
        name: a name in ``segmend.catalogue.DECODERS``.
        y_prob: one (*spatial, classes) array of probabilities per recording, (classes,) where it has one answer.
        y_true: what is true of each, as ``core.truth`` gives it; -1 is not judged.
        labels: class names and the background.
        groups: one value per recording, or None.
        objective: what is maximised, from ``segmend.scoring.objective.parse``.
        reference: reference segments as tables, where touching items of one class are to count apart.
        instances: instance numbers of each image's pixels, likewise.
        task: what the labels answer; None is segmentation of signals with one label per step. Where labels may
            overlap, the decoder is fitted to each label, and the record is named "each_label".
        setting: use this setting instead of searching the grid.
        deadline: ``time.monotonic()`` at which a search stops with the best point so far.
        temperature: the softmax temperature that made the probabilities, kept in the record.

    Raises:
        InputError: the catalogue has no such decoder, or it does not serve the task.

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
    from segmend.decoding.judge import material
    from segmend.decoding.search import search

    decoder = resolve(name, task, objective.cost)
    if setting is None and decoder.grid:
        found = search(
            decoder,
            y_prob,
            y_true,
            labels,
            objective,
            groups=groups,
            reference=reference,
            instances=instances,
            task=task,
            deadline=deadline,
        )
        setting = found.setting
    prob, true, _ = material(task, y_prob, y_true, labels, groups, instances)
    fitted = decoder.learn(prob, true, labels, **(setting or {}))
    return DecoderRecord(
        name=fitted.name,
        parameters=fitted.parameters(),
        labels=labels.names,
        background=labels.background,
        objective=objective.text,
        fitted_on=f"{len(y_true)} recordings",
        temperature=temperature,
    )


def resolve(name: str, task: Task | None = None, cost: Costs | None = None) -> type[Decoder]:
    """The decoder class that a name stands for in a task; where labels may overlap, one decoder for each label.

    Args:
        name: a name in ``segmend.catalogue.DECODERS``.
        task: what the labels answer; None asks nothing of the decoder.
        cost: what it costs to predict the column's class where the row's is true, for decoders that weigh it; where
            labels may overlap, no answer is one class in the place of another, and it says nothing.

    Raises:
        InputError: the catalogue has no such decoder, or it does not serve the task.
    """
    from segmend.errors import InputError

    decoder: type[Decoder] = catalogue.resolve("decoders", name)
    if cost is not None and (task is None or task.labels != "multilabel"):
        from segmend.decoding.expected_cost import priced

        decoder = priced(decoder, cost)
    if task is None:
        return decoder
    if task.labels == "multilabel":
        from segmend.decoding.each_label import each_label

        decoder = each_label(decoder)
    if not decoder.serves(task):
        what = "images" if task.rank > 1 else "signals"
        raise InputError(
            f'decoder: expected one for {task.name} of {what}, such as {", ".join(candidates(task))}. Received "{name}"'
        )
    return decoder


def serving(task: Task) -> tuple[str, ...]:
    """Names of all decoders of the catalogue that serve a task, in its order: from the cheapest up.

    Examples:
        >>> from segmend.core.task import Task
        >>> serving(Task.named("multilabel-classification", 5))
        ('argmax', 'thresholds', 'logit_adjustment', 'prior_shift', 'expected_cost')
    """
    from segmend.errors import InputError

    def fits(name: str) -> bool:
        try:
            resolve(name, task)
        except InputError:
            return False
        return True

    return tuple(name for name in catalogue.DECODERS if fits(name))


def candidates(task: Task) -> tuple[str, ...]:
    """Names of the decoders worth trying in a task, from the simplest to the one that knows most.

    Examples:
        >>> from segmend.core.task import Task
        >>> candidates(Task.named("segmentation", 2, rank=2))
        ('morphology', 'peaks')
    """
    if task.kind == "classification":
        return ("argmax", "thresholds")
    return ("morphology", "peaks") if task.rank > 1 else ("argmax", "min_duration", "viterbi", "semi_markov")


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
