"""What holds for every format of the catalogue."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from segmend import catalogue
from segmend.core.docs import class_constants
from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, SignalFormat
from tests.contracts import format_examples as examples

SIGNALS = {name: catalogue.resolve("signal_formats", name) for name in catalogue.SIGNAL_FORMATS}
ANNOTATIONS = {name: catalogue.resolve("annotation_formats", name) for name in catalogue.ANNOTATION_FORMATS}
EVERY = [*SIGNALS.values(), *ANNOTATIONS.values()]

each_signal = pytest.mark.parametrize("name", SIGNALS)
each_annotation = pytest.mark.parametrize("name", ANNOTATIONS)
each_form = pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)


def signal_file(name, folder):
    """The example of a signal format, under its own suffix."""
    form = SIGNALS[name]()
    path = folder / f"{examples.NAME}{form.suffixes[0]}"
    form.write(path, examples.SIGNAL) if form.writes else examples.SIGNAL_FILES[name](path)
    return path


def annotation_file(name, folder):
    """The example of an annotation format, under its own suffix."""
    form = ANNOTATIONS[name]()
    path = folder / f"{examples.NAME}{form.suffixes[0]}"
    form.write(path, examples.WRITTEN[name]) if form.writes else examples.ANNOTATION_FILES[name](path)
    return path


@each_signal
def test_a_signal_survives_writing_and_reading(name, tmp_path):
    back = SIGNALS[name]().open(signal_file(name, tmp_path))
    assert back.values.shape == (50, 3)
    np.testing.assert_array_equal(np.asarray(back.values), examples.VALUES)
    np.testing.assert_array_equal(np.asarray(back.values[10:20]), examples.VALUES[10:20])
    assert back.values.dtype.kind == "f"
    assert back.sampling_rate_hz in (None, 100.0)
    assert back.channels in (None, ("x", "y", "z"))


@each_signal
def test_a_signal_is_sniffed_by_its_own_format_only(name, tmp_path):
    path = signal_file(name, tmp_path)
    assert [other for other, form in SIGNALS.items() if form().sniff(path)] == [name]


@each_annotation
def test_annotations_are_sniffed_by_their_own_format_only(name, tmp_path):
    nameless = annotation_file(name, tmp_path).rename(tmp_path / "nameless")
    assert [other for other, form in ANNOTATIONS.items() if form().sniff(nameless)] == [name]


@each_annotation
def test_signals_are_no_annotations_but_those_that_hold_both(name, tmp_path):
    for signal in SIGNALS:
        claimed = ANNOTATIONS[name]().sniff(signal_file(signal, tmp_path))
        assert claimed == ((signal, name) in examples.HOLD_BOTH)


@pytest.mark.parametrize("name", examples.WRITTEN)
def test_annotations_survive_writing_and_reading(name, tmp_path):
    back, rows = ANNOTATIONS[name]().read(annotation_file(name, tmp_path)), examples.WRITTEN[name]
    assert (back.recording, back.label, back.unit) == (rows.recording, rows.label, rows.unit)
    assert (back.start.tolist(), back.end.tolist()) == (rows.start.tolist(), rows.end.tolist())
    assert len(set(back.line.tolist())) == len(rows) or back.counted != "line"


@each_annotation
def test_annotations_are_columns_of_one_length(name, tmp_path):
    back = ANNOTATIONS[name]().read(annotation_file(name, tmp_path))
    assert len(back) == len(back.label) == len(back.start) == len(back.end) == len(back.line) > 0
    assert back.start.dtype.kind == back.end.dtype.kind == ("i" if back.unit == "steps" else "f")
    assert (back.start < back.end).all()
    assert back.where(0) == f"{back.source}, {back.counted} {back.line[0]}"
    assert back.source == f"{examples.NAME}{ANNOTATIONS[name].suffixes[0]}"
    if not ANNOTATIONS[name].many:
        assert set(back.recording) == {examples.NAME}


def test_steps_are_written_as_steps_or_refused(tmp_path):
    rows = examples.rows(("P", "Q", "P"), unit="steps")
    for name, form in ANNOTATIONS.items():
        path = tmp_path / f"{examples.NAME}{form.suffixes[0]}"
        if name == "csv":
            form().write(path, rows)
            assert (form().read(path).unit, form().read(path).end.tolist()) == ("steps", rows.end.tolist())
        else:
            with pytest.raises(InputError, match=r"Received steps|only read"):
                form().write(path, rows)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"plain words\nand more"])
@each_form
def test_malformed_files_are_refused_by_name_and_claimed_by_none(form, content, tmp_path):
    path = tmp_path / f"broken{form.suffixes[0]}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\."):
        form().open(path) if issubclass(form, SignalFormat) else form().read(path)
    if issubclass(form, AnnotationFormat):
        assert not form().sniff(path)


@each_form
def test_a_format_says_what_it_is(form):
    assert form.name and form.holds and form.__doc__
    assert form.suffixes and all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)
    constants = class_constants(f"{form.__module__}:{form.__name__}")
    said = ("name", "suffixes", "holds", "extra", "writes")
    defaults = {"extra": None, "writes": True}
    assert [constants.get(key, defaults.get(key)) for key in said] == [getattr(form, key) for key in said]
    assert form.writes == (form.write not in (SignalFormat.write, AnnotationFormat.write))


def test_names_in_the_catalogue_are_the_formats_own():
    assert {name: form.name for name, form in SIGNALS.items()} == {name: name for name in SIGNALS}
    assert {name: form.name for name, form in ANNOTATIONS.items()} == {name: name for name in ANNOTATIONS}


def test_suffixes_of_signals_are_distinct():
    suffixes = [suffix for form in SIGNALS.values() for suffix in form.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize(
    ("kind", "name"), [*(("signal", each) for each in SIGNALS), *(("rows", each) for each in ANNOTATIONS)]
)
def test_whatever_damage_a_file_has_it_is_read_or_refused(kind, name, tmp_path):
    """Cut or with other bytes here and there: never another error, and never claimed by two formats."""
    forms, make = (SIGNALS, signal_file) if kind == "signal" else (ANNOTATIONS, annotation_file)
    path = make(name, tmp_path)
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    for trial in range(40):
        content = bytearray(whole)
        for place in rng.integers(0, len(whole), trial % 5):
            content[place] = rng.choice(bytearray(b'\x00\xff09-.,e \t\n"<[{x'))
        path.write_bytes(content[: rng.integers(0, len(whole))] if trial % 2 else content)
        assert len([other for other, form in forms.items() if form().sniff(path)]) <= 1
        with contextlib.suppress(InputError):
            np.asarray(forms[name]().open(path).values) if kind == "signal" else forms[name]().read(path)
