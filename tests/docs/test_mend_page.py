"""The page on mending knows every decoder and every objective."""

from pathlib import Path

from segmend import catalogue
from segmend.scoring.measures import AT_THRESHOLD, PLAIN

PAGE = (Path(__file__).parents[2] / "docs" / "mend.md").read_text(encoding="utf-8")


def test_every_decoder_has_its_row():
    rows = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(catalogue.DECODERS)


def test_every_objective_is_named():
    for name in PLAIN:
        assert f"`{name}`" in PAGE
    for name in AT_THRESHOLD:
        assert f"`{name}@K`" in PAGE
