import dataclasses

import numpy as np
import pytest

from segmend.artifacts.opinion import SecondOpinion
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.rules.data.label_noise import LabelNoise
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.data_seeds import charted, healthy_data, share

TASKS = [Task.named("segmentation", 3), Task.named("classification", 3), Task.named("classification", 3, 2)]


def data_of(seed, noise=None):
    task = TASKS[seed % 3]
    data = healthy_data(seed, task, recordings=240 if task.kind == "classification" else 24, noise=noise)
    return dataclasses.replace(data, split={})


def noisy(data, rate, seed=0):
    """The data with so many items labelled as another class, and where they are."""
    rng = np.random.default_rng(seed)
    names = data.labels.foreground
    wrong, made = set(), []
    for each in data.recordings:
        if each.classes is not None:
            hit = rng.random() < rate
            label = int(rng.choice([k for k in names if k != each.classes[0]])) if hit else each.classes[0]
            made.append(dataclasses.replace(each, classes=(label,)))
            wrong |= {(each.name, 0)} if hit else set()
            continue
        table = each.segments
        label = table.label.copy()
        for k in np.flatnonzero(rng.random(label.size) < rate):
            label[k] = rng.choice([other for other in names if other != label[k]])
            wrong.add((each.name, int(table.start[k])))
        made.append(dataclasses.replace(each, segments=Segments(table.start, table.stop, label)))
    return dataclasses.replace(data, recordings=tuple(made)), wrong


def sick():
    return charted(noisy(data_of(0, noise=0.3), 0.12)[0])


def healthy():
    return charted(data_of(0, noise=0.3))


@pytest.mark.parametrize("seed", [0, 1])
def test_most_of_the_review_list_is_wrong_and_the_rate_is_near(seed):
    data, wrong = noisy(data_of(seed, noise=0.3), 0.12)
    (finding,) = LabelNoise().examine(charted(data))
    listed = {(each["recording"], each["start"]) for each in finding.evidence["review"]}
    assert len(listed & wrong) >= 0.8 * len(listed)
    rate = finding.evidence["doubted"] / finding.evidence["items"] * 2
    assert 0.04 < rate < 0.25
    assert finding.severity in ("warning", "error") and "looks like" in finding.message


def test_classes_that_cannot_be_told_apart_are_not_looked_at():
    assert charted(data_of(0, noise=8.0)).fingerprint.opinion is None


@pytest.mark.parametrize("changes", [{"low": 0.005}, {"doubted": 4}, {"groups": 2}])
def test_what_is_not_sure_is_not_told(changes):
    chart = sick()
    facts = chart.fingerprint.model_copy(update={"opinion": chart.fingerprint.opinion.model_copy(update=changes)})
    assert not list(LabelNoise().examine(dataclasses.replace(chart, fingerprint=facts)))


def test_an_opinion_is_stored_with_the_fingerprint():
    found = sick().fingerprint.opinion
    assert SecondOpinion.from_dict(found.to_dict()) == found
    assert found.classes[0].name in Labels(("a", "b", "c"), None).names


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    data = [data_of(seed) for seed in range(10)]
    apart = [(each, chart) for each in data if (chart := charted(each)).fingerprint.opinion is not None]
    assert len(apart) >= 8 and share(LabelNoise(), [chart for _, chart in apart]) <= 0.01
    wrong = [charted(noisy(each, rng.uniform(0.12, 0.2), k)[0]) for k, (each, _) in enumerate(apart)]
    told = [chart for chart in wrong if chart.fingerprint.opinion is not None]
    assert len(told) >= 0.9 * len(wrong) and share(LabelNoise(), told) >= 0.9


@pytest.mark.parametrize("seed", range(3))
def test_the_model_itself_tells_wrong_labels_from_right_ones(seed):
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 3, 300)
    prob = np.eye(3)[true] * 0.8 + 0.2 / 3 + rng.normal(0, 0.01, (300, 3))
    given = np.where(rng.random(300) < 0.1, (true + rng.integers(1, 3, 300)) % 3, true)
    assert not list(LabelNoise().examine(of_wholes(true, prob)))
    (finding,) = LabelNoise().examine(of_wholes(given, prob))
    wrong = {f"r{k}" for k in np.flatnonzero(given != true)}
    listed = {each["recording"] for each in finding.evidence["review"]}
    assert listed <= wrong and len(listed) >= 0.35 * len(wrong)
    assert "the model itself" in finding.message


@pytest.mark.parametrize(("torn", "told"), [(2.0, True), (2.1, False)])
def test_a_model_that_is_torn_over_more_items_than_have_a_wrong_label_is_not_believed(torn, told):
    true = np.arange(300) % 3
    given = np.where(np.arange(300) % 10 == 0, (true + 1) % 3, true)
    chart = of_wholes(given, np.eye(3)[true] * 0.8 + 0.2 / 3)
    own = chart.own_opinion.model_copy(update={"torn": torn * chart.own_opinion.doubted})
    assert bool(list(LabelNoise().examine(dataclasses.replace(chart, own_opinion=own)))) is told


def of_wholes(given, prob):
    """The chart of a classification of recordings without signals."""
    said = Prediction(
        names=tuple(f"r{k}" for k in range(len(given))),
        labels=Labels.of(["a", "b", "c"], background=None),
        rank=0,
        y_true=tuple(given),
        y_pred=tuple(prob.argmax(axis=1)),
        y_prob=tuple(prob),
    )
    return chart_of(said, judged_on="test")
