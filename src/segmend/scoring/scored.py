"""What a scoring run knows, so that its scores can be read of all its recordings or of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.collars import Collar, CollarTally, collar_level, collar_tally
from segmend.scoring.covering import covering
from segmend.scoring.edit import edit_scores, no_edit
from segmend.scoring.fitness import NO_COLLAR, collar_of, unfit
from segmend.scoring.items import Items
from segmend.scoring.levels.count import count_level
from segmend.scoring.levels.detection import detection_level
from segmend.scoring.levels.objects import object_level
from segmend.scoring.levels.segment import f1_of_recordings, segment_level
from segmend.scoring.levels.step import accuracies, step_level
from segmend.scoring.matching import in_time_order
from segmend.scoring.measures import mean_defined
from segmend.scoring.meetings import Meeting, meeting_of
from segmend.scoring.overlaps import Overlaps
from segmend.scoring.panoptic import Panoptic, panoptic
from segmend.scoring.presets import PSDS, Preset, preset_named
from segmend.scoring.steps import StepTally, count_steps
from segmend.scoring.steps.soft import SoftScores, soft_scores
from segmend.scoring.tallies import IOU_THRESHOLDS, Tally, matched_at, tally_of


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scored:
    """Counts and what else scores are read from, per recording.

    Attributes:
        prediction: what was scored.
        preset: the convention.
        step: counts of steps.
        tally: counts of steps and segments, with errors; None where whole recordings have one label.
        edit: edit score of each recording, shape (recordings,), or None where it was left out.
        no_edit: why it was left out.
        panoptic: pairs of objects and their IoU, for images.
        covering: how well runs of any class are covered, of each recording; None where labels overlap, and for images.
        collar: events found within a collar; None where none is known, and for images.
        no_collar: why there is none.
        detection: the readings of the preset "psds", which only all recordings together have; None without it.
        soft: the judged steps' probabilities and their scores; None where only labels are known.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: cost of each pair of true (row) and predicted class, or None.
        connectivity: along how many axes at once pixels of one object may neighbour; None where there are no objects.
    """

    prediction: Prediction
    preset: Preset
    step: StepTally
    tally: Tally | None = None
    edit: FloatArray | None = None
    no_edit: str | None = None
    panoptic: Panoptic | None = None
    covering: FloatArray | None = None
    collar: CollarTally | None = None
    no_collar: str | None = None
    detection: dict[str, Any] | None = None
    soft: SoftScores | None = None
    beta: float = 1.0
    cost: Any = None
    connectivity: int | None = None

    def __len__(self) -> int:
        return len(self.step)

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each recording."""
        return self.prediction.names

    @property
    def owner(self) -> IntArray:
        """Number of the recording of each judged step."""
        return np.repeat(np.arange(len(self)), self.step.judged)

    def levels(self, index: IntArray | None = None) -> dict[str, Any]:
        """The three levels as ``Scores`` has them.

        Args:
            index: numbers of recordings, which may repeat; None reads them all. Ranking and calibration, which need
                every step, are read of all recordings only, and NaN otherwise.
        """
        at = np.arange(len(self)) if index is None else index
        soft = self.soft if index is None else None
        step = step_level(self.step.take(at), self.preset, soft, beta=self.beta, cost=self.cost)
        if self.tally is None:
            return {"step": step, "segment": None, "count": None}
        tally = self.tally.take(at)
        segment = segment_level(tally, self.preset, None if self.edit is None else self.edit[at])
        if self.covering is not None:
            segment["covering"] = float(mean_defined(self.covering[at])) * self.preset.scale
        if self.collar is not None:
            rate = self.prediction.sampling_rate_hz
            step_s = None if rate is None else 1 / rate
            segment["collar"] = collar_level(self.collar.take(at), scale=self.preset.scale, seconds_per_step=step_s)
        if self.panoptic is not None:
            segment |= object_level(self.panoptic.take(at), self.preset)
        if self.detection is not None and index is None:
            segment |= self.detection
        return {"step": step, "segment": segment, "count": count_level(tally, [self.names[k] for k in at])}

    def conventions(self) -> dict[str, Any]:
        """What the scores say of themselves."""
        told = self.preset.step_conventions()
        if self.tally is not None:
            told = self.preset.conventions(self.prediction.labels.background, self.no_edit)
        if self.soft is not None and not self.soft.steps.probable:
            told["calibration"] = NO_PROBABILITIES
        if self.collar is not None:
            told["collar"] = _said(self.collar.collar, self.prediction.sampling_rate_hz)
        elif self.no_collar is not None:
            told["collar"] = self.no_collar
        if self.connectivity is not None:
            told["connectivity"] = self.connectivity
        return {**told, "task": self.prediction.task.to_dict()}

    def by_recording(self) -> dict[str, dict[str, Any]]:
        """One row of scores per recording name."""
        scale = self.preset.scale
        columns: dict[str, Any] = {"step_accuracy": accuracies(self.step) * scale}
        if self.tally is not None:
            for threshold in self.tally.thresholds:
                columns[f"segment_f1@{threshold}"] = f1_of_recordings(self.tally, threshold) * scale
            columns["edit"] = np.full(len(self), np.nan) if self.edit is None else self.edit * scale
            for name in ("reference", "predicted", "matched"):
                columns[name] = getattr(self.tally, name).sum(axis=1)
        rows = zip(*(column.tolist() for column in columns.values()), strict=True)
        return {name: dict(zip(columns, row, strict=True)) for name, row in zip(self.names, rows, strict=True)}


