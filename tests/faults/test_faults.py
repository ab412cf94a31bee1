"""The kinds of fault hold together, proofs and tables are right by hand, and one model goes all the way."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from benchmarks.faults import running
from benchmarks.faults.data import CUTS, Part, Subset
from benchmarks.faults.derived import DERIVED
from benchmarks.faults.kinds import KINDS
from benchmarks.faults.kinds.kind import same_data, untouched
from benchmarks.faults.kinds.proofs import falls_short, learnt_by_heart
from benchmarks.faults.networks import NETWORKS
from benchmarks.faults.recipe import HEALTHY, WITHOUT, Recipe
from benchmarks.faults.running import Patient, patients, run
from benchmarks.faults.tables import cases, errors_of, tables
from benchmarks.faults.training import LOSSES

from segmend import catalogue


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_a_kind_names_rules_and_puts_one_fault_into_programs_that_exist(kind):
    assert set(kind.rules) <= set(catalogue.RULES)
    for data, style in kind.sets.items():
        assert data in CUTS or data in DERIVED
        healthy = HEALTHY[data][style]
        recipe = kind.recipe(healthy)
        assert recipe.net in NETWORKS and recipe.loss in LOSSES
        changed = (kind.data is not same_data, kind.after is not untouched, recipe != healthy)
        assert any(changed) or kind.name == "cost-suboptimal"  # what mistakes cost is told to the doctor alone


def test_there_are_as_many_kinds_as_promised_each_with_its_twins():
    every = patients([4, 7])
    assert len({each.name for each in every}) == len(every)
    assert {each.seed for each in every} == {4, 7}
    twins = {(each.data, each.style) for each in every if each.kind == WITHOUT}
    assert twins == {each for kind in KINDS.values() for each in kind.sets.items()}
    assert len({each.kind.partition(":")[0] for each in every}) > 25


def test_what_was_learnt_by_heart_by_hand():
    loss, flat = [1.0, 0.5, 0.4, 0.3, 0.2], [0.5, 0.5, 0.5, 0.6, 0.7]
    rising = {"loss": loss, "val_loss": [1.0, 0.6, 0.66, 0.66, 0.66]}  # by a tenth from the second epoch on
    assert learnt_by_heart({"history": rising}, None)
    assert not learnt_by_heart({"history": rising | {"val_loss": [1.0, 0.6, 0.65, 0.65, 0.65]}}, None)
    assert not learnt_by_heart({"history": rising | {"loss": flat}}, None)


@pytest.mark.parametrize(
    ("twin", "short"),
    [
        (None, True),
        ({"step_f1": 0.92, "segment_f1": 0.8}, True),
        ({"step_f1": 0.90, "segment_f1": 0.83}, True),
        ({"step_f1": 0.91, "segment_f1": 0.81}, False),
        ({"step_f1": 0.91, "segment_f1": None}, False),
    ],
)
def test_a_program_within_two_points_of_its_twin_is_healthy(twin, short):
    assert falls_short({"step_f1": 0.9, "segment_f1": 0.8}, twin) is short


def record(kind, *found, seed=0, score=0.5, fit_s=5.0):
    """What is kept of a model: findings as (rule, severity)."""
    findings = [{"rule": rule, "severity": grade} for rule, grade in found]
    tried = [{"rule": "flickering", "before": 0.6, "at_most": 0.9, "after": 0.71, "random": [0.69, 0.72, None]}]
    about = {"kind": kind, "data": "ludb", "style": "unet", "seed": seed, "fit_s": fit_s, "diagnose_s": 2.0}
    scores = {"step_f1": score, "segment_f1": score}
    return {**about, **scores, "findings": findings, "failed": [], "tried": [] if kind == WITHOUT else tried}


def test_the_tables_by_hand():
    records = [
        record(WITHOUT, ("slice-failure", "error"), score=0.9),
        record(WITHOUT, ("count-bias", "warning"), seed=1, score=0.9),
        record("stopped-early", ("underfitting", "warning"), fit_s=30.0),
        record("stopped-early", seed=1, score=0.89),  # as good as its twin: no case
        record("dead-units", ("count-bias", "warning"), ("dead-units", "info")),
        record("flat-channel", ("count-bias", "warning"), seed=1),
    ]
    assert [(each["kind"], each["seed"]) for each in cases(records)] == [
        ("stopped-early", 0),
        ("dead-units", 0),
        ("flat-channel", 1),
    ]
    assert errors_of(records[0]) == ["slice-failure"]
    told = tables(records)
    for row in (
        "| cause named at all (3 faulty models, 3 kinds) | 0.667 | 0.95 |",
        "| cause ranked first | 0.333 | 0.80 |",
        "| errors on a healthy model (2 models) | 0.500 | 0.03 |",
        "| models in which the fault did not take place, left out | 1 | - |",
        "| trained for more than 20 s | 0.20 | 0 |",
        "| ludb | unet | 2 | 0.900 | 0.900 | slice-failure (error) 1, count-bias (warning) 1 |",
        "| dead-units | count-bias 1.00 |",
        "| all | 3 | 1.00 | 0.33 |",
    ):
        assert row in told


def tiny(rng):
    """Signals of two channels in which high values are the class."""
    y = np.repeat(rng.integers(0, 2, (12, 8)), 8, axis=1)
    x = np.stack([y + 0.2 * rng.normal(size=y.shape), rng.normal(size=y.shape)], axis=-1).astype("float32")
    parts = [Part(x[rows], y[rows], np.arange(12)[rows]) for rows in (slice(8), slice(8, 12))]
    return Subset("tiny", ("other", "high"), 0, "segmentation", *parts)


def test_a_model_is_trained_diagnosed_and_kept(tmp_path, monkeypatch):
    data = tiny(np.random.default_rng(0))
    monkeypatch.setattr(running, "named", lambda name: data)
    recipe = Recipe(filters=2, kernel=3, dilations=(1,), normalised=False, metrics=("accuracy",), epochs=2)
    monkeypatch.setattr(running, "HEALTHY", {"ludb": {"tcn": recipe}})
    monkeypatch.setattr(running, "tried", lambda diagnosis, seed: [])
    first = run(Patient("flat-channel", "ludb", "tcn", 0), tmp_path)
    assert "flat-channel" in {finding["rule"] for finding in first["findings"]}
    assert [len(first["history"][name]) for name in ("loss", "val_loss")] == [2, 2]
    assert json.loads(json.dumps(first))["failed"] == []
    monkeypatch.setattr(running, "fit", None)  # the second time nothing is trained
    again = run(Patient("flat-channel", "ludb", "tcn", 0), tmp_path)
    assert {**again, "diagnose_s": 0} == {**first, "diagnose_s": 0}
    assert dataclasses.asdict(Patient("flat-channel", "ludb", "tcn", 0)).items() <= again.items()
