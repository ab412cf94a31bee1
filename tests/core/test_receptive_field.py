"""The arithmetic of receptive fields against boolean reach matrices multiplied out by brute force."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.padding import paddings, steps_after_conv
from segmend.core.receptive_field import (
    EVERYTHING,
    NOTHING,
    Field,
    hull,
    union,
)
from segmend.core.stages import field_of_stages, steps_out
from segmend.errors import InputError

STAGE = st.fixed_dictionaries(
    {
        "kernel": st.integers(1, 5),
        "dilation": st.integers(1, 3),
        "stride": st.integers(1, 3),
        "up": st.integers(1, 3),
        "padding": st.sampled_from(["same", "causal", "valid"]),
    }
)


def reach_of_stage(steps: int, stage: dict) -> np.ndarray:
    """Which input steps each output step of one stage reads, step by step as TensorFlow documents its padding."""
    repeated = np.repeat(np.eye(steps, dtype=bool), stage["up"], axis=0)
    length, reach = len(repeated), (stage["kernel"] - 1) * stage["dilation"] + 1
    if stage["padding"] == "same":
        out = math.ceil(length / stage["stride"])
        front = max((out - 1) * stage["stride"] + reach - length, 0) // 2
    elif stage["padding"] == "causal":
        out, front = math.ceil(length / stage["stride"]), reach - 1
    else:
        out, front = max(math.ceil((length - reach + 1) / stage["stride"]), 0), 0
    rows = np.zeros((out, steps), dtype=bool)
    for step in range(out):
        for tap in range(stage["kernel"]):
            read = step * stage["stride"] - front + tap * stage["dilation"]
            if 0 <= read < length:
                rows[step] |= repeated[read]
    return rows


def reach_of_stages(steps: int, stages: list[dict]) -> np.ndarray:
    reach = np.eye(steps, dtype=bool)
    for stage in stages:
        reach = reach_of_stage(len(reach), stage) @ reach
    return reach


def field_at_length(stages, steps):
    field = Field()
    for stage in stages:
        window = {key: value for key, value in stage.items() if key != "up"}
        field, steps = field.upsample(stage.get("up", 1)), steps * stage.get("up", 1)
        field, steps = field.conv(steps=steps, **window), steps_after_conv(steps, **window)
    return field


def test_reach_equals_the_field_away_from_the_ends():
    @settings(max_examples=120, deadline=None)
    @given(st.lists(STAGE, min_size=1, max_size=4), st.integers(150, 165))
    def check(stages, steps):
        field, reach = field_at_length(stages, steps), reach_of_stages(steps, stages)
        assert steps_out(stages, steps) == len(reach)
        for step in range(len(reach)):
            low, high = field._at(step)
            if (low, high) == NOTHING or low < 0 or high >= steps:
                continue
            seen = np.flatnonzero(reach[step])
            assert seen.size == 0 or (seen[0] >= low and seen[-1] <= high)
            if low > 40 and high < steps - 40:
                assert (seen[0], seen[-1]) == (low, high)

    check()


def test_unknown_length_is_the_union_over_lengths():
    stages = [{"kernel": 5, "stride": 2}, {"kernel": 4, "stride": 2}, {"kernel": 3}]
    united = union([field_at_length(stages, steps) for steps in range(64, 68)])
    assert field_at_length_unknown(stages) == united
    assert field_of_stages(stages) == field_at_length(stages, 64) != united


def field_at_length_unknown(stages):
    field = Field()
    for stage in stages:
        field = field.conv(**stage)
    return field


def test_phases_of_a_pooled_and_upsampled_step():
    field = Field().pool(4).conv(3).upsample(4)
    assert field.period == 4
    assert field.seen == ((-4, 7),) * 4
    assert (field.left, field.right, field.size, field.smallest) == (-7, 7, 15, 12)


def test_hand_computed_unet_of_depth_one():
    down = Field().conv(3)
    united = union([down, down.pool(2).conv(3).upsample(2)])
    assert united.seen == ((-3, 4), (-3, 4))
    assert united.conv(3).seen == ((-5, 4), (-3, 6))
    assert (united.conv(3).left, united.conv(3).right, united.conv(3).smallest) == (-5, 5, 10)


def test_recurrence_sees_the_past_of_every_phase():
    field = Field().pool(2).upsample(2).forward_recurrent()
    assert field.seen == ((-math.inf, 1), (-math.inf, 1))
    assert field.backward().seen == (EVERYTHING, EVERYTHING)
    assert Field().backward().left == 0
    assert Field().backward().right is None


def test_the_last_step_is_ahead_of_every_other_step():
    last = Field().conv(3).pinned(at_end=True)
    assert (last.stride, last.left, last.right, last.size, last.smallest) == (0, None, None, None, None)
    beside = union([Field().pool(2), last])
    assert (beside.left, beside.right, beside.size, beside.smallest) == (0, None, None, None)
    assert union([Field(), Field().pinned(at_end=False), last]).seen == (EVERYTHING,)
    assert Field().forward_recurrent().pinned(at_end=True).seen == (EVERYTHING,)
    assert Field(1, (NOTHING,)).pinned(at_end=True).seen == (NOTHING,)


def test_a_summary_joins_any_axis():
    field = Field().pool(2)
    assert union([field, Field().summary()]) == field.everything()
    assert Field().summary().stride == 0


def test_phases_that_no_tap_reaches_see_nothing():
    field = Field().transposed(1, stride=2)
    assert field.seen == ((0, 0), NOTHING)
    assert field.smallest == 0
    assert field.conv(3).smallest == 1
    assert (Field(1, (NOTHING,)).left, Field(1, (NOTHING,)).right, Field(1, (NOTHING,)).size) == (0, -1, 0)
    assert hull([]) == NOTHING


def test_merging_different_strides_is_refused():
    with pytest.raises(InputError, match="one stride"):
        union([Field().pool(2), Field()])


def test_unknown_padding_is_refused():
    with pytest.raises(InputError, match=r'padding: expected one of .* Received "reflect"'):
        paddings(3, 1, 1, "reflect")


def test_a_long_kernel_is_no_loop_over_its_taps():
    assert Field().conv(10**9).size == 10**9
    assert steps_after_conv(10, 11, padding="valid") == 0
