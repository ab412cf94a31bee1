import numpy as np
import pytest

from segmend.diagnosis.shift import Quantity, shifts

DRAWS = {
    "normal": lambda rng, n: rng.normal(size=n),
    "skewed": lambda rng, n: rng.lognormal(0, 1, n),
    "heavy": lambda rng, n: rng.standard_t(3, n),
    "yes or no": lambda rng, n: (rng.random(n) < 0.1).astype(float),
}


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize(("train", "part"), [(6, 3), (20, 5), (60, 20)])
def test_says_nothing_of_groups_of_one_kind(kind, train, part):
    """By the thresholds of the rule, whatever the distribution over groups."""
    rng = np.random.default_rng(0)
    here = np.arange(train + part) < train
    alarms = 0
    for _ in range(200):
        values = [DRAWS[kind](rng, train + part) for _ in range(12)]
        found = shifts([Quantity("level", str(k), v, v) for k, v in enumerate(values)], here, ~here, least=(5, 3))
        alarms += any(each.p <= 0.005 and abs(each.effect) >= 0.8 for each in found)
    assert alarms <= 200 * 0.01 + 3, "three beyond 1 % are chance"


def test_unknown_values_and_constants_are_left_out():
    here = np.array([True, True, False, False])
    gone, same = np.array([1.0, np.nan, 2.0, 3.0]), np.ones(4)
    assert shifts([Quantity("level", "x", v, v) for v in (gone, same)], here, ~here, least=(2, 2)) == []
