"""Items that two models or more, made independently, get wrong together."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.prediction import Prediction
from segmend.core.types import BoolArray, IntArray
from segmend.diagnosis.signal_facts import judged_facts
from segmend.diagnosis.slices import Judgements, judgements
from segmend.scoring.meetings import meeting_of

DRAWS = 400
SURE = 0.005


class Together(NamedTuple):
    """What several models get wrong.

    Attributes:
        witness: who answered beside the judged model.
        models: their number, the judged one included.
        items: that all of them answered.
        wrong: number that each gets wrong.
        both: number that all get wrong in the same way.
        expected: that number if they erred independently.
        lift, low: ``both`` over ``expected``, and what that is at least with 99 per cent, groups being what is drawn.
        groups: of how many groups (recordings, where each is its own) these are.
        places: where they are.
    """

    witness: str
    models: int
    items: int
    wrong: list[int]
    both: int
    expected: float
    lift: float
    low: float
    groups: int
    places: list[dict[str, Any]]


class _Items(NamedTuple):
    """Reference items: number of the recording, start and stop (0 of images and wholes), class, of all shape (n,)."""

    recording: IntArray
    start: IntArray
    stop: IntArray
    label: IntArray


def together(chart: Chart) -> Together | None:
    """What the judged model and other ones get wrong; the linear opinion where no other model is known.

    Args:
        chart: with a prediction that knows what is true.
    """
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    if chart.others:
        return _of_models(prediction, chart.others)
    opinion = chart.fingerprint.opinion if chart.fingerprint is not None else None
    return None if opinion is None or prediction.multilabel or prediction.rank > 1 else _beside_opinion(chart)


def _of_models(prediction: Prediction, others: tuple[Prediction, ...]) -> Together:
    judged = judgements(prediction)
    items = _items(prediction, judged)
    every = [prediction, *others]
    wrong = np.stack([judged.wrong, *(judgements(each).wrong for each in others)])
    said = np.stack([_said(each, items) for each in every])
    same = wrong.all(axis=0) & (said == said[0]).all(axis=0)
    return _counted("other models", prediction, items, wrong, same, said[0])


def _beside_opinion(chart: Chart) -> Together | None:
    prediction, facts = chart.prediction, judged_facts(chart)
    assert prediction is not None and chart.fingerprint is not None and chart.fingerprint.opinion is not None
    opinion, names = chart.fingerprint.opinion, {name: k for k, name in enumerate(chart.labels.names)}
    if facts is None:
        return None
    judged = judgements(prediction)
    items = _items(prediction, judged)
    asked = np.isin(items.label, [names[each.name] for each in opinion.classes if each.name in names])
    place = {each.name: k for k, each in enumerate(facts)}
    looks = {
        (place[each.recording], each.start): names[each.looks_like]
        for each in opinion.suspects
        if each.recording in place and each.looks_like in names
    }
    keys = zip(items.recording.tolist(), items.start.tolist(), strict=True)
    doubt = np.array([looks.get(key, -1) for key in keys], np.int64)
    said = _said(prediction, items)
    wrong = np.stack([judged.wrong, doubt >= 0])[:, asked]
    kept = _Items(*(column[asked] for column in items))
    same = wrong.all(axis=0) & (doubt == said)[asked]
    return _counted("a linear model that never saw them", prediction, kept, wrong, same, said[asked])


def _counted(
    witness: str, prediction: Prediction, items: _Items, wrong: BoolArray, same: BoolArray, said: IntArray
) -> Together:
    groups = np.unique(prediction.groups or prediction.names, return_inverse=True)[1]
    group = groups[items.recording]
    count = int(groups.max()) + 1
    table = np.stack([np.bincount(group, row, minlength=count) for row in (np.ones(same.size), same, *wrong)])
    draws = np.random.default_rng(0).multinomial(count, [1 / count] * count, DRAWS)
    drawn = _lift(table @ draws.T)
    names = prediction.labels.names
    return Together(
        witness=witness,
        models=len(wrong),
        items=same.size,
        wrong=wrong.sum(axis=1).tolist(),
        both=int(same.sum()),
        expected=float(same.size * np.prod(wrong.mean(axis=1))) if same.size else 0.0,
        lift=float(_lift(table.sum(axis=1, keepdims=True))[0]),
        low=float(np.quantile(drawn, SURE)),
        groups=int(np.unique(group[same]).size),
        places=[
            {
                "recording": prediction.names[items.recording[n]],
                "start": int(items.start[n]),
                "stop": int(items.stop[n]),
                "given": names[items.label[n]],
                "said": names[said[n]] if said[n] >= 0 else None,
            }
            for n in np.flatnonzero(same).tolist()
        ],
    )


def _lift(table: Any) -> Any:
    """Observed over expected, of columns of counts: items, wrong together, and wrong of each model."""
    items, same, wrong = table[0], table[1], table[2:]
    expected = items * np.prod(wrong / np.maximum(items, 1), axis=0)
    return np.where(expected > 0, same / np.maximum(expected, 1e-12), 0.0)


def _items(prediction: Prediction, found: Judgements) -> _Items:
    """Where the judged items lie, in the order of the judgements."""
    none = np.zeros(found.wrong.size, np.int64)
    if prediction.rank == 0:
        return _Items(found.recording, none, none, found.label)
    met = meeting_of(prediction)
    if met.line is None:
        return _Items(found.recording, none, none, found.label)
    first = met.line.first[found.recording] + met.line.lane(met.reference.label)
    start, stop = (np.asarray(getattr(met.reference, end)) - first for end in ("start", "stop"))
    return _Items(found.recording, start, stop, found.label)


def _said(prediction: Prediction, items: _Items) -> IntArray:
    """The class that is predicted most in each item, -1 of images and of labels that overlap."""
    if prediction.multilabel or prediction.rank > 1:
        return np.full(items.label.size, -1)
    if prediction.rank == 0:
        return np.array([int(prediction.y_pred[k]) for k in items.recording.tolist()], np.int64)
    rows, classes = np.concatenate([np.asarray(row) for row in prediction.y_pred]), len(prediction.labels)
    begins = np.cumsum([0, *(len(row) for row in prediction.y_pred)])[items.recording]
    length = items.stop - items.start
    item = np.repeat(np.arange(length.size), length)
    step = np.arange(item.size) + np.repeat(begins + items.start - (np.cumsum(length) - length), length)
    known = rows[step] >= 0
    held = np.bincount(item[known] * classes + rows[step[known]], minlength=length.size * classes)
    return held.reshape(-1, classes).argmax(axis=1)


def with_right(prediction: Prediction, found: Together) -> list[IntArray]:
    """The labels of whole recordings with what is true where all models are wrong together."""
    assert prediction.y_true is not None
    places = {place["recording"] for place in found.places}
    pairs = zip(prediction.names, prediction.y_true, prediction.y_pred, strict=True)
    return [true if name in places else said for name, true, said in pairs]


def beside(prediction: Prediction, y_pred: tuple[IntArray, ...]) -> Prediction:
    """What another model said of the same recordings."""
    return dataclasses.replace(
        prediction, y_pred=y_pred, y_prob=None, predicted=None, predicted_instances=None, temperature=None
    )
