"""What judges a network after each epoch: whole validation recordings, read as simply as serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from segmend import decoding
from segmend.callbacks import ClassScore, SegmentScore
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.truth import all_instances, truths
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.judge import material
from segmend.pipeline.runs.predicting import probabilities
from segmend.planning import Values

Many = Callable[[Sequence[FloatArray]], Sequence[FloatArray]]
Decode = Callable[[FloatArray], Any]


def judge_of(model: Any, values: Values, data: Dataset, recordings: Sequence[Recording]) -> Any:
    """The callback that writes the validation scores into an epoch's logs, the plan's metric among them."""
    return judge_by(lambda every: probabilities(model, values, data.task, every), values, data, recordings)


def judge_by(predict: Many, values: Values, data: Dataset, recordings: Sequence[Recording]) -> Any:
    """The same by any function from recordings to probabilities.

    Args:
        predict: from signals (*spatial, channels) to (*spatial, classes), or (classes,), each.
        values: of a plan, whose metric is the objective.
        data: says the task and the labels.
        recordings: what is judged.
    """
    task = data.task
    y_true = truths(recordings, task, data.labels)
    multilabel = task.labels == "multilabel"
    options: dict[str, Any] = {"labels": data.labels, "objective": values.validation.metric, "multilabel": multilabel}
    signals = [recording.signal for recording in recordings]
    if task.kind == "classification":
        return ClassScore(signals, y_true, predict=predict, **options)
    instances = all_instances(recordings)
    return SegmentScore(
        list(zip(signals, y_true, strict=True)),
        predict=lambda signal: predict([signal])[0],
        decode=_decode(values.validation.decoding, data, y_true, instances),
        reference=instances,
        **options,
    )


def _decode(
    name: str, data: Dataset, y_true: Sequence[IntArray], instances: Sequence[IntArray] | None
) -> Decode | None:
    """None reads the likeliest class, else a decoder at its start, whose lengths are those of the labels."""
    if name == "argmax":
        return None
    decoder = decoding.resolve(name, data.task)
    _, regions, _ = material(data.task, [], y_true, data.labels, instances=instances)
    return decoder.learn([], regions, data.labels, **decoder.start).decode
