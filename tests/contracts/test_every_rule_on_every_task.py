"""What holds for the rules together on predictions of any task of signals and of images."""

import dataclasses
import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import catalogue
from segmend.artifacts.finding import Finding
from segmend.core.labels import IGNORE
from segmend.decoding import resolve
from segmend.diagnosis import doctor
from segmend.errors import InputError
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.inputs.targets import target_facts
from segmend.pipeline.results.diagnosis import Diagnosis
from segmend.pipeline.results.diagnosis_text import as_html, as_text
from tests.cases import few
from tests.diagnosis.rules.model.anatomies import anatomy
from tests.diagnosis.tasks import TASKS, named, predictions

some = settings(few, max_examples=max(10, few.max_examples // 10))
LOSSES = ("SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy", "CrossEntropy", "Sum", None)
endings = st.builds(
    lambda activation, units, loss, size: anatomy(activation, units=units, loss=loss, size=size),
    st.sampled_from(["softmax", "sigmoid", "linear"]),
    st.sampled_from([1, 3]),
    st.sampled_from(LOSSES),
    st.sampled_from([None, 1, 5, 200]),
)

every_task = pytest.mark.parametrize("task", TASKS, ids=named)

ONLY_OF_SIGNALS = r"\b(steps?|segments?|recordings?|signals?|short(er)?|last)\b"
ONLY_OF_IMAGES = r"\b(pixels?|objects?|images?)\b"


def _chart(prediction, ending=None):
    """The chart, None where nothing is judged."""
    if all(np.all(np.asarray(rows) == IGNORE) for rows in prediction.y_true):
        with pytest.raises(InputError, match="expected at least one"):
            chart_of(prediction, judged_on="test")
        return None
    facts = None if prediction.y_prob is None else target_facts(prediction.y_true, prediction.y_prob)
    return chart_of(prediction, judged_on="test", targets=facts, anatomy=ending)


@every_task
@some
@given(data=st.data())
def test_no_rule_breaks_and_findings_are_in_words_of_the_task(task, data):
    chart = _chart(data.draw(predictions(task)), data.draw(endings))
    if chart is None:
        return
    assert chart.task == task
    record = doctor.examine(chart, preview=True, strict=True)
    assert not any("failed" in entry.because for entry in record.skipped)
    assert {*record.checked, *(entry.rule for entry in record.skipped)} == set(catalogue.RULES)
    strange = ONLY_OF_SIGNALS if task.rank == 2 else ONLY_OF_IMAGES
    for finding in record.findings:
        assert not re.search(strange, finding.message), finding.message
        assert not re.search(r"np\.|array\(|\bnan\b|\bNone\b|\n", finding.message), finding.message
        assert finding.evidence and finding.remedies and len(finding.message) <= 400
        content = json.loads(json.dumps(finding.to_dict(), allow_nan=False))
        assert Finding.from_dict(content).to_dict() == finding.to_dict()
        for remedy in finding.remedies:
            assert not re.search(r"\bstep_weights\b", remedy.advice) or task.rank == 1
            if "decoder" in remedy.edits:
                resolve(remedy.edits["decoder"], task)
    _can_be_shown(Diagnosis(record, chart), strange)


def _can_be_shown(diagnosis, strange):
    json.dumps(diagnosis.to_dict(), allow_nan=False)
    assert "nan" not in as_text(diagnosis, 140) + as_html(diagnosis)
    heading = as_text(diagnosis, 400).partition("\n\n")[0]
    assert not re.search(strange, heading), heading


@every_task
@some
@given(data=st.data())
def test_a_right_prediction_has_no_fault_of_predictions(task, data):
    # An object of an image that is predicted across unjudged pixels stays one, though its reference is cut there.
    said = data.draw(predictions(task, known=task.rank > 1 and task.kind == "segmentation"))
    true = [np.asarray(rows) for rows in said.y_true]
    right = dataclasses.replace(said, y_pred=tuple(np.maximum(rows, 0) for rows in true), y_prob=None)
    chart = _chart(right)
    if chart is not None:
        found = [
            finding
            for finding in doctor.examine(chart, preview=True, strict=True).findings
            if finding.code.startswith("P")
        ]
        assert found == []
