import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import norm

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE, Labels
from segmend.decoding import logit_adjustment
from segmend.decoding.each_label import each_label
from segmend.decoding.prior_shift import PriorShift
from segmend.pipeline.mend import mend
from segmend.pipeline.runs.decoded import decode

LABELS = Labels.numbered(3, None)
TRAIN, SITE = np.array([0.5, 0.3, 0.2]), np.array([0.85, 0.05, 0.1])
CENTRES = np.array([0.0, 2.0, 4.0])


def _drawn(frequency, rng, steps=6_000):
    """Labels of these frequencies, and probabilities under those of training."""
    true = rng.choice(3, steps, p=frequency)
    density = norm.pdf(rng.normal(CENTRES[true])[:, None] - CENTRES)
    prob = density * TRAIN
    return prob / prob.sum(axis=1, keepdims=True), true


def _learnt(trust=1.0, calibrated=0.0):
    prob, true = _drawn(TRAIN, np.random.default_rng(0))
    return PriorShift.learn([prob], [true], LABELS, trust=trust, calibrated=calibrated)


def test_the_frequencies_of_a_site_are_found_without_labels():
    prob, true = _drawn(SITE, np.random.default_rng(1))
    decoder = _learnt().adapted([prob[:2000], prob[2000:]])
    np.testing.assert_allclose(decoder.site, SITE, atol=0.02)
    best = np.argmax(prob * SITE / TRAIN, axis=1)
    said = decoder.decode(prob)
    assert np.mean(said == best) > 0.99
    assert np.mean(said == true) > np.mean(prob.argmax(axis=1) == true) + 0.05


def test_no_other_frequencies_are_more_likely():
    prob, _ = _drawn(SITE, np.random.default_rng(2), 500)
    decoder = _learnt(trust=1e-9)
    found = decoder.adapted([prob]).site

    def likelihood(frequency):
        return np.log((prob * frequency / decoder.frequency).sum(axis=1)).sum()

    rng = np.random.default_rng(3)
    for _ in range(200):
        other = np.abs(found + 0.02 * rng.normal(size=3))
        assert likelihood(other / other.sum()) <= likelihood(found) + 1e-6


def test_a_trusted_training_moves_little():
    prob, _ = _drawn(SITE, np.random.default_rng(1), 200)
    moved = [np.abs(_learnt(trust).adapted([prob]).site - _learnt().frequency).max() for trust in (1.0, 200.0, 1e6)]
    assert moved[0] > moved[1] > moved[2]
    assert moved[2] < 1e-3


def test_the_same_frequencies_change_nothing():
    prob, _ = _drawn(TRAIN, np.random.default_rng(4))
    assert np.mean(_learnt().adapted([prob]).decode(prob) == prob.argmax(axis=1)) > 0.99


def test_by_itself_each_recording_is_a_site():
    prob, _ = _drawn(SITE, np.random.default_rng(5), 900)
    decoder = _learnt()
    np.testing.assert_array_equal(decoder.decode(prob), decoder.adapted([prob]).decode(prob))
    assert decoder.adapted([]) is decoder


def test_overconfidence_is_taken_back_first():
    train, true = _drawn(TRAIN, np.random.default_rng(0))
    prob, _ = _drawn(SITE, np.random.default_rng(1))
    spoilt = [softmax(3 * np.log(np.maximum(rows, 1e-6)), axis=1) for rows in (train, prob)]
    found = [
        PriorShift.learn([spoilt[0]], [true], LABELS, trust=1.0, calibrated=how).adapted([spoilt[1]]).site
        for how in (0.0, 1.0)
    ]
    off = [np.abs(each - SITE).max() for each in found]
    assert off[1] < 0.03 and off[0] > off[1]


def test_of_labels_that_overlap_each_has_its_own_frequency():
    rng, labels = np.random.default_rng(6), Labels(("x", "y"), None)
    true = (rng.random((4000, 2)) < [0.5, 0.5]).astype(int)
    score = rng.normal(size=true.shape) + 2 * true - 1
    prob = 1 / (1 + np.exp(-2 * score))
    decoder = each_label(PriorShift).learn([prob], [true], labels, trust=1.0, calibrated=0.0)
    site = (rng.random((4000, 2)) < [0.05, 0.5]).astype(int)
    there = 1 / (1 + np.exp(-2 * (rng.normal(size=site.shape) + 2 * site - 1)))
    rare, usual = (own.site[1] for own in decoder.adapted([there]).decoders)
    assert rare == pytest.approx(0.05, abs=0.03) and usual == pytest.approx(0.5, abs=0.05)


