import numpy as np
import pytest
from scipy.special import softmax

from segmend import decoding
from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.decoding.expected_cost import ExpectedCost, at_cost
from segmend.scoring.objective import parse

LABELS = Labels.numbered(3, None)
TABLE = ((0.0, 1.0, 1.0), (4.0, 0.0, 1.0), (20.0, 20.0, 0.0))


def _honest(seed=0, steps=8_000):
    """Labels drawn from the probabilities themselves."""
    rng = np.random.default_rng(seed)
    prob = softmax(np.log([0.8, 0.15, 0.05]) + 1.5 * rng.normal(size=(steps, 3)), axis=1)
    return prob, (rng.random((steps, 1)) > np.cumsum(prob, axis=1)[:, :-1]).sum(axis=1)


def test_each_answer_is_the_cheapest_by_hand():
    decoder = at_cost(TABLE).learn([], [], LABELS, calibrated=0.0, flatness=1.0)
    prob = np.array([[0.9, 0.06, 0.04], [0.97, 0.02, 0.01], [0.7, 0.29, 0.01]])
    # of the first: 0.24 + 0.8 for class 0, 0.9 + 0.8 for 1, 0.96 for 2; of the others likewise
    np.testing.assert_array_equal(decoder.decode(prob), [2, 0, 1])


def test_without_a_table_all_mistakes_cost_the_same():
    prob, _ = _honest(steps=300)
    decoder = ExpectedCost.learn([], [], LABELS, calibrated=0.0, flatness=1.0)
    np.testing.assert_array_equal(decoder.decode(prob), prob.argmax(axis=1))


def test_probabilities_that_are_off_are_calibrated_first():
    prob, true = _honest()
    spoilt = softmax(3 * np.log(prob), axis=1)
    price = np.array(TABLE)
    paid = {
        calibrated: price[
            true, at_cost(TABLE).learn([spoilt], [true], LABELS, calibrated=calibrated, flatness=1.0).decode(spoilt)
        ].mean()
        for calibrated in (0.0, 1.0)
    }
    least = price[true, np.argmin(prob @ price, axis=1)].mean()
    assert paid[1.0] == pytest.approx(least, rel=0.02)
    assert paid[0.0] > 1.2 * least


def test_the_table_comes_with_the_objective_and_stays_in_the_record():
    prob, true = _honest(steps=600)
    task = Task.named("segmentation", 3)
    parts = {"y_prob": np.split(prob, 4), "y_true": np.split(true, 4), "labels": LABELS, "groups": None, "task": task}
    record = decoding.fit("expected_cost", **parts, objective=parse("-cost", TABLE))
    assert record.parameters["table"] == [list(row) for row in TABLE]
    decoder = decoding.restore(record)
    price = np.array(TABLE)
    assert price[true, decoder.decode(prob)].mean() < 0.8 * price[true, prob.argmax(axis=1)].mean()


def test_labels_that_overlap_are_weighed_without_the_table():
    prob, rng = np.full((4, 3), 0.4), np.random.default_rng(0)
    kind = decoding.resolve("expected_cost", Task.named("multilabel-segmentation", 3), TABLE)
    decoder = kind.learn([prob], [rng.integers(0, 2, (4, 3))], LABELS, calibrated=0.0, flatness=1.0)
    assert decoder.decode(prob).tolist() == [[0, 0, 0]] * 4


def test_a_damaged_table_is_refused():
    record = {"table": [[0.0]], "temperature": 1.0, "bias": [0.0] * 3}
    with pytest.raises(ValueError, match=r"expected a table of shape \(3, 3\), not \(1, 1\)"):
        ExpectedCost.from_parameters(record, LABELS)


def test_pixels_of_an_image_get_the_cheapest_class_and_objects_are_its_pieces():
    decoder = at_cost(((0.0, 1.0), (10.0, 0.0))).learn([], [], Labels.numbered(2), calibrated=0.0, flatness=1.0)
    present = np.array([[0.2, 0.05, 0.1], [0.05, 0.05, 0.6]])  # answered above 1 / 11
    found = decoder.decode(np.stack([1 - present, present], axis=2))
    assert found.mask.tolist() == [[1, 0, 1], [0, 0, 1]]
    assert found.instances.tolist() == [[1, 0, 2], [0, 0, 2]]


def test_pixels_are_calibrated_like_steps_and_what_is_not_judged_is_left_out():
    prob, true = _honest(steps=3_600)
    steps = at_cost(TABLE).learn([prob], [true], LABELS, calibrated=1.0, flatness=1.0)
    images = [Regions(rows.reshape(30, 60)) for rows in np.split(true, 2)]
    pixels = at_cost(TABLE).learn(list(prob.reshape(2, 30, 60, 3)), images, LABELS, calibrated=1.0, flatness=1.0)
    assert pixels.temperature == pytest.approx(steps.temperature) and pixels.bias == pytest.approx(steps.bias)
    hidden = [Regions(np.full((30, 60), -1)), images[1]]
    half = at_cost(TABLE).learn(list(prob.reshape(2, 30, 60, 3)), hidden, LABELS, calibrated=1.0, flatness=1.0)
    alone = at_cost(TABLE).learn([prob[1800:]], [true[1800:]], LABELS, calibrated=1.0, flatness=1.0)
    assert half.bias == pytest.approx(alone.bias)
