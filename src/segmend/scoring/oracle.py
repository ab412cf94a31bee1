"""The oracle ladder: what scores would be if one kind of error were repaired.

The idea is TIDE's (Bolya et al. 2020, "TIDE: A general toolbox for identifying object detection errors"), carried
over to time. Each repair is made alone and from the raw prediction. None is carried out on steps: what a repair does to
the matching at IoU >= 0.5 follows from the overlap graph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.finding import OracleRung
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.scoring.kinds import Kinds
from segmend.scoring.meetings import Meeting, meet, meeting_of
from segmend.scoring.repairs import IOU, join, part
from segmend.scoring.tallies import Tally, matched_at, tally_of


@dataclass(frozen=True, slots=True, eq=False)
class Gain:
    """What one repair changes, each of shape (recordings, classes).

    Attributes:
        matched: more (or fewer) matched pairs.
        predicted: more (or fewer) predicted segments.
    """

    matched: IntArray
    predicted: IntArray


def ladder(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    multilabel: bool = False,
    reference: Sequence[Segments] | None = None,
    prediction: Sequence[Segments] | None = None,
    per_class: bool = True,
) -> tuple[OracleRung, ...]:
    """Baseline first, then one rung per kind of error, then (``per_class``) one per kind and class.

    The repairs: *fragmentation*: the pieces of one reference become their hull; *merge*: a prediction is cut at
    the gaps between the references it meets; *insertion*: removed; *deletion*: the reference is added; *substitution*:
    relabelled; *borders*: one-to-one pairs get the reference's ends. A substitution's class is the reference's.

    Args:
        y_true: class number of each step, one array per recording; -1 is not judged.
        y_pred: the same for the prediction.
        labels: class names and the background.
        multilabel: whether a step may carry several labels, as for ``tally``.
        reference: reference segments as tables, where touching items of one class are to stay apart.
        prediction: predicted segments as tables, likewise.
        per_class: add the rungs of single classes, where the class has an error of the kind.

    Examples:
        >>> rungs = ladder([np.array([0, 1, 1, 1, 1, 0])], [np.array([0, 1, 0, 1, 1, 0])], Labels.numbered(2))
        >>> [(r.if_fixed, round(r.segment_f1_50, 2), r.count_mae) for r in rungs[:2]]
        [(None, 0.67, 1.0), ('fragmentation', 1.0, 0.0)]
    """
    met = meet(y_true, y_pred, labels, multilabel=multilabel, reference=reference, prediction=prediction)
    found = met.kinds()
    return ladder_of(met, found, tally_of(met, found, (IOU,)), per_class=per_class)


def ladder_of_prediction(prediction: Prediction) -> tuple[OracleRung, ...]:
    """The ladder of a prediction with ``y_true``; without rungs where whole recordings have one label."""
    if prediction.rank == 0:
        return ()
    met = meeting_of(prediction)
    found = met.kinds()
    return ladder_of(met, found, tally_of(met, found, (IOU,)))


def ladder_of(met: Meeting, found: Kinds, tally: Tally, *, per_class: bool = True) -> tuple[OracleRung, ...]:
    """The ladder of a meeting that was tallied."""
    gains = {kind: repair(met, found) for kind, repair in REPAIRS.items()}
    rungs = [_rung(tally, None, None)]
    rungs += [_rung(tally, kind, gain) for kind, gain in gains.items()]
    if per_class:
        for kind, gain in gains.items():
            for k in tally.labels.foreground:
                alone = Gain(gain.matched[:, k], gain.predicted[:, k])
                if alone.matched.any() or alone.predicted.any():
                    rungs.append(_rung(tally, kind, alone, tally.labels.names[k]))
    return tuple(rungs)


def _rung(tally: Tally, kind: str | None, gain: Gain | None, label: str | None = None) -> OracleRung:
    matched, reference = int(tally.matched.sum()), int(tally.reference.sum())
    predicted = tally.predicted.sum(axis=1)
    if gain is not None:
        matched += int(gain.matched.sum())
        predicted = predicted + (gain.predicted if gain.predicted.ndim == 1 else gain.predicted.sum(axis=1))
    total = int(predicted.sum())
    errors = np.abs(predicted - tally.reference.sum(axis=1))
    return OracleRung.model_validate(
        {
            "if_fixed": kind,
            "label": label,
            "segment_f1@50": 2 * matched / (total + reference) if total + reference else None,
            "count_mae": float(errors.mean()) if errors.size else None,
            "count_ratio": total / reference if reference else None,
        }
    )


def _insertion(met: Meeting, found: Kinds) -> Gain:
    gone = met.count(met.cell(met.prediction)[found.inserted])
    return Gain(np.zeros_like(gone), -gone)  # what met no reference of its class was matched with none


def _deletion(met: Meeting, found: Kinds) -> Gain:
    added = met.count(met.cell(met.reference)[found.deleted])
    return Gain(added, added)  # no prediction of the class is near, so each finds its own reference


def _substitution(met: Meeting, found: Kinds) -> Gain:
    cell = met.cell(met.reference)[found.substituted.reference]
    right = met.count(cell)
    # A relabelled prediction is counted in the class it joins; in the class it leaves it had matched nothing.
    return Gain(right, np.zeros_like(right))


def _borders(met: Meeting, found: Kinds) -> Gain:
    poor = found.pairs & ~found.same.reaching(IOU)
    right = met.count(met.cell(met.reference)[found.same.reference[poor]])
    return Gain(right, np.zeros_like(right))


def _fragmentation(met: Meeting, found: Kinds) -> Gain:
    """Every component of the graph of one class keeps one prediction, made of its predictions."""
    edges = found.same
    if not len(edges):
        none = met.count(edges.reference)
        return Gain(none, none)
    cell = met.cell(met.reference)
    first, good = join(met)
    matched = met.count(cell[first][good]) - met.count(cell[edges.reference[matched_at(edges, IOU)]])
    touched = np.zeros(len(met.prediction), bool)
    touched[edges.prediction] = True
    pieces = met.count(met.cell(met.prediction)[touched])
    return Gain(matched, met.count(cell[first]) - pieces)


def _merge(met: Meeting, found: Kinds) -> Gain:
    """A prediction gives each reference that it meets a piece of its own: one piece for each edge."""
    edges = found.same
    cell = met.cell(met.reference)
    row, good = part(met)
    served = np.zeros(len(met.reference), bool)
    served[row[good]] = True
    matched = met.count(cell[served]) - met.count(cell[edges.reference[matched_at(edges, IOU)]])
    opens = np.zeros(len(edges), bool)
    opens[np.unique(edges.prediction, return_index=True)[1]] = True
    return Gain(matched, met.count(cell[edges.reference]) - met.count(cell[edges.reference[opens]]))


REPAIRS: dict[str, Callable[[Meeting, Kinds], Gain]] = {
    "fragmentation": _fragmentation,
    "merge": _merge,
    "insertion": _insertion,
    "deletion": _deletion,
    "substitution": _substitution,
    "borders": _borders,
}
