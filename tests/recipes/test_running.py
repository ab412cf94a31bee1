"""How labels are read, features made, scores kept, runs chosen and tables told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from benchmarks.recipes.comparing import interval, segment_f1
from benchmarks.recipes.data import joined
from benchmarks.recipes.judging import judged, prediction_of
from benchmarks.recipes.peers.minirocket import KERNELS, Features, convolved, dealt, taps
from benchmarks.recipes.performing import Run, leading, read, wanted
from benchmarks.recipes.reading import majority, without_short
from benchmarks.recipes.tables import standing, tables
from benchmarks.recipes.variants import NAMED, variants_of

from segmend.planning import make
from tests.planning.builders import fingerprint
from tests.shared import shared

from . import small


def test_a_segment_between_gaps_has_one_label():
    steps = np.array([0, 1, 2, 2, 0, 2, 0, 0, 0, 1, 0])
    assert majority(steps, 0, shortest=2, gap=2).tolist() == [0, 2, 2, 2, 2, 2, 0, 0, 0, 0, 0]
    assert majority(steps, 0).tolist() == [0, 2, 2, 2, 0, 2, 0, 0, 0, 1, 0]
    assert majority(np.array([0, 0, 1]), 0, gap=5).tolist() == [0, 0, 1]  # what lies before all is no gap


def test_short_runs_join_the_one_before():
    assert without_short(np.array([3, 1, 1, 2, 1, 1]), 2).tolist() == [1, 1, 1, 1, 1, 1]
    assert without_short(np.array([3, 1]), 2).tolist() == [3, 1]


def test_minirocket_convolves_as_told():
    signal = np.random.default_rng(0).normal(size=(50, 2))
    kernel, dilation = KERNELS[17], 3
    weights = np.full(9, -1.0)
    weights[list(kernel)] = 2
    spread = np.zeros(8 * dilation + 1)
    spread[::dilation] = weights
    expected = sum(np.convolve(signal[:, k], spread[::-1], "same") for k in range(2))
    assert np.allclose(convolved(taps(signal, dilation), kernel), expected)


def test_minirocket_has_9996_features():
    dilations, each = dealt(1000)
    assert 84 * sum(each) == 9996
    assert max(dilations) * 8 < 1000
    signals = [np.random.default_rng(k).normal(size=(40 + k, 2)).astype(np.float32) for k in range(3)]
    found = Features.of(signals, np.random.default_rng(0))(signals[2])
    assert found.shape == (9996,)
    assert 0 <= found.min() < 0.2
    assert 0.8 < found.max() <= 1


def record(recipe, seed, matched, predicted=10, budget=180.0):
    rows = {f"r{k}": [10, predicted, matched, 0.9] for k in range(4)}
    f1 = 2 * matched / (10 + predicted)
    scores = {"f1@50": f1, "count_mae": abs(predicted - 10.0), "count_ratio": predicted / 10, "accuracy": 0.9}
    about = {"set": "gesture_phase", "recipe": recipe, "seed": seed, "budget_s": budget, "seconds": 100.0}
    return {**about, "scores": scores, "recordings": rows, "groups": {name: name for name in rows}}


def test_intervals_are_read_from_the_counts_that_scores_are_read_from():
    split = small.signals_of_steps()
    said = [np.roll(each, 3) for each in split.part("test", "set").y_true]
    found = judged(prediction_of(split.data, [np.eye(3)[each] for each in said], said))
    names = sorted(found["recordings"])
    assert segment_f1(found, names, np.ones((1, 2)))[0] == pytest.approx(found["scores"]["f1@50"])
    counts = np.array([found["recordings"][name][:2] for name in names])
    assert np.abs(counts[:, 0] - counts[:, 1]).mean() == found["scores"]["count_mae"]


def test_the_plan_is_within_when_seeds_overlap_and_not_when_they_lie_apart():
    plan, near = [record("plan", k, m) for k, m in enumerate((7, 8, 9))], (8, 9, 8)
    peer = [record("lstm", k, m) for k, m in enumerate(near)]
    stands = standing([*plan, *peer], "f1@50")
    assert (stands.rank, stands.of, stands.first, stands.within) == (2, 2, "lstm", True)
    far = standing([*plan, *(record("lstm", k, 10) for k in range(3))], "f1@50")
    assert not far.within
    assert far.low > 0
    first = standing([*plan, *(record("lstm", k, 2, predicted=30) for k in range(3))], "count_mae")
    assert (first.rank, first.within) == (1, True)
    assert standing(plan, "f1@50") is None
    assert interval(peer, "count_mae", less=peer[::-1]) == (0.0, 0.0)
    low, high = interval(plan, "f1@50")
    assert (round(low, 3), round(high, 3)) == (0.7, 0.9)


def test_the_plan_by_argmax_is_shown_but_not_ranked():
    records = [record("plan", 0, 7), record("plan, argmax", 0, 9), record("lstm", 0, 6)]
    assert standing(records, "f1@50").of == 2
    told = tables(records)
    assert "| plan, argmax | 1 | 0.900 (0.900 to 0.900) |" in told
    assert "f1@50: the plan is number 1 of 2." in told


def test_finished_runs_are_not_wanted_again(tmp_path):
    kept = tmp_path / "kept.jsonl"
    assert read(kept) == []
    done = [record("lstm", 0, 5), record("ms_tcn", 0, 9), record("plan", 0, 5)]
    kept.write_text("".join(json.dumps(each) + "\n" for each in done) + '{"cut o')
    records = read(kept)
    assert len(records) == 3
    runs = wanted(["gesture_phase"], {"plan", "lstm", "u_time"}, [0, 1], 180.0, None, records)
    assert runs == [
        Run("gesture_phase", "u_time", 0, 180.0),
        *(Run("gesture_phase", recipe, 1, 180.0) for recipe in ("plan", "lstm", "u_time")),
    ]
    assert leading("gesture_phase", records) == ["ms_tcn", "lstm"]
    best = wanted(["gesture_phase"], {"plan", "lstm", "ms_tcn"}, [0], 600.0, 1, records)
    assert [each.recipe for each in best] == ["plan", "ms_tcn"]


def test_variants_are_plans_that_may_be_made_and_stand_in_a_table_of_their_own():
    runs = wanted(["dsb_nuclei"], set(), [0], 60.0, None, [], ablate=True)
    assert runs[0].recipe == "plan"
    assert {each.recipe for each in runs[1:]} == set(variants_of("dsb_nuclei")) < set(NAMED)
    steps = make(fingerprint())
    for variant in variants_of("ludb"):
        changed = make(fingerprint(), overrides=NAMED[variant])
        assert any(changed.choices[s][k].source == "--set" for s in steps.choices for k in steps.choices[s])
    records = [record("plan", 0, 8), record("plan", 1, 9), record("plan, no Dice", 0, 7), record("plan, no Dice", 1, 7)]
    told = tables(records)
    assert "| no Dice | +0.150 | +0.150 |" in told
    assert "| plan, no Dice |" not in told
    assert standing(records, "f1@50") is None


def test_exercises_of_a_person_are_joined_end_to_end():
    data = joined(shared("datasets"))
    assert len(data.recordings) == 10
    assert sorted(name for part in data.split.values() for name in part) == [each.name for each in data.recordings]
    for recording in data.recordings:
        table = recording.segments
        assert table.stop[-1] == recording.steps
        assert (table.start[1:] == table.stop[:-1]).all()
        assert (table.label[1:] != table.label[:-1]).all()
    assert sum(len(each.segments) for each in data.recordings) == 140
