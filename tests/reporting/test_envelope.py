"""Envelopes keep extremes; packing keeps values."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from segmend.core.segments import runs
from segmend.reporting import envelope as module
from segmend.reporting.envelope import envelope, width_for
from segmend.reporting.packing import packed_runs, quantised

signals = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=60),
    elements=st.floats(-1e6, 1e6) | st.just(np.nan),
)


@settings(max_examples=100, deadline=None)
@given(signals, st.integers(2, 20))
def test_each_column_keeps_its_smallest_and_largest_value(rows, width):
    points = envelope(rows, width)
    assert points.shape == (2 * -(-len(rows) // width), rows.shape[1])
    for column in range(len(points) // 2):
        block = rows[column * width : (column + 1) * width]
        pair = points[2 * column : 2 * column + 2]
        for k in range(rows.shape[1]):
            kept = block[~np.isnan(block[:, k]), k]
            wanted = [kept.min(), kept.max()] if kept.size else [np.nan, np.nan]
            np.testing.assert_array_equal(np.sort(pair[:, k]), wanted)


@settings(max_examples=50, deadline=None)
@given(signals, st.integers(2, 20))
def test_reading_in_chunks_changes_nothing(rows, width):
    whole = envelope(rows, width)
    before, module.CHUNK = module.CHUNK, 16
    try:
        np.testing.assert_array_equal(envelope(rows, width), whole)
    finally:
        module.CHUNK = before


def test_extremes_come_in_the_order_of_time():
    assert envelope(np.array([[3.0], [1.0], [2.0], [0.0], [5.0], [4.0]]), 3).ravel().tolist() == [3.0, 1.0, 0.0, 5.0]


def test_infinite_samples_are_missing():
    assert envelope(np.array([[np.inf], [1.0], [-np.inf], [2.0]]), 4).ravel().tolist() == [1.0, 2.0]


@given(st.integers(1, 10**8), st.integers(200, 10**5))
def test_the_number_of_points_is_kept(steps, points):
    width = width_for(steps, points)
    kept = steps if width == 1 else 2 * -(-steps // width)
    assert kept <= points + 2


@given(hnp.arrays(np.float64, st.integers(1, 50), elements=st.floats(-5, 5) | st.just(np.nan)))
def test_quantised_values_come_back_within_half_a_level(values):
    codes = np.frombuffer(base64.b64decode(quantised(values, -5.0, 5.0, "u2")), "<u2").astype(float)
    back = np.where(codes == 65535, np.nan, -5 + 10 * codes / 65534)
    np.testing.assert_allclose(back, values, atol=5 / 65534 + 1e-12)


def unpacked(lane, steps):
    starts = np.frombuffer(base64.b64decode(lane["starts"]), "<u4").astype(int)
    labels = np.frombuffer(base64.b64decode(lane["labels"]), "<i2").astype(int)
    return np.repeat(labels, np.diff([*starts, steps]))


@settings(max_examples=100, deadline=None)
@given(hnp.arrays(np.int64, st.integers(1, 200), elements=st.integers(-1, 3)))
def test_lanes_of_few_runs_come_back_exactly(steps):
    lane = packed_runs(steps, limit=1000)
    assert lane["exact"]
    np.testing.assert_array_equal(unpacked(lane, len(steps)), steps)


@pytest.mark.parametrize("limit", [100, 1000])
def test_lanes_of_many_runs_keep_their_shares(limit):
    steps = (np.random.default_rng(0).random(20_000) < 0.3).astype(np.int64)
    lane = packed_runs(steps, limit)
    assert not lane["exact"]
    thinned = unpacked(lane, len(steps))
    assert len(runs(thinned)[0]) <= limit
    assert abs(thinned.mean() - 0.3) < 0.12
