import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.fingerprinting import fingerprint
from segmend.loading import load_dataset
from segmend.pipeline.runs.unfamiliar import unfamiliar
from tests.pipeline import bursts

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("unfamiliar") / "data", recordings=12)


def test_another_gain_level_and_noise_are_told(data):
    facts = fingerprint(load_dataset(data))
    signal, _ = bursts.recording(30)
    noisy = signal + np.random.default_rng(0).normal(0, 5, signal.shape)
    same, gain, level, noise = unfamiliar(facts, [signal, 20 * signal, signal + 50, noisy])
    assert same == ""
    assert gain.startswith("a ") and "on channel" in gain
    assert level.startswith("a level of 5") and level.endswith("spreads away)")
    assert "noise" in noise or "spread of" in noise


def test_with_little_to_compare_with_nothing_is_told(data):
    facts = fingerprint(load_dataset(data))
    few = facts.model_copy(update={"recordings": facts.recordings[:5]})
    strange = [100 * bursts.recording(30)[0]]
    assert unfamiliar(few, strange) == unfamiliar(None, strange) == [""]


def test_predict_says_so(data, tmp_path, capsys):
    settings = {**bursts.SETTINGS, "steps": 4, "epochs": 1}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings)
    signal, _ = bursts.recording(30)
    np.save(tmp_path / "usual.npy", signal)
    np.save(tmp_path / "loud.npy", 30 * signal)
    files = [str(tmp_path / name) for name in ("usual.npy", "loud.npy")]
    assert command(["predict", str(run.path), *files, "-o", str(tmp_path / "pred")]) == 0
    said = capsys.readouterr().err
    assert "loud is unlike the recordings of training: a " in said and "usual is unlike" not in said
