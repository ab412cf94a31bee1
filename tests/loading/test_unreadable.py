"""What cannot be read is refused by file and, in text, by line."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError, NotYetError
from segmend.loading import is_dataset, load_dataset
from tests.builders import make_dataset


def _wrong_columns(folder):
    (folder / "annotations.csv").write_text("name,from,to,label\na,1,2,P\n")


def _text(folder):
    (folder / "annotations.csv").write_text("recording,start,end,label\na,1,2,P\na,1,soon,P\n")


def _fraction(folder):
    (folder / "annotations.csv").write_text("recording,start,end,label\na,1.5,2,P\n")


def _cells(folder):
    (folder / "annotations.csv").write_text("recording,start,end,label\na,1,2\n")


def _latin(folder):
    (folder / "annotations.csv").write_bytes(b"recording,start,end,label\na,1,2,\xe9\n")


def _twice(folder):
    (folder / "signals" / "a.csv").write_text("x,y\n1,2\n")


def _width(folder):
    np.save(folder / "signals" / "b.npy", np.zeros((20, 3)))


def _truncated(folder):
    path = folder / "signals" / "b.npy"
    path.write_bytes(path.read_bytes()[:200])


def _header_only(folder):
    path = folder / "signals" / "b.npy"
    path.write_bytes(path.read_bytes()[:20])


def _objects(folder):
    np.save(folder / "signals" / "b.npy", np.array([[1], [1, 2]], object), allow_pickle=True)


def _empty_file(folder):
    (folder / "signals" / "b.npy").write_bytes(b"")


def _no_steps(folder):
    np.save(folder / "signals" / "b.npy", np.zeros((0, 2)))


def _none(folder):
    for path in (folder / "signals").iterdir():
        path.unlink()


def _json(folder):
    (folder / "dataset.json").write_text('{\n "task": segmentation}')


def _task(folder):
    (folder / "dataset.json").write_text('{"task": "segments"}')


def _rate(folder):
    (folder / "dataset.json").write_text('{"sampling_rate_hz": "50 Hz"}')


def _split(folder):
    (folder / "dataset.json").write_text('{"split": {"train": ["a", "nobody"]}}')


def _groups(folder):
    (folder / "dataset.json").write_text('{"groups": {"nobody": "x"}}')


def _labels(folder):
    (folder / "dataset.json").write_text('{"labels": ["P", "P"]}')


def _channels(folder):
    (folder / "dataset.json").write_text('{"channels": ["x"]}')


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (
            _wrong_columns,
            r'annotations\.csv, line 1: expected the columns "recording,start,end,label" .* "name,from,to,label"',
        ),
        (_text, r'annotations\.csv, line 3: end: expected a number\. Received "soon"'),
        (_fraction, r"annotations\.csv, line 2: start: expected a whole number of steps .* Received 1\.5"),
        (_cells, r"annotations\.csv, line 2: expected 4 cells as in line 1\. Received 3"),
        (_latin, r"annotations\.csv, line .*: expected UTF-8 text"),
        (_twice, r'expected one file for each recording\. Received two for "a": a\.csv and a\.npy'),
        (_width, r"b\.npy: expected 2 channels as in a\.npy\. Received 3"),
        (_truncated, r"b\.npy: expected a whole \.npy file of numbers\. Received a truncated file"),
        (_header_only, r"b\.npy: expected a whole \.npy file of numbers\. Received a truncated file"),
        (_objects, r"b\.npy: .* Received an array of Python objects"),
        (_empty_file, r"b\.npy: .* Received an empty file"),
        (_no_steps, r"b\.npy: expected at least one step"),
        (_none, r"signals: expected files of a type among \.bdf, .*\.wav\. Received none"),
        (_json, r"dataset\.json, line 2, column 10: expected JSON"),
        (_task, r"dataset\.json: task: expected one of .* Received 'segments'"),
        (_rate, r"dataset\.json: sampling_rate_hz: expected a positive number or null\. Received '50 Hz'"),
        (_split, r'dataset\.json: split: train: expected recordings that are there\. Received "nobody"'),
        (_groups, r'dataset\.json: groups: expected recordings that are there\. Received "nobody"'),
        (_labels, r"dataset\.json: labels: expected distinct names"),
        (_channels, r"a\.npy: expected the 1 channels x as in dataset\.json\. Received 2"),
    ],
)
def test_the_unreadable_is_refused_by_file_and_line(tmp_path, spoil, message):
    folder = make_dataset(tmp_path)
    spoil(folder)
    with pytest.raises(InputError, match=message):
        load_dataset(folder)


def test_a_folder_of_nothing_known_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected signals/ .* Received an empty folder"):
        load_dataset(tmp_path)
    assert not is_dataset(tmp_path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.csv: expected a file of annotations\. Received no such file"):
        load_dataset(make_dataset(tmp_path), annotations="nowhere.csv")


def test_later_layouts_say_so(tmp_path):
    (tmp_path / "2" / "train" / "cat").mkdir(parents=True)
    (tmp_path / "2" / "train" / "cat" / "1.bmp").touch()
    assert is_dataset(tmp_path / "2")
    with pytest.raises(NotYetError, match=r"\.bmp is not there yet"):
        load_dataset(tmp_path / "2")
    folder = make_dataset(tmp_path / "3")
    (folder / "signals" / "e.zarr").touch()
    with pytest.raises(NotYetError, match=r"\.zarr is not there yet"):
        load_dataset(folder)
