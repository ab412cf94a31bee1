"""Labels that overlap: by hand, and against decoding each label alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import catalogue, decoding
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.decoding.each_label import EachLabel, each_label, segments_of
from segmend.decoding.judge import value_of
from segmend.decoding.viterbi import Viterbi
from segmend.errors import InputError
from segmend.scoring.objective import parse

LABELS = Labels(("a", "b", "c"), None)
TASK = Task.named("multilabel-segmentation", 3)
OF_SIGNALS = ("argmax", "min_duration", "thresholds", "viterbi", "semi_markov")


def data(seed=0, recordings=6, steps=300, noise=1.0):
    """Labels that come and go by themselves, "c" far more rarely, and noisy probabilities of each."""
    rng = np.random.default_rng(seed)
    y_prob, y_true = [], []
    for _ in range(recordings):
        columns = []
        for share in (0.5, 0.4, 0.1):
            runs = rng.integers(8, 25, 40)
            columns.append(np.repeat(rng.random(40) < share, runs)[:steps].astype(int))
        true = np.stack(columns, axis=1)
        score = (true * 2 - 1) * 1.0 + noise * rng.normal(size=true.shape)
        y_true.append(true)
        y_prob.append(1 / (1 + np.exp(-2 * score)))
    return y_prob, y_true


def fit(name, y_prob, y_true, **options):
    options = {"groups": None, "objective": parse("segment_f1@50"), "task": TASK, **options}
    return decoding.fit(name, y_prob, y_true, labels=LABELS, **options)


def test_each_column_is_what_its_decoder_alone_says():
    y_prob, y_true = data()
    decoder = each_label(Viterbi).learn(y_prob, y_true, LABELS, penalty=3.0)
    decoded = decoder.decode(y_prob[0])
    assert decoded.shape == y_prob[0].shape and decoded.dtype == np.int8
    for k in range(3):
        alone = Viterbi(Labels.numbered(2), 3.0).decode(np.stack([1 - y_prob[0][:, k], y_prob[0][:, k]], axis=1))
        np.testing.assert_array_equal(decoded[:, k], alone)


@pytest.mark.parametrize("name", ["min_duration", "viterbi", "semi_markov"])
def test_a_fitted_decoder_removes_the_fragments(name):
    y_prob, y_true = data()
    decoder = decoding.restore(fit(name, y_prob, y_true))
    fresh_prob, fresh_true = data(seed=9)
    objective = parse("segment_f1@50")
    raw = [(rows >= 0.5).astype(int) for rows in fresh_prob]
    before = value_of(objective, fresh_true, raw, LABELS, multilabel=True)
    after = value_of(objective, fresh_true, [decoder.decode(rows) for rows in fresh_prob], LABELS, multilabel=True)
    assert after > 0.8 > 0.6 > before


@pytest.mark.parametrize("name", OF_SIGNALS)
def test_record_and_restore(name):
    y_prob, y_true = data(recordings=3)
    record = fit(name, y_prob, y_true, setting=dict(catalogue.resolve("decoders", name).start))
    assert (record.name, record.parameters["decoder"]) == ("each_label", name)
    again = type(record).from_dict(record.to_dict())
    np.testing.assert_array_equal(decoding.restore(again).decode(y_prob[0]), decoding.restore(record).decode(y_prob[0]))


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(3)), st.integers(0, 99))
def test_the_order_of_labels_does_not_matter(order, seed):
    y_prob, y_true = data(seed, recordings=2, steps=80)
    plain = each_label(Viterbi).learn(y_prob, y_true, LABELS, penalty=2.0).decode(y_prob[0])
    names = Labels(tuple(LABELS.names[k] for k in order), None)
    turned = each_label(Viterbi).learn(
        [rows[:, order] for rows in y_prob], [rows[:, order] for rows in y_true], names, penalty=2.0
    )
    np.testing.assert_array_equal(turned.decode(y_prob[0][:, order]), plain[:, order])


def test_a_background_is_no_label():
    decoder = each_label(Viterbi).learn([], [], Labels.of(["x"]), penalty=1.0)
    assert decoder.decode(np.ones((3, 2))).tolist() == [[0, 1]] * 3


def test_ignored_steps_reach_nothing():
    y_prob, y_true = data(recordings=2)
    decoder = decoding.restore(fit("semi_markov", y_prob, y_true, setting={"emission": 0.3, "price": 0.0}))
    padded = np.concatenate([y_prob[0], np.ones((30, 3))])
    judged = np.concatenate([y_true[0], np.full((30, 3), -1)])
    np.testing.assert_array_equal(decoder.decode_judged(padded, judged)[:-30], decoder.decode(y_prob[0]))


def test_thresholds_of_whole_recordings_follow_each_label_and_shrink_where_it_is_rare():
    rng = np.random.default_rng(0)
    true = (rng.random((400, 3)) < [0.5, 0.3, 0.01]).astype(int)
    scale = np.array([1.0, 0.2, 1.0])  # "b" is underestimated fivefold
    y_prob = scale * np.clip(0.25 + 0.5 * true + 0.1 * rng.normal(size=true.shape), 0, 1)
    task = Task.named("multilabel-classification", 3)
    record = fit("thresholds", list(y_prob), list(true), task=task, objective=parse("macro_f1"))
    threshold = [each["threshold"][1] for each in record.parameters["each"]]
    assert 0.3 < threshold[0] < 0.7 and 0.06 < threshold[1] < 0.16
    decoder = decoding.restore(record)
    decoded = np.stack([decoder.decode(rows) for rows in y_prob])
    assert decoded.shape == (400, 3)
    f1 = 2 * (decoded & true).sum(axis=0) / (decoded.sum(axis=0) + true.sum(axis=0))
    assert f1.min() > 0.85
    few = each_label(catalogue.resolve("decoders", "thresholds"))
    drawn = few.learn([rows[None] for rows in y_prob], [rows[None] for rows in true], LABELS, shared=0.5, shrink=1e9)
    assert [each["threshold"][1] for each in drawn.parameters()["each"]] == pytest.approx([0.5] * 3, rel=1e-3)


def test_segments_of_each_label():
    hot = np.array([[1, 0, 0], [1, 1, 0], [-1, 1, 0], [1, 0, 0]])
    assert segments_of(hot, LABELS).rows() == [(0, 2, 0), (1, 3, 1), (3, 4, 0)]
    assert len(segments_of(np.zeros((0, 3), int), LABELS)) == 0


def test_what_does_not_fit_is_refused():
    y_prob, y_true = data(recordings=2)
    decoder = decoding.restore(fit("argmax", y_prob, y_true))
    with pytest.raises(InputError, match=r"expected shape \(\*spatial, 3\).*Received \(5, 2\)"):
        decoder.decode(np.ones((5, 2)))
    record = fit("argmax", y_prob, y_true)
    with pytest.raises(InputError, match="one decoder for each of 3 labels"):
        decoding.restore(record.model_copy(update={"parameters": {"decoder": "argmax", "each": [{}]}}))
    with pytest.raises(InputError, match=r'such as argmax, thresholds\. Received "viterbi"'):
        fit("viterbi", y_prob, y_true, task=Task.named("multilabel-classification", 3))
    with pytest.raises(InputError, match='Received "each_label"'):
        fit("each_label", y_prob, y_true)
    assert not EachLabel.serves(TASK)
