"""An ensemble of folds: planned networks that learn from other parts of what may be learnt from, averaged."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from segmend import splitting
from segmend.core.dataset import Dataset
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit
from segmend.mending.training import MOST_FOLDS
from segmend.pipeline.results.run import Run
from segmend.pipeline.retraining.in_run import in_place_of
from segmend.pipeline.retraining.practice import Practice
from segmend.pipeline.retraining.retrained import Retrained


def averaged(first: Retrained, practice: Practice, edit: TrainingEdit, *, seconds: float, seed: int = 0) -> Retrained:
    """Train networks like a rebuilt one on other folds of its groups, and average the probabilities of all.

    Each learns from other groups and chooses its epoch by others: what chose the first one's epoch is learnt from by
    all others. What judges the mend is seen by none.

    Args:
        first: rebuilt by the same edit, a Run.
        practice: what it was trained on.
        edit: says how many networks more are to be trained.
        seconds: wall clock for all of them.
        seed: decides among groups of equal size.

    Returns:
        A Run whose folder is there as long as it is; its model is one network that averages.

    Raises:
        InputError: there are not two groups to deal out, or no time for one network more.
    """
    from segmend.models import average
    from segmend.training.not_finite import NotFiniteError
    from segmend.training.timing import TooLittleTimeError

    run: Run = first.model
    known = run.about["networks"]
    parts = other_folds(practice.data, edit.folds, seed=seed)
    end = time.monotonic() + seconds
    members = [run.model]
    for number, data in enumerate(parts):
        try:
            members.append(_member(run, data, known + number, (end - time.monotonic()) / (len(parts) - number)))
        except (TooLittleTimeError, NotFiniteError):
            break
    if len(members) == 1:
        raise InputError("folds: expected two groups to learn from and time for one network more. Received less")
    whole = in_place_of(run, average(members), networks=known + len(members) - 1)

    def probabilities(signals: Sequence[FloatArray]) -> list[FloatArray]:
        return list(whole.predict_many(list(signals)).y_prob or ())

    told = dataclasses.replace(edit, folds=len(members) - 1).described()
    return Retrained(model=whole, probabilities=probabilities, changes=told)


def other_folds(data: Dataset, count: int, *, seed: int = 0) -> list[Dataset]:
    """The same recordings with other roles: a part of what was learnt from chooses the epoch, the rest is learnt from.

    The groups of "train" are dealt out to ``MOST_FOLDS`` parts (fewer where there are fewer groups), each of which is
    "val" once.

    Args:
        data: with the roles "train" and "val".
        count: most data sets to return.
        seed: decides among groups of equal size.

    Returns:
        None of them where "train" is of one group.
    """
    learnt = data.part("train")
    groups = [each.group for each in learnt]
    if len(set(groups)) < 2:
        return []
    dealt = splitting.folds(groups, MOST_FOLDS, seed=seed)
    found = []
    for _, held in dealt[:count]:
        val = tuple(learnt[k].name for k in held.tolist())
        kept = tuple(each.name for each in learnt if each.name not in set(val))
        found.append(dataclasses.replace(data, split={"train": (*kept, *data.split["val"]), "val": val}))
    return found


def _member(run: Run, data: Dataset, number: int, seconds: float) -> object:
    """One network by the run's plan, of a seed of its own."""
    from segmend.pipeline.runs.training import Listener, Training

    quiet = Listener(warn=lambda line: None)
    training = Training(data, run.fingerprint, run.plan, Path(), time.monotonic(), seconds, quiet)
    return training.network(number).model
