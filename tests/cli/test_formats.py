from __future__ import annotations

import json

from segmend import catalogue
from segmend.cli import run


def test_every_format_is_listed_with_what_can_be_done_and_what_it_needs(capsys):
    assert run(["formats"]) == 0
    out = capsys.readouterr().out
    signals, rest = out.split("\nimages\n")
    images, rest = rest.split("\nobjects\n")
    objects, annotations = rest.split("\nannotations\n")
    assert [line.split()[0] for line in signals.splitlines()[1:]] == list(catalogue.SIGNAL_FORMATS)
    assert [line.split()[0] for line in images.splitlines()] == list(catalogue.IMAGE_FORMATS)
    assert [line.split()[0] for line in objects.splitlines()] == list(catalogue.OBJECT_FORMATS)
    assert [line.split()[0] for line in annotations.splitlines()] == list(catalogue.ANNOTATION_FORMATS)
    edf = next(line for line in signals.splitlines() if ".edf" in line)
    assert "read " in edf
    assert edf.endswith('(needs pip install "segmend[biosignal]")')


def test_the_same_as_json(capsys):
    assert run(["formats", "--json"]) == 0
    families = json.loads(capsys.readouterr().out)
    by_name = {each["name"]: each for each in families["signals"]}
    assert (by_name["audio"]["extra"], by_name["npy"]["extra"]) == ("audio", None)
    assert (by_name["edf"]["writes"], by_name["npy"]["writes"]) == (False, True)
