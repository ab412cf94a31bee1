import numpy as np
import pytest
from scipy import stats

from segmend.core.labels import Labels
from segmend.decoding.durations import FAMILIES, Durations
from segmend.decoding.semi_markov import SemiMarkov
from segmend.decoding.statistics import RunTable, log_normal_durations

TRUE = {
    "log_normal": stats.lognorm(0.6, scale=40),
    "gamma": stats.gamma(2.0, scale=24.0),
    "weibull": stats.weibull_min(6.0, scale=60.0),
}


def _table(*lengths):
    """Runs of classes 0, 1, 0, 1, ... of these lengths, in stretches of their own."""
    label = np.concatenate([np.full(len(own), k) for k, own in enumerate(lengths)])
    flags = np.ones(label.size, bool)
    return RunTable(np.concatenate(lengths), label, flags, flags)


def _drawn(name, number, seed=0):
    return np.maximum(1, np.rint(TRUE[name].rvs(number, random_state=seed))).astype(np.int64)


@pytest.mark.parametrize("name", FAMILIES)
def test_densities_are_those_of_scipy(name):
    length = np.array([1.0, 5.0, 40.0, 300.0])
    first, second = {"log_normal": (np.log(40), 0.6), "gamma": (2.0, 24.0), "weibull": (6.0, 60.0)}[name]
    own = FAMILIES[name].log_density(length, np.array([[first]]), np.array([[second]]))[0]
    known = TRUE[name].logpdf(length)
    np.testing.assert_allclose(own, np.maximum(known, own.min()), rtol=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_no_other_parameters_are_more_likely(name):
    length = _drawn(name, 500).astype(float)
    weight = np.ones(500)
    found = np.array(FAMILIES[name].fit(length, weight))

    def likelihood(pair):
        return FAMILIES[name].log_density(length, *map(np.asarray, pair)).sum()

    rng = np.random.default_rng(1)
    assert all(likelihood(found * np.exp(0.03 * rng.normal(size=2))) <= likelihood(found) + 1e-6 for _ in range(100))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_weight_of_two_is_a_length_twice(name):
    length = np.array([3.0, 9.0, 20.0, 41.0])
    twice = FAMILIES[name].fit(np.append(length, 9.0), np.ones(5))
    np.testing.assert_allclose(FAMILIES[name].fit(length, np.array([1.0, 2.0, 1.0, 1.0])), twice, rtol=1e-6)


@pytest.mark.parametrize("name", FAMILIES)
def test_the_family_is_found_again(name):
    table = _table(_drawn("log_normal", 400, 1), _drawn(name, 400, 2))
    found = Durations.of(table, 2)
    assert found.family == ("log_normal", name)
    lengths = np.arange(1, 200)
    np.testing.assert_allclose(np.exp(found.log_weight(lengths)[1]).sum(), 1, atol=0.05)


def test_a_class_seen_seldom_or_never_stays_log_normal():
    table = _table(_drawn("gamma", 300, 1), _drawn("weibull", 4, 2))
    found = Durations.of(table, 3)
    mean, spread = log_normal_durations(table, 3)
    assert found.family[1:] == ("log_normal", "log_normal")
    np.testing.assert_array_equal(found.mean, mean)
    np.testing.assert_array_equal(found.second[1:], spread[1:])
    assert np.isfinite(found.log_weight(np.arange(1, 50))).all()


def test_segments_of_one_length_have_a_density():
    found = Durations.of(_table(np.full(30, 12), np.full(30, 12)), 2)
    assert np.isfinite(found.log_weight(np.arange(1, 400))).all()


def test_they_come_back_from_their_parameters():
    found = Durations.of(_table(_drawn("gamma", 300, 1), _drawn("weibull", 300, 2)), 2)
    back = Durations.from_parameters(found.parameters())
    np.testing.assert_array_equal(found.log_weight(np.arange(1, 90)), back.log_weight(np.arange(1, 90)))
    with pytest.raises(ValueError, match=r"expected families among .*not cauchy"):
        Durations.from_parameters({**found.parameters(), "family": ["cauchy", "gamma"]})


def test_what_never_lasts_long_is_not_decoded_long():
    """A Weibull's upper tail is far lighter than the log-normal's: what would last too long is told as several."""
    rng = np.random.default_rng(3)
    truth = [
        np.repeat(np.arange(40) % 2, np.rint(stats.weibull_min(9, scale=50).rvs(40, random_state=k)).astype(int) + 1)
        for k in range(8)
    ]
    prob = [np.where(steps[:, None] == [0, 1], 0.6, 0.4) for steps in truth]
    decoder = SemiMarkov.learn(prob, truth, Labels.numbered(2, None), emission=1.0, price=0.0)
    assert set(decoder.durations.family) == {"weibull"}
    unsure = np.full((150, 2), 0.5) + 0.01 * rng.normal(size=(150, 1)) * [1, -1]
    assert np.count_nonzero(np.diff(decoder.decode(unsure))) >= 2
