"""What holds for every format of the catalogue."""

from __future__ import annotations

import numpy as np
import pytest

from segmend import catalogue
from segmend.core.docs import class_constants
from segmend.errors import InputError
from segmend.formats.base import Annotations, Signal

SIGNALS = {name: catalogue.resolve("signal_formats", name) for name in catalogue.SIGNAL_FORMATS}
ANNOTATIONS = {name: catalogue.resolve("annotation_formats", name) for name in catalogue.ANNOTATION_FORMATS}
EVERY = [*SIGNALS.values(), *ANNOTATIONS.values()]

each_signal = pytest.mark.parametrize("name", SIGNALS)
each_annotation = pytest.mark.parametrize("name", ANNOTATIONS)


def a_signal():
    values = np.random.default_rng(0).uniform(-1, 1, (50, 3)).astype(np.float32)
    return Signal(values, 100.0, ("x", "y", "z"))


def annotation_table(unit="steps"):
    start = np.array([3, 0, 12]) if unit == "steps" else np.array([0.25, 0.0, 1.125])
    end = start + (2 if unit == "steps" else 0.5)
    return Annotations(("a", "b", "a"), start, end, ("P", "", 'a "quoted", label'), np.array([2, 3, 4]), unit, "a")


@each_signal
def test_a_signal_survives_writing_and_reading(name, tmp_path):
    form = SIGNALS[name]()
    path = tmp_path / f"a{form.suffixes[0]}"
    form.write(path, a_signal())
    back = form.open(path)
    np.testing.assert_array_equal(np.asarray(back.values), a_signal().values)
    assert back.sampling_rate_hz in (None, 100.0)
    assert back.channels in (None, ("x", "y", "z"))
    np.testing.assert_array_equal(np.asarray(back.values[10:20]), a_signal().values[10:20])


@each_signal
def test_a_signal_is_sniffed_by_its_own_format_only(name, tmp_path):
    path = tmp_path / "nameless"
    SIGNALS[name]().write(path, a_signal())
    assert [other for other, form in SIGNALS.items() if form().sniff(path)] == [name]


@each_annotation
@pytest.mark.parametrize("unit", ["steps", "seconds"])
def test_annotations_survive_writing_and_reading(name, unit, tmp_path):
    form = ANNOTATIONS[name]()
    path = tmp_path / f"a{form.suffixes[0]}"
    form.write(path, annotation_table(unit))
    assert [other for other, each in ANNOTATIONS.items() if each().sniff(path)] == [name]
    back = form.read(path)
    assert (back.recording, back.label, back.unit) == (
        annotation_table(unit).recording,
        annotation_table(unit).label,
        unit,
    )
    assert back.start.tolist() == annotation_table(unit).start.tolist()
    assert back.end.tolist() == annotation_table(unit).end.tolist()
    assert back.line.tolist() == [2, 3, 4]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"plain words\nand more"])
@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)
def test_malformed_files_are_refused_by_name(form, content, tmp_path):
    path = tmp_path / f"broken{form.suffixes[0]}"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\."):
        form().open(path) if hasattr(form, "open") else form().read(path)


@pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)
def test_a_format_says_what_it_is(form):
    assert form.name and form.holds and form.__doc__
    assert form.suffixes and all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)
    constants = class_constants(f"{form.__module__}:{form.__name__}")
    assert (constants["name"], constants["suffixes"], constants["holds"]) == (form.name, form.suffixes, form.holds)


def test_names_in_the_catalogue_are_the_formats_own():
    assert {name: form.name for name, form in SIGNALS.items()} == {name: name for name in SIGNALS}
    assert {name: form.name for name, form in ANNOTATIONS.items()} == {name: name for name in ANNOTATIONS}


def test_suffixes_are_distinct_within_a_family():
    for family in (SIGNALS, ANNOTATIONS):
        suffixes = [suffix for form in family.values() for suffix in form.suffixes]
        assert len(set(suffixes)) == len(suffixes)
