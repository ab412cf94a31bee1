import numpy as np
import pytest

from segmend.decoding.temperature import are_probabilities, as_probabilities, fit_temperature, softmax


def _sampled(rng, steps, temperature, scale=3.0):
    """Scores whose labels are drawn from their softmax at a temperature."""
    scores = rng.normal(size=(steps, 3)) * scale
    prob = softmax(scores, temperature)
    return scores, np.array([rng.choice(3, p=row) for row in prob])


def test_probabilities_are_left_alone():
    prob = [np.array([[0.25, 0.75]], np.float32), np.zeros((0, 2), np.float32)]
    same, temperature = as_probabilities(prob, None)
    assert temperature is None
    assert same[0] is prob[0]


def test_overlapping_labels_take_the_sigmoid_of_each_score():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 3))
    truth = (rng.random(logits.shape) < 1 / (1 + np.exp(-logits))).astype(int)
    prob, temperature = as_probabilities([4 * logits], [truth], multilabel=True)
    assert temperature == pytest.approx(4, rel=0.1)
    np.testing.assert_allclose(prob[0], 1 / (1 + np.exp(-4 * logits / temperature)))
    same, none = as_probabilities(prob, [truth], multilabel=True)
    assert none is None and same[0] is prob[0]


def test_scores_of_whole_recordings_and_of_images():
    whole = [np.array([4.0, 0.0])] * 4
    assert fit_temperature(whole, [np.array(0)] * 3 + [np.array(1)]) == pytest.approx(4 / np.log(3), rel=1e-3)
    image = [np.broadcast_to([4.0, 0.0], (2, 2, 2))]
    assert fit_temperature(image, [np.array([[0, 0], [0, 1]])]) == pytest.approx(4 / np.log(3), rel=1e-3)


def test_half_precision_still_counts_as_probabilities():
    prob = np.random.default_rng(0).dirichlet(np.ones(60), 500).astype(np.float16)
    assert are_probabilities([prob])


@pytest.mark.parametrize("rows", [[[0.5, 0.6]], [[-0.2, 1.2]], [[2.0, 3.0]]])
def test_what_lies_outside_or_does_not_sum_to_one_is_a_score(rows):
    prob, temperature = as_probabilities([np.array(rows)], [np.array([1])])
    assert temperature is not None
    np.testing.assert_allclose(prob[0].sum(axis=1), 1.0)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_that_made_the_labels_is_found(temperature):
    scores, truth = _sampled(np.random.default_rng(1), 4000, temperature)
    assert fit_temperature([scores], [truth]) == pytest.approx(temperature, rel=0.15)


def test_each_group_weighs_the_same_and_ignored_steps_nothing():
    rng = np.random.default_rng(2)
    short, truth_short = _sampled(rng, 300, 0.5)
    long, truth_long = _sampled(rng, 3000, 5.0)
    both = fit_temperature([short, long], [truth_short, truth_long], ["a", "b"])
    ten_times = fit_temperature([short] + [long] * 3, [truth_short] + [truth_long] * 3, ["a", "b", "b", "b"])
    assert both == pytest.approx(ten_times, rel=1e-3)
    ignored = fit_temperature([short, long], [truth_short, np.full(3000, -1)], ["a", "b"])
    assert ignored == pytest.approx(fit_temperature([short], [truth_short]), rel=1e-3)


def test_nothing_judged_means_temperature_one():
    assert fit_temperature([np.ones((2, 2))], [np.array([-1, -1])]) == 1.0


def test_huge_scores_do_not_overflow():
    prob, _ = as_probabilities([np.array([[1e6, -1e6], [-1e6, 1e6]])], [np.array([0, 1])])
    assert np.isfinite(prob[0]).all()
