from __future__ import annotations

import pytest

from segmend.artifacts.plan import Plan
from segmend.core.stages import field_of_stages
from segmend.errors import InputError
from segmend.planning import Values, make, toml
from segmend.planning.check import total_stride
from segmend.planning.reach import band, grid_stride, round_up
from tests.planning.builders import class_facts, fingerprint


def stages_of(plan):
    return plan.choices["model"]["stages"].value


def test_band_by_hand():
    facts = fingerprint(classes=(class_facts("a", duration=(35, 47, 107)),), gap=(16, 30, 56))
    assert band(facts) == (160.5, 548)


@pytest.mark.parametrize(
    ("shortest", "gap", "stride"),
    [(3, (9, 9, 9), 1), (35, (16, 30, 56), 8), (35, (4, 30, 56), 2), (966, None, 32), (35, (0, 30, 56), 8)],
)
def test_the_shortest_segments_and_gaps_set_the_grid(shortest, gap, stride):
    facts = fingerprint(classes=(class_facts("a", duration=(shortest, 1000, 2000)),), gap=gap)
    assert grid_stride(facts)[0] == stride


def test_a_class_seen_once_does_not_set_the_grid():
    common, once = class_facts("a", duration=(40, 50, 60)), class_facts("x", duration=(2, 2, 2), segments=1)
    assert grid_stride(fingerprint(classes=(common, once), gap=None))[0] == 8


def test_long_segments_get_a_coarse_grid_and_a_long_field():
    classes = tuple(class_facts(name, duration=(966, 1600, 2449), segments=120, share=0.14) for name in "abcdefg")
    plan = make(fingerprint(classes=classes, background=None, steps=(23_000,) * 7, gap=None))
    assert total_stride(stages_of(plan)) == 32
    assert 1.5 * 2449 <= field_of_stages(stages_of(plan)).size <= 4 * 2449


def test_few_segments_cap_the_window_so_that_it_fits_into_most_of_them():
    classes = tuple(class_facts(name, duration=(966, 1600, 2449), segments=12, share=0.14) for name in "abcdefg")
    facts = fingerprint(classes=classes, background=None, steps=(23_000,) * 5, gap=None)
    plan = make(facts)
    assert facts.segments < 100
    assert plan.choices["window"]["length"].value == round_up(facts.duration.p25, 32)
    assert "no longer than three in four" in plan.choices["window"]["length"].because
    assert "capped by the window" in plan.choices["model"]["stages"].because
    assert plan.choices["model"]["members"].value == 4


def test_short_recordings_cap_window_and_field_and_the_plan_says_so():
    facts = fingerprint(classes=(class_facts("a", duration=(10, 200, 900), segments=500),), steps=(300, 200))
    plan = make(facts)
    assert plan.choices["window"]["length"].value == 300
    assert "capped by the longest recording (300 steps)" in plan.choices["window"]["length"].because
    assert "capped by the window" in plan.choices["model"]["stages"].because


def test_long_recordings_of_short_items_are_capped_by_memory():
    classes = (class_facts("blip", duration=(1, 1, 1)), class_facts("shift", duration=(1, 9000, 90_000)))
    plan = make(fingerprint(classes=classes, steps=(1_000_000,), gap=None))
    assert plan.choices["window"]["length"].value == 8192
    assert "memory" in plan.choices["window"]["length"].because


def test_class_weights_are_mild_and_mean_one_over_steps():
    classes = (class_facts("common", share=0.19), class_facts("rare", share=0.01), class_facts("never", share=0))
    choice = make(fingerprint(classes=classes)).choices["loss"]["class_weights"]
    background, common, rare, never = choice.value
    assert never == 0
    assert "never" in choice.because
    assert rare / background == pytest.approx((0.8 / 0.01) ** 0.5, rel=1e-3)
    assert 0.8 * background + 0.19 * common + 0.01 * rare == pytest.approx(1, abs=1e-3)


def test_later_choices_follow_a_value_set_by_hand():
    plan = make(fingerprint(), overrides={"window.length": 512, "filters": 48})
    assert plan.choices["window"]["length"].source == "--set"
    assert "planned was" in plan.choices["window"]["length"].because
    values = Values.of(plan)
    assert values.training.batch_size == min(32, 2048 // (512 // total_stride(stages_of(plan))))
    assert values.model.filters == 48


def test_a_given_plan_wins_over_what_would_be_planned_and_set_wins_over_it():
    given = toml.loads("[model]\nfilters = 12\ndropout = 0.4\n")
    values = Values.of(make(fingerprint(), given=given, overrides={"dropout": 0.3}))
    assert (values.model.filters, values.model.dropout) == (12, 0.3)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"model.filter": 3}, 'unknown key "model.filter"; did you mean "model.filters"'),
        ({"filters": "many"}, "model.filters: expected a valid integer. Received 'many'"),
        ({"filters": 0}, "model.filters: expected greater than or equal to 1. Received 0"),
        ({"filters": True}, "model.filters: expected a valid integer. Received True"),
        ({"window.length": 333}, "window.length: expected a multiple of 4"),
        ({"window.hop": 10**6}, "window.hop: expected at most window.tile"),
        ({"loss.class_weights": [1.0]}, "class_weights: expected 3 weights"),
        ({"architecture": "nonet"}, r"model.architecture: expected names among .*'tcn'.* Received \"nonet\""),
        ({"candidates": ["viterby"]}, 'decoder.candidates: expected names among .* Received "viterby"'),
        ({"stages": [{"kernel": 3, "strid": 2}]}, "model.stages.0.strid"),
        ({"stages": [{"kernel": 3, "stride": 2}]}, "as much up as stride"),
        ({"architecture": "unet", "drop_path": 0.2}, "model.drop_path: expected 0 for unet, .* Received 0.2"),
        ({"l1": -1e-5}, "training.l1: expected greater than or equal to 0. Received -1e-05"),
    ],
)
def test_what_no_plan_can_hold_is_refused(overrides, message):
    with pytest.raises(InputError, match=message):
        make(fingerprint(), overrides=overrides)


def test_a_plan_from_before_a_key_was_there_is_refused_by_the_name_of_the_key():
    plan = make(fingerprint())
    older = {key: choice for key, choice in plan.choices["model"].items() if key != "stride"}
    with pytest.raises(InputError, match=r"^plan: model\.stride: expected a value\. Received none$"):
        Values.of(Plan(choices={**plan.choices, "model": older}))
