import pytest

from segmend.core.labels import Labels
from segmend.diagnosis.rules.data.touching_same_label import TouchingSameLabel
from tests.diagnosis.data_charts import charted, recording, sound


def sick():
    return charted(recording("a", rows=[(0, 3, 1), (3, 6, 1), (6, 9, 1), (12, 14, 2)]))


def healthy():
    """Touching segments of different classes can be told apart."""
    return charted(recording("a", rows=[(0, 3, 1), (3, 6, 2), (6, 9, 1)]), recording("b"))


def test_the_share_lost_to_runs_decides_on_the_severity():
    (finding,) = TouchingSameLabel().examine(sick())
    assert finding.severity == "error"
    assert finding.where == {"label": "P"}
    assert finding.evidence == {"touching": 2, "segments": 3, "lost_share": 0.5, "threshold": 0.25}
    assert not list(TouchingSameLabel().examine(sound()))


@pytest.mark.parametrize(("apart", "severity"), [(1, "error"), (8, "warning"), (40, "info")])
def test_few_touching_pairs_weigh_less(apart, severity):
    rows = [(0, 1, 1), (1, 2, 1), *((3 + 2 * k, 4 + 2 * k, 1) for k in range(apart))]
    (finding,) = TouchingSameLabel().examine(charted(recording("a", rows=rows)))
    assert finding.severity == severity


def test_without_a_background_no_gap_is_advised():
    labels = Labels.of(["P", "QRS"], None)
    (finding,) = TouchingSameLabel().examine(charted(recording("a", rows=[(0, 10, 0), (10, 20, 0)]), labels=labels))
    assert [remedy.name for remedy in finding.remedies] == ["mark-starts-as-a-class"]
