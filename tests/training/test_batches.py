from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest

from segmend.augmentation import Flip, Noise, Scaling, Shift, TimeWarp
from segmend.core.resize import resized
from segmend.training import WindowBatches
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


def test_each_draw_is_changed_anew_and_alike_for_the_same_seed():
    signals, y_true = [np.random.default_rng(0).normal(size=(400, 2)).astype("float32")], [np.zeros(400, int)]
    plain = batches(signals, y_true, length=100, seed=3)[0][0]
    one, other = (batches(signals, y_true, length=100, seed=3, augment=[Noise(snr=(5.0, 5.0))]) for _ in range(2))
    np.testing.assert_array_equal(one[0][0], other[0][0])
    assert 0.3 < (one[0][0] - plain).std() / plain.std() < 0.9
    noise = one[0][0] - plain
    one.on_epoch_end()
    assert not np.allclose(noise, one[0][0] - batches(signals, y_true, length=100, seed=3)[0][0])


def test_a_large_mean_does_not_make_a_factor_a_shift():
    """A pressure of 1000 that varies by 1 keeps its level, whatever its amplitude becomes."""
    signals = [np.random.default_rng(0).normal(1000, 1, (1000, 1)).astype(np.float32)]
    augment = [Scaling(1.5, around="mean")]
    x, _ = batches(signals, [np.zeros(1000, int)], length=500, augment=augment)[0]
    assert np.abs(x.mean(axis=1) - 1000).max() < 1
    assert np.ptp(x.std(axis=1)) > 0.05


def image(height, width, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 255, (height, width, 1)).astype("uint8"), rng.integers(0, 2, (height, width))


def test_windows_of_images_hold_pixels_and_labels_of_one_place():
    mask = np.arange(20 * 30).reshape(20, 30) % 5
    index = WindowIndex([mask], length=8, rank=2, background=0, balanced=0.5)
    x, y = WindowBatches([mask[..., None].astype("uint8")], [mask], index, batch_size=6)[0]
    assert x.shape == (6, 8, 8, 1)
    np.testing.assert_array_equal(x[..., 0], y)


def test_a_small_image_is_continued_by_its_edge_and_not_judged_there():
    signal, mask = image(5, 12)
    index = WindowIndex([mask], length=8, rank=2, background=0)
    x, y = WindowBatches([signal], [mask], index, batch_size=2)[0]
    np.testing.assert_array_equal(x[0, 5:], np.broadcast_to(x[0, 4], (3, 8, 1)))
    assert (y[:, 5:] == -1).all()
    assert (y[:, :5] >= 0).all()


def test_labels_of_an_image_move_with_it():
    mask = np.zeros((8, 8), int)
    mask[0, 0] = 1
    index = WindowIndex([mask], length=8, rank=2, background=0)
    x, y = WindowBatches([mask[..., None] * 100], [mask], index, batch_size=16, augment=[Flip("horizontal")])[0]
    np.testing.assert_array_equal(x[..., 0] == 100, y == 1)
    assert 0 < (y[:, 0, 7] == 1).sum() < 16


@pytest.mark.parametrize("multilabel", [False, True])
def test_whole_recordings_keep_their_labels(multilabel):
    signals = [np.full((size, 1), k, np.float32) for k, size in enumerate((30, 5, 12))]
    y_true = [np.array([k == 0, 1]) if multilabel else np.array(k % 2) for k in range(3)]
    options = {"rank": 0, "shapes": [s.shape[:-1] for s in signals], "multilabel": multilabel}
    index = WindowIndex(y_true, length=10, balanced=0.5, **options)
    x, y = WindowBatches(signals, y_true, index, batch_size=40)[0]
    assert x.shape == (40, 10, 1)
    for window, label in zip(x, y, strict=True):
        np.testing.assert_array_equal(label, y_true[int(window[0, 0])])


def test_whole_images_of_unequal_size_become_windows():
    signals = [np.full((h, w, 3), 7, "uint8") for h, w in ((20, 10), (5, 40))]
    y_true = [np.array(0), np.array(1)]
    index = WindowIndex(y_true, length=8, rank=0, shapes=[s.shape[:-1] for s in signals])
    x, _ = WindowBatches(signals, y_true, index, batch_size=4, fit="resize")[0]
    np.testing.assert_allclose(x, 7.0, rtol=1e-6)


def test_a_resized_image_is_what_prediction_makes_of_it():
    """Both go through one function, and an image that is drawn again is not resized again."""
    signal, _ = image(20, 30)
    index = WindowIndex([np.array(0)], length=8, rank=0, shapes=[(20, 30)])
    drawn = WindowBatches([signal], [np.array(0)], index, batch_size=2, fit="resize")
    x, _ = drawn[0]
    np.testing.assert_array_equal(x, np.stack([resized(signal, (8, 8))] * 2))
    assert drawn.small.taken == 8 * 8 * 4


