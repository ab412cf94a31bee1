import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.diverged import Diverged
from tests.diagnosis.rules.training import simulated

RULE = Diverged()


def sick():
    return simulated.chart({"loss": [1.0, 0.6, np.nan, np.nan]}, anatomy=simulated.anatomy(rate=0.02))


def healthy():
    return simulated.chart({"loss": simulated.falling(20)})


def _findings(**columns):
    return list(RULE.examine(simulated.chart(columns)))


def test_the_first_epoch_without_a_number():
    (finding,) = RULE.examine(sick())
    assert finding.evidence["epoch"] == 3 and finding.severity is Severity.ERROR
    assert "no number (NaN or infinite) from epoch 3 of 4 on; the last number was 0.60" in finding.message
    assert "keras.optimizers.Adam(learning_rate=0.002, global_clipnorm=1.0)" in finding.remedies[0].advice


def test_no_number_from_the_first_epoch_on():
    (finding,) = _findings(loss=[np.nan] * 3, val_loss=[np.nan] * 3)
    assert finding.evidence["epoch"] == 1 and "last number" not in finding.message


def _by_itself(even_loss, **values):
    chart = simulated.chart({"loss": [np.nan] * 3})
    (finding,) = RULE.examine(
        dataclasses.replace(chart, probe={"even_loss": even_loss, "recordings": 4}, targets={"values": values})
    )
    return finding


def test_a_loss_that_is_no_number_by_itself_is_named():
    finding = _by_itself(None, non_finite=0)
    assert "The loss itself is at fault" in finding.message
    assert "rate" not in finding.remedies[0].name


@pytest.mark.parametrize(("even_loss", "non_finite"), [(0.7, 0), (None, 3)])
def test_where_the_loss_is_a_number_or_labels_are_none_the_loss_is_not_blamed(even_loss, non_finite):
    finding = _by_itself(even_loss, non_finite=non_finite)
    assert "The loss itself" not in finding.message and "absent" not in finding.evidence


def test_a_loss_that_climbs_for_good():
    (finding,) = _findings(loss=[1.0, 0.6, 0.5, 0.5, 0.5, 0.7, 0.9, 0.9, 0.9, 0.9])
    assert finding.evidence["loss"] == pytest.approx(0.5) and finding.evidence["loss_end"] == pytest.approx(0.9)


def test_a_spike_that_is_recovered_from_is_none():
    loss = simulated.falling(30)
    loss[12] = 40.0
    assert _findings(loss=loss) == []


def test_rows_of_their_own_for_validation_are_none():
    assert _findings(loss=[1.0, np.nan, 0.5, np.nan], val_loss=[np.nan, 1.0, np.nan, 0.6]) == []
    assert _findings(loss=[1.0, np.nan, 0.6, 0.5]) == []


def test_a_rise_is_for_information_where_the_best_epoch_was_kept():
    columns = {"loss": np.r_[np.linspace(1, 0.3, 10), np.linspace(0.3, 2, 10)]}
    (finding,) = RULE.examine(simulated.chart(columns, best=9))
    assert finding.severity is Severity.INFO


def _seeded(seed):
    rng = np.random.default_rng(seed)
    epochs = simulated.epochs_of(rng, 6)
    turn = int(epochs * rng.uniform(0.05, 0.7))
    loss = simulated.noisy(rng, simulated.falling(epochs), rng.uniform(0, 0.1))
    if seed % 2:
        loss[turn:] = np.nan
    else:
        loss[turn:] += rng.uniform(1, 50) * np.linspace(0.3, 1, epochs - turn)
    columns = {"loss": loss}
    if rng.random() < 0.7:
        columns["val_loss"] = 1.1 * loss
    return simulated.chart(columns, task=simulated.TASKS[seed % 8])


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)


def test_on_a_real_training():
    import keras

    import segmend

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = 1e3 * rng.normal(size=(32, 8)).astype("float32")
    y = rng.integers(0, 2, 32)
    loss = keras.losses.MeanSquaredError()
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8), keras.layers.Dense(2)])
    model.compile(keras.optimizers.SGD(0.1), loss)
    history = model.fit(x, np.eye(2)[y], epochs=6, verbose=0)
    told = segmend.diagnose(y_true=y, y_prob=np.full((32, 2), 0.5), history=history, preview=True)
    assert told.findings[0].rule == "diverged"