def test_it_is_proven_on_people_whose_frequencies_differ():
    """Each person has other frequencies of the same classes: adapting to each beats one decision for all."""
    rng = np.random.default_rng(7)
    people = [0.98 * rng.dirichlet([0.6, 0.6, 0.6]) + 0.02 / 3 for _ in range(12)]
    y_prob, y_true = zip(*(_drawn(own, rng, 60) for own in people), strict=True)
    names = [f"p{k}" for k in range(12) for _ in range(60)]
    options = {"labels": ["x", "y", "z"], "background": None, "task": "classification", "objective": "step_accuracy"}
    mended = mend(y_true=np.concatenate(y_true), y_prob=np.concatenate(y_prob), groups=names, budget="40s", **options)
    after = {one.trial.edits["decoder"]: one.after["step_accuracy"] for one in mended.certificate.tried}
    assert mended.certificate.verdict == "helped" and mended.record.name == "prior_shift"
    assert after["prior_shift"] > after["thresholds"] + 0.05
    right = [np.mean(np.array(mended.decode(rows)) == true) for rows, true in zip(y_prob, y_true, strict=True)]
    plain = [np.mean(rows.argmax(axis=1) == true) for rows, true in zip(y_prob, y_true, strict=True)]
    assert np.mean(right) > np.mean(plain) + 0.05


def test_a_run_takes_each_group_for_a_site():
    rng = np.random.default_rng(8)
    frequencies = {"a": SITE, "b": SITE[::-1]}
    names = ("a1", "b1", "a2", "b2")
    y_prob = tuple(_drawn(frequencies[name[0]], rng, 300)[0] for name in names)
    decoder = _learnt()
    record = DecoderRecord(name="prior_shift", parameters=decoder.parameters(), labels=LABELS.names, background=None)
    given = {
        "labels": LABELS,
        "y_true": None,
        "y_pred": tuple(rows.argmax(axis=1) for rows in y_prob),
        "y_prob": y_prob,
    }
    prediction = Prediction(names=names, groups=tuple(name[0] for name in names), **given)
    for k, group in enumerate(prediction.groups):
        site = decoder.adapted([rows for rows, own in zip(y_prob, prediction.groups, strict=True) if own == group])
        np.testing.assert_array_equal(decode(prediction, record).y_pred[k], site.decode(y_prob[k]))


def test_a_site_is_estimated_from_rows_spread_over_all_its_tables(monkeypatch):
    monkeypatch.setattr(logit_adjustment, "ROWS", 5)
    tables = [np.arange(0, 4.0)[:, None], np.zeros((0, 1)), np.arange(4.0, 10.0)[:, None]]
    assert logit_adjustment.evenly_of(tables).ravel().tolist() == [0, 2, 4, 6, 9]
    assert logit_adjustment.evenly_of(tables[:1]).ravel().tolist() == [0, 1, 2, 3]
    assert _learnt().adapted([np.zeros((0, 3))]).site is None


def test_a_class_that_no_labelled_recording_has_keeps_its_frequency():
    """The model says class 2 of a tenth of the steps; nobody knows what that means, and the others share the rest."""
    prob, true = _drawn(np.array([0.5, 0.5, 0.0]), np.random.default_rng(6))
    decoder = PriorShift.learn([prob], [true], LABELS, trust=1.0, calibrated=0.0)
    assert decoder.unseen == (2,)
    heard = np.concatenate(
        [_drawn(np.array([0.9, 0.1, 0.0]), np.random.default_rng(7))[0], np.tile([0.0, 0.1, 0.9], (600, 1))]
    )
    site = decoder.adapted([heard]).site
    assert site[2] == decoder.frequency[2] and site.sum() == pytest.approx(1.0)
    assert site[0] > 0.6
    again = PriorShift.from_parameters(decoder.parameters(), LABELS)
    np.testing.assert_array_equal(again.adapted([heard]).site, site)
    assert PriorShift.learn([], [], LABELS, trust=1.0, calibrated=0.0).unseen == ()


def test_where_nothing_is_judged_all_classes_keep_their_frequencies():
    prob, _ = _drawn(TRAIN, np.random.default_rng(9), 50)
    decoder = PriorShift.learn([prob], [np.full(50, IGNORE)], LABELS, **PriorShift.start)
    assert decoder.unseen == (0, 1, 2)
    np.testing.assert_array_equal(decoder.adapted([prob]).site, decoder.frequency)
    np.testing.assert_array_equal(decoder.decode(prob), prob.argmax(axis=1))
