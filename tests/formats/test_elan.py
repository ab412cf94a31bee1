from __future__ import annotations

import pytest

from segmend.errors import InputError
from segmend.formats.elan import Elan
from tests.contracts.format_examples import ELAN


def read(tmp_path, text):
    path = tmp_path / "rec.eaf"
    path.write_text(text, encoding="utf-8")
    assert Elan().sniff(path)
    return Elan().read(path)


def test_time_aligned_annotations_in_seconds(tmp_path):
    rows = read(tmp_path, ELAN)
    assert (rows.start.tolist(), rows.end.tolist(), rows.label, rows.recording) == (
        [0.25],
        [1.0],
        ("up & down",),
        ("rec",),
    )
    assert rows.where(0) == "rec.eaf, line 11"
    assert "ALIGNABLE_ANNOTATION" in ELAN.splitlines()[10]


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ELAN.replace('REF1="ts1"', 'REF1="ts3"'), r'rec\.eaf, line 11: expected a time for the slot "ts3"'),
        (
            ELAN.replace('VALUE="250"', 'VALUE="0:25"'),
            r'rec\.eaf, line 5: expected whole milliseconds\. Received "0:25"',
        ),
        (ELAN.replace("</TIER>", "", 1), r"rec\.eaf, line \d+: expected XML of ELAN\. Received: mismatched tag"),
        (ELAN[:300], r"rec\.eaf, line \d+: expected XML of ELAN"),
        (BOMB, r"rec\.eaf: expected XML of ELAN\. Received a document type definition"),
        (f"<x>{ELAN.partition('?>')[2]}</x>", r"rec\.eaf, line 1: expected the element ANNOTATION_DOCUMENT"),
    ],
)
def test_a_broken_document_names_file_and_line(text, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)
