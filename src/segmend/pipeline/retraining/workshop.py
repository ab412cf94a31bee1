"""What trainings are performed with."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.review import Review
from segmend.core.undecoded import undecoded
from segmend.diagnosis.review import hidden
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit
from segmend.pipeline.charting.watch import Watched
from segmend.pipeline.results.run import Run
from segmend.pipeline.retraining.in_run import in_place_of
from segmend.pipeline.retraining.practice import Practice, practice_of, without
from segmend.pipeline.retraining.retrained import Retrained


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Workshop:
    """A model, what a copy of it may learn from, and what judges it.

    Attributes:
        model: the user's Keras model.
        anatomy: facts about it, or None.
        practice: recordings to learn from, and those that judge, in the order of the prediction.
        doubted: stretches of training recordings whose labels are doubted, by name.
        run: the RUN that the model lies in; None where it is anyone's.
        seed: seed of everything random.
    """

    model: Any
    anatomy: Anatomy | None
    practice: Practice
    doubted: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    run: Run | None = None
    seed: int = 0

    @classmethod
    def of(
        cls, model: Any, seen: Watched, *, review: Review | None = None, run: Run | None = None, seed: int = 0
    ) -> Workshop | None:
        """What a Keras model that was watched can be trained with; None where there is nothing apart to learn from.

        Args:
            model: the user's.
            seen: what came of watching it.
            review: places whose labels are doubted.
            run: the RUN that it lies in.
            seed: seed of everything random.
        """
        if seen.dataset is None or not seen.signals or not hasattr(model, "get_weights"):
            return None
        practice = practice_of(seen.dataset, seen.judged, seed=seed)
        if practice is None:
            return None
        doubted = hidden(practice.data, review) if review is not None else {}
        return cls(model=model, anatomy=seen.chart.anatomy, practice=practice, doubted=doubted, run=run, seed=seed)

    def train(self, edit: TrainingEdit, seconds: float) -> Retrained:
        """Fine-tune a copy of the model, or plan one in its place.

        Raises:
            InputError: the model cannot be trained in this way; the message says why.
        """
        from segmend.pipeline.retraining.fine_tune import fine_tuned
        from segmend.pipeline.retraining.rebuild import rebuilt

        practice = self._practice(edit)
        if edit.rebuild:
            return rebuilt(practice, edit, seconds=seconds, seed=self.seed)
        options: dict[str, Any] = {"seconds": seconds, "seed": self.seed, "anatomy": self.anatomy}
        tuned = fine_tuned(self.model, practice, edit, **options)
        return tuned if self.run is None else dataclasses.replace(tuned, model=in_place_of(self.run, tuned.model))

    def average(self, first: Retrained, edit: TrainingEdit, seconds: float) -> Retrained:
        """A rebuilt network averaged with others of its plan that are trained on other folds.

        Raises:
            InputError: there are not two groups to deal out, or no time for one network more.
        """
        from segmend.pipeline.retraining.on_folds import averaged

        return averaged(first, self._practice(edit), edit, seconds=seconds, seed=self.seed)

    def _practice(self, edit: TrainingEdit) -> Practice:
        """What is learnt from, without what is doubted where the edit says so."""
        if not edit.without_doubted:
            return self.practice
        if not self.doubted:
            raise InputError("expected doubted training items of classes that are not rare. Received none")
        return without(self.practice, self.doubted)

    def judged(self, done: Retrained, prediction: Prediction) -> Prediction:
        """The judged recordings as the trained model sees them.

        Raises:
            InputError: it answers in other shapes than the model did.
        """
        y_prob = done.probabilities([each.signal for each in self.practice.judged.values()])
        assert prediction.y_prob is not None
        for rows, known, name in zip(y_prob, prediction.y_prob, prediction.names, strict=True):
            if rows.shape != known.shape:
                raise InputError(f"{name}: expected probabilities of shape {known.shape}. Received {rows.shape}")
        y_pred = tuple(undecoded(rows, multilabel=prediction.multilabel) for rows in y_prob)
        return dataclasses.replace(prediction, y_prob=tuple(y_prob), y_pred=y_pred, temperature=None)
