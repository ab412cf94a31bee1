"""A network in an ONNX file says what it says in its RUN."""

from __future__ import annotations

import importlib.util
import json
import sys

import keras
import numpy as np
import pytest

import segmend
from segmend import models, tiling
from segmend.cli import run as command
from segmend.errors import InputError, MissingDependencyError
from segmend.pipeline.runs import onnx_file
from segmend.prediction.classify import mean_of_tiles
from tests.pipeline.hand_made import make_run

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:(onnx|jax2onnx|flax|google).*"),
]
needs_onnx = pytest.mark.skipif(
    keras.backend.backend() != "jax" or not all(map(importlib.util.find_spec, ("onnx", "onnxruntime", "jax2onnx"))),
    reason='needs JAX and pip install "segmend[onnx]"',
)
STAGES = [{"kernel": 5, "stride": 2}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "up": 2}]
NETWORKS = {
    "tcn": {"stages": STAGES, "filters": 4, "norm": "batch"},
    "unet": {"stages": models.unet_stages(1, convolutions=1), "filters": 4, "rank": 2},
    "inception": {"filters": 4, "depth": 3, "kernels": [3, 5]},
}


def told_by(file):
    import onnx

    return json.loads({each.key: each.value for each in onnx.load(str(file)).metadata_props}["segmend"])


@needs_onnx
def test_recordings_of_any_length_get_what_the_run_predicts(tmp_path, capsys):
    run = make_run(tmp_path / "run", "segmentation", 1, ("rest", "a", "b"), background=0, rate=50.0)
    assert command(["export", str(run)]) == 0
    file = run / "model.onnx"
    assert capsys.readouterr().out == f"{file}\n"
    told = told_by(file)
    assert (told["labels"], told["background"], told["sampling_rate_hz"]) == (["rest", "a", "b"], 0, 50.0)
    assert told["preprocessing"] == "none: the network scales raw samples itself"
    assert told["decoder"]["name"] == "argmax"
    signal = np.random.default_rng(1).normal(size=(101, 3)).astype("float32")
    cut = {key: told["tiles"][key] for key in ("window", "hop", "align")}
    said = tiling.predict(onnx_file.run_onnx(file), signal, **cut)
    np.testing.assert_allclose(said, segmend.load_run(run).predict(signal).y_prob[0], atol=1e-5)
    with pytest.raises(InputError, match=r"model\.onnx: expected a free place \(--overwrite"):
        segmend.export(run)
    segmend.export(run, overwrite=True)


@needs_onnx
def test_a_whole_image_gets_the_mean_of_its_tiles(tmp_path):
    run = make_run(tmp_path / "run", "classification", 2, ("a", "b"))
    file = segmend.export(run, out=tmp_path / "cells.onnx")
    tiles = told_by(file)["tiles"]
    image = np.random.default_rng(1).normal(size=(33, 20, 2)).astype("float32")
    size, hop = (tiles["window"],) * 2, (tiles["hop"],) * 2
    (said,) = mean_of_tiles(onnx_file.run_onnx(file), [image], size, hop)
    np.testing.assert_allclose(said, segmend.load_run(run).predict(image).y_prob[0], atol=1e-5)


@needs_onnx
@pytest.mark.parametrize("name", NETWORKS)
def test_planned_networks_can_be_converted(name, tmp_path):
    keras.utils.set_random_seed(0)
    model = models.build({"architecture": name, **NETWORKS[name]}, channels=2, classes=3, mean=[0.5, 0], std=[2.0, 1.0])
    tiles = np.random.default_rng(0).normal(size=(3, *(18,) * NETWORKS[name].get("rank", 1), 2))
    assert onnx_file.write_onnx(model, tmp_path / "m.onnx", tiles=tiles.astype("float32"), about={}) <= 1e-5


@needs_onnx
def test_a_file_that_answers_differently_is_refused(tmp_path, monkeypatch):
    run = make_run(tmp_path / "run", "segmentation", 1, ("rest", "a"), background=0)
    monkeypatch.setattr(onnx_file, "run_onnx", lambda file: lambda tiles: np.zeros((*tiles.shape[:-1], 2)))
    with pytest.raises(InputError, match=r"within 1e-05 of the model's\. Received a difference of"):
        segmend.export(run)
    assert not (run / "model.onnx").exists()


@needs_onnx
def test_the_network_is_compared_in_full_precision_where_a_gpu_would_take_less(tmp_path, monkeypatch):
    import jax

    model, asked = models.inception(channels=1, classes=2, filters=2, depth=1, kernels=[3]), []
    predicted = model.predict_on_batch

    def predict_on_batch(tiles):
        asked.append(jax.config.jax_default_matmul_precision)
        return predicted(tiles)

    monkeypatch.setattr(model, "predict_on_batch", predict_on_batch)
    onnx_file.write_onnx(model, tmp_path / "m.onnx", tiles=np.zeros((2, 8, 1), np.float32), about={})
    assert asked == ["highest"]


def test_what_is_missing_is_named_by_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingDependencyError, match=r'export to ONNX needs onnx: pip install "segmend\[onnx\]"$'):
        onnx_file.require_converter()


def test_another_backend_is_refused(monkeypatch):
    monkeypatch.setattr(onnx_file, "need", lambda *args, **options: None)
    monkeypatch.setattr(onnx_file, "choose_backend", lambda: "torch")
    with pytest.raises(InputError, match=r"expected Keras on JAX, .* KERAS_BACKEND=jax\. Received torch"):
        onnx_file.require_converter()


def test_a_run_without_a_plan_is_refused(tmp_path):
    run = make_run(tmp_path / "run", "segmentation", 1, ("rest", "a"), background=0)
    (run / "plan.toml").unlink()
    with pytest.raises(InputError, match=r"run: expected a run with plan\.toml"):
        segmend.export(run)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    run = make_run(tmp_path / "run", "segmentation", 1, ("rest", "a"), background=0)
    with pytest.raises(InputError, match=r"expected a file to write to\. Received a folder"):
        segmend.export(run, out=tmp_path)


def test_a_run_whose_plan_is_of_before_a_key_was_there_is_refused_by_the_name_of_both(tmp_path):
    run = make_run(tmp_path / "run", "segmentation", 1, ("rest", "a"), background=0)
    file = run / "plan.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if not line.startswith("stride = ")), encoding="utf-8")
    message = r"plan\.toml: model\.stride: expected a value\. Received none"
    with pytest.raises(InputError, match=message):
        segmend.load_run(run).predict(np.zeros((20, 2)))
    with pytest.raises(InputError, match=message):
        segmend.export(run)
