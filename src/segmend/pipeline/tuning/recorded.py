"""A study as data: its trials, its front, and the files of its folder."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from segmend import __version__
from segmend.artifacts.plan import Plan
from segmend.artifacts.study import Confirmation, StudyRecord, StudyTrial, TunedKey
from segmend.core.backend import choose_backend
from segmend.core.files import staged_file, write_json
from segmend.pipeline.tuning import journal
from segmend.pipeline.tuning.front import pareto_front
from segmend.pipeline.tuning.search import Search
from segmend.pipeline.tuning.wanted import ERRORS, SCORES
from segmend.pipeline.tuning.working import SURPLUS
from segmend.planning import toml

PLAN, TRIALS, STUDY = "plan.toml", "trials.csv", "study.json"
ENDED = "its process ended before it was done"


def trials_of(study: Any) -> list[StudyTrial]:
    """The trials that began, in their order; not those that came too late to be needed."""
    from optuna.trial import TrialState

    states = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
    found = []
    for trial in study.get_trials(deepcopy=False):
        because = trial.user_attrs.get(journal.BECAUSE, ENDED)
        if trial.state not in states or because == SURPLUS:
            continue
        known = trial.value is not None and math.isfinite(trial.value)
        told = {
            "number": trial.number,
            "state": states[trial.state],
            "picks": trial.params,
            "scores": trial.user_attrs.get(journal.SCORES, {}),
            "objective": trial.value if known else None,
            "seconds": trial.user_attrs.get(journal.TOOK),
            "because": because,
        }
        found.append(StudyTrial.from_dict(told))
    return found


def planned_trial(study: Any, trials: Sequence[StudyTrial]) -> StudyTrial | None:
    """The complete trial of the planned values, None where there is none yet."""
    told = study.get_trials(deepcopy=False)
    done = (trial for trial in trials if trial.state == "complete")
    return next((trial for trial in done if told[trial.number].user_attrs.get(journal.PLANNED)), None)


def best_trial(trials: Sequence[StudyTrial]) -> StudyTrial:
    """The complete trial with the highest objective, the first of equals."""
    done = [trial for trial in trials if trial.state == "complete"]
    return max(done, key=lambda trial: (trial.objective or 0.0, -trial.number))


def front_of(trials: Sequence[StudyTrial], scores: Sequence[str]) -> tuple[int, ...]:
    """Numbers of the complete trials that no other one beats in all scores; errors are better small."""
    done = [trial for trial in trials if trial.state == "complete"]
    signs = [-1.0 if name in ERRORS else 1.0 for name in scores]
    rows = [[trial.scores.get(name) for name in scores] for trial in done]
    table = np.array([[math.nan if v is None else v for v in row] for row in rows], np.float64)
    return tuple(done[k].number for k in pareto_front(table.reshape(len(done), len(scores)) * signs))


def record_of(
    search: Search,
    trials: Sequence[StudyTrial],
    planned: StudyTrial,
    confirmation: Confirmation | None,
    *,
    changed: Mapping[str, tuple[Any, Any]],
    verdict: str,
    seconds: float,
) -> StudyRecord:
    """All of a study that is worth keeping."""
    asked, scores = search.asked, SCORES[search.data.task.kind]
    keys = {
        key: TunedKey(planned=each.planned, options=dict(each.options), bounds=each.bounds)
        for key, each in search.space.items()
    }
    return StudyRecord(
        version=__version__,
        backend=choose_backend(),
        task=search.data.task.to_dict(),
        data=search.identity()["data"],
        objective=search.objective,
        scores=scores,
        sampler=asked.sampler,
        pruner=asked.pruner,
        seed=asked.seed,
        workers=asked.workers,
        asked=asked.trials,
        seconds_each=search.seconds,
        seconds=round(seconds, 3),
        keys=keys,
        trials=tuple(trials),
        planned=planned.number,
        best=best_trial(trials).number,
        front=front_of(trials, scores),
        confirmation=confirmation,
        changes=dict(changed),
        verdict=verdict,
    )


def write_study(folder: Path, record: StudyRecord, plan: Plan) -> None:
    """plan.toml, trials.csv and study.json beside the journal."""
    with staged_file(folder / PLAN) as stage:
        stage.write_text(toml.dumps(plan), encoding="utf-8")
    keys = list(record.keys)
    head = ["number", "state", *keys, *record.scores, "objective", "seconds", "because"]
    with staged_file(folder / TRIALS) as stage, stage.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        for trial in record.trials:
            picks = [trial.picks.get(key) for key in keys]
            scores = [trial.scores.get(name) for name in record.scores]
            row = [trial.number, trial.state, *picks, *scores, trial.objective, trial.seconds, trial.because]
            writer.writerow(["" if cell is None else cell for cell in row])
    write_json(folder / STUDY, record.to_dict())
