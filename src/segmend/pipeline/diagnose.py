"""Diagnose: why a model miscounts, with evidence and remedies."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.tensors import as_numpy, is_tensor
from segmend.core.types import FloatArray
from segmend.diagnosis import doctor
from segmend.errors import InputError
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.charting.costs import with_cost
from segmend.pipeline.charting.others import with_others
from segmend.pipeline.charting.watch import Question, Watched, watch
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.inputs.histories import read_history
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.inputs.single import Given, as_single, history_of, refuse_output
from segmend.pipeline.results.diagnosis import Diagnosis

__all__ = ["chart_of", "diagnose", "diagnose_chart", "diagnose_prediction", "diagnose_watched"]


def diagnose(
    model: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    validation_data: Any = None,
    history: Any = None,
    groups: Sequence[Any] | None = None,
    validation_groups: Sequence[Any] | None = None,
    sample_weight: Any = None,
    mask: Any = None,
    class_weight: Mapping[int, float] | None = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    cost: Any = None,
    others: Sequence[Any] | None = None,
    output: str | int | None = None,
    y_true: Any = None,
    y_prob: Any = None,
    task: str | None = None,
    max_batches: int | None = None,
    names: Sequence[str] | None = None,
    preview: bool = False,
) -> Diagnosis:
    """Find out why a model miscounts, from the model and data or from anybody's probabilities.

    Args:
        model: a Keras model, compiled or not, a ``torch.nn.Module``, or a callable from
            ``(recordings, *spatial, channels)`` to probabilities. A module is given what it takes: it may have channels
            before the steps in ``x``, in its output and in ``y``; what was decided is in the notes. Several channels
            of scores are taken for logits, as is a single one that no activation ends.
        x: signals ``(recordings, steps, channels)``, images ``(recordings, height, width, channels)``, a list with one
            array per recording, or, without ``y``, anything with batches (x, y[, sample_weight]) such as a PyDataset, a
            tf.data.Dataset, a DataLoader or a generator. Tensors are taken like arrays. For a Keras model of several
            inputs that share their steps, a dict by input or a list in their order.
        y: class numbers of steps or pixels ``(recordings, *spatial)``, or of whole recordings ``(recordings,)``; with a
            last axis of 0 or 1 for each class, one-hot or with any number of labels; or a list. -1 is not judged.
        validation_data: (x, y) or (x, y, sample_weight), or batches; judged in place of ``x, y``.
        history: what ``fit`` returned, its ``.history``, or CSVLogger's file.
        groups: one value per recording of ``x`` (or ``y_true``): who or what was recorded.
        validation_groups: likewise of ``validation_data``; None takes each of its recordings for a group.
        sample_weight: of ``x`` (or ``y_true``); steps of weight 0 are not judged.
        mask: likewise, False is not judged.
        class_weight: as given to ``fit``.
        labels: class names, without the background's where there is a background.
        background: class number that is no segment, None where every step is labelled.
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes).
        others: what other models say of the judged data, for each an array per recording: probabilities, or labels.
        output: which of several outputs is diagnosed: its key in a dict of outputs, its layer's name, or its number.
            ``y`` and sample weights may then be a dict by output or a list in the order of outputs.
        y_true: labels beside ``y_prob``, as ``y``.
        y_prob: probabilities ``(recordings, *spatial, classes)`` or a list; other scores get a softmax (where labels
            overlap, a sigmoid) with a fitted temperature.
        task: forces the meaning of the labels.
        max_batches: most batches to read.
        names: one name per judged recording.
        preview: also run rules that are in preview.

    Raises:
        InputError: the arrays fit no task; the message names the array.
        NotYetError: a task or kind of model that this version cannot serve.

    Examples:
        >>> import numpy as np
        >>> truth = np.array([[0] * 10 + [1] * 20 + [0] * 10] * 4)
        >>> prob = np.eye(2)[truth]
        >>> prob[:, 12:28:4] = [0.9, 0.1]
        >>> diagnose(y_true=truth, y_prob=prob).findings[0].rule
        'over-segmentation'
    """
    bare = y_true is not None or y_prob is not None
    if (model is not None) == bare or (bare and (y_true is None or y_prob is None)):
        received = "both" if model is not None and bare else "neither"
        raise InputError(f"diagnose: expected a model with x and y, or y_true with y_prob. Received {received}")
    groups, validation_groups, sample_weight, mask = (
        as_numpy(each) if is_tensor(each) else each for each in (groups, validation_groups, sample_weight, mask)
    )
    question = Question(
        labels=labels,
        background=background,
        groups=groups,
        validation_groups=validation_groups,
        mask=mask,
        task=task,
        names=names,
        max_batches=max_batches,
    )
    given = {"class_weight": class_weight, "sample_weight": None if sample_weight is None else "given"}
    if model is None:
        refuse_output(output)
    whole, which = as_single(Given(model, x, y, sample_weight, validation_data), output)
    facts: dict[str, Any] = {
        "history": history_of(read_history(history), which),
        "fit_arguments": {name: value for name, value in given.items() if value is not None},
    }
    if model is None:
        prediction = _bare(y_true, y_prob, sample_weight, question)
        facts |= {"cost": cost, "others": others}
        return diagnose_prediction(prediction, judged_on="y_true, y_prob", preview=preview, **facts)
    seen = watch(whole, question, **facts)
    chart = with_others(with_cost(seen.chart, cost), others)
    return diagnose_watched(seen._replace(chart=chart), preview=preview)


def _bare(y_true: Any, y_prob: Any, sample_weight: Any, question: Question) -> Prediction:
    return read_arrays(
        y_true=y_true,
        y_prob=y_prob,
        mask=question.mask,
        sample_weight=sample_weight,
        labels=question.labels,
        background=question.background,
        groups=question.groups,
        names=question.names,
        task=question.task,
    )


def diagnose_watched(seen: Watched, *, preview: bool = False) -> Diagnosis:
    """Diagnose a model that was watched.

    Raises:
        InputError: there is nothing to score, and no rule tells why.
    """
    nothing = () if seen.refusal is None else (f"Nothing could be scored: {seen.refusal}",)
    diagnosis = diagnose_chart(seen.chart, (*seen.notes, *nothing), seen.signals, preview=preview)
    if seen.refusal is not None and all(finding.severity is not Severity.ERROR for finding in diagnosis.findings):
        raise seen.refusal
    return diagnosis


def diagnose_prediction(
    prediction: Prediction,
    *,
    judged_on: str,
    cost: Any = None,
    cost_from: str = "cost",
    others: Sequence[Any] | None = None,
    preview: bool = False,
    also: Collection[str] = (),
    **facts: Any,
) -> Diagnosis:
    """Diagnose predictions, with whatever else is known.

    Args:
        prediction: with ``y_true``.
        judged_on: which data it is of.
        cost: as for ``diagnose``.
        cost_from: where it was given, for messages.
        others: as for ``diagnose``.
        preview: also run rules that are in preview.
        also: names of such rules that are run in any case.
        facts: fingerprint, anatomy, history, targets, fit_arguments, as in ``chart_of``.
    """
    prediction, notes = with_probabilities(prediction)
    chart = with_others(with_cost(chart_of(prediction, judged_on=judged_on, **facts), cost, cost_from), others)
    return diagnose_chart(chart, notes, preview=preview, also=also)


def diagnose_chart(
    chart: Chart,
    notes: Sequence[str] = (),
    signals: Mapping[str, FloatArray] | None = None,
    *,
    preview: bool = False,
    also: Collection[str] = (),
) -> Diagnosis:
    """Let the doctor look at a chart; ``also`` names rules in preview that are run in any case."""
    return Diagnosis(doctor.examine(chart, preview=preview, also=also), chart, tuple(notes), signals)
