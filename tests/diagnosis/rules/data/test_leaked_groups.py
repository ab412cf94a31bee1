import numpy as np

from segmend.diagnosis.rules.data.leaked_groups import LeakedGroups
from tests.diagnosis.data_charts import charted, recording, sound


def sick():
    ann = [recording("a", group="ann"), recording("b", group="ann"), recording("c", group="cyd")]
    return charted(*ann, split={"train": ("a", "c"), "test": ("b",)})


def healthy():
    """One recording in two test parts is no leak."""
    return sound()


def test_a_group_in_two_parts_is_a_warning():
    (finding,) = LeakedGroups().examine(sick())
    assert finding.severity == "warning"
    assert finding.evidence["groups"] == {"ann": ["train", "test"]}
    assert "ann (train, test)" in finding.message


def test_copies_under_other_names_are_an_error():
    same = np.random.default_rng(0).normal(size=(20, 2))
    chart = charted(
        recording("a", signal=same), recording("b", signal=same.copy()), split={"train": ("a",), "val": ("b",)}
    )
    (finding,) = LeakedGroups().examine(chart)
    assert finding.severity == "error"
    assert finding.evidence["copies"] == {"a = b": ["train", "val"]}


def test_copies_within_one_part_are_no_leak():
    same = np.ones((20, 2))
    chart = charted(recording("a", signal=same), recording("b", signal=same), split={"train": ("a", "b")})
    assert not list(LeakedGroups().examine(chart))


def test_a_recording_in_two_parts_is_an_error():
    chart = charted(recording("a"), recording("b"), split={"train": ("a", "b"), "test": ("b",)})
    (finding,) = LeakedGroups().examine(chart)
    assert finding.severity == "error"
    assert finding.evidence["recordings"] == {"b": ["train", "test"]}


def test_folds_are_no_parts():
    chart = charted(
        recording("a", group="ann"), recording("b", group="ann"), split={"fold_1": ("a",), "fold_2": ("b",)}
    )
    assert not list(LeakedGroups().examine(chart))
