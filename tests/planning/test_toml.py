from __future__ import annotations

import pytest

from segmend.errors import InputError
from segmend.planning import make, toml
from segmend.planning.decisions import DECISIONS
from tests.planning.builders import fingerprint


def test_a_reason_stands_above_every_value():
    lines = toml.dumps(make(fingerprint())).splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith((" ", "#"))]
    assert len(keys) == len(DECISIONS)
    assert all(lines[number - 1].startswith("# ") for number in keys)


def test_an_edited_value_is_read():
    text = toml.dumps(make(fingerprint())).replace("filters = 32", "filters = 40  # mine")
    assert toml.loads(text).choices["model"]["filters"].value == 40


def test_a_plan_written_by_hand_says_so():
    choice = toml.loads("[training]\nseed = 4", source="my.toml").choices["training"]["seed"]
    assert (choice.value, choice.because, choice.source) == (4, "written by hand", "my.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model]\nfilter = 3", 'my.toml: unknown key "model.filter"; did you mean "model.filters"'),
        ("[modle]\nfilters = 3", 'my.toml: unknown key "modle.filters"; did you mean "model.filters"'),
        ("filters = 3", 'my.toml: expected sections such as .* Received the key "filters"'),
        ("[model]\nfilters = ", "my.toml: expected TOML. Received .* line 2"),
    ],
)
def test_what_is_no_plan_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        toml.loads(text, source="my.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("filters=64", ("model.filters", 64)),
        ("loss.dice = 0.5", ("loss.dice", 0.5)),
        ("class_weights=[1, 2.5]", ("loss.class_weights", [1, 2.5])),
        ("detail=false", ("model.detail", False)),
        ("optimizer=sgd", ("training.optimizer", "sgd")),
    ],
)
def test_settings_of_the_command_line(text, expected):
    assert toml.parse_setting(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [("filters", "expected key=value"), ("flters=3", 'unknown key "flters"; did you mean "filters"')],
)
def test_settings_that_say_nothing_are_refused(text, message):
    with pytest.raises(InputError, match=message):
        toml.parse_setting(text)
