"""What holds for every format of the catalogue."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest

from segmend import catalogue
from segmend.core.docs import class_constants
from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Image, ImageFormat, SignalFormat
from segmend.formats.objects import ObjectFormat
from tests.contracts import format_examples as examples

SIGNALS = {name: catalogue.resolve("signal_formats", name) for name in catalogue.SIGNAL_FORMATS}
ANNOTATIONS = {name: catalogue.resolve("annotation_formats", name) for name in catalogue.ANNOTATION_FORMATS}
IMAGES = {name: catalogue.resolve("image_formats", name) for name in catalogue.IMAGE_FORMATS}
OBJECTS = {name: catalogue.resolve("object_formats", name) for name in catalogue.OBJECT_FORMATS}
SAMPLES = {**SIGNALS, **IMAGES}
MARKS = {**ANNOTATIONS, **OBJECTS}
EVERY = [*SAMPLES.values(), *MARKS.values()]

each_signal = pytest.mark.parametrize("name", SIGNALS)
each_image = pytest.mark.parametrize("name", IMAGES)
each_object_format = pytest.mark.parametrize("name", OBJECTS)
each_annotation = pytest.mark.parametrize("name", ANNOTATIONS)
each_form = pytest.mark.parametrize("form", EVERY, ids=lambda form: form.__name__)


BASES = (SignalFormat.write, ImageFormat.write, AnnotationFormat.write, ObjectFormat.write)


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


def image_file(name, folder):
    """The example of an image format, under its own suffix."""
    form = IMAGES[name]()
    path = folder / f"{examples.NAME}{form.suffixes[0]}"
    form.write(path, examples.IMAGE) if form.writes else examples.IMAGE_FILES[name](path)
    return path


def objects_file(name, folder):
    """The example of a format of objects, under its own suffix."""
    path = folder / f"{examples.NAME}{OBJECTS[name].suffixes[0]}"
    OBJECTS[name]().write(path, examples.OBJECTS)
    return path


MAKERS = {
    **dict.fromkeys(SIGNALS.values(), signal_file),
    **dict.fromkeys(IMAGES.values(), image_file),
    **dict.fromkeys(ANNOTATIONS.values(), annotation_file),
    **dict.fromkeys(OBJECTS.values(), objects_file),
}


def read(form, path):
    """All that a file holds."""
    if not issubclass(form, SignalFormat | ImageFormat):
        return form().read(path)
    return np.asarray(form().open(path).values)


@each_signal
def test_a_signal_survives_writing_and_reading(name, tmp_path):
    back = SIGNALS[name]().open(signal_file(name, tmp_path))
    assert back.values.shape == (50, 3)
    np.testing.assert_array_equal(np.asarray(back.values), examples.VALUES)
    np.testing.assert_array_equal(np.asarray(back.values[10:20]), examples.VALUES[10:20])
    assert back.values.dtype.kind == "f"
    assert back.sampling_rate_hz in (None, 100.0)
    assert back.channels in (None, ("x", "y", "z"))


@each_image
def test_an_image_survives_writing_and_reading(name, tmp_path):
    back = IMAGES[name]().open(image_file(name, tmp_path))
    assert (back.values.shape, back.values.dtype, back.channels) == ((20, 31, 3), np.uint8, examples.IMAGE.channels)
    most = 0 if IMAGES[name].writes else 8  # what is only read loses
    difference = np.abs(np.asarray(back.values).astype(int) - examples.IMAGE.values)
    assert difference.max() <= most
    np.testing.assert_array_equal(back.values[3:9, ::2, 1], np.asarray(back.values)[3:9, ::2, 1])


@each_image
def test_a_mask_survives_writing_and_reading_or_is_refused(name, tmp_path):
    form, path = IMAGES[name](), tmp_path / f"a{IMAGES[name].suffixes[0]}"
    if form.writes:
        form.write(path, Image(examples.MASK))
        back = form.open_mask(path)
        assert (back.shape, back.dtype) == ((20, 31), np.uint16)
        np.testing.assert_array_equal(np.asarray(back), examples.MASK[..., 0])
        np.testing.assert_array_equal(np.asarray(form.open(path).values), examples.MASK)
        assert form.open(path).channels == ("gray",)
    with pytest.raises(InputError, match=rf"a{form.suffixes[0]}: expected"):
        form.open_mask(image_file(name, tmp_path))


@each_object_format
def test_objects_survive_writing_and_reading(name, tmp_path):
    back, given = OBJECTS[name]().read(objects_file(name, tmp_path)), examples.OBJECTS
    assert (back.labels, back.source) == (given.labels, given.source)
    assert [(image.file, image.shape) for image in back.images] == [(image.file, image.shape) for image in given.images]
    pairs = [
        pair
        for two in zip(back.images, given.images, strict=True)
        for pair in zip(*(i.objects for i in two), strict=True)
    ]
    assert len(pairs) == 3
    for one, other in pairs:
        assert (one.label, one.crowd, one.number) == (other.label, other.crowd, other.number)
        np.testing.assert_equal((one.outline.rings, one.outline.runs), (other.outline.rings, other.outline.runs))


@pytest.mark.parametrize("name", SAMPLES)
def test_signals_and_images_are_sniffed_by_their_own_format_only(name, tmp_path):
    path = MAKERS[SAMPLES[name]](name, tmp_path)
    assert [other for other, form in SAMPLES.items() if form().sniff(path)] == [name]


@pytest.mark.parametrize("name", MARKS)
def test_annotations_are_sniffed_by_their_own_format_only(name, tmp_path):
    nameless = MAKERS[MARKS[name]](name, tmp_path).rename(tmp_path / "nameless")
    assert [other for other, form in MARKS.items() if form().sniff(nameless)] == [name]


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
        read(form, path)
    if not issubclass(form, SignalFormat):
        assert not form().sniff(path)


@each_form
def test_a_format_says_what_it_is(form):
    assert form.name and form.holds and form.__doc__
    assert form.suffixes and all(suffix.startswith(".") and suffix == suffix.lower() for suffix in form.suffixes)
    constants = class_constants(f"{form.__module__}:{form.__name__}")
    said = ("name", "suffixes", "holds", "extra", "writes")
    defaults = {"extra": None, "writes": True}
    assert [constants.get(key, defaults.get(key)) for key in said] == [getattr(form, key) for key in said]
    assert form.writes == (form.write not in BASES)


def test_names_in_the_catalogue_are_the_formats_own():
    for family in (SIGNALS, IMAGES, ANNOTATIONS, OBJECTS):
        assert {name: form.name for name, form in family.items()} == {name: name for name in family}


def test_suffixes_of_signals_and_images_are_distinct():
    suffixes = [suffix for form in SAMPLES.values() for suffix in form.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize("name, form", [(name, form) for family in (SAMPLES, MARKS) for name, form in family.items()])
def test_whatever_damage_a_file_has_it_is_read_or_refused(name, form, tmp_path):
    """Cut or with other bytes here and there: never another error, and never claimed by two formats."""
    forms = SAMPLES if issubclass(form, SignalFormat | ImageFormat) else MARKS
    path = MAKERS[form](name, tmp_path)
    whole, rng = path.read_bytes(), np.random.default_rng(0)
    for trial in range(40):
        content = bytearray(whole)
        for place in rng.integers(0, len(whole), trial % 5):
            content[place] = rng.choice(bytearray(b'\x00\xff09-.,e \t\n"<[{x'))
        path.write_bytes(content[: rng.integers(0, len(whole))] if trial % 2 else content)
        assert len([other for other, each in forms.items() if each().sniff(path)]) <= 1
        with contextlib.suppress(InputError):
            read(form, path)
