"""A RUN keeps small pictures of the images that its page shows."""

from __future__ import annotations

from segmend.pipeline.results.pictures import stored_pictures, with_pictures
from segmend.reporting import render
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


def test_signals_leave_no_folder(tmp_path):
    content = tasks.classes(tasks.signals())
    assert with_pictures(content, tmp_path) is content
    assert not list(tmp_path.iterdir())
    assert stored_pictures(tmp_path, content.names) == {}
