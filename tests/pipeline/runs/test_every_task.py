"""From a plan to a model, batches, a judge and predictions, for each task of signals and of images."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmend import losses
from segmend.callbacks import ClassScore, SegmentScore
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.fingerprinting import fingerprint
from segmend.loading import load_predictions
from segmend.pipeline.runs.predicting import prediction_of, probabilities
from segmend.pipeline.runs.translate import batches_of, loss_of, model_of, tiles_of, transform_of
from segmend.pipeline.runs.validation import judge_of
from segmend.pipeline.runs.write_predictions import write_predictions
from segmend.planning.check import total_stride
from segmend.planning.values import as_stages
from tests.pipeline.runs.tasks import TASKS, dataset, named, values_of


@pytest.fixture(scope="module", params=TASKS, ids=named)
def made(request):
    """A task, its data, a plan's values and the untrained model."""
    task = request.param
    data = dataset(task)
    values = values_of(task, data)
    return task, data, values, model_of(values, fingerprint(data))


def _spatial(task, recording):
    return () if task.kind == "classification" else recording.shape


def test_the_untrained_model_says_how_often_each_class_occurs(made):
    task, data, values, model = made
    assert model.output_shape[-1] == 3 and len(model.output_shape) - 2 == (task.rank if _is_dense(task) else 0)
    size = (values.window.length,) * task.rank
    said = np.asarray(model(np.zeros((1, *size, 1), np.float32)))
    if task.labels != "multilabel":
        np.testing.assert_allclose(said.sum(axis=-1), 1, atol=1e-5)
    facts = fingerprint(data)
    shares = {each.name: each.step_share for each in facts.classes}
    expected = [shares.get(name, facts.background_share) for name in facts.labels]
    middle = said.reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(middle, expected, atol=0.2)
    assert 0.3 < middle.sum() / sum(expected) < 3
    assert model.get_layer("standardise").mean == pytest.approx([facts.channels[0].mean], abs=1e-5)


def _is_dense(task):
    return task.kind == "segmentation"


def test_batches_fit_the_model_and_the_loss(made):
    task, data, values, model = made
    loss = loss_of(values, task)
    parts = [type(part) for _, part in getattr(loss, "parts", [(1.0, loss)])]
    assert (losses.BinaryCrossEntropy in parts) == (task.labels == "multilabel")
    batches = batches_of(values, data.part("train"), data)
    x, y, *_ = batches[0]
    size = (values.window.length,) * task.rank
    assert np.shape(x) == (2, *size, 1)
    several = (3,) if task.labels == "multilabel" else ()
    assert np.shape(y) == (2, *(size if _is_dense(task) else ()), *several)
    assert np.isfinite(float(loss(y, model(x))))


def test_whole_recordings_of_any_size_are_predicted(made, tmp_path):
    task, data, values, model = made
    signals = [recording.signal for recording in data.recordings]
    said = probabilities(model, values, task, signals)
    assert [rows.shape for rows in said] == [(*_spatial(task, each), 3) for each in data.recordings]
    if task.labels != "multilabel":
        for rows in said:
            np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-4)
    alone = probabilities(model, values, task, signals[1:2])[0]
    np.testing.assert_allclose(alone, said[1], atol=1e-5)


def test_predictions_know_their_task_and_come_back_from_their_folder(made, tmp_path):
    task, data, values, model = made
    found = prediction_of(model, values, data, "val", tmp_path / "scores")
    assert found.task == task and found.names == data.split["val"]
    several = task.labels == "multilabel"
    for rows, prob in zip(found.y_pred, found.y_prob, strict=True):
        assert np.array_equal(rows, undecoded(np.asarray(prob), multilabel=several))
    assert (found.reference is not None) == (_is_dense(task) and task.rank == 1)
    assert (found.instances is not None) == (_is_dense(task) and task.rank == 2 and not several)
    write_predictions(found, tmp_path)
    back = load_predictions(tmp_path)
    assert back.task == task and back.labels == found.labels and back.names == found.names
    for mine, theirs in (("y_true", back.y_true), ("y_pred", back.y_pred), ("y_prob", back.y_prob)):
        for one, other in zip(getattr(found, mine), theirs, strict=True):
            np.testing.assert_allclose(np.asarray(one, float), np.asarray(other, float), atol=1e-6)
    if found.instances is not None:
        assert all(np.array_equal(a, b) for a, b in zip(found.instances, back.instances, strict=True))


def test_the_judge_gives_what_the_plan_watches(made):
    task, data, values, model = made
    judge = judge_of(model, values, data, data.part("val"))
    assert isinstance(judge, SegmentScore if _is_dense(task) else ClassScore)
    logs = {}
    judge.on_epoch_end(0, logs)
    assert "val_objective" in logs and {"val_macro_f1"} <= set(logs)
    assert np.isfinite(logs["val_objective"])


def test_a_perfect_model_is_judged_perfect(made):
    task, data, values, model = made
    judge = judge_of(model, values, data, data.part("val"))
    truth = judge.y_true[0]
    prob = truth.astype(float) if task.labels == "multilabel" else np.eye(3)[truth]
    judge.predict = (lambda signal: prob) if _is_dense(task) else (lambda signals: prob[None])
    logs = {}
    judge.on_epoch_end(0, logs)
    if _is_dense(task):
        assert (logs["val_segment_f1@50"], logs["val_count_ratio"]) == (1, 1)
    else:
        assert logs["val_accuracy"] == 1


def test_tiles_keep_to_the_grid_of_the_model(made):
    _, _, values, _ = made
    tiles = tiles_of(values)
    assert tiles["align"] == total_stride(as_stages(values.model.stages))
    assert tiles["window"] % tiles["align"] == 0 and 0 < tiles["hop"] <= tiles["window"]


def test_a_transform_is_refused_by_what_is_wrong_with_it():
    with pytest.raises(InputError, match="sideways"):
        transform_of({"name": "sideways"}, "steps")
    with pytest.raises(InputError, match=r"sampling\.augment: noise: .*unknown"):
        transform_of({"name": "noise", "unknown": 1}, "steps")


def test_dataset_json_of_predictions_that_says_a_rank_that_is_none_is_refused(tmp_path):
    (tmp_path / "scores").mkdir()
    np.save(tmp_path / "scores" / "a.npy", np.ones((4, 2)) / 2)
    (tmp_path / "dataset.json").write_text(json.dumps({"rank": 3}))
    with pytest.raises(InputError, match=r"rank: expected 1 \(signals\) or 2 \(images\). Received 3"):
        load_predictions(tmp_path)
