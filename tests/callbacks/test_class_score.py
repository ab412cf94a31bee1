"""Scores of whole recordings, by hand."""

import keras
import numpy as np
import pytest

from segmend.callbacks import ClassScore
from segmend.core.labels import Labels
from segmend.errors import InputError

SIGNALS = np.zeros((4, 5, 1))
LABELS = Labels(("a", "b", "c"), None)
PROB = np.array([[0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1], [0.1, 0.2, 0.7]])


def score(y_true, said=PROB, **options):
    return ClassScore(SIGNALS, y_true, labels=LABELS, predict=lambda signals: said, **options)


def test_one_class_each():
    logs = {}
    score([np.array(k) for k in (0, 1, 1, 2)]).on_epoch_end(0, logs)
    assert logs["val_accuracy"] == 0.75
    assert logs["val_macro_f1"] == logs["val_objective"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert logs["val_macro_average_precision"] == pytest.approx(1)


def test_what_is_not_judged_counts_for_nothing():
    found = score([np.array(k) for k in (0, 1, -1, 2)]).measure()
    assert found["val_accuracy"] == found["val_macro_f1"] == 1


def test_labels_that_overlap_are_right_as_a_set():
    y_true = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0]])
    found = score(y_true, multilabel=True, objective="macro_average_precision").measure()
    assert found["val_accuracy"] == 0.5, "the third lacks its second label, the last has one too many"
    precision, recall = np.array([1, 1]), np.array([1, 0.5])
    per_class = [*(2 * precision * recall / (precision + recall)), 0]
    assert found["val_macro_f1"] == pytest.approx(np.mean(per_class))
    assert found["val_objective"] == found["val_macro_average_precision"]


def test_a_class_without_recordings_leaves_the_mean_of_the_others():
    found = score([np.array(0)] * 4, np.tile([0.8, 0.1, 0.1], (4, 1))).measure()
    assert found["val_macro_f1"] == found["val_accuracy"] == 1


def test_early_stopping_after_it_sees_the_score():
    model = keras.Sequential([keras.Input((5, 1)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    y_true = [np.array(k) for k in (0, 1, 1, 2)]
    watch = ClassScore(SIGNALS, y_true, labels=LABELS, predict=lambda signals: PROB, prefix="held_out_")
    stop = keras.callbacks.EarlyStopping("held_out_macro_f1", mode="max", patience=1)
    history = model.fit(SIGNALS, np.array(y_true), epochs=5, verbose=0, callbacks=[watch, stop])
    assert len(history.history["held_out_macro_f1"]) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ClassScore([], [], labels=LABELS, predict=len), "signals: expected at least one recording"),
        (lambda: score([np.array(0)], objective="luck"), 'objective: expected .* Received "luck"'),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
