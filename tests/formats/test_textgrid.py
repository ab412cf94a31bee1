from __future__ import annotations

import pytest

from segmend.errors import InputError
from segmend.formats.textgrid import TextGrid
from tests.contracts.format_examples import TEXTGRID

SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
3
<exists>
3
"IntervalTier"
"words"
0
3
2
0
1.5
"one"
1.5
3
"  "
"TextTier"
"clicks"
0
3
1
0.7
"click"
"IntervalTier" "phones" 0 3 1 ! all in one line
0 3 "3 is
text"
"""


def read(tmp_path, content):
    path = tmp_path / "rec.TextGrid"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert TextGrid().sniff(path)
    back = TextGrid().read(path)
    return list(zip(back.start.tolist(), back.end.tolist(), back.label, back.line.tolist(), strict=True))


LONG_ROWS = [(0.5, 1.75, 'ba "na" 7', 20), (1.75, 2.5, "na", 24)]


def test_the_long_form_and_its_lines(tmp_path):
    assert read(tmp_path, TEXTGRID) == LONG_ROWS
    assert TEXTGRID.splitlines()[19].strip() == "xmin = 0.5"


def test_the_short_form_without_its_points(tmp_path):
    assert read(tmp_path, SHORT) == [(0, 1.5, "one", 13), (0, 3, "3 is\ntext", 27)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_praat(encoding, tmp_path):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    text = TEXTGRID.replace('"na"\n', '"ñandú"\n').replace("\n", "\r\n")
    assert read(tmp_path, mark + text.encode(encoding)) == [LONG_ROWS[0], (1.75, 2.5, "ñandú", 24)]


def test_a_grid_without_tiers(tmp_path):
    assert read(tmp_path, 'File type = "ooTextFile"\nObject class = "TextGrid"\n0\n3\n<absent>\n') == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEXTGRID.replace("xmax = 1.75", "xmax = soon"), r'rec\.TextGrid, line 22: expected xmax\. Received "ba'),
        (TEXTGRID[: TEXTGRID.index("intervals [3]")], r"rec\.TextGrid, line 23: expected xmin\. Received the end of"),
        (TEXTGRID.replace("IntervalTier", "PitchTier"), r'line 10: expected "IntervalTier" or "TextTier"'),
        (TEXTGRID.replace("size = 3", "size = 2.5"), r"line 14: expected a whole number of intervals"),
        (TEXTGRID.encode("latin-1") + b"\xe9", r"rec\.TextGrid: expected UTF-8 or UTF-16 text"),
    ],
)
def test_a_broken_grid_names_file_and_line(text, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)
