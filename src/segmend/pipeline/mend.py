"""The verb ``mend``: remedies that the diagnosis names, kept where they are proven."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from segmend.core.durations import seconds_of
from segmend.errors import InputError
from segmend.pipeline.charting.costs import with_cost
from segmend.pipeline.diagnose import diagnose_chart, diagnose_prediction
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.inputs.objectives import also_for, objective_of
from segmend.pipeline.inputs.single import Given, as_single, refuse_output
from segmend.pipeline.results.diagnosis import Diagnosis
from segmend.pipeline.results.mended import Mended
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.trials.loop import Clock
from segmend.pipeline.trials.mend_diagnosed import mend_diagnosed
from segmend.scoring.objective import parse

__all__ = ["mend", "mend_diagnosed"]

BUDGET = "2m"


def mend(
    model: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    validation_data: Any = None,
    y_true: Any = None,
    y_prob: Any = None,
    mask: Any = None,
    sample_weight: Any = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    groups: Sequence[Any] | None = None,
    validation_groups: Sequence[Any] | None = None,
    task: str | None = None,
    instances: Any = None,
    objective: str | None = None,
    cost: Any = None,
    budget: float | str = BUDGET,
    seed: int = 0,
    unsafe: bool = False,
    names: Sequence[str] | None = None,
    max_batches: int | None = None,
    output: str | int | None = None,
) -> Mended:
    """Try the remedies that a diagnosis names and keep what is proven on held-out groups.

    Decoders are tried first. Where a Keras model is given with ``x``, ``y`` and ``validation_data``, copies of it are
    then trained again on ``x, y`` as findings ask for (another loss, activation, rate or sampling, the architecture
    kept) and, with ``unsafe``, a planned network in its place. The model itself is left as it is.

    Args:
        model: a Keras model, a ``torch.nn.Module`` (by decoding alone; ``.predict`` then takes recordings as the module
            does), or a callable from ``(recordings, steps, channels)`` to probabilities; None with ``y_true`` and
            ``y_prob``.
        x: signals, as for ``diagnose``.
        y: labels of ``x``.
        validation_data: (x, y) or (x, y, sample_weight) that the model was not trained on; without it a model's
            verdict is "not proven".
        y_true: labels in any form that ``score`` takes: of recordings, steps or pixels; -1 is not judged.
        y_prob: probabilities ``(recordings, *spatial, classes)`` or a list of ``(*spatial, classes)``, of recordings
            that the model was not trained on; other scores get a softmax with a fitted temperature.
        mask: False where a step is not judged.
        sample_weight: 0 where a step is not judged.
        labels: class names, without the background's where there is a background.
        background: class number that is no segment, None where every step is labelled.
        groups: one value per recording of ``x`` (or ``y_true``): who or what was recorded. No fold cuts a group.
        validation_groups: likewise of ``validation_data``; None takes each of its recordings for a group.
        objective: what is maximised, such as "segment_f1@50 - 0.02*count_mae"; None is "segment_f1@50", or "macro_f1"
            where whole recordings have a label. "cost" is what mistakes cost on average.
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes), for an
            objective that names "cost".
        task: forces the meaning of ``y_true`` and ``y_prob``, such as "multilabel-segmentation".
        instances: instance numbers of the pixels of ``y_true``, 0 for none, where objects of one class touch.
        budget: wall clock of the whole call: seconds, or text such as "2m".
        seed: seed of everything random.
        unsafe: try remedies marked unsafe too.
        names: one name per judged recording.
        max_batches: most batches to read from ``x``.
        output: which of several outputs is mended, as for ``diagnose``; what comes of it has that output alone.

    Returns:
        A Mended: print it, ``.decode`` new probabilities, ``.save`` it.

    Raises:
        InputError: arrays, labels, objective or budget are not what was expected; the message names them.
        NotYetError: a task or kind of model that this version cannot serve.

    Examples:
        >>> import numpy as np
        >>> truth = np.array([[0] * 10 + [1] * 20 + [0] * 10] * 8)
        >>> prob = np.eye(2)[truth] * 0.8 + 0.1
        >>> prob[:, 12:28:4] = [0.6, 0.4]
        >>> mended = mend(y_true=truth, y_prob=prob, budget="20s")
        >>> mended.certificate.verdict, mended.certificate.outcome.after["count_ratio"]
        ('helped', 1.0)
    """
    clock = Clock(time.monotonic(), seconds_of(budget))
    if objective is not None:
        parse(objective).downhill()  # a word that nobody knows is refused before anything is diagnosed
    bare = {"labels": labels, "background": background, "groups": groups, "mask": mask, "task": task, "names": names}
    also = also_for(objective)
    if model is not None:
        if y_true is not None or y_prob is not None:
            raise InputError("mend: expected a model with x and y, or y_true with y_prob. Received both")
        given, _ = as_single(Given(model, x, y, sample_weight, validation_data), output)
        asked = {**bare, "validation_groups": validation_groups, "max_batches": max_batches}
        subject = _watched(given, seed, cost, also, **asked)
    else:
        refuse_output(output)
        if y_true is None or y_prob is None:
            raise InputError("mend: expected a model with x and y, or y_true with y_prob. Received neither")
        arrays = {"y_true": y_true, "y_prob": y_prob, "sample_weight": sample_weight, "instances": (instances, None)}
        prediction = read_arrays(**arrays, **bare)
        subject = _Subject(diagnose_prediction(prediction, judged_on="y_true, y_prob", cost=cost, also=also))
    chart = subject.diagnosis.chart
    return mend_diagnosed(
        subject.diagnosis,
        objective_of(objective, chart.task, chart.cost),
        clock,
        seed=seed,
        unsafe=unsafe,
        held_out=model is None or validation_data is not None,
        model=subject.model,
        workshop=subject.workshop,
        about=subject.about,
    )


class _Subject(NamedTuple):
    """What is mended: its diagnosis, and of a model what it can be trained with and what it takes."""

    diagnosis: Diagnosis
    model: Any = None
    workshop: Workshop | None = None
    about: Mapping[str, Any] = MappingProxyType({})


def _watched(given: Given, seed: int, cost: Any, also: Sequence[str], **asked: Any) -> _Subject:
    """A model on data; what cannot be scored is refused."""
    from segmend.pipeline.charting.watch import Question, watch
    from segmend.pipeline.runs.model_and_data import description

    seen = watch(given, Question(**asked))
    if seen.refusal is not None:
        raise seen.refusal
    about = description(seen.dataset) if seen.dataset is not None else {}
    diagnosis = diagnose_chart(with_cost(seen.chart, cost), seen.notes, seen.signals, also=also)
    workshop = Workshop.of(given.model, seen, review=diagnosis.review, seed=seed)
    return _Subject(diagnosis, seen.call, workshop, about)
