"""A search over plan values for people: the front, what is best, and what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmend.artifacts.study import StudyRecord, StudyTrial
from segmend.core.task import Task
from segmend.core.words import aligned, counted

if TYPE_CHECKING:
    from segmend.pipeline.results.tuned import Tuned

HEADS = {
    "step_accuracy": "step accuracy",
    "segment_f1@50": "segment F1@50",
    "count_mae": "count MAE",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
}


def as_text(tuned: Tuned) -> str:
    """The whole study as text."""
    record = tuned.record
    states = [trial.state for trial in record.trials]
    some = ", ".join(f"{states.count(state)} {state}" for state in ("complete", "pruned", "failed") if state in states)
    lines = [
        f"{tuned.path}: {counted(len(states), 'trial')} ({some}), each at most {record.seconds_each:.3g} s; "
        f"objective {record.objective} on validation",
        "",
        "No other trial is better in all of these:",
        *_table(tuned.front, record),
        "",
        record.verdict[0].upper() + record.verdict[1:] + ".",
    ]
    lines += [f"  {key}: {new} (planned {old})" for key, old, new in _changes(record)]
    return "\n".join([*lines, f"The plan: {tuned.path / 'plan.toml'}"])


def _table(front: Sequence[StudyTrial], record: StudyRecord) -> list[str]:
    """The front, and in what each of its trials differs from the planned values."""
    item = Task(**record.task).item[:-1]
    rows = [("trial", *(HEADS[name].replace("segment", item) for name in record.scores), "objective")]
    others = ["other than planned"]
    for trial in front:
        name = f"{trial.number}{' (planned)' if trial.number == record.planned else ''}"
        scores = (f"{trial.scores[name]:.3f}" for name in record.scores)
        rows.append((name, *scores, f"{trial.objective:.4f}"))
        others.append(_picks(trial, record) or "nothing")
    return [f"{line}  {other}" for line, other in zip(aligned(rows).splitlines(), others, strict=True)]


def _picks(trial: StudyTrial, record: StudyRecord) -> str:
    return ", ".join(
        f"{key.partition('.')[2]} {pick if isinstance(pick, str) else format(pick, '.3g')}"
        for key, pick in trial.picks.items()
        if pick != record.keys[key].planned
    )


def _changes(record: StudyRecord) -> list[tuple[str, str, str]]:
    """Key, planned and new value; what was tuned by the names of its options."""
    best = next(trial for trial in record.trials if trial.number == record.best)
    told = []
    for key, values in record.changes.items():
        named = isinstance(best.picks.get(key), str)
        old, new = (record.keys[key].planned, best.picks[key]) if named else values
        told.append((key, str(old), str(new)))
    return told
