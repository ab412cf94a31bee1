import numpy as np

from segmend.diagnosis.rules.data.non_finite_signal import NonFiniteSignal
from tests.diagnosis.data_charts import charted, recording, sound


def sick():
    spoilt = np.ones((20, 2))
    spoilt[7:10, 1] = np.nan
    spoilt[15, 0] = np.inf
    return charted(recording("a"), recording("b", signal=spoilt))


def healthy():
    return sound()


def test_samples_are_counted_and_the_first_is_placed():
    (finding,) = NonFiniteSignal().examine(sick())
    assert finding.severity == "error"
    assert finding.where == {"recording": "b", "channel": "y"}
    assert finding.evidence["samples"] == 4
    assert finding.evidence["channels"] == {"x": 1, "y": 3}
    assert finding.evidence["first_step"] == 7
    assert "1 of 2 recordings" in finding.message