NO_PROBABILITIES = "left out: y_prob holds scores that are no probabilities (from 0 to 1, of sum 1)"


def scored(
    prediction: Prediction,
    *,
    preset: str = "segmend",
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
    connectivity: int = 1,
    tolerance: float | None = None,
    offset_share: float = 0.5,
    iou_thresholds: Sequence[int] = IOU_THRESHOLDS,
    soft: SoftScores | None = None,
) -> Scored:
    """Count a prediction; arguments and errors as for ``scoring.score``."""
    convention = preset_named(preset)
    true, said = prediction.y_true, prediction.y_pred
    if true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    labels, multilabel = prediction.labels, prediction.multilabel
    if reason := unfit(convention, prediction, tolerance):
        raise InputError(f"preset {convention.name}: {reason}")
    told: dict[str, Any] = {"prediction": prediction, "preset": convention, "beta": beta, "cost": cost}
    told["soft"] = soft_scores(prediction) if soft is None else soft
    if prediction.rank == 0:
        return Scored(step=count_steps(true, said, labels, multilabel=multilabel), **told)
    if convention is PSDS:
        told["detection"] = detection_level(prediction)
    if prediction.rank == 1:
        met = meeting_of(prediction)
        told |= _ends(met, collar_of(prediction.sampling_rate_hz, tolerance, offset_share))
    else:
        met = meeting_of(prediction, connectivity=connectivity)
        assert met.scene is not None
        told |= {"panoptic": panoptic(met.scene), "connectivity": connectivity}
    return _of_meeting(met, convention, edit, iou_thresholds, told)


def _said(collar: Collar, rate: float | None) -> dict[str, Any]:
    tolerance, unit = (collar.tolerance, "steps") if rate is None else (collar.tolerance / rate, "s")
    return {"tolerance": tolerance, "unit": unit, "offset_share": collar.offset_share}


def _ends(met: Meeting, collar: Collar | None) -> dict[str, Any]:
    """What is read off the ends of segments in time."""
    assert met.line is not None and isinstance(met.reference, Items) and isinstance(met.prediction, Items)
    found: dict[str, Any] = {"no_collar": NO_COLLAR} if collar is None else {}
    if not met.line.multilabel:
        found["covering"] = covering(met.line)
    if collar is not None:
        lane = len(met.line.y_true) if met.line.multilabel else 0
        found["collar"] = collar_tally(met.reference, met.prediction, collar, met.labels, len(met), lane=lane)
    return found


def _of_meeting(
    met: Meeting, convention: Preset, edit: bool, iou_thresholds: Sequence[int], told: dict[str, Any]
) -> Scored:
    missing = no_edit(met, asked=edit)
    return Scored(
        step=met.step,
        tally=tally_of(met, met.kinds(), iou_thresholds, match=MATCHINGS[convention.matching]),
        edit=edit_scores(met) if missing is None else None,
        no_edit=missing,
        **told,
    )


def _in_time_order(same: Overlaps, threshold: int) -> IntArray:
    return np.flatnonzero(in_time_order(same, threshold))


MATCHINGS = {"optimal": matched_at, "time order": _in_time_order}
