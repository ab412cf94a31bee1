from __future__ import annotations

import pytest

import segmend
from segmend.pipeline.runs.training import Listener
from segmend.pipeline.train import prepared
from segmend.pipeline.tuning.search import Asked, Search
from tests.pipeline import bursts


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    folder = bursts.write(tmp_path_factory.mktemp("bursts") / "data")
    asked = Asked(
        data=segmend.load(folder),
        plan=None,
        overrides={"members": 1},
        keys=["filters", "dice"],
        objective="segment_f1@50",
        sampler="tpe",
        pruner="median",
        trials=40,
        workers=1,
        seed=0,
        reading={},
    )
    return Search.of(asked, prepared(**asked.to_prepare(Listener())), 30.0)
