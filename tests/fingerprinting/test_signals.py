from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.recording import Recording
from segmend.fingerprinting import digest, signals
from segmend.fingerprinting.moments import Moments
from segmend.fingerprinting.parallel import in_parallel


def recording(values, name="a"):
    return Recording(name=name, signal=np.asarray(values), segments=None, group=name)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 200), st.integers(0, 10_000), st.floats(-1e6, 1e6))
def test_joined_chunks_equal_one_pass(cut, seed, offset):
    values = np.random.default_rng(seed).normal(size=(201, 2)) + offset
    joined = Moments.of(values[:cut]).join(Moments.of(values[cut:]))
    np.testing.assert_allclose(joined.mean, values.mean(axis=0), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(joined.std, values.std(axis=0), rtol=1e-9)
    np.testing.assert_array_equal(joined.low, values.min(axis=0))
    np.testing.assert_array_equal(joined.high, values.max(axis=0))


def test_non_finite_samples_are_counted_placed_and_left_out(monkeypatch):
    monkeypatch.setattr(signals, "CHUNK", 6)
    values = np.arange(20.0).reshape(10, 2)
    clean = values.copy()
    values[4, 1] = np.nan
    values[7, 0] = -np.inf
    facts = signals.scan(recording(values))
    assert facts.first_non_finite == (4, 1)
    assert facts.non_finite.tolist() == [1, 1]
    for channel, gone in ((0, 7), (1, 4)):
        kept = np.delete(clean[:, channel], gone)
        assert np.isclose(facts.moments.mean[channel], kept.mean())
        assert np.isclose(facts.moments.std[channel], kept.std())
        assert facts.moments.low[channel] == kept.min()


def test_a_channel_without_a_finite_sample_has_no_statistics_and_is_not_flat():
    both = recording(np.column_stack((np.full(5, np.nan), np.arange(5.0))))
    facts = signals.scan(both)
    dead, alive = signals.channel_facts(["dead", "alive"], [both], [facts])
    assert (dead.mean, dead.std, dead.min, dead.max, dead.non_finite, dead.flat) == (None, None, None, None, 5, ())
    assert alive.mean == 2.0


def test_flat_channels_are_named_by_recording():
    moving, still = recording([[1.0, 5.0], [2.0, 5.0]], "m"), recording([[3.0, 5.0], [3.0, 6.0]], "s")
    facts = [signals.scan(each) for each in (moving, still)]
    x, y = signals.channel_facts(["x", "y"], [moving, still], facts)
    assert x.flat == ("s",)
    assert y.flat == ("m",)
    assert (x.min, x.max) == (1.0, 3.0)


def test_the_digest_tells_copies_whatever_their_memory_order():
    values = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    whole = signals.scan(recording(values)).digest
    assert signals.scan(recording(np.asfortranarray(values), "copy")).digest == whole
    assert signals.scan(recording(values + np.float32(1e-3))).digest != whole


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 70), st.sampled_from(["<f4", "<f8", "<i2", "|u1"]), st.integers(0, 10_000))
def test_no_small_change_keeps_the_digest(steps, dtype, seed):
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 4, (steps, 1)).astype(dtype)
    values[0], values[-1] = 1, 2
    changed = [-values, values[::-1], np.roll(values, 1, axis=0), values.reshape(1, -1), values[:-1]]
    flipped = values.copy()
    flipped[rng.integers(steps)] += 1
    moved = values.copy()
    moved[0], moved[-1] = 2, 1
    told = [signals.scan(recording(each)).digest for each in (values, flipped, moved)]
    told += [signals.scan(recording(each)).digest for each in changed if not np.array_equal(each, values)]
    assert told.count(told[0]) == 1


def test_the_digest_of_many_blocks_depends_on_their_order(monkeypatch):
    monkeypatch.setattr(digest, "BLOCK", 4)
    values = np.arange(24.0)[:, np.newaxis]
    swapped = np.concatenate((values[4:8], values[:4], values[8:]))
    told = {signals.scan(recording(each)).digest for each in (values, swapped)}
    assert len(told) == 2


def test_progress_tells_every_recording():
    told = []
    many = [recording(np.zeros((4, 1)), str(k)) for k in range(5)]
    in_parallel(signals.scan, many, lambda *state: told.append(state))
    assert told == [(k, 5) for k in range(1, 6)]


def test_integers_are_measured_as_numbers():
    facts = signals.scan(recording(np.array([[250], [255]], np.uint8)))
    assert facts.moments.mean.tolist() == [252.5]


def test_samples_are_left_as_they_are():
    """A single channel needs no copy to be read by rows, and a memory map cannot be written."""
    values = np.arange(5.0)[:, np.newaxis]
    values.flags.writeable = False
    assert Moments.of(values).mean.tolist() == [2.0]
    one_step = np.array([[1.0, 3.0]])
    Moments.of(one_step)
    assert one_step.tolist() == [[1.0, 3.0]]
