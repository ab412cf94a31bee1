import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis.rules.prediction.miscalibrated import Miscalibrated
from segmend.diagnosis.sureness import cooled, sureness
from segmend.pipeline.charting.chart import chart_of
from segmend.scoring.steps.calibration import expected_calibration_error
from tests.diagnosis.charts import charted
from tests.diagnosis.predicted import firing, healthy_charts, made, several_wholes, signals, wholes

LABELS = Labels.of(["a"])


def _coins(said, right, recordings=6, length=2000, seed=0):
    """Steps of which a share is right, whatever is said of how sure."""
    rng = np.random.default_rng(seed)
    true, prob = [], []
    for _ in range(recordings):
        answer = rng.integers(0, 2, length)
        true.append(np.where(rng.random(length) < right, answer, 1 - answer))
        rows = np.full((length, 2), 1 - said)
        rows[np.arange(length), answer] = said
        prob.append(rows)
    return charted(true, [rows.argmax(axis=1) for rows in prob], LABELS, prob=prob)


def sick():
    return _coins(0.98, 0.80)


def healthy():
    return _coins(0.85, 0.85)


def test_too_sure_by_hand():
    (finding,) = Miscalibrated().examine(sick())
    evidence = finding.evidence
    assert evidence["direction"] == "over-confident" and finding.severity is Severity.INFO
    assert evidence["said"] == pytest.approx(0.98) and evidence["right"] == pytest.approx(0.80, abs=0.01)
    assert evidence["calibration_error"] == pytest.approx(0.18, abs=0.01) and evidence["by_chance"] < 0.01
    # Odds of 49 to 1 that are to be 4 to 1: the temperature is log 49 / log 4.
    assert evidence["temperature"] == pytest.approx(np.log(49) / np.log(4), rel=0.03)
    assert evidence["calibration_error_after"] < 0.02
    assert "says 98 % on average and is right in 80 % of the steps" in finding.message
    assert finding.remedies[0].name == "set-temperature" and "y_prob ** (1 / 2.8" in finding.remedies[0].advice


def test_not_sure_enough():
    (finding,) = Miscalibrated().examine(_coins(0.6, 0.9))
    assert finding.evidence["direction"] == "under-confident" and finding.evidence["temperature"] < 1
    assert "less sure than it is right" in finding.message


def test_the_error_is_that_of_scoring():
    rng = np.random.default_rng(0)
    said, right = rng.uniform(0.5, 1, 500), rng.random(500) < 0.7
    found = sureness(said, right, np.arange(500) // 5)
    assert found.error == pytest.approx(expected_calibration_error(right, said))


def test_chance_alone_is_told():
    rng = np.random.default_rng(0)
    errors, bounds = [], []
    for _ in range(60):
        said = rng.uniform(0.5, 1, 300)
        found = sureness(said, rng.random(300) < said, np.arange(300) // 3)
        errors.append(found.error), bounds.append(found.noise)
    assert np.mean(errors) == pytest.approx(np.mean(bounds), rel=0.25)


def test_the_advice_does_what_the_rule_measured():
    rng = np.random.default_rng(0)
    y_prob = rng.dirichlet([1, 1, 1], 50)
    (finding,) = Miscalibrated().examine(sick())
    code = finding.remedies[0].advice.split(": ", 1)[1].rstrip(".")
    room = {"y_prob": y_prob}
    exec(code, room)
    np.testing.assert_allclose(room["p"], cooled(y_prob, finding.evidence["temperature"], multilabel=False), rtol=1e-2)


def test_scores_with_a_fitted_temperature_say_nothing():
    chart = sick()
    chart = dataclasses.replace(chart, prediction=dataclasses.replace(chart.prediction, temperature=2.0))
    assert list(Miscalibrated().examine(chart)) == []


def _heated(given, temperature):
    prob = tuple(cooled(rows, temperature, multilabel=given.multilabel) for rows in given.y_prob)
    return chart_of(dataclasses.replace(given, y_prob=prob), judged_on="test", edit=False)


def _unsure(rng, count):
    prob = rng.dirichlet([1.0, 1.0, 1.0], count)
    true = (prob.cumsum(axis=1) > rng.random((count, 1))).argmax(axis=1)
    return made(list(true), list(prob.argmax(axis=1)), Labels(("a", "b", "c"), None), list(prob), rank=0)


def test_found_where_temperatures_are_off_and_in_no_good_model():
    rng = np.random.default_rng(0)
    sick = [_heated(_unsure(rng, 500), rng.uniform(0.2, 0.5)) for _ in range(15)]
    sick += [_heated(_unsure(rng, 500), rng.uniform(2.5, 6)) for _ in range(10)]
    sick += [_heated(given, rng.uniform(3, 8)) for given in (signals(rng) for _ in range(10))]
    sick += [_heated(several_wholes(rng), rng.uniform(3, 8)) for _ in range(5)]
    assert firing("miscalibrated", sick) >= 0.9
    assert firing("miscalibrated", healthy_charts()) <= 0.01
    assert firing("miscalibrated", [chart_of(wholes(rng, 20), judged_on="test") for _ in range(60)]) <= 0.02
