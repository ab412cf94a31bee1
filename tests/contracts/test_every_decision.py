"""Whatever the data look like, the decisions give a plan that is sound, resolves, and survives its own file."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import catalogue
from segmend.artifacts.plan import Choice
from segmend.core.stages import field_of_stages, steps_out
from segmend.planning import Values, make, toml
from segmend.planning.decisions import DECISIONS
from segmend.planning.reach import band
from segmend.planning.values import as_stages, key_names
from tests.planning.builders import class_facts, fingerprint


@st.composite
def fingerprints(draw):
    lengths = st.integers(1, 5000)
    classes = []
    for number in range(draw(st.integers(1, 5))):
        duration = sorted(draw(st.tuples(lengths, lengths, lengths)))
        segments = draw(st.sampled_from([0, 1, 7, 300]))
        share = 0.0 if segments == 0 else draw(st.floats(1e-4, 0.19))
        classes.append(class_facts(f"k{number}", duration=duration, segments=segments, share=share))
    gap = draw(st.none() | st.tuples(*[st.integers(0, 4000)] * 3).map(sorted))
    return fingerprint(
        classes=tuple(classes),
        background=draw(st.sampled_from([0, None])),
        steps=tuple(draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=4))),
        gap=gap,
        channels=draw(st.integers(1, 4)),
    )


def test_the_decisions_cover_every_key():
    assert sorted(DECISIONS) == sorted(key_names())


@pytest.mark.parametrize("key", DECISIONS)
def test_a_decision_is_a_pure_function_with_a_reason(key):
    chosen = {"budget_s": 600.0, "training.seed": 3}
    for name, choose in DECISIONS.items():
        choice = choose(fingerprint(), dict(chosen))
        if name == key:
            assert isinstance(choice, Choice)
            assert choice == choose(fingerprint(), dict(chosen))
            assert len(choice.because) > 10
            assert choice.source
            assert inspect.getdoc(choose)
        chosen[name] = choice.value


@settings(max_examples=150, deadline=None)
@given(facts=fingerprints(), budget=st.sampled_from([10.0, 120.0, 3600.0]))
def test_every_plan_is_sound(facts, budget):
    plan = make(facts, budget_s=budget, seed=7)
    values = Values.of(plan)
    stages = as_stages(values.model.stages)
    field, because = field_of_stages(stages), plan.choices["model"]["stages"].because
    low, high = band(facts)
    assert low <= field.size <= high or "capped by" in because or "shortest there is" in because
    assert ("between" in because and "capped" not in because and "above" not in because) == (low <= field.size <= high)
    margin = (values.window.tile - values.window.hop) // 2
    assert margin >= max(-field.left, field.right)
    assert steps_out(stages, values.window.length) == values.window.length
    assert steps_out(stages, values.window.tile) == values.window.tile
    assert values.training.batch_size * values.window.length <= 32 * 32 * 8192
    for weight, share in zip(values.loss.class_weights, _shares(facts), strict=True):
        assert (weight == 0) == (share == 0 and any(_shares(facts)))
    assert 0 <= values.sampling.balanced < 1
    assert values.training.seed == 7
    for name in values.decoder.candidates:
        assert name in catalogue.DECODERS
    assert values.model.architecture in catalogue.MODELS


@settings(max_examples=50, deadline=None)
@given(facts=fingerprints())
def test_a_plan_survives_its_file_and_stays_as_it_is(facts):
    plan = make(facts)
    again = toml.loads(toml.dumps(plan))
    assert again == plan
    assert make(facts, given=again) == plan


def _shares(facts):
    known = {c.name: c.step_share for c in facts.classes}
    return [known.get(name, facts.background_share) for name in facts.labels]
