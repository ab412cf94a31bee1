import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.decoding.evidence import Evidence, _edges, _mean_between, _running
from segmend.decoding.regression import RIDGES, Linear, LogLinear


def _recordings(seed, recordings=6):
    rng = np.random.default_rng(seed)
    y_true = [np.repeat(rng.permutation(np.arange(12) % 3), rng.integers(8, 20, 12)) for _ in range(recordings)]
    score = [rng.normal(size=(len(true), 3)) + 1.0 * np.eye(3)[true] for true in y_true]
    return [np.exp(rows) / np.exp(rows).sum(axis=1, keepdims=True) for rows in score], y_true


def test_windows_tell_more_than_the_step_alone():
    evidence = Evidence.fit(*_recordings(0), len(Labels.numbered(3)), stride=1, unit=13.0)
    prob, true = _recordings(1)
    shown = [evidence(rows) for rows in prob]

    def loss(log_prob):
        return -np.mean(np.concatenate([rows[np.arange(len(t)), t] for rows, t in zip(log_prob, true, strict=True)]))

    assert loss([each.calibrated for each in shown]) < 0.7 * loss([each.raw for each in shown])
    begins = np.concatenate([np.diff(rows, prepend=rows[:1]) != 0 for rows in true])
    edge = np.concatenate([each.edge for each in shown])
    assert np.mean(edge[begins][:, None] > edge[~begins]) > 0.8


def test_evidence_survives_its_parameters():
    prob, true = _recordings(0)
    evidence = Evidence.fit(prob, true, 3, stride=2, unit=6.5)
    again = Evidence.from_parameters(evidence.parameters())
    for one, other in zip(evidence(prob[0]), again(prob[0]), strict=True):
        np.testing.assert_array_equal(one, other)
        assert len(one) == (len(true[0]) + 1) // 2


def test_means_of_windows_are_of_what_there_is():
    total = _running(np.array([[1.0], [2.0], [6.0]]))
    assert _mean_between(total, -1, 2)[:, 0].tolist() == [1.5, 3.0, 4.0]
    assert _mean_between(total, -2, 0)[:, 0].tolist() == [1.0, 1.0, 1.5]  # nothing before the first: itself
    assert _mean_between(total, 1, 3)[:, 0].tolist() == [4.0, 6.0, 6.0]


def test_borders_fall_off_on_both_sides():
    true = np.repeat([0, 1], [6, 6])
    np.testing.assert_allclose(_edges(true, 1, 1)[4:9], [0, 0.5, 1, 0.5, 0])
    assert _edges(true, 3, 0).tolist() == [0, 0, 1, 0]


def test_a_fit_lies_where_the_penalised_likelihood_is_flat():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 2)) * [3.0, 0.2] + 5
    target = rng.dirichlet(np.ones(3), 200)
    model = LogLinear.fit(rows, target, ridge=0.1)
    inputs = np.column_stack(((rows - rows.mean(axis=0)) / rows.std(axis=0), np.ones(200)))

    def loss(weight):
        score = inputs @ weight
        return (
            np.mean(np.log(np.exp(score).sum(axis=1)) - (target * score).sum(axis=1)) + 0.05 * (weight[:-1] ** 2).sum()
        )

    for at in np.ndindex(model.weight.shape):
        step = np.zeros_like(model.weight)
        step[at] = 1e-3
        assert abs(loss(model.weight + step) - loss(model.weight - step)) / 2e-3 < 1e-3


@pytest.mark.parametrize("signal", [0.0, 3.0])
def test_a_number_is_regressed_as_far_as_it_helps(signal):
    rng = np.random.default_rng(0)
    rows, noise = rng.normal(size=(40, 2)), rng.normal(size=40)
    target = signal * rows[:, 0] + noise + 10
    model = Linear.fit(rows, target)
    inputs = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    errors = {ridge: [] for ridge in RIDGES}
    for ridge, k in [(ridge, k) for ridge in RIDGES for k in range(40)]:
        kept = np.arange(40) != k
        design = np.column_stack((inputs, np.ones(40)))
        weight = np.linalg.solve(
            design[kept].T @ design[kept] + ridge * np.diag([1, 1, 0]), design[kept].T @ target[kept]
        )
        errors[ridge].append(target[k] - design[k] @ weight)
    spread = {ridge: np.sqrt(np.mean(np.square(own))) for ridge, own in errors.items()}
    assert model.spread == pytest.approx(min(spread.values()))
    assert (min(spread, key=spread.get) == RIDGES[0]) is bool(signal)
