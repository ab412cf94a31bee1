"""What is told of trainings with one value replaced."""

from __future__ import annotations

from benchmarks.regularisation import VARIANTS, table

from segmend.planning import make
from tests.planning.builders import fingerprint


def record(variant, seed, val, test):
    return {"set": "ludb_dx", "variant": variant, "seed": seed, "val": val, "test": test}


def test_a_cell_compares_the_seeds_that_both_have():
    records = [
        record("plan", 0, 0.5, 0.4),
        record("plan", 1, 0.7, 0.6),
        record("no dropout", 0, 0.4, 0.5),
        record("no dropout", 1, 0.5, 0.6),
        record("no dropout", 2, 9.0, 9.0),
    ]
    rows = table(records).splitlines()
    assert rows[0] == "| instead | ludb_dx |"
    assert "| plan | 0.600 / 0.500 |" in rows
    assert "| no dropout | -0.150 / +0.050 |" in rows
    assert len(rows) == 2 + len(VARIANTS)


def test_every_variant_is_a_plan_that_may_be_made():
    for variant, overrides in VARIANTS.items():
        plan = make(fingerprint(), overrides=overrides)
        by_hand = {
            f"{section}.{key}": choice.value
            for section, keys in plan.choices.items()
            for key, choice in keys.items()
            if choice.source == "--set"
        }
        assert by_hand == overrides, variant
