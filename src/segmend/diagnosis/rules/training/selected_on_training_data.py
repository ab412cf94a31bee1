"""T108: the best epoch is chosen on the data that the model is trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.task import Kind
from segmend.core.types import FloatArray
from segmend.diagnosis.curves import Course, courses, finite
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, percent

SAME = 0.5
FEWEST = 5
LESS_IS_BETTER = ("loss", "error", "mae", "mse", "entropy")

HOLD_OUT = Remedy(
    name="hold-recordings-out",
    safety="manual",
    advice="Split by subject before anything else, and fit with validation_data=(xv, yv) and keras.callbacks."
    'EarlyStopping(monitor="val_loss", restore_best_weights=True).',
)


class SelectedOnTrainingData(Rule):
    """When to stop, or which weights to keep, is decided on the training data.

    What it finds:
        A history of two epochs or more without any validation column; validation data of which half or more are
        recordings that are trained on, sample for sample; or a best epoch that is the best by a column of the training
        data and by none of the validation data.

    Why it matters:
        On its training data a model gets better for as long as one trains. Chosen by them, the last epoch always wins,
        however much of it is learnt by heart, and the score that goes with it says nothing about other data.

    Evidence:
        The number of epochs and of validation columns; how many of the recordings are the same; or the epoch that was
        kept and the column that chose it. Recordings in both parts are an error, since then no number holds. A
        training metric that ended or chose is a warning. Without validation columns it is for information, unless
        training ended before the epochs that were asked for, which only a training metric can have decided.

    Remedy:
        Hold recordings of some subjects out, watch a validation column, keep the weights of its best epoch.

    Known limits:
        Which column was monitored is told by the epoch that was kept, and only where that is known and five epochs or
        more. Validation data that are nearly the same, not exactly, are looked for by ``leaked-groups``.
    """

    name = "selected-on-training-data"
    code = "T108"
    needs: ClassVar[tuple[str, ...]] = ("history",)
    explains: ClassVar[tuple[str, ...]] = ("overfitting",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding: the same recordings before the wrong column before no column."""
        assert chart.history is not None
        same, held_out = _shared(chart.fingerprint)
        trainings = list(courses(chart.history))
        if held_out and same >= SAME * held_out:
            yield self._same(chart, same, held_out)
        elif trainings and not any(_validation(course) for course in trainings):
            if len(trainings[0].loss) > 1:
                yield self._unwatched(chart, trainings[0])
        elif len(trainings) == 1 and (column := _chosen_by(chart, trainings[0])) is not None:
            yield self._by_column(chart, trainings[0], column)

    def _same(self, chart: Chart, same: int, held_out: int) -> Finding:
        return self._of(
            f"{same} of {held_out} validation {holders(chart.task)} ({percent(same / held_out)}) are trained on, "
            "sample for sample: what is measured on them says nothing about other data",
            Severity.ERROR,
            {"same": same, "validation": held_out, "threshold": SAME},
        )

    def _unwatched(self, chart: Chart, course: Course) -> Finding:
        epochs, planned = len(course.loss), chart.history.planned_epochs if chart.history else None
        early = planned is not None and epochs < planned
        kept = chart.history is not None and chart.history.best_epoch is not None
        why = f", and it ended after {epochs} of {planned}, by a metric of the training data" if early else ""
        return self._of(
            f"The history of {epochs} epochs has no validation column: nothing but the training data tells which epoch "
            f"is best{why}",
            Severity.WARNING if early or kept else Severity.INFO,
            {"epochs": epochs, "validation_columns": 0, "threshold": 1, "planned_epochs": planned},
        )

    def _by_column(self, chart: Chart, course: Course, column: str) -> Finding:
        best = (chart.history.best_epoch if chart.history else None) or 0
        return self._of(
            f"The weights of epoch {best + 1} were kept, which is the best of {len(course.loss)} by {column}, measured "
            "on the training data, and by no validation column",
            Severity.WARNING,
            {"best_epoch": best + 1, "column": column, "epochs": len(course.loss), "threshold": FEWEST},
        )

    def _of(self, message: str, grave: Severity, evidence: dict[str, Any]) -> Finding:
        return self.finding(
            message,
            severity=grave,
            evidence=evidence,
            remedies=[HOLD_OUT],
            gain=1.0 if grave is Severity.ERROR else 0.0,
        )


def _validation(course: Course) -> dict[str, FloatArray]:
    """The columns that were measured on validation data."""
    return {name: values for name, values in course.columns.items() if name.startswith("val_") and finite(values).size}


def _shared(fingerprint: Fingerprint | None) -> tuple[int, int]:
    """How many validation recordings are trained on, and how many there are."""
    recordings = fingerprint.recordings if fingerprint else ()
    trained = {each.digest for each in recordings if each.role == "train" and each.digest}
    held_out = [each for each in recordings if each.role == "val" or "val" in each.also_in]
    return sum(each.digest in trained for each in held_out), len(held_out)


def _chosen_by(chart: Chart, course: Course) -> str | None:
    """The training column by which the kept epoch is best, where it is best by no validation column."""
    best = chart.history.best_epoch if chart.history else None
    if best is None or not len(course.loss) >= FEWEST or best >= len(course.loss):
        return None
    if any(_is_best(name, values, best) for name, values in _validation(course).items()):
        return None
    own = {n: values for n, values in course.columns.items() if not n.startswith("val_") and n not in _SETTINGS}
    return next((name for name, values in own.items() if _is_best(name, values, best)), None)


_SETTINGS = ("learning_rate", "lr", "epoch", "seconds", "time")


def _is_best(name: str, values: FloatArray, epoch: int) -> bool:
    known = finite(values)
    best = known.min() if any(word in name for word in LESS_IS_BETTER) else known.max()
    return bool(known.min() < known.max() and values[epoch] == best)
