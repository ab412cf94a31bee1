"""Tables of the columns recording and label, which mean the same wherever they stand."""

from __future__ import annotations

import pytest

from segmend.errors import InputError
from segmend.loading import load_dataset, load_predictions
from segmend.loading.recordings_table import has_times, names_only, read_table, several_labels
from tests.builders import make_dataset
from tests.loading.picture_folders import grey, make_images

TABLE = "Recording, LABEL ,who\n{}a{},run,me\n b{} ,sit,me\nc,run,me\nd,sit,me\n"


def test_signals_images_and_predictions_read_the_same_table(tmp_path):
    pytest.importorskip("PIL")
    signals = make_dataset(tmp_path / "signals", rows=TABLE.format("", ".npy", ".npy"))
    images = make_images(tmp_path / "images", images=dict.fromkeys("abcd", grey(2, 3)))
    (images / "annotations.csv").write_text(TABLE.format("", ".png", ".png"))
    for folder in (signals, images):
        data = load_dataset(folder)
        assert (data.task.name, data.labels.names) == ("classification", ("run", "sit"))
        assert ([each.classes for each in data.recordings], data.problems) == ([(0,), (1,), (0,), (1,)], ())
    said = tmp_path / "said"
    said.mkdir()
    (said / "dataset.json").write_text('{"task": "classification"}')
    (said / "recordings.csv").write_text(TABLE.format("", "", ""))
    assert [int(each) for each in load_predictions(said).y_pred] == [0, 1, 0, 1]


def test_a_cell_too_many_is_refused_by_all(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("recording,label\na,sit,run\n")
    with pytest.raises(InputError, match=r"rows\.csv, line 2: expected 2 cells as in line 1\. Received 3"):
        read_table(path)


def test_what_a_table_is(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("Label,Recording,Start_s,End_s\n")
    assert (names_only(path), has_times(path)) == (False, True)
    path.write_text("Label,Recording\nrun,a\nsit,a\n")
    assert (names_only(path), has_times(path), several_labels(read_table(path))) == (True, False, True)
