import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.artifacts.separability import Separability
from segmend.diagnosis.rules.training.underfitting import Underfitting
from tests.diagnosis.rules.training import simulated

RULE = Underfitting()


def _flat(learnt, rng=None, task=simulated.SIGNALS, shares=simulated.EVEN, epochs=20, **parts):
    """Curves that end with a share of what there is to learn learnt."""
    rng = rng or np.random.default_rng(0)
    majority, nats = simulated.chance(task, shares)
    loss = simulated.noisy(rng, simulated.falling(epochs, first=nats, floor=nats * (1 - learnt)), 0.01)
    columns = {"loss": loss, "accuracy": simulated.accuracy(loss, majority, nats)}
    told = {"fingerprint": simulated.fingerprint(task, shares), "anatomy": simulated.anatomy(task), **parts}
    return simulated.chart(columns, task=task, **told)


def sick():
    return _flat(0.05)


def healthy():
    return _flat(0.7)


def test_levels_of_a_constant_answer_by_hand():
    facts = simulated.fingerprint(shares=(0.5, 0.25, 0.25))
    columns = {"loss": [1.04, 1.0, 1.0, 1.0, 1.0], "accuracy": [0.5, 0.51, 0.52, 0.52, 0.52]}
    chart = simulated.chart(columns, fingerprint=facts, anatomy=simulated.anatomy())
    (finding,) = RULE.examine(chart)
    assert finding.evidence["column"] == "loss"
    assert finding.evidence["constant_answer"] == pytest.approx(1.5 * np.log(2))
    assert finding.evidence["learnt"] == pytest.approx(1 - 1 / (1.5 * np.log(2)))
    (alone,) = RULE.examine(dataclasses.replace(chart, anatomy=None))
    assert alone.evidence["constant_answer"] == 0.5
    assert alone.evidence["learnt"] == pytest.approx(0.04)


def test_a_weighted_loss_is_not_judged():
    chart = _flat(0.05, fit_arguments={"class_weight": {0: 1.0}})
    columns = {"loss": chart.history.columns["loss"]}
    assert list(RULE.examine(dataclasses.replace(chart, history=simulated.history(columns)))) == []


def test_it_is_a_warning_where_a_linear_model_does_better():
    facts = Separability(
        auc=0.9,
        macro_f1=0.8,
        balanced_accuracy=0.8,
        classes=(),
        folds=2,
        folds_by="groups",
        samples=9,
        features=9,
        reach=(1,),
    )
    fingerprint = simulated.fingerprint().model_copy(update={"separability": facts})
    (finding,) = RULE.examine(_flat(0.05, fingerprint=fingerprint))
    assert finding.severity is Severity.WARNING and "0.90" in finding.message
    (finding,) = RULE.examine(sick())
    assert finding.severity is Severity.INFO


def test_a_training_that_broke_down_is_not_underfit():
    chart = sick()
    history = simulated.history({"loss": [1.1, np.nan, np.nan], "accuracy": [0.3, 0.3, 0.3]})
    assert list(RULE.examine(dataclasses.replace(chart, history=history))) == []


def _seeded(seed):
    rng = np.random.default_rng(seed)
    task = simulated.TASKS[seed % 8]
    shares = [simulated.EVEN, (0.8, 0.15, 0.05), (0.95, 0.03, 0.02)][seed % 3]
    return _flat(rng.uniform(-0.1, 0.07), rng, task, shares, simulated.epochs_of(rng))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)
