from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from segmend.core.labels import Labels
from segmend.formats.tiff import Tiff
from segmend.pipeline.outputs.images import marked, write_numbers
from segmend.pipeline.outputs.objects import Layer, found_in

LABELS = Labels.of(["a", "b"])

SHAPES = arrays.array_shapes(min_dims=2, max_dims=2, max_side=9)


@settings(max_examples=150, deadline=None)
@given(
    numbers=arrays.arrays(
        np.int64, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9), elements={"min_value": 0, "max_value": 3}
    )
)
def test_whatever_the_shape_outlines_hold_the_very_pixels(numbers):
    layer = Layer(numbers)
    found = found_in(layer, np.minimum(numbers, 2), np.zeros((*numbers.shape, 3)), LABELS)
    objects = marked(layer, found, LABELS)
    assert [one.number for one in objects] == sorted(set(numbers[numbers > 0].tolist()))
    for one in objects:
        np.testing.assert_array_equal(one.outline.mask(numbers.shape), numbers == one.number)


def test_large_objects_are_polygons_of_few_corners_and_those_with_holes_are_runs():
    row, column = np.mgrid[:80, :90]
    disk = np.hypot(row - 40, column - 40) < 30
    ring = disk & (np.hypot(row - 40, column - 40) > 10)
    for numbers, polygon in ((disk, True), (ring, False)):
        layer = Layer(numbers.astype(int))
        (one,) = marked(layer, found_in(layer, numbers.astype(int), np.zeros((80, 90, 3)), LABELS), LABELS)
        assert bool(one.outline.rings) == polygon
        np.testing.assert_array_equal(one.outline.mask((80, 90)), numbers)
        assert not polygon or len(one.outline.rings[0]) < 80


def test_more_objects_than_16_bits_hold_are_written_as_tiff(tmp_path):
    numbers = np.arange(300 * 300).reshape(300, 300)
    write_numbers(tmp_path / "x.y", numbers)
    np.testing.assert_array_equal(np.asarray(Tiff().open_mask(tmp_path / "x.y.tif")), numbers)


def test_an_image_without_objects_has_an_empty_table():
    none = np.zeros((3, 4), int)
    found = found_in(Layer(none), none, np.zeros((3, 4, 3)), LABELS)
    assert list(found.rows("x", LABELS)) == []
    assert found.centre.shape == (0, 2) and found.box.shape == (0, 4)
