"""Annotations of any format, alone, in a folder, and beside signals of any format."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from segmend import catalogue
from segmend.errors import InputError, MissingDependencyError
from segmend.loading import load_dataset
from segmend.loading.annotations import read_annotations
from tests.builders import make_dataset
from tests.contracts.format_examples import NAME, VALUES, words, write_edf, write_wfdb

TRACKS = {"a.txt": "0.1\t0.3\tP\n0.5\t0.75\tQ\n", "b.txt": "0\t1\tP\n"}


def folder_of(tmp_path, files):
    tmp_path.mkdir(exist_ok=True)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_file_is_read_by_its_content_not_its_suffix(tmp_path):
    raven = "Selection\tBegin Time (s)\tEnd Time (s)\tLabel\n1\t0\t1\tP\n"
    dcase = "filename\tonset\toffset\tevent_label\nx.wav\t0\t1\tP\n"
    folder_of(tmp_path, {"a.txt": TRACKS["a.txt"], "b.txt": raven, "c.txt": dcase, "d.dat": dcase})
    assert [read_annotations(tmp_path / f"{name}.txt").label for name in "abc"] == [("P", "Q"), ("P",), ("P",)]
    assert read_annotations(tmp_path / "d.dat").recording == ("x",)


def test_files_of_a_folder_are_one_table_with_the_place_of_each_row(tmp_path):
    grid = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0 9 <exists> 1 "IntervalTier" "t" 0 9 1 0 9 "Q"\n'
    rows = read_annotations(folder_of(tmp_path / "marks", {**TRACKS, "c.TextGrid": grid, "d.md": "x", ".e.txt": "x"}))
    assert rows.recording == ("a", "a", "b", "c")
    assert rows.start.tolist() == [0.1, 0.5, 0, 0]
    assert [rows.where(row) for row in (1, 2, 3)] == ["a.txt, line 2", "b.txt, line 1", "c.TextGrid, line 4"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.txt": "1\t2\tP\n3\tx\tP\n"}, r'a\.txt, line 2: end: expected a number\. Received "x"'),
        (
            {"a.txt": "words"},
            r"a\.txt: expected annotations of a format among csv, audacity, .* a file that none knows",
        ),
        ({"a.rttm": "words"}, r'a\.rttm, line 1: expected SPEAKER and 8 cells or more\. Received "words"'),
        ({"a.doc": "1"}, r"expected annotation files of a type among .*\.textgrid.* Received none"),
        (
            {"a.txt": "1\t2\tP\n", "b.rttm": "SPEAKER a 1 0 1 <NA> <NA> s <NA> <NA>\n"},
            r'expected one annotation file for each recording\. Received two for "a": a\.txt and b\.rttm',
        ),
        (
            {"a.csv": "recording,start,end,label\na,1,2,P\n", "b.txt": "1\t2\tP\n"},
            r"b\.txt: expected steps as in a\.csv\. Received seconds",
        ),
    ],
)
def test_folders_that_make_no_table_are_refused(files, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read_annotations(folder_of(tmp_path, files))


def test_a_data_set_takes_the_tracks_of_its_folder_or_those_it_is_given(tmp_path):
    data = make_dataset(tmp_path, description={"sampling_rate_hz": 20})
    folder_of(data / "marks", TRACKS)
    read = load_dataset(data, annotations="marks")
    assert [recording.segments and recording.segments.rows() for recording in read.recordings] == [
        [(2, 6, 1), (10, 15, 2)],
        [(0, 20, 1)],
        None,
        None,
    ]
    (data / "annotations.csv").unlink()
    (data / "marks").rename(data / "annotations")
    assert load_dataset(data).recordings[0].segments.rows() == [(2, 6, 1), (10, 15, 2)]
    (data / "annotations" / "b.txt").write_text("0\t1\tP\n0.5\t9\tP\n")
    assert load_dataset(data).problems[0].where == "b.txt, line 2"


def test_signals_and_annotations_in_one_file(tmp_path):
    (tmp_path / "signals").mkdir()
    write_edf(tmp_path / "signals" / f"{NAME}.edf")
    data = load_dataset(tmp_path, annotations="signals")
    assert (data.sampling_rate_hz, data.channels, data.labels.names) == (
        100,
        ("x", "y", "z"),
        ("background", "N1", "wake"),
    )
    assert data.recordings[0].segments.rows() == [(10, 30, 2), (30, 40, 1)]
    np.testing.assert_array_equal(data.recordings[0].signal, VALUES)


def test_a_physionet_record_beside_its_annotations(tmp_path):
    (tmp_path / "signals").mkdir()
    write_wfdb(tmp_path / "signals" / f"{NAME}.hea")
    (tmp_path / "signals" / f"{NAME}.atr").write_bytes(words((39, 3), (1, 4), (40, 5), (0, 0)))
    data = load_dataset(tmp_path, annotations=f"signals/{NAME}.atr")
    assert data.recordings[0].segments.rows() == [(3, 12, 1)]
    assert data.recordings[0].signal.shape == (50, 3)


@pytest.mark.parametrize(
    ("family", "name", "module"),
    [
        ("signal_formats", "audio", "soundfile"),
        ("signal_formats", "edf", "edfio"),
        ("signal_formats", "parquet", "pyarrow.parquet"),
        ("signal_formats", "hdf5", "h5py"),
        ("image_formats", "png", "PIL.Image"),
        ("image_formats", "jpeg", "PIL.Image"),
        ("image_formats", "tiff", "tifffile"),
        ("annotation_formats", "edf+", "edfio"),
    ],
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(family, name, module, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    form = catalogue.resolve(family, name)()
    path = tmp_path / f"a{form.suffixes[0]}"
    path.write_bytes(bytes(64))
    with pytest.raises(
        MissingDependencyError, match=rf'a\..*: this format needs {module}: pip install "segmend\[{form.extra}\]"'
    ):
        form.read(path) if family == "annotation_formats" else form.open(path)


def test_every_extra_of_a_format_is_an_extra_of_the_package():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    extras = set(project["optional-dependencies"])
    families = [family for family in catalogue.FAMILIES if family.endswith("_formats")]
    forms = [catalogue.resolve(family, name) for family in families for name in catalogue.FAMILIES[family]]
    assert {form.extra for form in forms if form.extra} <= extras
