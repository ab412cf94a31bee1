from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from segmend.errors import InputError
from segmend.formats.label_studio import LabelStudio
from segmend.formats.label_studio_brush import packed, unpacked
from segmend.formats.label_studio_images import LabelStudioImages

BRUSHED = [0, 0, 0, 48, 57, 27, 253, 240, 12, 47, 255, 56, 0]
"""What label-studio-sdk 2.1.2 (converter.brush.mask2rle) makes of the pixels from 4 to before 10 of 3 x 4."""


def by_the_book(mask):
    """The bytes by their description, bit by bit: a second road to them."""
    values = np.repeat(np.where(mask.ravel(), 255, 0), 4).tolist()
    text = f"{len(values):032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, 16))
    while values:
        length = next((k for k, value in enumerate(values) if value != values[0]), len(values))
        length = min(length, 1 << 16)
        size = next(k for k, bits in enumerate((3, 4, 8, 16)) if length <= 1 << bits)
        text += f"1{size:02b}" + f"{length - 1:0{(3, 4, 8, 16)[size]}b}" + f"{values[0]:08b}"
        values = values[length:]
    text += "0" * (-len(text) % 8)
    return [int(text[k : k + 8], 2) for k in range(0, len(text), 8)]


@settings(max_examples=60, deadline=None)
@given(mask=arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=12)))
def test_brushes_are_packed_as_described_and_unpacked_again(mask):
    assert packed(mask) == by_the_book(mask)
    np.testing.assert_array_equal(unpacked(packed(mask), mask.shape), mask)


def test_brushes_are_packed_as_label_studio_does():
    mask = (np.arange(12) // 2 % 5 >= 2).reshape(3, 4)
    mask.ravel()[10:] = False
    assert mask.ravel().nonzero()[0].tolist() == [4, 5, 6, 7, 8, 9]
    assert packed(mask) == BRUSHED
    np.testing.assert_array_equal(unpacked(BRUSHED, (3, 4)), mask)


def test_long_runs_are_split():
    mask = np.zeros((300, 400), bool)
    mask[50:250] = True
    assert packed(mask) == by_the_book(mask)
    np.testing.assert_array_equal(unpacked(packed(mask), mask.shape), mask)


def test_values_one_by_one_are_unpacked_too():
    """Label Studio's other way: a length, then each value."""
    text = f"{8:032b}{7:05b}" + "".join(f"{size - 1:04b}" for size in (3, 4, 8, 16))
    text += "000" + "111" + f"{255:08b}" * 4 + f"{0:08b}" * 4
    text += "0" * (-len(text) % 8)
    rle = [int(text[k : k + 8], 2) for k in range(0, len(text), 8)]
    assert unpacked(rle, (1, 2)).tolist() == [[True, False]]


def region(kind, value, *labels, **more):
    size = {"original_width": 8, "original_height": 4}
    return {"type": kind, **size, "value": {**value, kind: list(labels)}, **more}


def task(*regions, **more):
    data = {"image": "/data/upload/3/0a1b2c3d-cell 1.png"}
    return {"data": data, "annotations": [{"result": list(regions)}], **more}


def read(tmp_path, content):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content))
    return LabelStudioImages().read(path)


def test_an_export_of_polygons_boxes_and_brushes(tmp_path):
    box = {"x": 25, "y": 50, "width": 50, "height": 25, "rotation": 0}
    mask = np.zeros((4, 8), bool)
    mask[1:3, 2:5] = True
    (image,) = read(
        tmp_path,
        [
            task(
                region("rectanglelabels", box, "cell"),
                region("polygonlabels", {"points": [[0, 0], [50, 0], [50, 50], [0, 50]]}, "dot"),
                region("brushlabels", {"format": "rle", "rle": packed(mask)}, "cell", "dot"),
                {"type": "choices", "value": {"choices": ["good"]}},
            )
        ],
    ).images
    assert (image.file, image.shape) == ("cell 1.png", (4, 8))
    assert [one.label for one in image.objects] == ["cell", "dot", "cell", "dot"]
    boxed, polygon, brushed, _ = (one.outline.mask(image.shape) for one in image.objects)
    assert np.argwhere(boxed).tolist() == [[2, 2], [2, 3], [2, 4], [2, 5]]
    assert np.argwhere(polygon).tolist() == [[row, column] for row in range(2) for column in range(4)]
    np.testing.assert_array_equal(brushed, mask)


def test_a_turned_box_turns_around_its_corner(tmp_path):
    box = {"x": 50, "y": 0, "width": 50, "height": 50, "rotation": 90}
    (image,) = read(tmp_path, [task(region("rectanglelabels", box, "cell"))]).images
    (ring,) = image.objects[0].outline.rings
    np.testing.assert_allclose(ring, [[4, 0], [4, 4], [2, 4], [2, 0]], atol=1e-9)


def test_tasks_of_images_are_no_segments_and_the_other_way_round(tmp_path):
    path = tmp_path / "export.json"
    for tasks, images in (([task()], True), ([{"data": {"csv": "a.csv"}}], False)):
        path.write_text(json.dumps(tasks))
        assert (LabelStudioImages().sniff(path), LabelStudio().sniff(path)) == (images, not images)


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        ([], r"task 1: expected original_width and original_height in pixels"),
        ([region("polygonlabels", {"points": [[1, 2, 3]]})], r"task 1: points: expected corners \[x, y\] in per cent"),
        ([region("polygonlabels", {"points": [[1, "2"]]})], r"task 1: expected numbers in per cent"),
        ([region("rectanglelabels", {"x": 1, "y": None, "width": 2, "height": 2})], r"expected numbers in per cent"),
        ([region("brushlabels", {"rle": "xyz"})], r"task 1: rle: expected a list of bytes. Received 'xyz'"),
        ([region("brushlabels", {"rle": [0, 0, 0, 8, 57]})], r"rle: expected an image of 8 x 4 pixels. Received"),
        ([region("brushlabels", {"rle": packed(np.ones((3, 3), bool))})], r"8 x 4 pixels. Received 36 values"),
    ],
)
def test_a_broken_region_names_file_and_task(regions, message, tmp_path):
    with pytest.raises(InputError, match=rf"export\.json, .*{message}"):
        read(tmp_path, [task(*regions)])


@given(height=st.integers(1, 4), width=st.integers(1, 4), painted=st.integers(0, 2**16 - 1))
@settings(max_examples=30, deadline=None)
def test_bytes_cut_short_are_refused(height, width, painted):
    mask = np.array([painted >> k & 1 for k in range(height * width)], bool).reshape(height, width)
    with pytest.raises(ValueError, match="end too soon"):
        unpacked(packed(mask)[:-2], (height, width))
