import dataclasses

import numpy as np
import pytest

from segmend.artifacts.unmarked import UnmarkedItems
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.diagnosis.rules.data.missing_segments import MissingSegments
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.charts import charted as predicted
from tests.diagnosis.charts import heartbeats, jittered, probabilities
from tests.diagnosis.data_seeds import charted, healthy_data, share
from tests.diagnosis.predicted import firing, healthy_charts, images

TASK = Task.named("segmentation", 3)
EXCLUSIVE = [seed for seed in range(40) if healthy_data(seed, TASK, recordings=3).labels.background is not None]


def data_of(seed, noise=None):
    """Recordings with a background, in which every class can be told by a linear model."""
    rng = np.random.default_rng(seed)
    data = healthy_data(EXCLUSIVE[seed % len(EXCLUSIVE)], TASK, noise=rng.uniform(0.1, 0.5) if noise is None else noise)
    return dataclasses.replace(data, split={})


def forgetful(data, rate, seed=0):
    """The data without some marks, and which these were."""
    rng = np.random.default_rng(seed)
    gone, made = set(), []
    for each in data.recordings:
        keep = rng.random(len(each.segments)) >= rate
        gone |= {(each.name, *row) for row in each.segments.take(np.flatnonzero(~keep)).rows()}
        made.append(dataclasses.replace(each, segments=each.segments.take(np.flatnonzero(keep))))
    return dataclasses.replace(data, recordings=tuple(made)), gone


def sick():
    return charted(forgetful(data_of(0, noise=0.3), 0.15)[0])


def healthy():
    return charted(data_of(0, noise=0.3))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_most_listed_places_are_items_that_were_left_out(seed):
    data, gone = forgetful(data_of(seed, noise=0.3), 0.15)
    (finding,) = MissingSegments().examine(charted(data))
    names = data.labels.names
    right = [
        any(
            name == p["recording"] and a < p["stop"] and p["start"] < b and names[k] == p["label"]
            for name, a, b, k in gone
        )
        for p in finding.evidence["review"]
    ]
    assert np.mean(right) >= 0.8 and 0.02 < finding.evidence["share"] < 0.3
    assert finding.evidence["witness"] == "linear model" and "not marked" in finding.message


@pytest.mark.parametrize(
    "changes", [{"sure": 4}, {"groups": 2}, {"low": 0.0}, {"runs": 10_000}, {"auc": 0.8}, {"auc": None}]
)
def test_what_is_not_sure_is_not_told(changes):
    chart = sick()
    found = chart.fingerprint.unmarked
    classes = tuple(each.model_copy(update=changes) for each in found.classes)
    facts = chart.fingerprint.model_copy(update={"unmarked": found.model_copy(update={"classes": classes})})
    assert not list(MissingSegments().examine(dataclasses.replace(chart, fingerprint=facts)))


def test_what_is_unmarked_is_stored_with_the_fingerprint():
    found = sick().fingerprint.unmarked
    assert UnmarkedItems.from_dict(found.to_dict()) == found


def unmarked_beats(sure, every=6):
    """A prediction that is right where some P are not marked, and as sure of them as told."""
    whole = heartbeats()
    said = jittered(whole)
    prob = [probabilities(rows, 4, 0.9) for rows in said]
    true = []
    for rows, own in zip(whole, prob, strict=True):
        marked = rows.copy()
        for beat in range(0, len(rows) // 60, every):
            marked[60 * beat : 60 * beat + 15] = 0
            lost = np.arange(60 * beat, 60 * beat + 15)
            lost = lost[own[lost].argmax(axis=1) == 1]
            own[lost] = [(1 - sure) / 3, sure, (1 - sure) / 3, (1 - sure) / 3]
        true.append(marked)
    return predicted(true, said, prob=prob)


def test_predictions_are_asked_where_no_signals_are_known():
    chart = unmarked_beats(0.9)
    (finding,) = MissingSegments().examine(chart)
    assert finding.where == {"label": "P"} and finding.evidence["witness"] == "prediction"
    assert 6 <= finding.evidence["classes"]["P"]["sure"] <= 8, "8 are not marked; the longest and shortest are left out"
    assert finding.severity == "warning"
    assert not list(MissingSegments().examine(dataclasses.replace(chart, judged_on="x, y")))


def test_what_the_model_is_less_sure_of_is_left_to_spurious_segments():
    assert not list(MissingSegments().examine(unmarked_beats(0.6)))


def test_objects_of_images_are_told_with_their_place():
    rng = np.random.default_rng(1)
    given = max((images(rng) for _ in range(9)), key=lambda each: len(each.names))
    labels = Labels.of(["c0"])
    true = [np.minimum(rows, 1) for rows in given.y_true]
    gone = [(n, 8 + 16 * (n % 4), 24) for n in range(len(true))]
    prob = [np.stack([1 - 0.9 * rows, 0.9 * rows], axis=-1) for rows in true]
    for n, row, column in gone:
        place = (slice(row - 7, row + 8), slice(column - 7, column + 8))
        prob[n][place] = [1, 0]
        prob[n][(slice(row - 4, row + 4), slice(column - 4, column + 4))] = [0.1, 0.9]
        true[n] = true[n].copy()
        true[n][place] = 0
    said = [rows.argmax(axis=-1) for rows in prob]
    more = dataclasses.replace(given, labels=labels, y_true=tuple(true), y_pred=tuple(said), y_prob=tuple(prob))
    (finding,) = MissingSegments().examine(chart_of(more, judged_on="test", edit=False))
    assert finding.evidence["sure"] >= 3 and "around row and column" in finding.message


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    data = [data_of(seed) for seed in range(12)]
    assert share(MissingSegments(), [charted(each) for each in data]) <= 0.01
    lost = [charted(forgetful(each, rng.uniform(0.1, 0.2), k)[0]) for k, each in enumerate(data)]
    assert share(MissingSegments(), lost) >= 0.9


def test_good_models_forget_nothing():
    assert firing("missing-segments", healthy_charts()) <= 0.01
