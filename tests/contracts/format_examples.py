"""One example of every format: what is written, or, where a format is only read, the file that others wrote."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.formats.base import Annotations, Image, Signal
from segmend.formats.objects import MarkedImage, Object, Objects, Outline

NAME = "a"

VALUES = np.random.default_rng(0).integers(-(2**14), 2**14, (50, 3)).astype(np.float32) / 2**15
"""What integers of 16 bits hold exactly, so that formats of such integers give it back."""

SIGNAL = Signal(VALUES, 100.0, ("x", "y", "z"))


def rows(labels, recordings=None, unit="seconds"):
    start = np.array([3, 0, 12]) if unit == "steps" else np.array([0.25, 0.0, 1.1])
    end = start + (2 if unit == "steps" else 0.7)
    return Annotations(recordings or (NAME,) * 3, start, end, labels, np.array([2, 3, 4]), unit, NAME)


BOTH = ("a", "b", "a")

WRITTEN = {
    "csv": rows(("P", "", 'a "quoted", label'), BOTH),
    "audacity": rows(("P", "", "two words")),
    "raven": rows(("P", "", 'a "quoted", label'), BOTH),
    "dcase": rows(("P", "Q", "two words"), BOTH),
    "rttm": rows(("P", "Q", "two_words"), BOTH),
    "label-studio": rows(("P", "", 'a "quoted", label'), ("a", "a", "b")),
}
"""Annotation rows that each format gives back as they were; formats that are only read are not among them."""

TEXTGRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.5
tiers? <exists>
size = 1
item []:
    item [1]:
        class = "IntervalTier"
        name = "syllables"
        xmin = 0
        xmax = 2.5
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 0.5
            text = ""
        intervals [2]:
            xmin = 0.5
            xmax = 1.75
            text = "ba ""na"" 7"
        intervals [3]:
            xmin = 1.75
            xmax = 2.5
            text = "na"
"""

ELAN = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="250"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts3"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="default" TIER_ID="gesture">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>up &amp; down</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="gloss" PARENT_REF="gesture" TIER_ID="gloss">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1">
                <ANNOTATION_VALUE>wave</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
</ANNOTATION_DOCUMENT>
"""

HEADER = f"""# made for a test
{NAME} 3 100 50
{NAME}.dat 16 32768(0)/mV 16 0 0 0 0 x
{NAME}.dat 16 32768(0)/mV 16 0 0 0 0 y
{NAME}.dat 16 32768(0)/mV 16 0 0 0 0 z
"""


def write_wfdb(path):
    path.write_text(HEADER)
    path.with_suffix(".dat").write_bytes((VALUES * 2**15).astype("<i2").tobytes())


def write_edf(path):
    """EDF+C: integers of steps of 2^-15, and two annotations."""
    edfio = pytest.importorskip("edfio")
    whole = {"digital_range": (-(2**14), 2**14), "physical_range": (-0.5, 0.5)}
    signals = [
        edfio.EdfSignal(column, sampling_frequency=100, label=name, **whole)
        for name, column in zip("xyz", VALUES.T, strict=True)
    ]
    marks = [edfio.EdfAnnotation(0.1, 0.2, "wake"), edfio.EdfAnnotation(0.3, 0.1, "N1")]
    edfio.Edf(signals, annotations=marks, data_record_duration=0.5).write(path)


def words(*pairs):
    """Annotations of WFDB: (code, steps since the last one)."""
    return np.array([code << 10 | value for code, value in pairs], "<u2").tobytes()


SIGNAL_FILES = {"edf": write_edf, "wfdb": write_wfdb}
"""Writes the example signal, for each signal format that is only read."""

ANNOTATION_FILES = {
    "textgrid": lambda path: path.write_text(TEXTGRID),
    "elan": lambda path: path.write_text(ELAN),
    "edf+": write_edf,
    "wfdb": lambda path: path.write_bytes(words((39, 3), (1, 4), (40, 5), (5, 20), (0, 0))),
}
"""Writes any rows of recording "a", for each annotation format that is only read."""

IMAGE = Image(np.random.default_rng(1).integers(0, 256, (20, 31, 3)).astype(np.uint8), ("red", "green", "blue"))

MASK = np.random.default_rng(2).integers(0, 3, (20, 31, 1)).astype(np.uint16)


def write_jpeg(path):
    pillow = pytest.importorskip("PIL.Image")
    pillow.fromarray(np.asarray(IMAGE.values)).save(path, quality=100, subsampling=0)


IMAGE_FILES = {"jpeg": write_jpeg}
"""Writes the example image, for each image format that is only read."""

SQUARE = Outline(rings=(np.array([[1.0, 1.0], [4.0, 1.0], [4.0, 3.5], [1.0, 3.5]]),))

OBJECTS = Objects(
    (
        MarkedImage("a.png", (4, 5), (Object("cell", SQUARE, False, 1), Object("dot, or two", SQUARE, True, 2))),
        MarkedImage("empty.png", (2, 3)),
        MarkedImage("b.jpg", (2, 3), (Object("cell", Outline(runs=np.array([2, 1, 1, 2])), False, 3),)),
    ),
    ("cell", "dot, or two"),
    f"{NAME}.json",
)

HOLD_BOTH = {("edf", "edf+")}
"""(signal format, annotation format) of files that hold a signal and its annotations."""
