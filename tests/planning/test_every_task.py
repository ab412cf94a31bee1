"""Plans of images, of whole recordings and of overlapping labels."""

from __future__ import annotations

import inspect

import pytest

from segmend import catalogue
from segmend.artifacts.fingerprint import Quantiles
from segmend.core.stages import field_of_stages
from segmend.core.task import NAMES, Task
from segmend.decoding import resolve
from segmend.errors import InputError
from segmend.planning import Values, make, toml
from segmend.planning.architectures import ARCHITECTURES, fitting
from segmend.planning.sides import equal_sides, learnt_from, side, task_of
from segmend.planning.values import Model, as_stages
from tests.planning.builders import class_facts, fingerprint

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]


def facts_of(task, sides=((200, 300), (256, 256), (120, 500)), **parts):
    """A fingerprint of a task: of images of these sides, of signals as long as their first one."""
    several = task.kind == "classification" or task.labels == "multilabel"
    made = fingerprint(background=None if several else 0, steps=tuple(each[0] for each in sides), **parts)
    shapes = sides if task.rank > 1 else [each[:1] for each in sides]
    recordings = [
        facts.model_copy(update={"shape": shape}) for facts, shape in zip(made.recordings, shapes, strict=True)
    ]
    asked = {"kind": task.kind, "labels": task.labels, "rank": task.rank}
    whole = {"duration": Quantiles(), "gap": Quantiles()} if task.kind == "classification" else {}
    return made.model_copy(update={"task": asked, "recordings": tuple(recordings), **whole})


def named(task):
    return f"{task.name}-{task.rank}"


every_task = pytest.mark.parametrize("task", TASKS, ids=named)


@every_task
@pytest.mark.parametrize("budget", [10.0, 3600.0])
def test_a_plan_is_sound_and_survives_its_file(task, budget):
    facts = facts_of(task)
    plan = make(facts, budget_s=budget, seed=7)
    values = Values.of(plan)
    fitting(values.model.architecture, task)
    assert len(values.loss.class_weights) == len(facts.labels)
    assert toml.loads(toml.dumps(plan)) == plan
    for name in values.decoder.candidates:
        resolve(name, task)
    for each in values.sampling.augment:
        catalogue.resolve("transforms", each["name"])
    assert all(len(choice.because) > 10 for keys in plan.choices.values() for choice in keys.values())


@every_task
def test_reasons_are_in_words_of_the_task(task):
    plan = make(facts_of(task))
    said = " ".join(choice.because for choice in plan.choices["window"].values())
    assert ("pixels" in said or "image" in said) == (task.rank > 1)


@every_task
@pytest.mark.parametrize("novelty", [None, 0.5, 2.0])
@pytest.mark.parametrize("share", [0.04, 0.2])
def test_no_reason_is_in_words_of_another_task(task, novelty, share):
    classes = (class_facts("a", share=share), class_facts("b", share=0.01), class_facts("c", share=0.0, segments=0))
    facts = facts_of(task, classes=classes)
    facts = facts.model_copy(update={"novelty": novelty})
    others = ("pixel", "image", "object", "picture") if task.rank == 1 else ("step", "recording", "segment", "signal")
    whole = ("segment", "object", "background are", "step") if task.kind == "classification" else ()
    for section, keys in make(facts).choices.items():
        for key, choice in keys.items():
            long = task.rank == 1 and (section, key) == ("window", "length")
            wrong = [word for word in (*others, *whole) if word in choice.because and not (long and word == "step")]
            assert not wrong, f"{section}.{key}: {choice.because}"


@every_task
def test_tiles_of_segmentation_keep_a_margin_and_classifiers_cover_all(task):
    values = Values.of(make(facts_of(task)))
    window = values.window
    if task.kind == "classification":
        assert (window.tile, window.fit) == (window.length, "resize" if task.rank > 1 else "crop")
        assert 1 <= window.hop <= window.tile
        return
    field = field_of_stages(as_stages(values.model.stages))
    assert window.fit == "crop" and (window.tile - window.hop) // 2 >= max(-field.left, field.right)


@pytest.mark.parametrize(
    ("task", "architecture", "metric", "candidates", "objective"),
    [
        (Task.named("segmentation", 3), "tcn", "segment_f1@50 + macro_f1", "semi_markov", "count_mae"),
        (Task.named("segmentation", 3, 2), "unet", "segment_f1@50 + macro_f1", "morphology", "count_mae"),
        (Task.named("classification", 3), "inception", "macro_f1", "thresholds", "macro_f1"),
        (Task.named("classification", 3, 2), "residual", "macro_f1", "thresholds", "macro_f1"),
        (Task.named("multilabel-segmentation", 3), "tcn", "segment_f1@50", "semi_markov", "count_mae"),
        (Task.named("multilabel-classification", 3), "inception", "macro_average_precision", "thresholds", "macro_f1"),
    ],
    ids=lambda value: named(value) if isinstance(value, Task) else None,
)
def test_what_the_task_decides(task, architecture, metric, candidates, objective):
    values = Values.of(make(facts_of(task)))
    assert values.model.architecture == architecture
    assert metric in values.validation.metric
    assert values.validation.decoding == ("morphology" if task.rank > 1 and metric.startswith("segment") else "argmax")
    assert candidates in values.decoder.candidates
    assert objective in values.decoder.objective
    assert task.labels != "multilabel" or set(values.loss.class_weights) == {1.0}


