"""Tiles against one pass: exact arithmetic here; tests/prediction does it with a real model."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import tiling
from segmend.errors import InputError


def moving_sum(reach: int):
    """Centred sum over 2 * reach + 1 steps with zeros outside, as a convolution with "same" padding gives."""

    def apply(tiles):
        kernel = np.ones(2 * reach + 1)
        return np.stack([np.convolve(row[:, 0], kernel, mode="same")[:, None] for row in tiles])

    return apply


@settings(max_examples=150, deadline=None)
@given(
    steps=st.integers(1, 200),
    reach=st.integers(0, 4),
    extra=st.integers(1, 30),
    batch=st.integers(1, 5),
)
def test_tiles_equal_one_pass_away_from_the_ends(steps, reach, extra, batch):
    window = 2 * reach + extra + 1
    signal = np.random.default_rng(0).integers(-9, 9, (steps, 1)).astype(np.float32)
    tiled = tiling.predict(moving_sum(reach), signal, window, window - 2 * reach, batch=batch)
    padded = np.concatenate([signal, np.repeat(signal[-1:], window, axis=0)])
    whole = moving_sum(reach)(padded[None])[0][:steps]
    assert tiled.shape == (steps, 1)
    inner = slice(0, max(steps - reach, 0))
    np.testing.assert_array_equal(tiled[inner], whole[inner])


@settings(max_examples=150, deadline=None)
@given(steps=st.integers(1, 300), grid=st.sampled_from([1, 2, 4]), hop=st.integers(1, 10), margin=st.integers(0, 5))
def test_every_step_is_written_and_tiles_keep_to_the_grid(steps, grid, hop, margin):
    window, hop = grid * (hop + 2 * margin), grid * hop
    starts = tiling.tile_starts(steps, window, hop, grid)
    assert all(start % grid == 0 for start in starts)
    assert all(after - before <= hop for before, after in itertools.pairwise(starts))
    assert starts[-1] + window >= steps
    signal = np.arange(steps, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(tiling.predict(lambda t: t, signal, window, hop, batch=3, align=grid), signal)


def test_one_shape_and_slices_only(tmp_path):
    """Ten thousand steps from a memory map to a memory map, never more than a batch of tiles at once."""
    source = np.lib.format.open_memmap(tmp_path / "in.npy", mode="w+", dtype=np.float32, shape=(10_000, 2))
    source[:] = np.arange(20_000).reshape(-1, 2)
    shapes = set()

    def look(tiles):
        shapes.add(tiles.shape)
        return tiles.sum(axis=2, keepdims=True)

    target = tmp_path / "out.npy"
    result = tiling.predict(
        look,
        source,
        window=64,
        hop=32,
        batch=4,
        out=lambda shape: np.lib.format.open_memmap(target, mode="w+", dtype=np.float32, shape=shape),
    )
    assert shapes == {(4, 64, 2)}
    assert isinstance(result, np.memmap)
    np.testing.assert_array_equal(np.load(target)[:, 0], source.sum(axis=1))


def test_a_short_recording_is_continued_by_its_last_step():
    seen = []

    def look(tiles):
        seen.append(tiles.copy())
        return tiles

    result = tiling.predict(look, np.array([[1.0], [2.0]]), window=5, hop=5)
    assert seen[0][0, :, 0].tolist() == [1, 2, 2, 2, 2]
    assert result[:, 0].tolist() == [1, 2]


@pytest.mark.parametrize("hop", [0, 9, 3])
def test_a_hop_that_does_not_fit_is_refused(hop):
    with pytest.raises(InputError, match=f"Received hop {hop}"):
        tiling.predict(lambda t: t, np.zeros((9, 1)), window=8, hop=hop, align=2)


def box_sum(reach):
    """Sum over a square of 2 * reach + 1 with zeros outside."""

    def apply(tiles):
        padded = np.pad(tiles[..., 0], ((0, 0), (reach, reach), (reach, reach)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1, 2 * reach + 1), axis=(1, 2))
        return windows.sum(axis=(-2, -1))[..., None]

    return apply


@settings(max_examples=80, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    reach=st.integers(0, 2),
    extra=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    batch=st.integers(1, 5),
)
def test_tiles_of_images_equal_one_pass_away_from_the_edges(height, width, reach, extra, batch):
    window = tuple(2 * reach + more for more in extra)
    image = np.random.default_rng(0).integers(0, 9, (height, width, 1)).astype(np.uint8)
    tiled = tiling.predict(box_sum(reach), image, window, extra, batch=batch)
    whole = box_sum(reach)(np.pad(image, ((0, 50), (0, 50), (0, 0)), mode="edge")[None].astype(np.float32))[0]
    assert tiled.shape == (height, width, 1)
    inner = (slice(0, max(height - reach, 0)), slice(0, max(width - reach, 0)))
    np.testing.assert_array_equal(tiled[inner], whole[:height, :width][inner])


@settings(max_examples=60, deadline=None)
@given(height=st.integers(1, 30), width=st.integers(1, 30), grid=st.sampled_from([1, 2, 4]), margins=st.integers(0, 3))
def test_every_pixel_is_written_where_it_was_read(height, width, grid, margins):
    image = np.arange(height * width, dtype=np.float32).reshape(height, width, 1)
    window, hop = grid * (2 + 2 * margins), grid * 2
    result = tiling.predict(lambda tiles: tiles, image, window, hop, batch=3, align=grid)
    np.testing.assert_array_equal(result, image)


class Slices:
    """An image that can only be sliced, and remembers the largest slice."""

    def __init__(self, values):
        self.values, self.shape, self.ndim, self.largest = values, values.shape, values.ndim, 0

    def __getitem__(self, key):
        part = self.values[key]
        self.largest = max(self.largest, part.size)
        return part


def test_only_tiles_of_an_image_are_read():
    image = Slices(np.random.default_rng(0).integers(0, 255, (300, 200, 3), np.uint8))
    result = tiling.predict(lambda tiles: tiles[..., :2], image, window=64, hop=32)
    np.testing.assert_array_equal(result, image.values[..., :2])
    assert image.largest == 64 * 64 * 3


def test_a_small_image_is_continued_by_its_edge_and_cut_back():
    seen = []

    def look(tiles):
        seen.append(tiles.copy())
        return tiles

    image = np.array([[1, 2], [3, 4]], np.uint8)[..., None]
    assert tiling.predict(look, image, window=3, hop=3)[..., 0].tolist() == [[1, 2], [3, 4]]
    assert seen[0][0, ..., 0].tolist() == [[1, 2, 2], [3, 4, 4], [3, 4, 4]]


def test_axes_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match=r"one for each of 2 spatial axes. Received \(8, 8, 8\)"):
        tiling.predict(lambda t: t, np.zeros((9, 9, 1)), window=(8, 8, 8), hop=8)
    with pytest.raises(InputError, match=r"Received shape \(0, 9, 1\)"):
        tiling.predict(lambda t: t, np.zeros((0, 9, 1)), window=8, hop=8)
