"""docs/tune.md has a row for each key that may be tuned, and no other."""

import re
from pathlib import Path

from segmend.planning.space import TUNED

PAGE = Path(__file__).parents[2] / "docs" / "tune.md"


def test_every_key_that_may_be_tuned_has_its_row():
    rows = re.findall(r"^\| `([\w.]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == list(TUNED)
