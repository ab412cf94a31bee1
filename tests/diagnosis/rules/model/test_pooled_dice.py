import dataclasses

import keras
import numpy as np
import pytest
from keras import ops

from segmend import losses
from segmend.anatomy import of_keras
from segmend.anatomy.loss_example import example, overlap_proof
from segmend.artifacts.anatomy import OverlapProof
from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.pooled_dice import PooledDice, by_class
from tests.diagnosis.charts import charted, heartbeats
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.anatomies import anatomy, chart


def _proof(all_frequent=0.05, classes=4, perfect=0.0, all_wrong=1.0):
    steps = 80 * (classes - 1)
    return OverlapProof(
        classes=classes,
        steps=steps,
        rare_steps=steps // 20,
        all_frequent=all_frequent,
        perfect=perfect,
        all_wrong=all_wrong,
    )


def _with(proof, name="Dice"):
    given = chart(anatomy=anatomy("softmax", loss=name, from_logits=None))
    return seeded.with_loss(given, overlap=proof)


def sick():
    return _with(_proof())


def healthy():
    return _with(_proof(0.75))


def _findings(given):
    return list(PooledDice().examine(given))


def pooled(y_true, y_pred):
    both = ops.sum(y_true * y_pred)
    return 1 - (2 * both + 1) / (ops.sum(y_true) + ops.sum(y_pred) + 1)


def soft_dice_loss(y_true, y_pred):
    return pooled(ops.reshape(y_true, (-1,)), ops.reshape(y_pred, (-1,)))


def jaccard_loss(y_true, y_pred):
    both = ops.sum(y_true * y_pred)
    return 1 - (both + 1) / (ops.sum(y_true) + ops.sum(y_pred) - both + 1)


def sparse_dice(y_true, y_pred):
    return pooled(ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1]), y_pred)


def dice_by_class(y_true, y_pred):
    both, every = ops.sum(y_true * y_pred, (0, 1)), ops.sum(y_true + y_pred, (0, 1))
    return 1 - ops.mean((2 * both + 1e-6) / (every + 1e-6))


def dice_and_entropy(y_true, y_pred):
    return pooled(y_true, y_pred) + ops.mean(ops.categorical_crossentropy(y_true, y_pred))


def test_proof_line():
    (finding,) = _findings(sick())
    assert finding.message == (
        "Dice sums 4 classes into one: where 12 of 240 steps are rare, it charges 0.05 for finding none of them, their "
        "share of the steps; one Dice per class would charge 0.76"
    )
    assert finding.severity is Severity.INFO, "nothing was missed"


def test_severity_is_what_missed_items_cost():
    truth = heartbeats()
    given = charted(truth, [np.where(rows == 2, 0, rows) for rows in truth])
    (finding,) = _findings(dataclasses.replace(given, anatomy=sick().anatomy))
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].expected.at_most > finding.remedies[0].expected.before


@pytest.mark.parametrize(
    ("loss", "name", "fires"),
    [
        (keras.losses.Dice(), "Dice", True),
        (keras.losses.Tversky(), "Tversky", True),
        (pooled, "Dice", True),
        (soft_dice_loss, "SoftDiceLoss", True),
        (jaccard_loss, "JaccardLoss", True),
        (sparse_dice, "SparseDice", True),
        (keras.losses.Dice(axis=(0, 1)), "Dice", False),
        (dice_by_class, "DiceByClass", False),
        (losses.Dice(), "Dice", False),
        (losses.Jaccard(), "Jaccard", False),
        (losses.GeneralisedDice(), "GeneralisedDice", False),
        (losses.Tversky(), "Tversky", False),
        (dice_and_entropy, "DiceAndEntropy", False),
        (keras.losses.CategoricalCrossentropy(), "Dice", False),
    ],
)
@pytest.mark.parametrize("classes", [2, 3, 8])
def test_losses_are_tried(loss, name, fires, classes):
    proof = overlap_proof(loss, name, (None, classes))
    assert bool(_findings(_with(proof, name))) is fires


@pytest.mark.parametrize("shape", [(5,), (None, 5), (None, None, 5), (16, 16, 5)])
def test_outputs_of_every_rank(shape):
    assert overlap_proof(keras.losses.Dice(), "Dice", shape).all_frequent == pytest.approx(0.05)


def test_silent_on_a_single_foreground_channel():
    assert overlap_proof(keras.losses.Dice(), "Dice", (None, 1)) is None
    facts = of_keras(seeded.compiled(keras.losses.Dice(), units=1, activation="sigmoid"))
    assert _findings(dataclasses.replace(sick(), anatomy=facts)) == []


def test_what_one_dice_per_class_charges_is_what_it_does():
    labels = example(4)[None]
    true = np.eye(4)[labels]
    frequent = np.broadcast_to(np.eye(4)[0], true.shape)
    expected = float(dice_by_class(true, frequent))
    assert by_class(_proof()) == pytest.approx(expected, abs=1e-6)


def test_pooled_is_one_minus_the_mean_probability_of_the_true_class():
    labels = example(3)[None]
    prob = np.random.default_rng(0).dirichlet([1, 1, 1], labels.shape)
    expected = 1 - np.take_along_axis(prob, labels[..., None], -1).mean()
    assert float(keras.losses.Dice()(np.eye(3)[labels], prob)) == pytest.approx(expected, abs=1e-6)


def test_on_a_real_model():
    facts = of_keras(seeded.compiled(keras.losses.Dice()))
    (finding,) = _findings(dataclasses.replace(sick(), anatomy=facts))
    assert finding.evidence["charged"] == pytest.approx(0.05)


def test_how_often_it_fires():
    rng = np.random.default_rng(0)
    made = [keras.losses.Dice(), soft_dice_loss, jaccard_loss, keras.losses.Tversky()]
    proofs = [overlap_proof(loss, "Dice", (None, classes)) for loss in made for classes in (2, 3, 5, 12)]
    sick_ones = (
        seeded.with_loss(each, name="Dice", overlap=proofs[rng.integers(len(proofs))]) for each in seeded.charts()
    )
    assert seeded.rate(PooledDice(), sick_ones) == 1
    apart = [overlap_proof(losses.Dice(), "Dice", (None, classes)) for classes in (2, 3, 5, 12)]
    healthy_ones = (
        seeded.with_loss(each, name="Dice", overlap=apart[rng.integers(len(apart))]) for each in seeded.charts()
    )
    assert seeded.rate(PooledDice(), healthy_ones) == 0
