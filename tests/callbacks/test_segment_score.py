from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend.callbacks import SegmentScore
from segmend.callbacks.segment_score import SCORES
from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.errors import InputError

LABELS = Labels.numbered(2)
TRUTH = np.array([0, 1, 1, 1, 1, 0, 0, 1, 1, 0])
SPLIT = np.array([0, 1, 0, 1, 1, 0, 0, 1, 1, 0])  # the first segment in two pieces, of IoU 0.25 and 0.5
SIGNAL = np.zeros((10, 1), "float32")


def score(steps=SPLIT, truth=TRUTH, **options):
    options = {"predict": lambda signal: np.eye(2)[steps], **options}
    return SegmentScore([(SIGNAL, truth)], labels=LABELS, **options)


def test_the_logs_gain_hand_computed_scores():
    logs = {"loss": 0.5}
    score(objective="segment_f1@50 - 0.1*count_mae").on_epoch_end(0, logs)
    assert logs["loss"] == 0.5
    assert logs["val_segment_f1@50"] == pytest.approx(4 / 5)  # 2 of 3 predicted, 2 of 2 there
    assert logs["val_count_mae"] == 1
    assert logs["val_count_ratio"] == 1.5
    assert logs["val_step_accuracy"] == pytest.approx(0.9)
    assert logs["val_objective"] == pytest.approx(0.7)


def test_ignored_steps_cut_the_recording():
    truth = np.where(np.arange(10) == 2, -1, TRUTH)
    assert score(steps=TRUTH, truth=truth).measure()["val_count_ratio"] == 1.0


def test_tables_keep_touching_items_apart():
    table = Segments.from_rows([(1, 3, 1), (3, 5, 1), (7, 9, 1)])
    assert score(steps=TRUTH, reference=[table]).measure()["val_count_ratio"] == pytest.approx(2 / 3)


def test_the_decoder_is_what_is_scored():
    filled = score(decode=lambda y_prob: TRUTH)
    assert filled.measure()["val_segment_f1@50"] == 1.0


def test_between_measurements_the_logs_repeat_the_last_one():
    calls = []
    callback = score(every=3, prefix="held_out_", predict=lambda signal: calls.append(1) or np.eye(2)[TRUTH])
    seen = []
    for epoch in range(5):
        logs = {}
        callback.on_epoch_end(epoch, logs)
        seen.append(logs["held_out_segment_f1@50"])
    assert (seen, len(calls)) == ([1.0] * 5, 2)


def test_nothing_there_and_nothing_predicted_is_undefined():
    nothing = np.zeros(10, int)
    assert np.isnan(score(steps=nothing, truth=nothing).measure()["val_segment_f1@50"])


