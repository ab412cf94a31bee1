import numpy as np

from segmend.diagnosis.rules.data.flat_channel import FlatChannel
from tests.diagnosis.data_charts import charted, recording, sound


def flat(*columns):
    values = np.random.default_rng(0).normal(size=(20, 2))
    values[:, list(columns)] = 3.0
    return values


def sick():
    return charted(recording("a", signal=flat(1)), recording("b", signal=flat(1) + 1))


def healthy():
    return sound()


def test_flat_everywhere_is_a_warning():
    (finding,) = FlatChannel().examine(sick())
    assert finding.severity == "warning"
    assert finding.where == {"channel": "y"}


def test_flat_in_one_recording_is_information():
    (finding,) = FlatChannel().examine(charted(recording("a", signal=flat(1)), recording("b")))
    assert finding.severity == "info"
    assert finding.evidence["channels"] == {"y": ["a"]}


def test_a_recording_that_never_moves_is_named_once():
    (finding,) = FlatChannel().examine(charted(recording("a", signal=flat(0, 1)), recording("b"), recording("c")))
    assert finding.severity == "warning"
    assert finding.where == {"recording": "a"}


def test_one_step_is_not_flat():
    assert not list(FlatChannel().examine(charted(recording("a", signal=np.ones((1, 2)), rows=[(0, 1, 1)]))))


def test_a_channel_that_is_absent_from_a_whole_part_is_a_warning():
    """A sensor that one site does not have: what is learnt from it does not carry over."""
    here = [recording(name) for name in "abc"]
    there = [recording(name, signal=flat(1)) for name in "def"]
    chart = charted(*here, *there, split={"train": tuple("abc"), "test_site": tuple("def")})
    (finding,) = FlatChannel().examine(chart)
    assert finding.severity == "warning"
    assert finding.where == {"channel": "y"}
    assert finding.evidence["recordings"] == {"test_site": 3}


def test_a_part_of_two_recordings_says_little():
    there = [recording(name, signal=flat(1)) for name in "de"]
    chart = charted(*map(recording, "abc"), *there, split={"train": tuple("abc"), "test": tuple("de")})
    assert [finding.severity for finding in FlatChannel().examine(chart)] == ["info"]
