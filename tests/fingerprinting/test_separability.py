"""The separability floor: its regression, its samples, and that nothing is judged by a model that saw it."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.truth import truth
from segmend.fingerprinting import fingerprint, floor, sampling
from segmend.fingerprinting.held import has_at
from segmend.fingerprinting.judging import judged
from segmend.fingerprinting.ridge import Products, apply
from segmend.fingerprinting.windowed import everywhere

AB = Labels.of(["a", "b"])
FREE = Labels.of(["a", "b"], background=None)


def signals(count=6, *, level=3.0, groups=None, seed=0):
    """Recordings in which class a lies higher and class b varies more."""
    rng = np.random.default_rng(seed)
    made = []
    for k in range(count):
        rows, values = [], rng.normal(size=(600, 1))
        for start in range(20, 560, 60):
            label = int(rng.integers(1, 3))
            rows.append((start, start + 30, label))
            values[start : start + 30] = values[start : start + 30] * (1 if label == 1 else level) + level * (
                label == 1
            )
        group = f"g{k}" if groups is None else groups[k]
        made.append(Recording(name=str(k), signal=values, segments=Segments.from_rows(rows), group=group))
    return made


def dataset(recordings, task="segmentation", labels=AB, rank=1):
    channels = tuple(str(k) for k in range(recordings[0].signal.shape[-1]))
    return Dataset(
        recordings=tuple(recordings), task=Task.named(task, len(labels), rank), labels=labels, channels=channels
    )


def test_ridge_equals_the_textbook_formula():
    rng = np.random.default_rng(0)
    rows, targets = rng.normal(3, 2, (40, 3)), rng.normal(size=(40, 2))
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    slopes = np.linalg.solve(scaled.T @ scaled + 40 * 0.3 * np.eye(3), scaled.T @ (targets - targets.mean(axis=0)))
    expected = scaled @ slopes + targets.mean(axis=0)
    np.testing.assert_allclose(apply(Products.of(rows, targets).solve(0.3), rows), expected)


def test_what_is_taken_away_leaves_the_rest():
    rng = np.random.default_rng(1)
    rows, targets = rng.normal(size=(30, 4)), rng.normal(size=(30, 1))
    without = (Products.of(rows, targets) - Products.of(rows[:10], targets[:10])).solve(0.1)
    np.testing.assert_allclose(without, Products.of(rows[10:], targets[10:]).solve(0.1))


def test_features_that_do_not_vary_weigh_nothing():
    rows = np.column_stack((np.arange(6.0), np.full(6, 7.0)))
    weights = Products.of(rows, rows[:, :1]).solve(0.0)
    np.testing.assert_allclose(weights[:, 0], [0, 1, 0], atol=1e-9)


TABLES = st.lists(st.tuples(st.integers(0, 25), st.integers(1, 5), st.integers(0, 1)), max_size=6)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_what_holds_at_places_is_what_the_truth_says(rows):
    table = Segments.from_rows(sorted((start, start + length, label) for start, length, label in rows))
    recording = Recording(name="a", signal=np.zeros((30, 1)), segments=table, group="a")
    expected = truth(recording, Task.named("multilabel-segmentation", 2), FREE)
    assert has_at(recording, everywhere((30,)), FREE, multilabel=True).tolist() == expected.tolist()


def test_steps_without_a_class_are_the_background_s_or_not_judged():
    hidden = Segments.from_rows([(7, 9, 0)])
    recording = Recording(
        name="a", signal=np.zeros((9, 1)), segments=Segments.from_rows([(1, 3, 1)]), ignored=hidden, group="a"
    )
    with_background = has_at(recording, everywhere((9,)), AB, multilabel=False)
    assert with_background[:7].argmax(axis=1).tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert (with_background[7:] == -1).all()
    without = has_at(recording, everywhere((9,)), FREE, multilabel=False)
    assert np.flatnonzero(without[:, 0] == -1).tolist() == [0, 3, 4, 5, 6, 7, 8]


def test_images_are_asked_at_pixels():
    mask = np.array([[0, 1], [-1, 2]])
    recording = Recording(name="a", signal=np.zeros((2, 2, 1)), regions=Regions(mask), group="a")
    assert has_at(recording, everywhere((2, 2)), AB, multilabel=False).tolist() == [
        [1, 0, 0],
        [0, 1, 0],
        [-1, -1, -1],
        [0, 0, 1],
    ]


def test_what_differs_in_level_and_spread_is_told_apart():
    facts = fingerprint(dataset(signals())).separability
    assert (facts.folds, facts.folds_by, facts.reach) == (5, "groups", (4, 15, 60))
    assert facts.samples == 3600
    assert [each.name for each in facts.classes] == ["background", "a", "b"]
    assert all(each.auc > 0.9 for each in facts.classes)
    assert facts.balanced_accuracy > 0.8


def test_labels_without_any_signal_are_at_chance():
    facts = fingerprint(dataset(signals(level=1.0, seed=3))).separability  # levels of 1: class a lies higher by 1
    noise = [replace(each, signal=np.random.default_rng(k).normal(size=(600, 1))) for k, each in enumerate(signals())]
    assert abs(fingerprint(dataset(noise)).separability.auc - 0.5) < 0.1 < facts.auc - 0.5


def test_a_group_is_judged_by_a_model_that_never_saw_it():
    """Each group has its own coding of the classes: within a group they are plain, across groups they contradict."""
    data = signals(8, groups=["g0", "g0", "g1", "g1", "g2", "g2", "g3", "g3"])
    turned = [replace(each, signal=each.signal * (-1) ** (k // 2)) for k, each in enumerate(data)]
    facts = fingerprint(dataset(turned)).separability
    assert facts.folds == 4
    assert next(each for each in facts.classes if each.name == "a").auc < 0.75


def test_probabilities_of_a_recording_do_not_depend_on_its_labels():
    data = signals()
    spoilt = [replace(data[0], segments=Segments.from_rows([(0, 600, 2)])), *data[1:]]
    facts = fingerprint(dataset(data))
    one, other = (floor(dataset(each), facts) for each in (data, spoilt))
    np.testing.assert_allclose(one.probabilities(data[0]), other.probabilities(data[0]), atol=1e-8)
    assert not np.allclose(one.probabilities(data[1]), other.probabilities(data[1]), atol=1e-3)


def test_probabilities_are_those_that_were_judged(monkeypatch):
    data = dataset(signals())
    facts = fingerprint(data)
    fitted = floor(data, facts)
    assert fitted.facts == facts.separability
    said = [fitted.probabilities(each) for each in data.recordings]
    assert said[0].shape == (600, 3)
    np.testing.assert_allclose(said[0].sum(axis=-1), 1)
    true = np.concatenate([has_at(each, everywhere((600,)), AB, multilabel=False) == 1 for each in data.recordings])
    fold = np.repeat([fitted.fold[each.group] for each in data.recordings], 600)
    again = judged(true, np.concatenate(said), AB, fold, multilabel=False)
    assert [each.auc for each in again] == pytest.approx([each.auc for each in facts.separability.classes])
    monkeypatch.setattr("segmend.fingerprinting.fitted.PLACES", 64)
    np.testing.assert_allclose(fitted.probabilities(data.recordings[0]), said[0], atol=1e-6)


def test_long_recordings_are_read_in_pieces(monkeypatch):
    data = dataset(signals())
    whole = fingerprint(data).separability
    for name, value in {"READ": 6 * 300, "LEAST_READ": 1, "SAMPLES": 6 * 100}.items():
        monkeypatch.setattr(sampling, name, value)
    some = fingerprint(data).separability
    assert some.samples <= 600
    assert some.auc == pytest.approx(whole.auc, abs=0.1)


def test_many_channels_are_thinned_out(monkeypatch):
    data = [replace(each, signal=np.repeat(each.signal, 3, axis=1)) for each in signals()]
    assert fingerprint(dataset(data)).separability.features == 36
    monkeypatch.setattr(sampling, "FEATURES", 8)
    facts = fingerprint(dataset(data)).separability
    assert (facts.features, facts.reach) == (8, (15,))


def test_images(tmp_path):
    rng = np.random.default_rng(0)
    made = []
    for k in range(5):
        mask = np.zeros((40, 50), int)
        mask[5:15, 10:20], mask[20:35, 25:40] = 1, 1
        picture = (rng.normal(100, 10, mask.shape) + 40 * mask).astype(np.uint8)
        made.append(Recording(name=str(k), signal=picture[..., np.newaxis], regions=Regions(mask), group=str(k)))
    data = dataset(made, labels=Labels.of(["cell"]), rank=2)
    facts = fingerprint(data)
    assert facts.separability.auc > 0.95
    assert facts.separability.samples == 5 * 2000
    assert floor(data, facts).probabilities(made[0]).shape == (40, 50, 2)


@pytest.mark.parametrize("task", ["classification", "multilabel-classification"])
def test_whole_recordings(task):
    rng = np.random.default_rng(0)
    made = [
        Recording(name=str(k), signal=rng.normal(0, 1 + 2 * (k % 2), (300, 1)), classes=(k % 2,), group=str(k))
        for k in range(30)
    ]
    data = dataset(made, task, FREE)
    facts = fingerprint(data)
    assert (facts.separability.samples, facts.separability.balanced_accuracy) == (30, 1.0)
    assert floor(data, facts).probabilities(made[0]).shape == (2,)


def test_a_class_of_one_group_cannot_be_learnt_for_another():
    data = [replace(each, segments=each.segments.take(each.segments.label == 1)) for each in signals()]
    data[0] = replace(data[0], segments=Segments.from_rows([(20, 50, 2), *data[0].segments.rows()[1:]]))
    classes = fingerprint(dataset(data)).separability.classes
    assert (classes[2].auc, classes[2].f1, classes[2].recall) == (None, None, None)
    assert classes[1].auc is not None


def test_where_there_is_nothing_to_tell_apart_there_is_no_floor():
    data = signals()
    assert fingerprint(dataset(data[:1])).separability is None
    one = Labels.of(["a"], background=None)
    same = [replace(each, segments=Segments.from_rows([(0, 600, 0)])) for each in data]
    assert fingerprint(dataset(same, labels=one)).separability is None
    unmarked = [replace(each, segments=Segments.empty()) for each in data]
    assert fingerprint(dataset(unmarked)).separability is None


def test_recordings_of_one_group_are_folded_by_themselves_and_it_is_said():
    facts = fingerprint(dataset(signals(groups=["g"] * 6)))
    assert facts.separability.folds_by == "recordings"
    assert Fingerprint.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_scores_of_a_class_by_hand():
    true = np.eye(2, dtype=bool)[[0, 0, 0, 1, 0, 1]]
    said = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.7, 0.3], [0.3, 0.7], [0.6, 0.4]])
    a, b = judged(true, said, FREE, np.array([0, 0, 0, 0, 1, 1]), multilabel=False)
    assert (a.f1, b.f1) == (6 / 9, 0.0)
    assert b.auc == pytest.approx(2 / 4)  # two of three pairs of the first fold, none of the second one's
    assert (a.recall, b.recall) == (2 / 4, 1 / 2)  # from its share, 1/3, on b is the likelier


def test_features_that_say_nothing_are_at_chance():
    still = [replace(each, signal=np.ones((600, 1))) for each in signals()]
    assert [each.auc for each in fingerprint(dataset(still)).separability.classes] == [0.5] * 3


def test_many_channels_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(sampling, "SAMPLES", 1 << 12)
    monkeypatch.setattr(sampling, "PIECE", 1 << 17)
    rows = Segments.from_rows([(start, start + 30, 1) for start in range(0, 60_000, 100)])
    noise = np.random.default_rng(0).normal(size=(60_000, 1)).astype(np.float32)
    wide = [replace(each, signal=np.repeat(noise, 12, axis=1), segments=rows) for each in signals(2)]
    tracemalloc.start()
    facts = fingerprint(dataset(wide))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert facts.separability.features == 144
    assert peak < 35e6  # 15 MB; 70 MB where recordings are looked at whole
