"""Every recipe learns on tiny data and answers for all that it is for; networks have the sizes that papers state."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
from benchmarks.recipes.fitting import probabilities
from benchmarks.recipes.judging import judged, prediction_of
from benchmarks.recipes.names import PEERS
from benchmarks.recipes.peers import RECIPES
from benchmarks.recipes.recipe import Facts

from segmend.core.task import Task

from . import small

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

SPLITS = {
    "signals_of_steps": small.signals_of_steps,
    "images_of_pixels": small.images_of_pixels,
    "whole_signals": small.whole_signals,
    "several_labels": lambda: small.whole_signals(multilabel=True),
    "whole_images": small.whole_images,
}
AGAIN = {
    ("several_labels", "two_convolutions"),
    ("several_labels", "inception_time"),
    ("whole_signals", "two_convolutions"),  # in the test of ensembles
    ("whole_images", "two_convolutions"),
}
"""Cases whose code others run too, and which take seconds to compile."""

CASES = [
    (kind, name)
    for kind, make in SPLITS.items()
    for name, recipe in RECIPES.items()
    if recipe.serves(make().facts.task) and (kind, name) not in AGAIN
]


def facts_of(channels, classes, shape, kind="segmentation"):
    return Facts(
        task=Task.named(kind, classes, rank=len(shape)),
        channels=channels,
        classes=classes,
        background=0,
        shapes=(shape,) * 3,
        durations=np.array([20, 30, 40]),
        weights=(1.0,) * classes,
    )


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_it_learns_and_answers(kind, name, monkeypatch):
    small.shrink(monkeypatch)
    split, recipe = SPLITS[kind](), small.small(name)
    trained = recipe.train(recipe, split, 0.5, 0)
    size = recipe.window(split.facts) if recipe.resampled else None
    parts = {role: split.part(role, recipe.scaled, size) for role in ("val", "test")}
    y_prob = trained.probabilities(parts["test"].signals)
    assert [rows.shape for rows in y_prob] == [
        (*(signal.shape[:-1] if split.facts.dense else ()), split.facts.classes) for signal in parts["test"].signals
    ]
    assert all(np.isfinite(rows).all() for rows in y_prob)
    read = recipe.reader(split.facts, trained.probabilities(parts["val"].signals), parts["val"].y_true)
    found = judged(prediction_of(split.data, y_prob, [read(rows) for rows in y_prob]))
    assert set(found["recordings"]) == {"g", "h"}
    assert trained.notes.get("batches", 1) >= 1


def test_networks_of_an_ensemble_are_averaged():
    split = small.whole_signals()
    recipe = dataclasses.replace(small.small("two_convolutions"), members=2)
    trained = recipe.train(recipe, split, 0.5, 0)
    signals = split.part("test", "set").signals
    first, second = (probabilities(model, signals, recipe, split.facts) for model in trained.models)
    assert np.allclose(trained.probabilities(signals), np.mean([first, second], axis=0))
    assert not np.allclose(first, second)


def built(name, facts):
    """A network whose weights have shapes but no values, which take long to draw."""
    with keras.StatelessScope(initialize_variables=False):
        return RECIPES[name].network(facts)


@pytest.mark.parametrize(
    ("name", "facts", "trainable", "others"),
    [
        # 2048 features: 131,136; a layer 12,352 + 4,160; answers 65 K; later stages begin with 64 (K + 1)
        ("ms_tcn", facts_of(2048, 19, (4000,)), 131136 + 40 * 16512 + 4 * 65 * 19 + 3 * 64 * 20, 0),
        # the paper's: modules 2,272 and five of 79,872, batch normalisation, shortcuts 128 and 16,384
        ("inception_time", facts_of(1, 2, (100,), "classification"), 420192 + 128 * 2 + 2, 2048),
        ("resnet20", facts_of(3, 10, (32, 32), "classification"), 269722, 1376),
        # as its notebook prints with one sigmoid: 1,941,105; a second class has 17 weights more
        ("unet_weighted", facts_of(3, 2, (128, 128)), 1941105 + 17, 0),
        ("two_convolutions", facts_of(6, 7, (500,)), (3 * 6 + 1) * 64 + (3 * 64 + 1) * 64 + 65 * 7, 0),
        ("lstm", facts_of(6, 7, (500,)), 4 * 64 * (6 + 64 + 1) + 65 * 7, 0),
        # 513 bins leave 8 after two pools of 8
        (
            "tweetynet",
            facts_of(513, 10, (500,)),
            26 * 32 + (25 * 32 + 1) * 64 + 2 * 4 * 256 * (8 * 64 + 256 + 1) + 513 * 10,
            0,
        ),
        ("das_tcn", facts_of(2, 3, (500,)), 3 * 32 + 15 * ((16 * 32 + 1) * 32 + 33 * 32) + 33 * 3, 0),
    ],
)
def test_networks_have_their_published_sizes(name, facts, trainable, others):
    model = built(name, facts)
    assert sum(int(np.prod(each.shape)) for each in model.trainable_variables) == trainable
    assert model.count_params() - trainable == others


def test_ms_tcn_and_u_time_have_as_many_weights_as_told():
    assert round(built("ms_tcn", facts_of(2048, 19, (4000,))).count_params() / 1e6, 2) == 0.80
    assert round(built("u_time", facts_of(1, 5, (105000,))).count_params() / 1e6, 1) == 1.2


def test_longer_windows_make_smaller_batches():
    facts = facts_of(3, 3, (5000,))
    assert (RECIPES["das_tcn"].window(facts), RECIPES["das_tcn"].batch_size(facts)) == (1024, 32)
    long = dataclasses.replace(facts, durations=np.full(10, 1000))
    assert (RECIPES["das_tcn"].window(long), RECIPES["das_tcn"].batch_size(long)) == (2000, 16)
    assert (RECIPES["tweetynet"].window(long), RECIPES["tweetynet"].batch_size(long)) == (1024, 2)


def test_each_set_names_the_peers_that_serve_its_task():
    tasks = {
        "dsb_nuclei": Task.named("segmentation", 2, rank=2),
        "watch_exercises": Task.named("classification", 7),
        "ludb_dx": Task.named("multilabel-classification", 23),
        "bccd_cells": Task.named("classification", 3, rank=2),
    }
    for name, peers in PEERS.items():
        task = tasks.get(name, Task.named("segmentation", 4))
        assert set(peers) == {each.name for each in RECIPES.values() if each.serves(task)}
