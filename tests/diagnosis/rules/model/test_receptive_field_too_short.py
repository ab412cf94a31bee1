import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.core.stages import field_of_stages
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.model.receptive_field_too_short import ReceptiveFieldTooShort
from tests.diagnosis.charts import LABELS, charted, flickering, heartbeats, jittered
from tests.diagnosis.rules.model.anatomies import anatomy


def broken(size, label="T", **parts):
    truth = heartbeats()
    chart = charted(truth, flickering(truth, LABELS, label), sure=0.6, second=truth)
    return dataclasses.replace(chart, anatomy=anatomy("softmax", size=size), **parts)


def sick():
    return broken(5)


def healthy():
    truth = heartbeats()
    return dataclasses.replace(charted(truth, jittered(truth)), anatomy=anatomy("softmax", size=5))


def _findings(chart):
    return list(ReceptiveFieldTooShort().examine(chart))


def test_names_field_length_and_aim():
    (finding,) = _findings(sick())
    facts = next(c for c in sick().fingerprint.classes if c.name == "T")
    assert finding.where == {"output": "labels", "label": "T"}
    assert finding.evidence["field_steps"] == 5
    assert finding.evidence["length_p50_steps"] == facts.duration.p50
    assert finding.evidence["field_aim_steps"] == int(np.ceil(1.5 * facts.duration.p95))
    assert finding.severity is Severity.ERROR


@pytest.mark.parametrize(("size", "fires"), [(13, True), (15, False), (None, False)])
def test_only_a_field_below_the_median_fires(size, fires):
    facts = next(c for c in sick().fingerprint.classes if c.name == "T")
    assert 13 < facts.duration.p50 <= 15
    assert bool(_findings(broken(size))) is fires


def test_a_class_that_stays_whole_needs_no_longer_field():
    assert _findings(healthy()) == []
    (finding,) = _findings(sick())
    assert finding.evidence["labels"] == ["T"], "P and QRS are longer than the field too, but whole"


def test_dilation_schedule_reaches_the_aim():
    (finding,) = _findings(sick())
    remedy = next(r for r in finding.remedies if r.name == "widen-by-dilation")
    stages = remedy.edits["model.stages"]
    assert field_of_stages(stages).size >= finding.evidence["field_aim_steps"]
    assert field_of_stages(stages[:-1]).size < finding.evidence["field_aim_steps"]
    assert f"{field_of_stages(stages).size} steps" in remedy.advice
    assert f"{len(stages) * (3 * 8 + 1) * 8:,} parameters at 8 filters" in remedy.advice


def test_kernels_of_the_two_layers_reach_the_aim():
    (finding,) = _findings(sick())
    remedy = next(r for r in finding.remedies if r.name == "widen-by-kernels")
    kernel = int(remedy.advice.split("kernels of ")[1].split()[0])
    assert 1 + 2 * (kernel - 1) >= finding.evidence["field_aim_steps"] > 1 + 2 * (kernel - 3)


def test_pooling_is_not_offered_where_short_items_leave_no_room():
    (finding,) = _findings(sick())
    assert "widen-by-pooling" not in [r.name for r in finding.remedies], "QRS lasts 5 steps"
    truth = [np.repeat([0, 1] * 6, 100)]
    said = truth[0].copy()
    said[105::20] = 0
    chart = charted(truth, [said], Labels.of(["lift"]), sure=0.6, second=truth)
    (finding,) = _findings(dataclasses.replace(chart, anatomy=anatomy("softmax", size=5)))
    remedy = next(r for r in finding.remedies if r.name == "widen-by-pooling")
    assert "AveragePooling1D(32)" in remedy.advice
    assert 5 * 32 >= finding.evidence["field_aim_steps"] == 150


def test_seconds_where_the_rate_is_known():
    fingerprint = sick().fingerprint.model_copy(update={"sampling_rate_hz": 10.0})
    (finding,) = _findings(broken(5, fingerprint=fingerprint))
    assert "sees 5 steps (0.50 s)" in finding.message
    assert finding.evidence["field_s"] == 0.5


def test_explains_pieces_and_counts_that_are_too_high():
    record = doctor.examine(sick(), strict=True)
    explained = {finding.rule: finding.explained_by for finding in record.findings}
    assert "receptive-field-too-short" in explained["over-segmentation"]
    assert "receptive-field-too-short" in explained["count-bias"]
    assert record.findings[0].rule == "receptive-field-too-short"


def test_on_a_real_model():
    import keras

    from segmend.anatomy import of_keras

    layers = [keras.layers.Conv1D(8, 3, padding="same", activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((None, 2)), *layers, keras.layers.Dense(4, activation="softmax")])
    (finding,) = _findings(dataclasses.replace(sick(), anatomy=of_keras(model)))
    assert finding.evidence["field_steps"] == 5