def test_windows_hold_four_of_the_largest_objects_within_the_images():
    def length(largest, sides=((200, 300), (256, 256), (120, 500))):
        classes = (class_facts("a", duration=(4, 10, largest)),)
        facts = facts_of(TASKS[1], sides, classes=classes)
        return Values.of(make(facts)).window.length

    assert length(5) == 64
    assert length(24) == 96
    assert length(90) == 128
    assert length(90, sides=((40, 60),)) == 48
    assert length(5, sides=((40, 60),)) == 48


def test_pictures_are_resized_to_their_usual_side_but_no_larger_than_a_limit():
    task = Task.named("classification", 3, 2)
    assert Values.of(make(facts_of(task, sides=((40, 40), (40, 50), (36, 36))))).window.length == 40
    plan = make(facts_of(task, sides=((400, 300),)))
    assert plan.choices["window"]["length"].value == 128
    assert "300 pixels" in plan.choices["window"]["length"].because


def test_few_whole_recordings_are_averaged_over_networks():
    task = Task.named("classification", 3)
    assert Values.of(make(facts_of(task))).model.members == 4
    many = facts_of(task, sides=((100, 100),) * 200)
    assert Values.of(make(many)).model.members == 1


def test_sides_of_images_and_signals():
    images = facts_of(TASKS[1])
    assert (side(images), side(images, 0), side(images, 100)) == (200, 120, 256)
    assert not equal_sides(images)
    assert equal_sides(facts_of(TASKS[1], sides=((8, 8), (8, 8))))
    assert not equal_sides(facts_of(TASKS[1], sides=((8, 9), (8, 9)))), "to resize these to a square changes them"
    assert side(facts_of(TASKS[0])) == 200
    assert task_of(images) == Task("segmentation", "multiclass", 2, 3)


def test_only_what_is_learnt_from_counts():
    facts = facts_of(TASKS[1])
    first, *others = facts.recordings
    split = facts.model_copy(
        update={"recordings": (first, *(each.model_copy(update={"role": "val"}) for each in others))}
    )
    assert [each.name for each in learnt_from(split)] == [first.name] and side(split) == 200
    nobody = facts.model_copy(
        update={"recordings": tuple(each.model_copy(update={"role": "test"}) for each in facts.recordings)}
    )
    assert len(learnt_from(nobody)) == 3


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_table_of_architectures_is_as_their_signatures(name):
    architecture = ARCHITECTURES[name]
    known = inspect.signature(catalogue.resolve("models", name)).parameters
    assert set(architecture.takes.values()) <= set(known)
    assert set(architecture.takes) <= set(Model.model_fields)
    assert ("rank" in known) == (2 in architecture.ranks)
    assert "multilabel" in known
    given = {"channels", "classes", "window", "bias", "mean", "std", "rank", "multilabel", *architecture.takes.values()}
    needed = {key for key, each in known.items() if each.default is each.empty}
    assert needed <= given, "the plan gives all that has no default"


@every_task
def test_an_architecture_of_another_task_is_refused_by_name(task):
    other = "residual" if task.kind == "segmentation" else "tcn"
    with pytest.raises(InputError, match=r"model\.architecture: expected names among"):
        fitting(other, task)
    with pytest.raises(InputError, match=r"model\.architecture"):
        make(facts_of(task), overrides={"architecture": other})


@every_task
def test_only_images_with_labels_of_their_own_are_resized(task):
    if task.kind == "classification" and task.rank > 1:
        assert Values.of(make(facts_of(task), overrides={"window.fit": "crop"})).window.fit == "crop"
        return
    with pytest.raises(InputError, match=rf'plan: window\.fit: expected "crop": .*not {task.name} of .* "resize"'):
        make(facts_of(task), overrides={"window.fit": "resize"})


@pytest.mark.parametrize(("novelty", "chosen"), [(None, "data"), (0.5, "data"), (2.0, "recording")])
def test_recordings_are_standardised_by_themselves_where_each_lies_at_levels_of_its_own(novelty, chosen):
    facts = facts_of(Task.named("segmentation", 3)).model_copy(update={"novelty": novelty})
    choice = make(facts).choices["window"]["standardize"]
    assert choice.value == chosen and (novelty is None or f"{novelty:.2g} times" in choice.because)
