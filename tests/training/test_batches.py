from __future__ import annotations

import numpy as np

from segmend.training import Variation, WindowBatches
from segmend.training.windows import WindowIndex


def batches(signals=None, y_true=None, length=16, **options):
    signals = signals if signals is not None else [np.arange(60, dtype=np.float32).reshape(30, 2)]
    y_true = y_true if y_true is not None else [np.arange(30) // 10]
    return WindowBatches(signals, y_true, WindowIndex(y_true, length=length, balanced=0.5), batch_size=4, **options)


def test_signal_and_labels_of_a_window_belong_together():
    x, y = batches(steps=3)[1]
    np.testing.assert_array_equal(y, (x[..., 0] / 2) // 10)


def test_a_batch_depends_on_seed_epoch_and_number_alone():
    one, other = batches(steps=3, seed=5), batches(steps=3, seed=5)
    other[0], other[1]
    np.testing.assert_array_equal(one[2][0], other[2][0])
    assert not np.array_equal(one[2][0], one[1][0])
    before = one[2][0]
    one.on_epoch_end()
    assert not np.array_equal(before, one[2][0])
    assert not np.array_equal(before, batches(steps=3, seed=6)[2][0])


def test_a_short_recording_is_continued_by_its_last_step_and_not_judged_there():
    x, y = batches([np.arange(5, dtype=np.float32)[:, None]], [np.array([0, 1, 1, 0, 0])], length=8)[0]
    assert x[0, :, 0].tolist() == [0, 1, 2, 3, 4, 4, 4, 4]
    assert y[0].tolist() == [0, 1, 1, 0, 0, -1, -1, -1]


def test_a_memory_map_is_read_in_slices(tmp_path):
    stored = np.lib.format.open_memmap(tmp_path / "s.npy", mode="w+", dtype=np.float64, shape=(1000, 1))
    stored[:, 0] = np.arange(1000)
    x, _ = batches([stored], [np.zeros(1000, int)])[0]
    assert x.dtype == np.float32
    assert not isinstance(x, np.memmap)


def test_variation_changes_amplitudes_by_the_channels_own_spread():
    signals, y_true = [np.zeros((1000, 2), np.float32)], [np.zeros(1000, int)]
    unit = np.array([1.0, 100.0])
    x, _ = batches(signals, y_true, length=500, variation=Variation(0.0, 0.5, np.zeros(2), unit))[0]
    spread = x.std(axis=1)
    assert np.all(spread[:, 0] <= 0.6)
    np.testing.assert_allclose(spread[:, 1] / spread[:, 0], 100, rtol=0.2)
    still, _ = batches(signals, y_true, variation=Variation(0.0, 0.0, np.zeros(2), unit))[0]
    assert not still.any()


def test_a_large_mean_does_not_make_a_factor_a_shift():
    """A pressure of 1000 that varies by 1 keeps about its level, whatever its amplitude becomes."""
    rng = np.random.default_rng(0)
    signals = [rng.normal(1000, 1, (1000, 1)).astype(np.float32)]
    variation = Variation(0.3, 0.0, np.array([1000.0]), np.array([1.0]))
    x, _ = batches(signals, [np.zeros(1000, int)], length=500, variation=variation)[0]
    assert np.abs(x.mean(axis=1) - 1000).max() < 1
    assert np.ptp(x.std(axis=1)) > 0.05
