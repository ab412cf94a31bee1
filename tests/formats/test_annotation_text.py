"""Annotation formats that are text: what they give back, what they pass over, what they refuse and where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.errors import InputError
from segmend.formats.audacity import Audacity
from segmend.formats.base import Annotations
from segmend.formats.csv_annotations import CsvAnnotations
from segmend.formats.dcase import Dcase
from segmend.formats.label_studio import LabelStudio
from segmend.formats.raven import Raven
from segmend.formats.rttm import Rttm

SECONDS = st.integers(0, 10**9).map(lambda number: number / 10**4)
WORD = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"], exclude_characters="/\\?"), min_size=1)
TEXT = st.lists(WORD, max_size=3).map(" ".join)
FORMS = {CsvAnnotations: TEXT, Audacity: TEXT, Raven: TEXT, Dcase: TEXT, Rttm: WORD, LabelStudio: TEXT}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_written_is_read_back(form, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("formats") / f"name{form.suffixes[0]}"
    names = st.sampled_from(["name", "Ähre", "b.c"]) if form.many else st.just("name")
    rows = data.draw(st.lists(st.tuples(names, SECONDS, SECONDS, FORMS[form]), min_size=1, max_size=6))
    recording, start, end, label = zip(*rows, strict=True)
    lines = np.arange(len(rows))
    form().write(path, Annotations(recording, np.array(start), np.array(end), label, lines, "seconds", "name"))
    assert form().sniff(path)
    back = form().read(path)
    if form is LabelStudio:  # a task holds all of a recording
        rows = sorted(rows, key=lambda row: recording.index(row[0]))
    assert list(zip(back.recording, back.start.tolist(), back.end.tolist(), back.label, strict=True)) == rows


def read(form, tmp_path, text, name="rec"):
    path = tmp_path / f"{name}{form.suffixes[0]}"
    path.write_text(text, encoding="utf-8", newline="")
    assert form().sniff(path)
    back = form().read(path)
    return list(
        zip(back.recording, back.start.tolist(), back.end.tolist(), back.label, back.line.tolist(), strict=True)
    )


def test_lines_of_frequencies_in_a_label_track_are_passed_over(tmp_path):
    text = "0.5\t1.25\tcall\r\n\\\t1200.0\t2400.0\r\n2\t3\r\n\r\n4\t4\tpoint\there\r\n"
    assert read(Audacity, tmp_path, text) == [
        ("rec", 0.5, 1.25, "call", 1),
        ("rec", 2, 3, "", 3),
        ("rec", 4, 4, "point\there", 5),
    ]


HEAD = "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)"


def test_a_selection_of_two_views_counts_once_and_the_table_names_the_recording(tmp_path):
    rows = "1\tWaveform 1\t1\t0.5\t1.5\t0\tA\n1\tSpectrogram 1\t1\t0.5\t1.5\t0\tA\n2\tWaveform 1\t1\t7\t8\t0\tB c\n"
    expected = [("song", 0.5, 1.5, "A", 2), ("song", 7, 8, "B c", 4)]
    assert read(Raven, tmp_path, f"{HEAD}\tSpecies\n{rows}", "song.Table.1.selections") == expected
    assert read(Raven, tmp_path, f"{HEAD}\tAnnotation\n{rows}", "song") == expected


def test_a_selection_table_over_several_files_counts_from_the_beginning_of_each(tmp_path):
    rows = "1\tS\t1\t0.5\t1.5\t0\tx/one.wav\t0.5\tA\n2\tS\t1\t60.5\t62\t0\ttwo.wav\t0.5\tB\n"
    text = f"{HEAD}\tBegin File\tFile Offset (s)\tAnnotation\n{rows}"
    assert read(Raven, tmp_path, text) == [("one", 0.5, 1.5, "A", 2), ("two", 0.5, 2, "B", 3)]


def test_columns_of_sound_events_stand_in_any_order(tmp_path):
    text = "event_label\tfilename\tonset\toffset\tnote\ndog\tY1_30.wav\t0.0\t0.5\t-\n"
    assert read(Dcase, tmp_path, text) == [("Y1_30", 0, 0.5, "dog", 2)]


def test_turns_end_where_onset_and_duration_say_in_decimals(tmp_path):
    text = ";; comment\nSPKR-INFO m 1 <NA> <NA> <NA> unknown s1 <NA> <NA>\nSPEAKER m 1 0.1 0.2 <NA> <NA> s1 <NA> <NA>\n"
    assert read(Rttm, tmp_path, text) == [("m", 0.1, 0.3, "s1", 3)]


@pytest.mark.parametrize(
    ("form", "text", "message"),
    [
        (Audacity, "0\t1\ta\n1,5\t2\tb\n", r'rec\.txt, line 2: start: expected a number\. Received "1,5"'),
        (
            Audacity,
            "0\t1\ta\n\nlast\n",
            r'rec\.txt, line 3: expected start, end and label between tabs. Received "last"',
        ),
        (Audacity, "0\t1\ta\n1\tinf\tb\n", r"rec\.txt, line 2: end: expected a number"),
        (Raven, f"{HEAD}\tAnnotation\n1\tS\t1\t0\t1\t0\n", r"rec\.txt, line 2: expected 7 cells .* Received 6"),
        (Raven, f"{HEAD}\n1\tS\t1\t0\t1\t0\n", r"rec\.txt, line 1: expected a column of labels"),
        (Raven, f"{HEAD}\tTag\tView\n", r'rec\.txt, line 1: expected each column once\. Received "View" twice'),
        (
            Raven,
            f"{HEAD}\tBegin File\tTag\n1\tS\t1\t0\t1\t0\ta\tA\n2\tS\t1\t0\t1\t0\tb\tA\n",
            r'rec\.txt, line 1: expected the column "File Offset \(s\)"',
        ),
        (
            Dcase,
            "filename\tonset\toffset\tevent_label\na.wav\t0\tlate\tdog\n",
            r"rec\.tsv, line 2: offset: expected a num",
        ),
        (Rttm, "SPEAKER m 1 0 1 <NA> <NA> s <NA>\nTURN m 1 0 1\n", r"rec\.rttm, line 2: expected SPEAKER and"),
        (Rttm, "SPEAKER m 1 0 long <NA> <NA> s <NA>\n", r'line 1: duration: expected a number\. Received "long"'),
    ],
)
def test_malformed_text_names_file_and_line(form, text, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read(form, tmp_path, text)


def test_bytes_that_are_no_text_are_refused_by_line(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"0\t1\ta\n1\t2\t\xe9\n")
    with pytest.raises(InputError, match=r"a\.txt, line . or later: expected UTF-8 text"):
        Audacity().read(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("form", "recording", "label"),
    [
        (Audacity, "rec", "a\tb"),
        (Audacity, "other", "a"),
        (Raven, "rec", "a\nb"),
        (Raven, "x/rec", "a"),
        (Dcase, "rec", "a\tb"),
        (Rttm, "rec", "a b"),
        (Rttm, "rec", ""),
    ],
)
def test_what_would_not_read_back_is_not_written(form, recording, label, tmp_path):
    path = tmp_path / f"rec{form.suffixes[0]}"
    with pytest.raises(InputError, match=r"rec\..*: expected"):
        form().write(
            path, Annotations((recording,), np.zeros(1), np.ones(1), (label,), np.array([1]), "seconds", "rec")
        )
    assert not path.exists()
