"""The sampling rate: coarse where the shortest segments allow it, and every segment and gap is still there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.artifacts.fingerprint import Quantiles
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.planning import Values, make
from segmend.planning.check import total_stride
from segmend.planning.decisions.stages import choose_stride
from segmend.planning.values import as_stages
from tests.planning.builders import class_facts, fingerprint
from tests.planning.test_every_task import facts_of

HALF = [{"kernel": 5, "stride": 2}, {"kernel": 3, "up": 2}]


def facts_about(rows):
    """A fingerprint of one class whose shortest segment and gap are those of (gap, segment) pairs."""
    gaps, lengths = zip(*rows, strict=True)
    facts = fingerprint(classes=(class_facts("a", duration=(min(lengths), max(lengths), max(lengths))),), gap=None)
    shortest = Quantiles(p5=min(gaps), p25=max(gaps), p50=max(gaps), p75=max(gaps), p95=max(gaps), max=max(gaps))
    return facts.model_copy(update={"gap": shortest})


def rows_of(labels):
    """First and last of each run of 1."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], labels, [0]])))
    return edges.reshape(-1, 2)


@settings(max_examples=200, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(1, 200), st.integers(1, 400)), min_size=1, max_size=12))
def test_one_step_in_so_many_keeps_every_segment_and_moves_borders_by_less_than_that(rows):
    stride = choose_stride(facts_about(rows), {}).value
    labels = np.concatenate([np.repeat([0, 1], pair) for pair in rows] + [np.zeros(200, int)])
    coarse = labels[stride // 2 :: stride]
    back = np.repeat(coarse, stride)[: len(labels)]
    found, true = rows_of(back), rows_of(labels)
    assert len(found) == len(true)
    assert np.abs(found - true).max() <= stride


@pytest.mark.parametrize("stride", [1, 2, 6, 32])
def test_a_rate_set_by_hand_is_followed(stride):
    plan = make(fingerprint(), overrides={"stride": stride})
    values = Values.of(plan)
    assert plan.choices["model"]["stride"].because == "set by hand; planned was 4"
    assert total_stride(as_stages(values.model.stages)) == values.model.stride == stride
    assert values.window.length % stride == 0


def test_stages_that_are_given_say_the_rate():
    stages = [{"kernel": 5, "stride": 8}, {"kernel": 3, "up": 8}]
    plan = make(fingerprint(), overrides={"stages": stages})
    assert plan.choices["model"]["stride"].value == 8
    assert plan.choices["model"]["stride"].source == "model.stages"
    assert plan.choices["window"]["length"].value % 8 == 0


@pytest.mark.parametrize(
    ("task", "overrides", "message"),
    [
        (
            Task.named("segmentation", 3),
            {"stride": 4, "stages": HALF},
            r"stride: expected 2, the stride of model\.stages",
        ),
        (Task.named("segmentation", 3, 2), {"stride": 2}, r"model\.stride: expected 1 for segmentation of images"),
        (Task.named("classification", 3), {"stride": 2}, r"expected 1 for classification of recordings. Received 2"),
    ],
)
def test_a_rate_that_no_network_has_is_refused(task, overrides, message):
    with pytest.raises(InputError, match=message):
        make(facts_of(task), overrides=overrides)
