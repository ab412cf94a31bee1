import dataclasses

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.giveaways import ranked
from segmend.diagnosis.rules.data.shortcut import Shortcut
from segmend.fingerprinting.positions import positions
from tests.diagnosis.data_seeds import charted, healthy_data, share, without_floor

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
    assert ranked(ours, others)[0] == pytest.approx(pairs.mean())


def test_the_chance_is_that_of_permutations():
    rng = np.random.default_rng(0)
    ours, others = rng.normal(0.5, 1, 25), rng.normal(0, 1, 25)
    every = np.concatenate((ours, others))
    area, chance = ranked(ours, others)
    turned = [ranked(*np.split(rng.permutation(every), 2))[0] for _ in range(2000)]
    assert chance == pytest.approx(np.mean(np.abs(np.array(turned) - 0.5) >= abs(area - 0.5)), abs=0.02)


def test_one_size_tells_nothing():
    assert not list(Shortcut().examine(without_floor(healthy_data(0, TASKS[0]))))
    assert ranked(np.ones(5), np.ones(6)) == (0.5, 1.0)


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    data = [data_of(seed) for seed in range(40)]
    assert share(Shortcut(), [without_floor(each) for each in data]) <= 0.01
    assert share(Shortcut(), [without_floor(given_away(each, k)) for k, each in enumerate(data)]) >= 0.9


def noise_of(seed, *, recordings=60, channels=2):
    """Whole recordings that differ in how fast they change, which a linear model sees, and not in their level."""
    rng = np.random.default_rng(seed)
    data = healthy_data(seed, Task.named("classification", 3), recordings=recordings)
    made = []
    for each in data.recordings:
        steps = rng.normal(size=(200, channels))
        for _ in range(2 * each.classes[0]):
            steps = (steps + np.roll(steps, 1, axis=0)) / 2
        made.append(dataclasses.replace(each, signal=(steps - steps.mean(axis=0)) / steps.std(axis=0)))
    return dataclasses.replace(data, recordings=tuple(made), split={})


def padded(data):
    """The same, those of class a with zeros at their end."""
    made = []
    for each in data.recordings:
        signal = each.signal.copy()
        signal[150 if each.classes[0] == 0 else 195 :] = 0
        made.append(dataclasses.replace(each, signal=signal))
    return dataclasses.replace(data, recordings=tuple(made))


def offset(data, by=0.2):
    """The same with a slight offset on class b."""
    made = [dataclasses.replace(each, signal=each.signal + by * (each.classes[0] == 1)) for each in data.recordings]
    return dataclasses.replace(data, recordings=tuple(made))


def sorted_rows(data):
    """The same as arrays whose rows are sorted by class."""
    every = sorted(data.recordings, key=lambda each: each.classes)
    made = [dataclasses.replace(each, name=str(k), group=str(k)) for k, each in enumerate(every)]
    return dataclasses.replace(data, recordings=tuple(made))


def found(chart):
    return {each.evidence["fact"]: each for each in Shortcut().examine(chart)}


def test_padding_is_told_in_steps():
    finding = found(without_floor(padded(noise_of(0))))["padding"]
    told = finding.evidence["classes"]["a"]
    assert (told["with"], told["without"]) == (50, 5) and finding.severity == "warning"
    assert "padding at the end" in finding.message


def test_a_slight_offset_is_information_where_other_things_tell_the_class_too():
    data = offset(noise_of(0))
    finding = found(charted(data))["level"]
    assert finding.evidence["classes"]["b"]["auc"] == 1 and finding.severity == "info"
    assert found(without_floor(data))["level"].severity == "warning", "nothing else is known to tell it"


def test_a_level_that_is_as_large_as_the_signal_is_what_the_class_looks_like():
    assert "level" not in found(without_floor(offset(noise_of(0), by=3.0)))


def test_rows_that_are_sorted_by_class_are_told_of_arrays_only():
    data = sorted_rows(noise_of(0))
    finding = found(without_floor(data))["order"]
    assert finding.severity == "info" and "validation_split" in finding.remedies[0].advice
    named = [dataclasses.replace(each, name=f"r{each.name}") for each in data.recordings]
    assert "order" not in found(without_floor(dataclasses.replace(data, recordings=tuple(named))))


def routine(seed, *, loose=0.0):
    """Signals in which everybody does a, then b, then c, or anything at random with this probability."""
    rng = np.random.default_rng(seed)
    data = healthy_data(seed, Task.named("segmentation", 3), recordings=15, per_group=1)
    labels, made = Labels(("a", "b", "c"), None), []
    for each in data.recordings:
        lengths = rng.integers(12, 20, 24)
        order = np.where(rng.random(24) < loose, rng.integers(0, 3, 24), np.arange(24) * 3 // 24)
        stops = np.cumsum(lengths)
        rows = [(int(b - n), int(b), int(k)) for b, n, k in zip(stops, lengths, order, strict=True)]
        signal = rng.normal(size=(int(stops[-1]), 2))
        made.append(dataclasses.replace(each, signal=signal, segments=Segments.from_rows(rows)))
    return dataclasses.replace(data, recordings=tuple(made), labels=labels, split={})


def test_the_place_in_a_recording_is_told():
    finding = found(without_floor(routine(0)))["position"]
    assert finding.severity == "warning" and set(finding.evidence["classes"]) == {"a", "b", "c"}
    assert "of the way" in finding.message
    assert not found(without_floor(routine(0, loose=1.0)))


def test_places_by_hand():
    tables = [Segments.from_rows([(0, 50, 0), (50, 100, 1)])] * 5
    skills = positions(tables, [100] * 5, list("abcde"), Labels(("x", "y"), None), several=False)
    assert [(each.name, each.auc, each.low, each.groups, each.share) for each in skills] == [
        ("x", 1.0, 1.0, 5, 1.0),
        ("y", 1.0, 1.0, 5, 1.0),
    ]
    turned = [tables[0], Segments.from_rows([(0, 50, 1), (50, 100, 0)])] * 3
    halves = positions(turned, [100] * 6, list("abcdef"), Labels(("x", "y"), None), several=False)
    assert all(each.auc <= 0.5 for each in halves)


def test_every_kind_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    plain = [noise_of(seed) for seed in range(20)]
    assert share(Shortcut(), [without_floor(each) for each in plain]) <= 0.01
    for spoil in (padded, offset, sorted_rows):
        assert share(Shortcut(), [without_floor(spoil(each)) for each in plain]) >= 0.9
    assert share(Shortcut(), [without_floor(routine(seed, loose=0.1)) for seed in range(20)]) >= 0.9
    assert share(Shortcut(), [without_floor(routine(seed, loose=1.0)) for seed in range(20)]) <= 0.01
    free = [healthy_data(seed, Task.named("segmentation", 3)) for seed in range(20)]
    assert share(Shortcut(), [without_floor(each) for each in free]) <= 0.01
