"""Mending of probabilities, for each task that is not multiclass segmentation of signals."""

import numpy as np
import pytest

from segmend.artifacts.decoder import DecoderRecord
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.inputs.objectives import objective_of
from segmend.pipeline.mend import mend
from segmend.pipeline.results.mended import load_mended
from segmend.pipeline.trials.bench import bench_of
from segmend.scoring import score


def _likely(score):
    return 1 / (1 + np.exp(-score))


def alarms(seed=0, recordings=240, sharpness=2.5):
    """One recording in ten is an alarm; the ranking is good and no probability reaches a half."""
    rng = np.random.default_rng(seed)
    y_true = (rng.random(recordings) < 0.1).astype(int)
    prob = _likely(rng.normal(size=recordings) + sharpness * y_true - 5.0)
    return {"y_true": y_true, "y_prob": np.stack([1 - prob, prob], axis=1), "labels": ["calm", "alarm"]}


def moods(seed=0, recordings=240):
    """Three labels that may hold at once, the last of them never said."""
    rng = np.random.default_rng(seed)
    y_true = (rng.random((recordings, 3)) < [0.5, 0.3, 0.15]).astype(int)
    prob = _likely(rng.normal(size=y_true.shape) + 3 * y_true - [1.5, 1.5, 5.0])
    return {"y_true": y_true, "y_prob": prob, "task": "multilabel-classification", "labels": ["a", "b", "c"]}


def voices(seed=0, recordings=10):
    """Two labels that overlap in time, in pieces."""
    rng = np.random.default_rng(seed)
    y_true = [np.repeat(rng.integers(0, 2, (9, 2)), 25, axis=0) for _ in range(recordings)]
    y_prob = [_likely(1.5 * (rng.normal(size=rows.shape) + 2.5 * rows - 1.25)) for rows in y_true]
    return {"y_true": y_true, "y_prob": y_prob, "task": "multilabel-segmentation", "labels": ["speech", "music"]}


def cells(seed=0, pictures=8):
    """Disks under so much noise that each has holes and specks around it."""
    rng, (row, column) = np.random.default_rng(seed), np.mgrid[:40, :40]
    numbers = np.zeros((pictures, 40, 40), int)
    for own in numbers:
        for number, (y, x) in enumerate([(9, 10), (28, 9), (20, 28)], start=1):
            y, x = y + rng.integers(-2, 3), x + rng.integers(-2, 3)
            own[(row - y) ** 2 + (column - x) ** 2 < 40] = number
    y_true = (numbers > 0).astype(int)
    prob = _likely(2.0 * (2 * y_true - 1) + 1.5 * rng.normal(size=y_true.shape))
    return {"y_true": y_true, "y_prob": np.stack([1 - prob, prob], axis=-1), "labels": ["cell"]}


def petals(seed=0, pictures=6):
    """The same disks under two labels, which may hold at once."""
    one, other = cells(seed, pictures), cells(seed + 1, pictures)
    both = {key: np.stack([one[key], other[key]], axis=-1) for key in ("y_true",)}
    prob = np.stack([each["y_prob"][..., 1] for each in (one, other)], axis=-1)
    return {**both, "y_prob": prob, "task": "multilabel-segmentation", "labels": ["one", "other"]}


CASES = {
    "alarms": (alarms, "macro_f1", "single-class-collapse"),
    "moods": (moods, "macro_f1", "missed-class"),
    "voices": (voices, "segment_f1@50", "over-segmentation"),
    "cells": (cells, "segment_f1@50", "over-segmentation"),
    "petals": (petals, "segment_f1@50", "over-segmentation"),
}


@pytest.fixture(scope="module", params=CASES)
def case(request):
    make, objective, rule = CASES[request.param]
    given = make()
    return given, mend(**given, budget="12s"), objective, rule


