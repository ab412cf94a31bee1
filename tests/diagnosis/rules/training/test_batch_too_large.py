import dataclasses

import numpy as np

from segmend.diagnosis.rules.training.batch_too_large import BatchTooLarge
from tests.diagnosis.rules.training import simulated, test_stopped_early

RULE = BatchTooLarge()


def _chart(halts, *, steps=2, epochs=20, examples=240, task=simulated.SIGNALS, loss=None):
    loss = simulated.falling(epochs, halts=halts) if loss is None else loss
    facts = simulated.fingerprint(task, recordings=examples, roles=("train",))
    return simulated.chart({"loss": loss}, task=task, steps=steps, fingerprint=facts)


def sick():
    return _chart(1.0)


def healthy():
    return _chart(6.0)


def test_the_batch_size_is_worked_out_by_hand():
    (finding,) = RULE.examine(sick())
    assert finding.evidence["batch_size"] == 120 and finding.evidence["updates"] == 40
    assert finding.remedies[0].advice == "Train with batch_size=8, or for epochs=300."


def test_many_steps_are_another_fault():
    assert list(RULE.examine(_chart(1.0, steps=60))) == []
    assert list(RULE.examine(_chart(1.0, steps=10, epochs=150))) == []


def test_a_few_examples_are_no_large_batch():
    assert list(RULE.examine(_chart(1.0, steps=8, examples=60))) == []
    assert list(RULE.examine(_chart(1.0, steps=2, examples=60)))


def test_a_validation_loss_that_is_low_and_falls_on_is_not_done():
    chart = _chart(4.0)  # nearly all of the training loss is gained
    assert list(RULE.examine(chart)) == []
    for floor, fires in ((0.0, True), (0.5, False)):
        columns = {"loss": chart.history.columns["loss"], "val_loss": simulated.falling(20, floor=floor, halts=4)}
        told = chart.history.model_copy(update={"columns": columns})
        found = list(RULE.examine(dataclasses.replace(chart, history=told)))
        assert bool(found) is fires
    columns["val_loss"] = simulated.falling(20, floor=0.0, halts=4)
    (finding,) = RULE.examine(dataclasses.replace(chart, history=told.model_copy(update={"columns": columns})))
    # Four time constants in twenty epochs: ten more bring 1 - exp(-2) of the last value; the level is the one before.
    expected = (1 - np.exp(-2)) * np.exp(-19 / 5) / np.exp(-18 / 5)
    assert 0.8 * expected < finding.evidence["val_loss_to_come"] <= expected
    assert "10 more epochs would still lower the validation loss by 62 %" in finding.message


def test_a_rate_that_is_out_of_proportion_comes_first():
    for rate in (1e-5, 0.1):
        assert list(RULE.examine(dataclasses.replace(sick(), anatomy=simulated.anatomy(rate=rate)))) == []
    assert list(RULE.examine(dataclasses.replace(sick(), anatomy=simulated.anatomy(rate=1e-3))))


def test_without_data_the_number_of_batches_is_enough():
    (finding,) = RULE.examine(dataclasses.replace(sick(), fingerprint=None))
    assert finding.evidence["batch_size"] is None
    assert "batches 15 times smaller" in finding.remedies[0].advice


def _seeded(seed):
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(1, 5))
    epochs = min(simulated.epochs_of(rng, 12), 1000 // steps)
    loss = simulated.falling(epochs, halts=rng.uniform(0.5, 1.6))
    loss = simulated.noisy(rng, loss, rng.uniform(0, 0.03))
    return _chart(0, steps=steps, examples=steps * int(rng.integers(16, 64)), task=simulated.TASKS[seed % 8], loss=loss)


def _healthy(seed):
    """Also healthy with few batches that were enough."""
    chart = simulated.healthy_chart(seed)
    return dataclasses.replace(chart, history=chart.history.model_copy(update={"steps_per_epoch": 1 + seed % 10}))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(simulated.SEEDS))) <= 0.01
    assert simulated.silent_on_healthy(RULE)


def test_it_is_another_fault_where_many_batches_were_cut_short():
    assert list(RULE.examine(dataclasses.replace(test_stopped_early.sick(), fingerprint=None))) == []
