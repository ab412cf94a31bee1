import dataclasses

import numpy as np
import pytest

from segmend.core.task import Task
from segmend.diagnosis.rules.data.shortcut import Shortcut, _ranked
from tests.diagnosis.data_seeds import healthy_data, share, without_floor

TASKS = [Task.named(f"{several}classification", 3, rank) for several in ("", "multilabel-") for rank in (1, 2)]


def data_of(seed):
    """Whole recordings of all sizes."""
    rng = np.random.default_rng(seed)
    data = healthy_data(seed, TASKS[seed % 4])
    made = [
        dataclasses.replace(each, signal=each.signal[: rng.integers(3, len(each.signal))]) for each in data.recordings
    ]
    return dataclasses.replace(data, recordings=tuple(made))


def given_away(data, seed):
    """The same where those of one class are cut shorter than the others."""
    cut = int(np.random.default_rng(seed).integers(1, 4))
    made = [
        dataclasses.replace(each, signal=each.signal[:cut] if 0 in each.classes else each.signal[-4:])
        for each in healthy_data(seed, data.task).recordings
    ]
    return dataclasses.replace(data, recordings=tuple(made))


def sick():
    return without_floor(given_away(data_of(0), 0))


def healthy():
    return without_floor(data_of(0))


def test_the_sizes_and_the_pairs_are_told():
    (finding,) = Shortcut().examine(sick())
    assert finding.severity == "warning" and finding.evidence["classes"]["a"]["auc"] == 0
    assert "recordings of a have" in finding.message and "100 of 100 pairs" in finding.message


@pytest.mark.parametrize("ties", [2, 10, 1000])
def test_the_area_equals_counting_pairs(ties):
    rng = np.random.default_rng(ties)
    ours, others = rng.integers(0, ties, 20).astype(float), rng.integers(0, ties, 30).astype(float)
    pairs = np.sign(ours[:, None] - others) / 2 + 0.5
    assert _ranked(ours, others)[0] == pytest.approx(pairs.mean())


def test_the_chance_is_that_of_permutations():
    rng = np.random.default_rng(0)
    ours, others = rng.normal(0.5, 1, 25), rng.normal(0, 1, 25)
    every = np.concatenate((ours, others))
    area, chance = _ranked(ours, others)
    turned = [_ranked(*np.split(rng.permutation(every), 2))[0] for _ in range(2000)]
    assert chance == pytest.approx(np.mean(np.abs(np.array(turned) - 0.5) >= abs(area - 0.5)), abs=0.02)


def test_one_size_tells_nothing():
    assert not list(Shortcut().examine(without_floor(healthy_data(0, TASKS[0]))))
    assert _ranked(np.ones(5), np.ones(6)) == (0.5, 1.0)


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    data = [data_of(seed) for seed in range(40)]
    assert share(Shortcut(), [without_floor(each) for each in data]) <= 0.01
    assert share(Shortcut(), [without_floor(given_away(each, k)) for k, each in enumerate(data)]) >= 0.9