def test_it_is_mended_and_proven_by_what_the_diagnosis_names(case):
    _, mended, objective, rule = case
    assert mended.certificate.verdict == "helped"
    assert mended.certificate.objective == objective
    proof = mended.certificate.outcome
    assert proof.change.low > 0.05
    kept = next(one.trial for one in mended.certificate.tried if one.trial.name == mended.certificate.chosen)
    assert rule in kept.because
    assert (mended.certificate.mean_count_mae is None) == (mended.task.kind == "classification")


def test_the_prediction_scores_what_the_certificate_says(case):
    _, mended, _, _ = case
    scores = score(mended.prediction).to_dict()
    told = mended.certificate.outcome.after
    if mended.task.kind == "segmentation":
        assert scores["count"]["ratio"] == pytest.approx(told["count_ratio"])
        assert scores["segment"]["f1@50"] == pytest.approx(told["segment_f1@50"])
    else:
        assert scores["step"]["macro_f1"] == pytest.approx(told["macro_f1"])


def test_it_comes_back_from_disk_and_decodes_the_same(case, tmp_path):
    given, mended, _, _ = case
    mended.save(tmp_path / "mended")
    assert (tmp_path / "mended" / "report.html").is_file()
    again = load_mended(tmp_path / "mended")
    assert again.task == mended.task
    for one, other in zip(mended.decode(given["y_prob"][:3]), again.decode(given["y_prob"][:3]), strict=True):
        if isinstance(one, Regions):
            np.testing.assert_array_equal(one.instances, other.instances)
            one, other = one.mask, other.mask
        np.testing.assert_array_equal(one, other)


def test_it_is_told_in_the_words_of_the_task(case):
    _, mended, _, _ = case
    said, page = str(mended), mended._repr_html_()
    whole = mended.task.kind == "classification"
    for text in (said, page):
        assert ("balanced accuracy" in text) == whole
        assert ("count MAE" in text) != whole
    if mended.task.rank == 2:
        assert "predicted / true objects" in said and "panoptic quality" in said


def test_without_a_finding_the_answers_stay_as_they_came():
    rng = np.random.default_rng(0)
    y_true = (cells(pictures=6)["y_true"]).astype(int)
    prob = np.clip(y_true + rng.normal(0, 0.05, y_true.shape), 0, 1)
    mended = mend(y_true=y_true, y_prob=np.stack([1 - prob, prob], axis=-1), labels=["cell"], budget="5s")
    assert mended.certificate.chosen is None
    assert mended.record.name == "argmax"
    (answer,) = mended.decode(np.stack([1 - prob[:1], prob[:1]], axis=-1))
    np.testing.assert_array_equal(answer.mask, y_true[0])
    assert answer.instances.max() == 3


def test_touching_objects_count_apart_where_their_numbers_are_given():
    given = cells()
    numbers = np.where(given["y_true"] > 0, 1, 0)
    numbers[:, 20:] *= 2  # every disk across the middle is two
    plain = bench_of(read_arrays(**given, background=0), objective_of(None, Task.named("segmentation", 2, 2)))
    apart = bench_of(
        read_arrays(**given, background=0, instances=(numbers, None)),
        objective_of(None, Task.named("segmentation", 2, 2)),
    )
    assert apart.before.reference.sum() != plain.before.reference.sum()


def test_an_objective_of_another_task_is_refused():
    with pytest.raises(InputError, match=r'expected measures of recordings with one answer.*Received "segment_f1@50"'):
        mend(**alarms(), objective="segment_f1@50", budget="5s")
    with pytest.raises(InputError, match="expected measures of signals"):
        mend(**voices(), objective="panoptic_quality", budget="5s")


def test_a_folder_that_does_not_say_its_task_is_of_signals(case, tmp_path):
    mended = case[1]
    mended.save(tmp_path / "old")
    (tmp_path / "old" / "run.json").write_text("{}")
    assert load_mended(tmp_path / "old").task == Task.named("segmentation", len(mended.record.labels))
    assert isinstance(mended.record, DecoderRecord)
