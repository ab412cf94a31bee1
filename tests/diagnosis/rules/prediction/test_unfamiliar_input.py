import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.prediction.unfamiliar_input import UnfamiliarInput
from tests.diagnosis.charts import LABELS, heartbeats, probabilities
from tests.diagnosis.predicted import firing, images, made, signals, wholes
from tests.diagnosis.signals_beside import beside, noisy


def _chart(level=0.0, spread=1.0, spoilt=True):
    """Six recordings, the last with another level or spread, and wrong there."""
    rng = np.random.default_rng(0)
    truth = heartbeats(recordings=6)
    said = [*truth[:-1], np.zeros_like(truth[-1]) if spoilt else truth[-1]]
    prediction = made(truth, said, LABELS, [probabilities(rows, 4) for rows in said])
    own = [noisy(rng, (720,)) for _ in truth[:-1]]
    own.append(noisy(rng, (720,), level, spread))
    return beside(prediction, own, training=[noisy(rng, (500,)) for _ in range(12)])


def sick():
    return _chart(level=15.0)


def healthy():
    return _chart(spoilt=False)


def test_names_the_recording_the_channel_and_what_is_usual():
    (finding,) = UnfamiliarInput().examine(sick())
    assert finding.where["recording"] == "r5" and finding.evidence["kind"] == "level"
    assert finding.evidence["value"] == pytest.approx(15, abs=1) and abs(finding.evidence["usual"]) < 0.5
    assert finding.evidence["right_of_others"] == 1 and finding.evidence["right"] < 0.7
    assert finding.severity is Severity.WARNING and finding.gain > 0.05
    assert finding.remedies[0].name == "standardise-each-recording"
    assert "1 of 6 recordings are unlike those of training: r5 has a level of 1" in finding.message


def test_where_the_model_copes_it_is_info():
    (finding,) = UnfamiliarInput().examine(_chart(spread=9.0, spoilt=False))
    assert finding.evidence["kind"] in ("spread", "noise") and finding.severity is Severity.INFO
    assert {"standardise-each-recording", "train-with-noise"} <= {remedy.name for remedy in finding.remedies}


def test_arrays_are_found_by_their_place():
    chart = sick()
    names = tuple(str(k) for k in range(6))
    chart = dataclasses.replace(
        chart, judged_on="validation_data", prediction=dataclasses.replace(chart.prediction, names=names)
    )
    (finding,) = UnfamiliarInput().examine(chart)
    assert finding.where["recording"] == "5"


def test_without_a_split_nothing_is_known_of_training():
    rng = np.random.default_rng(0)
    given = signals(rng, recordings=4)
    chart = beside(given, [noisy(rng, rows.shape, level=9.0 * k) for k, rows in enumerate(given.y_true)])
    assert list(UnfamiliarInput().examine(chart)) == []


def _random(rng, far):
    make = (signals, images, wholes)[int(rng.integers(3))]
    given = wholes(rng, 20) if make is wholes else make(rng)
    shapes = [rows.shape or (60,) for rows in given.y_true]
    own = [noisy(rng, shape) for shape in shapes]
    if far:
        kind = rng.integers(3)
        at = int(rng.integers(len(own)))
        own[at] = own[at] + 8 if kind == 0 else own[at] * 12 if kind == 1 else own[at] / 12
    return beside(given, own, training=[noisy(rng, shapes[0]) for _ in range(int(rng.integers(8, 25)))])


def test_found_where_a_recording_is_far_and_not_where_none_is():
    rng = np.random.default_rng(0)
    assert firing("unfamiliar-input", [_random(rng, True) for _ in range(30)]) >= 0.9
    assert firing("unfamiliar-input", [_random(rng, False) for _ in range(80)]) <= 0.01
