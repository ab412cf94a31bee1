from __future__ import annotations

from types import SimpleNamespace

from segmend.cli.commands.train import summary
from segmend.core.task import Task


def test_one_epoch_and_one_object_are_singular():
    about = {
        "epochs": 1,
        "seconds": 3.2,
        "best_epochs": [1],
        "stopped_because": "budget",
        "task": Task.named("segmentation", 2, rank=2).to_dict(),
    }
    segment = {"f1@50": 0.5, "panoptic": {"pq": 0.4}}
    scores = {"step": {}, "segment": segment, "count": {"predicted": 1, "reference": 2, "ratio": 0.5}}
    result = SimpleNamespace(
        path="run", about=about, decoder=SimpleNamespace(name="peaks"), scores={"val": {"decoded": scores}}
    )
    first, second = summary(result)
    assert first == "run: 1 epoch in 3 s, best 1 (budget); decoder peaks"
    assert second == "val: object F1@50 0.500, panoptic quality 0.400, 1 object where there are 2 (ratio 0.500)"
