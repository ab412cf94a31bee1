import pytest

from segmend.core.labels import Labels
from segmend.diagnosis.rules.data.constant_labels import ConstantLabels
from tests.diagnosis.data_charts import charted, recording, sound

WITHOUT = Labels.of(["Rest", "Stroke"], None)


def sick():
    return charted(recording("a", rows=[(0, 20, 0)]), recording("b", rows=[(0, 20, 0)]), labels=WITHOUT)


def healthy():
    """A recording without any item is a useful negative."""
    return charted(recording("a"), recording("b", rows=[]))


def test_one_label_everywhere_is_an_error():
    (finding,) = ConstantLabels().examine(sick())
    assert finding.severity == "error"
    assert finding.where == {"label": "Rest"}


def test_background_alone_is_one_label_too():
    (finding,) = ConstantLabels().examine(charted(recording("a", rows=[])))
    assert finding.severity == "error"
    assert finding.where == {"label": "background"}


def test_items_that_touch_everywhere_are_to_be_told_apart():
    chart = charted(recording("a", rows=[(0, 20, 1)]), recording("b", rows=[(0, 20, 1)]))
    (finding,) = ConstantLabels().examine(chart)
    assert finding.remedies[0].name == "mark-starts-as-a-class"
    assert "neither segments from the background nor one from the next" in finding.message


@pytest.mark.parametrize("chart", [sick(), charted(recording("a", rows=[]))])
def test_where_no_items_are_labelled_none_touch(chart):
    (finding,) = ConstantLabels().examine(chart)
    assert [remedy.name for remedy in finding.remedies] == ["check-the-annotations"]
    assert finding.message.endswith("nothing to tell apart")


def test_one_label_for_each_recording_is_classification_in_disguise():
    (finding,) = ConstantLabels().examine(
        charted(recording("a", rows=[(0, 20, 0)]), recording("b", rows=[(0, 20, 1)]), labels=WITHOUT)
    )
    assert finding.severity == "warning"
    assert finding.evidence["share"] == 1.0


def test_one_recording_of_three_is_information():
    rows = [(0, 9, 0), (9, 20, 1)]
    (finding,) = ConstantLabels().examine(
        charted(recording("a", rows=rows), recording("b", rows=rows), recording("c", rows=[(0, 20, 1)]), labels=WITHOUT)
    )
    assert finding.severity == "info"
    assert finding.where == {"recording": "c"}


def test_recordings_without_annotation_are_left_out():
    assert not list(ConstantLabels().examine(charted(recording("a"), recording("b", rows=None))))
    assert not list(ConstantLabels().examine(sound()))