@pytest.mark.parametrize("multilabel", [False, True])
def test_short_recordings_of_overlapping_labels_are_not_judged_beyond_their_end(multilabel):
    labels = np.array([0, 1, 1])
    y_true = [np.eye(2, dtype="int8")[labels] if multilabel else labels]
    x, y = WindowBatches([np.ones((3, 1))], y_true, WindowIndex(y_true, length=5, multilabel=multilabel), batch_size=1)[
        0
    ]
    np.testing.assert_array_equal(y[0, :3], y_true[0])
    assert (y[0, 3:] == -1).all()
    assert x.tolist() == [[[1.0]] * 5]


def test_a_memory_map_is_sliced_as_the_array_beneath_it(tmp_path):
    np.save(tmp_path / "s.npy", np.arange(50.0)[:, None])
    mapped = np.load(tmp_path / "s.npy", mmap_mode="r")
    drawn = batches([mapped], [np.zeros(50, int)])
    assert type(drawn.signals[0]) is np.ndarray
    assert np.shares_memory(drawn.signals[0], mapped)


def test_threads_change_nothing():
    """Six threads at once give each batch what one gives it, the transforms of time included."""
    rng = np.random.default_rng(0)
    signals, y_true = [rng.normal(size=(400, 2)).astype("float32")], [np.arange(400) // 40 % 3]
    one, many, ahead = (
        batches(signals, y_true, length=64, steps=24, seed=3, augment=[Scaling(1.5), TimeWarp(1.5)], workers=workers)
        for workers in (1, 1, 3)
    )
    expected = [one[number] for number in range(24)]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(many.__getitem__, range(24)))
    for new, old in zip(found + [ahead[number] for number in range(24)], expected * 2, strict=True):
        np.testing.assert_array_equal(new[0], old[0])
        np.testing.assert_array_equal(new[1], old[1])


def test_drawing_leaves_the_generators_of_the_transforms_alone():
    noise = Noise((5.0, 20.0), seed=1)
    before = np.asarray(noise.seed_generator.state.value).copy()
    batches(augment=[noise])[0]
    np.testing.assert_array_equal(np.asarray(noise.seed_generator.state.value), before)


def trained(workers):
    """Losses of two epochs on augmented windows."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    signals, y_true = [rng.normal(size=(200, 2)).astype("float32")], [np.arange(200) // 40 % 2]
    drawn = batches(signals, y_true, length=32, steps=12, seed=3, augment=[Noise((0.0, 9.0))], workers=workers)
    model = keras.Sequential([keras.Input((32, 2)), keras.layers.Dense(2, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model.fit(drawn, epochs=2, verbose=0, shuffle=False).history["loss"]


def test_training_is_the_same_whatever_the_workers():
    assert trained(1) == trained(4)


@pytest.mark.parametrize(
    ("task", "rank"),
    [
        ("segmentation", 2),
        ("multilabel-segmentation", 1),
        ("multilabel-segmentation", 2),
        ("classification", 1),
        ("multilabel-classification", 2),
    ],
)
def test_windows_of_every_task_are_changed_anew_with_their_labels(task, rank):
    """Signals that show their labels: class 0 or 1 in the first channel, of which a move keeps both together."""
    rng = np.random.default_rng(0)
    whole, multilabel = task.endswith("classification"), task.startswith("multilabel")
    signals = [(rng.random((*(24,) * rank, 2)) > 0.5).astype("float32") for _ in range(3)]
    if whole:
        y_true = [np.eye(3, dtype=int)[k] if multilabel else np.array(k) for k in range(3)]
    else:
        y_true = [signal.astype(int) if multilabel else signal[..., 0].astype(int) for signal in signals]
    options = {"rank": 0 if whole else rank, "shapes": [(24,) * rank] * 3, "multilabel": multilabel}
    index = WindowIndex(y_true, length=12, balanced=0.5, **options)
    labels = "recording" if whole else "steps"
    augment = [Flip(labels=labels), Flip("vertical", labels=labels)] if rank == 2 else [Shift(labels=labels)]
    plain, drawn = (WindowBatches(signals, y_true, index, batch_size=16, augment=each) for each in ((), augment))
    (x, y), (new_x, new_y) = plain[0], map(np.asarray, drawn[0])
    assert (new_x.shape, new_y.shape, new_y.dtype) == (x.shape, y.shape, y.dtype)
    assert (np.asarray(new_x) != x).any(axis=tuple(range(1, x.ndim))).mean() > 0.5
    if whole:
        np.testing.assert_array_equal(new_y, y)
    else:
        shown = new_x if multilabel else new_x[..., 0]
        np.testing.assert_array_equal(new_y[new_y >= 0], shown[new_y >= 0])
