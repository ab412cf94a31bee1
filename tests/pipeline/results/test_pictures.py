"""A RUN keeps small what its page shows of images and of whole recordings."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.pipeline.results.pictures import stored_pictures, stored_signals, with_pictures
from segmend.reporting import render
from segmend.reporting.sections import mistakes
from tests.reporting import tasks


def test_a_later_page_shows_the_images_without_the_data(tmp_path):
    content = tasks.nuclei()
    shown = with_pictures(content, tmp_path)
    assert sorted(file.stem for file in (tmp_path / "pictures").iterdir()) == [f"image {k}" for k in (0, 1, 3, 4, 6, 7)]
    later = tasks.nuclei(signals=None, pictures=stored_pictures(tmp_path, content.names))
    assert render(later) == render(shown)
    assert render(later).count("data:image/png;base64,") == 6


def test_mistakes_are_kept_too_and_replace_those_of_an_earlier_page(tmp_path):
    with_pictures(tasks.nuclei(), tmp_path)
    with_pictures(tasks.classes(tasks.photos()), tmp_path)
    found = stored_pictures(tmp_path, [f"recording {k}" for k in range(20)])
    assert sorted(found) == ["recording 14", "recording 19", "recording 4", "recording 9"]
    assert len(list((tmp_path / "pictures").iterdir())) == 4


def test_signals_of_mistakes_are_kept_as_few_points(tmp_path):
    long = [np.repeat(signal, 10, axis=0) for signal in tasks.signals()]
    content = tasks.classes(long)
    with_pictures(content, tmp_path)
    assert sum(file.stat().st_size for file in (tmp_path / "pictures").iterdir()) < 4 * 3000
    stored = stored_signals(tmp_path, content.names)
    later = tasks.classes([stored.get(name) for name in content.names])
    for one, other in zip(*(mistakes.context(each)["cards"] for each in (content, later)), strict=True):
        assert one["name"] == other["name"]
        np.testing.assert_allclose(points(one), points(other), atol=0.11)


def points(card):
    return [[float(value) for value in point.split(",")] for line in card["lines"] for point in line.split()]


def test_timelines_leave_no_folder(tmp_path):
    content = tasks.lanes()
    assert with_pictures(content, tmp_path) is content
    assert not list(tmp_path.iterdir())
    assert stored_pictures(tmp_path, content.names) == {}
    assert stored_signals(tmp_path, content.names) == {}


@pytest.mark.parametrize("damage", [b"no array", b""])
def test_a_damaged_file_is_named(tmp_path, damage):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.npy").write_bytes(damage)
    with pytest.raises(InputError, match=r"a\.npy"):
        stored_signals(tmp_path, ["a"])
