from __future__ import annotations

import pytest

from segmend.core.stages import field_of_stages
from segmend.errors import InputError
from segmend.planning import Values, make
from segmend.planning.architectures import ARCHITECTURES
from segmend.planning.check import total_stride
from segmend.planning.picked import FOLLOWERS, changes, with_values
from segmend.planning.space import TUNED, space
from tests.planning.builders import class_facts, fingerprint
from tests.planning.test_every_task import TASKS, facts_of, named

SERVED = [
    (task, name)
    for task in TASKS
    for name, each in ARCHITECTURES.items()
    if each.kind == task.kind and task.rank in each.ranks
]


def test_the_options_of_two_classes_of_signals_by_hand():
    facts = fingerprint()
    found = space(facts, make(facts, overrides={"length": 512}))
    assert set(found) == set(TUNED) - {"model.depth"}
    assert found["window.length"].picks == ("512", "256", "1024")
    assert found["model.filters"].picks == ("32", "16", "64")
    assert found["model.dropout"].picks == ("0.2", "0.0", "0.1", "0.4")
    assert found["model.drop_path"].picks == ("0.0", "0.1", "0.2")
    assert found["model.norm"].picks == ("batch", "layer", "none")
    assert found["loss.dice"].picks == ("1.0", "0.0", "0.5", "2.0")
    assert found["loss.class_weights"].picks == ("flat", "sqrt", "balanced")
    # background 0.6, a and b 0.2: inverse shares 5/3, 5, 5 have a mean over the steps of 3
    assert found["loss.class_weights"].value("balanced") == [0.5556, 1.6667, 1.6667]
    assert found["sampling.balanced"].picks == ("0.5", "0.0", "0.9")
    assert found["sampling.augment"].picks == ("usual", "none", "stronger")
    assert found["training.learning_rate"].picks == (0.006, 0.002, 0.018)
    assert found["training.learning_rate"].bounds == pytest.approx((0.0012, 0.03))
    assert found["training.learning_rate"].value(0.00345678) == 0.00346
    assert found["training.weight_decay"].picks == ("0.01", "0.0", "0.1")


def test_fields_are_about_half_and_twice_the_planned_one_on_the_same_grid():
    facts = fingerprint()
    planned, shorter, longer = space(facts, make(facts))["model.stages"].options.values()
    sizes = [field_of_stages(stages).size for stages in (planned, shorter, longer)]
    assert 0.35 < sizes[1] / sizes[0] < 0.75
    assert 1.5 < sizes[2] / sizes[0] < 3
    assert len({total_stride(stages) for stages in (planned, shorter, longer)}) == 1


def test_a_window_is_no_longer_than_the_longest_recording():
    facts = fingerprint(steps=(700, 800, 900))
    lengths = space(facts, make(facts, overrides={"length": 512}))["window.length"].options.values()
    stride = total_stride(make(facts).choices["model"]["stages"].value)
    assert list(lengths) == [512, 256, -(-900 // stride) * stride]


def test_one_class_alone_has_no_balance_to_tune():
    facts = fingerprint(classes=(class_facts("a"),))
    assert "sampling.balanced" not in space(facts, make(facts))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_only_one_optimizer_decays_weights(optimizer):
    facts = fingerprint()
    assert "training.weight_decay" not in space(facts, make(facts, overrides={"optimizer": optimizer}))


@pytest.mark.parametrize(("task", "architecture"), SERVED, ids=[f"{named(task)}-{name}" for task, name in SERVED])
def test_every_task_tunes_what_it_takes_and_each_option_makes_a_plan(task, architecture):
    facts = facts_of(task, classes=(class_facts("a"), class_facts("b", share=0.05)))
    plan = make(facts, budget_s=60, overrides={"architecture": architecture})
    found = space(facts, plan)
    taken = {f"model.{key}" for key in ARCHITECTURES[architecture].takes} - {"model.detail"}
    assert {key for key in found if key.startswith("model.")} == taken
    assert ("loss.dice" in found) == (task.kind == "segmentation")
    assert ("loss.class_weights" in found) == (task.labels == "multiclass")
    for key, tunable in found.items():
        section, _, own = key.partition(".")
        assert tunable.value(tunable.planned) == plan.choices[section][own].value
        assert len(set(tunable.picks)) == len(tunable.picks) > 1
        for pick in tunable.picks:
            made = with_values(facts, plan, {key: tunable.value(pick)}, budget_s=60)
            assert made.choices[section][own].value == tunable.value(pick)
            assert set(changes(plan, made)) <= {key, *FOLLOWERS}
            assert Values.of(made)


def test_keys_narrow_the_space_and_what_is_set_by_hand_stays():
    facts = fingerprint()
    plan = make(facts)
    assert list(space(facts, plan, keys=["dropout", "model.filters"])) == ["model.filters", "model.dropout"]
    assert "model.filters" not in space(facts, plan, fixed=["model.filters"])
    with pytest.raises(InputError, match='did you mean "filters"'):
        space(facts, plan, keys=["filter"])
    with pytest.raises(InputError, match=r"expected names among \['window.length'.*Received \"training.seed\""):
        space(facts, plan, keys=["training.seed"])
    with pytest.raises(InputError, match="Received one that is set by hand"):
        space(facts, plan, keys=["filters"], fixed=["model.filters"])
    with pytest.raises(InputError, match="expected one or more to tune"):
        space(facts, plan, fixed=list(TUNED))


def test_tiles_and_batches_follow_the_window_unless_they_are_fixed():
    facts = fingerprint()
    plan = make(facts, overrides={"length": 512})
    made = with_values(facts, plan, {"window.length": 256}, budget_s=600)
    again = make(facts, overrides={"length": 256, "stages": plan.choices["model"]["stages"].value})
    for key in FOLLOWERS:
        section, _, own = key.partition(".")
        assert made.choices[section][own] == again.choices[section][own]
    batch = plan.choices["training"]["batch_size"]
    assert made.choices["training"]["batch_size"] != batch
    held = with_values(facts, plan, {"window.length": 256}, budget_s=600, fixed=["training.batch_size"])
    assert held.choices["training"]["batch_size"] == batch
    assert made.choices["window"]["length"].source == "tune"
    assert made.choices["model"] == plan.choices["model"]


def test_what_changes_nothing_is_the_plan_itself_and_what_cannot_be_is_refused():
    facts = fingerprint()
    plan = make(facts, overrides={"transitions": 0.3})
    assert with_values(facts, plan, {"model.filters": 32}, budget_s=600) is plan
    with pytest.raises(InputError, match="expected shares that add up to at most 1"):
        with_values(facts, plan, {"sampling.balanced": 0.9}, budget_s=600)
