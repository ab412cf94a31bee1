"""What a command loads: seconds of start-up, and the Keras line (INTERFACE, ARCHITECTURE rule 1)."""

import json
import subprocess
import sys

import numpy as np
import pytest

FRAMEWORKS = {"keras", "jax", "tensorflow", "torch"}

_RUN = """
import json, sys
from segmend.cli import run
code = run(json.loads(sys.argv[1]))
sys.stderr.write("\\n" + json.dumps({"code": code, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def _loaded(*arguments):
    """Exit code and top-level modules after running one command in a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(arguments)], capture_output=True, text=True, check=True, timeout=120
    )
    told = json.loads(done.stderr.splitlines()[-1])
    return told["code"], set(told["loaded"])


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("rules",), ("explain", "P402"), ("formats",), ("diagnose", "--help"), ("tune", "--help")],
)
def test_help_loads_not_even_numpy(arguments):
    code, loaded = _loaded(*arguments)
    assert code == 0
    assert not loaded & (FRAMEWORKS | {"numpy", "scipy", "sklearn", "numba", "pydantic", "rich", "optuna"})


@pytest.fixture(scope="module")
def predictions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predictions")
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 0, 2, 0, 1, 0], 20)
    for part in ("labels", "scores"):
        (folder / part).mkdir()
    for name in ("a", "b", "c"):
        np.save(folder / "labels" / f"{name}.npy", truth)
        np.save(folder / "scores" / f"{name}.npy", np.eye(3)[truth] + rng.normal(0, 0.5, (len(truth), 3)))
    return folder


@pytest.mark.parametrize("arguments", [("diagnose",), ("diagnose", "--json"), ("score",), ("score", "--json")])
def test_predictions_are_read_without_a_framework(predictions, arguments):
    verb, *options = arguments
    code, loaded = _loaded(verb, str(predictions), *options)
    assert code in (0, 1)
    assert not loaded & (FRAMEWORKS | {"sklearn"})


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_predictions_are_compared_without_a_framework(predictions, options):
    code, loaded = _loaded("compare", *[str(predictions)] * 3, "--draws", "10", *options)
    assert code == 0
    assert not loaded & (FRAMEWORKS | {"sklearn"})


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "signals").mkdir()
    for name in ("a", "b"):
        np.save(folder / "signals" / f"{name}.npy", np.random.default_rng(0).normal(size=(100, 2)))
    (folder / "annotations.csv").write_text("recording,start,end,label\na,10,20,step\nb,30,45,step\n")
    return folder


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_data_are_audited_without_a_framework(recordings, options):
    code, loaded = _loaded("audit", str(recordings), *options)
    assert code in (0, 1)
    assert not loaded & (FRAMEWORKS | {"sklearn"})


def test_a_page_is_written_without_a_framework(predictions, tmp_path):
    code, loaded = _loaded("report", str(predictions), "-o", str(tmp_path / "report.html"))
    assert code == 0
    assert not loaded & (FRAMEWORKS | {"sklearn"})
