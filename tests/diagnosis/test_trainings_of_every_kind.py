"""The rules of training on histories that nobody meant: none breaks, and all speak of what there is."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import catalogue
from segmend.artifacts.finding import Finding
from segmend.diagnosis import doctor
from tests.diagnosis.rules.training import simulated

TRAINING = [name for name, place in catalogue.RULES.items() if ".rules.training." in place]
NAMES = ("loss", "val_loss", "accuracy", "val_accuracy", "learning_rate", "member", "val_objective", "f1", "val_f1")
VALUES = st.one_of(
    st.floats(0, 1), st.sampled_from([0.0, 1.0, -1.0, 1e-12, 1e12, -3.5, float("nan")]), st.integers(1, 3).map(float)
)


@st.composite
def histories(draw):
    epochs = draw(st.integers(0, 25))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    if draw(st.booleans()):
        names = ["loss", "val_loss", *names]
    columns = {name: draw(st.lists(VALUES, min_size=epochs, max_size=epochs)) for name in names}
    return simulated.history(columns)


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from(simulated.TASKS), st.booleans(), st.sampled_from([None, 1, 3]))
def test_none_breaks_and_all_findings_are_for_people(told, task, known, steps):
    parts = {"fingerprint": simulated.fingerprint(task), "anatomy": simulated.anatomy(task, rate=0.1)} if known else {}
    chart = simulated.chart(told, task=task, steps=steps, planned=50, best=2 if steps else None, **parts)
    record = doctor.examine(chart, only=TRAINING, strict=True)
    for finding in record.findings:
        content = finding.to_dict()
        assert Finding.from_dict(json.loads(json.dumps(content))).to_dict() == content
        assert len(finding.message) <= 400 and "nan" not in finding.message and "inf " not in finding.message


@pytest.mark.parametrize("name", TRAINING)
def test_no_history_is_said(name):
    chart = simulated.chart({"loss": [1.0]}, fingerprint=simulated.fingerprint())
    record = doctor.examine(chart, only={name}, strict=True)
    assert record.checked or record.skipped[0].because


def test_causes_stand_before_what_they_explain():
    rng = np.random.default_rng(0)
    loss = simulated.noisy(rng, simulated.falling(30, floor=0.4), 0.6)
    chart = simulated.chart({"loss": loss}, anatomy=simulated.anatomy(rate=0.05))
    record = doctor.examine(chart, only=TRAINING, strict=True)
    found = {finding.rule: finding for finding in record.findings}
    order = list(found)
    assert found["oscillating"].explained_by == ("learning-rate-too-high",)
    assert order.index("learning-rate-too-high") < order.index("oscillating")
