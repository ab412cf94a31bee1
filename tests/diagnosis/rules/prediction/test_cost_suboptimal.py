import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.prediction.cost_suboptimal import CostSuboptimal
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.charting.costs import with_cost
from tests.diagnosis.charts import charted
from tests.diagnosis.predicted import firing, made, signals, wholes

COST = [[0, 1], [10, 0]]


def _events(seed=0, recordings=6, length=600):
    """Steps of which some hold an event with probability 0.3, and the model says so."""
    rng = np.random.default_rng(seed)
    likely = [np.where(np.repeat(rng.random(length // 20), 20) < 0.3, 0.3, 0.02) for _ in range(recordings)]
    true = [(rng.random(length) < rows).astype(int) for rows in likely]
    prob = [np.stack([1 - rows, rows], axis=1) for rows in likely]
    return charted(true, [rows.argmax(axis=1) for rows in prob], Labels.of(["event"]), prob=prob)


def sick():
    return with_cost(_events(), COST)


def healthy():
    return with_cost(_events(), [[0, 1], [1, 0]])


def test_costs_by_hand():
    true = [np.array([1, 0, 0, 0])] * 30
    prob = [np.array([[0.7, 0.3], [0.7, 0.3], [0.99, 0.01], [0.99, 0.01]])] * 30
    chart = charted(true, [rows.argmax(axis=1) for rows in prob], Labels.of(["a"]), prob=prob)
    (finding,) = CostSuboptimal().examine(with_cost(chart, COST))
    assert finding.evidence["cost"] == 2.5, "10 for each missed one, of four steps"
    assert finding.evidence["cost_then"] == 0.25, "one false alarm of four steps"
    assert finding.evidence["saved"] == pytest.approx(0.9) and finding.evidence["changed"] == 0.5
    assert finding.severity is Severity.ERROR
    assert "np.argmin(y_prob @ np.array([[0.0, 1.0], [10.0, 0.0]]), axis=-1)" in finding.remedies[0].advice
    assert finding.message == (
        "the answers of least expected cost would cost 0.25 per step instead of 2.5 (90 % less) from the same "
        "probabilities; they differ in 50 % of the steps"
    )


@pytest.mark.parametrize(("missed", "fires"), [((1,) * 25 + (30,) * 5, True), ((30,) * 4, False)])
def test_a_few_recordings_may_hold_most_of_the_cost_but_not_all(missed, fires):
    true, prob = [np.zeros(40, int) for _ in range(100)], [np.tile([0.99, 0.01], (40, 1)) for _ in range(100)]
    for k, count in enumerate(missed):
        true[k][:count], prob[k][: count + 1] = 1, [0.7, 0.3]  # and one false alarm
    chart = charted(true, [np.zeros(40, int)] * 100, Labels.of(["a"]), prob=prob)
    assert bool(list(CostSuboptimal().examine(with_cost(chart, COST)))) is fires


def test_without_costs_it_is_skipped_with_a_reason():
    record = doctor.examine(_events(), only={"cost-suboptimal"}, strict=True)
    assert record.skipped[0].because == "no costs given"


def _priced(given, rng, said=None):
    classes = len(given.labels)
    cost = rng.uniform(1, 3, (classes, classes))
    cost[1] *= 15
    np.fill_diagonal(cost, 0)
    if said == "by cost":
        given = dataclasses.replace(given, y_pred=tuple((rows @ cost).argmin(axis=-1) for rows in given.y_prob))
    return with_cost(chart_of(given, judged_on="test", edit=False), cost)


def _unsure(rng):
    prob = rng.dirichlet([1.0, 1.0, 1.0], 300)
    true = (prob.cumsum(axis=1) > rng.random((300, 1))).argmax(axis=1)
    return made(list(true), list(prob.argmax(axis=1)), Labels(("a", "b", "c"), None), list(prob), rank=0)


def test_found_where_costs_are_not_weighed_and_not_where_they_are():
    rng = np.random.default_rng(0)
    sick = [_priced(_unsure(rng), rng) for _ in range(30)]
    sick += [with_cost(_events(seed), [[0, 1], [rng.uniform(8, 20), 0]]) for seed in range(10)]
    healthy = [_priced(make(rng), rng, "by cost") for make in (_unsure, wholes, signals) * 20]
    assert firing("cost-suboptimal", sick) >= 0.9
    assert firing("cost-suboptimal", healthy) <= 0.01
