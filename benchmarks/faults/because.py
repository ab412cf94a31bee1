"""Does a remedy that a finding names move the score, and more than a remedy drawn at random?"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from segmend.artifacts.finding import Expected
from segmend.artifacts.trial import Trial
from segmend.mending import control
from segmend.mending.edits import decoder_edit, key
from segmend.pipeline.trials.bench import Bench, bench_of
from segmend.pipeline.trials.perform import perform
from segmend.scoring.objective import parse

OBJECTIVE = "segment_f1@50"
DRAWS = 5
SECONDS = 6.0


def tried(diagnosis: Any, seed: int) -> list[dict[str, Any]]:
    """Each finding's safe remedies, fitted and judged on folds of the judged recordings, beside random remedies.

    Returns:
        A row for each finding and remedy that promises anything: rule, remedy, the objective "before", "at_most",
        "after", and after each of ``DRAWS`` "random" decoders, which take no longer.
    """
    prediction = diagnosis.chart.prediction
    named = [
        (finding.rule, remedy)
        for finding in diagnosis.findings
        for remedy in finding.remedies
        if remedy.safety == "safe" and decoder_edit(remedy.edits) and promises(remedy.expected)
    ]
    if not named or prediction is None or prediction.task.name != "segmentation" or prediction.task.rank != 1:
        return []
    bench = bench_of(prediction, parse(OBJECTIVE), seed=seed)
    after = {key(remedy.edits): reached(Trial(name=remedy.name, edits=remedy.edits), bench) for _, remedy in named}
    rng = np.random.default_rng(seed)
    draws = [control.next_trial(None, (), 1.0, rng, task=prediction.task) for _ in range(DRAWS)]
    random = [reached(trial, bench) for trial in draws if trial is not None]
    return [
        {
            "rule": rule,
            "remedy": remedy.name,
            "before": remedy.expected.before,
            "at_most": remedy.expected.at_most,
            "after": after[key(remedy.edits)],
            "random": random,
        }
        for rule, remedy in named
    ]


def promises(expected: Expected | None) -> bool:
    """Whether a remedy can be held to anything: at least a point of the objective."""
    if expected is None or expected.objective != OBJECTIVE or expected.before is None or expected.at_most is None:
        return False
    return expected.at_most - expected.before >= 0.01


def reached(trial: Trial, bench: Bench) -> float | None:
    """The objective on held-out recordings after a trial."""
    return perform(trial, bench, deadline=time.monotonic() + SECONDS).outcome.after["objective"]


def moved(row: dict[str, Any], after: float | None) -> bool:
    """Whether the objective went at least a third of the way that was promised."""
    return after is not None and after - row["before"] >= (row["at_most"] - row["before"]) / 3