def test_early_stopping_after_it_sees_the_score():
    """The model never learns (learning rate 0), so patience ends training, and the weights are kept by the score."""
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.Conv1D(2, 1, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    watch = SegmentScore([(SIGNAL, TRUTH)], labels=LABELS)
    stop = keras.callbacks.EarlyStopping("val_segment_f1@50", mode="max", patience=2)
    history = model.fit(SIGNAL[None], TRUTH[None], epochs=9, verbose=0, callbacks=[watch, stop]).history
    assert len(history["val_segment_f1@50"]) == len(history["loss"]) == 3


def test_the_checkpoint_after_it_keeps_the_epochs_that_count_better(tmp_path):
    """The network learns its one weight's sign: the first epochs see no segment, later ones all of them."""
    signal = np.where(TRUTH == 1, 1.0, -1.0)[:, None].astype("float32")
    model = keras.Sequential([keras.Input((None, 1)), keras.layers.Conv1D(2, 1, activation="softmax")])
    model.set_weights([np.array([[[1.0, -1.0]]]), np.zeros(2)])
    model.compile(keras.optimizers.SGD(2.0), "sparse_categorical_crossentropy")
    watch = SegmentScore([(signal, TRUTH)], labels=LABELS)
    keep = keras.callbacks.ModelCheckpoint(
        tmp_path / "{epoch}-{val_segment_f1@50:.2f}-{val_count_mae:.0f}.keras",
        "val_segment_f1@50",
        mode="max",
        save_best_only=True,
    )
    stop = keras.callbacks.EarlyStopping("val_count_mae", mode="min", baseline=0.5, patience=3)
    logs = model.fit(signal[None], TRUTH[None], epochs=5, verbose=0, callbacks=[watch, keep, stop]).history
    assert {f"val_{name}" for name in (*SCORES, "count_ratio", "objective")} <= set(logs)
    best = int(np.argmax(logs["val_segment_f1@50"]))
    assert logs["val_segment_f1@50"][best] == 1.0
    assert sorted(path.name for path in tmp_path.iterdir())[-1] == f"{best + 1}-1.00-0.keras"


def test_overlapping_labels_are_scored_layer_by_layer():
    truth = np.stack([TRUTH, np.roll(TRUTH, 2)], axis=1)
    said = np.stack([SPLIT, np.roll(TRUTH, 2)], axis=1)
    watch = SegmentScore(
        [(SIGNAL, truth)],
        labels=Labels(("cough", "speech"), None),
        predict=lambda signal: 0.1 + 0.5 * said,
        multilabel=True,
    )
    found = watch.measure()
    assert found["val_segment_f1@50"] == pytest.approx(10 / 11)  # 5 of 6 predicted, 5 of 5 there
    assert (found["val_count_mae"], found["val_count_ratio"]) == (1.0, 1.2)
    assert found["val_step_accuracy"] == pytest.approx(0.9)


def test_the_segments_of_images_are_objects():
    truth = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]])
    said = np.array([[1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 0, 0]])
    options = {"labels": LABELS, "predict": lambda image: np.eye(2)[said]}
    recordings = [(np.zeros((3, 4, 1)), truth)]
    by_side = SegmentScore(recordings, **options).measure()
    assert by_side["val_segment_f1@50"] == pytest.approx(6 / 7)  # 3 of 4 predicted, 3 of 3 there
    by_corner = SegmentScore(recordings, connectivity=2, **options).measure()
    assert by_corner["val_count_ratio"] == 1.0  # the pixel that is too much belongs to the first object
    one = SegmentScore(recordings, reference=[truth], **options).measure()
    assert one["val_count_ratio"] == 4.0  # all that is there is one instance
    layers = np.stack([truth, truth], axis=-1)
    both = SegmentScore(
        [(np.zeros((3, 4, 1)), layers)],
        labels=Labels(("a", "b"), None),
        multilabel=True,
        predict=lambda image: np.stack([truth, said], axis=-1),
    ).measure()
    assert both["val_segment_f1@50"] == pytest.approx(12 / 13)


def test_a_decoder_may_tell_objects_apart_that_touch():
    truth, apart = np.array([[0, 1, 1, 0]]), np.array([[0, 1, 2, 0]])
    options = {"labels": LABELS, "predict": lambda image: np.eye(2)[truth], "reference": [apart]}
    merged = SegmentScore([(np.zeros((1, 4, 1)), truth)], **options)
    assert merged.measure()["val_count_ratio"] == 0.5
    split = SegmentScore([(np.zeros((1, 4, 1)), truth)], decode=lambda y_prob: Regions(truth, apart), **options)
    assert (split.measure()["val_segment_f1@50"], split.measure()["val_count_ratio"]) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SegmentScore([], labels=LABELS), "at least one recording"),
        (lambda: score(every=0), "every: .*Received 0"),
        (lambda: score(objective="segment_f2@50"), 'did you mean "segment_f1@50"'),
        (lambda: score(steps=TRUTH[:4]).measure(), r"expected 10 steps for recording 0. Received shape \(4, 2\)"),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
