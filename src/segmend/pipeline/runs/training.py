"""One training, from a plan to the files of a RUN."""

from __future__ import annotations

import dataclasses
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segmend import __version__, fingerprinting
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.plan import Plan
from segmend.artifacts.prediction import Prediction
from segmend.core.backend import choose_backend
from segmend.core.dataset import Dataset
from segmend.core.files import write_json
from segmend.core.words import counted
from segmend.pipeline.on_files.diagnose_files import diagnose_files
from segmend.pipeline.runs import run_folder
from segmend.pipeline.runs.choose_decoder import choose_decoder
from segmend.pipeline.runs.decoded import decode, joined, scores_of
from segmend.pipeline.runs.histories import one_after_the_other
from segmend.pipeline.runs.model_and_data import description
from segmend.pipeline.runs.reserve import Afterwards
from segmend.pipeline.runs.standardized import data_as_planned
from segmend.pipeline.runs.unfinished import Unfinished
from segmend.pipeline.runs.write_predictions import write_predictions
from segmend.planning import Values, toml


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told what happens: nobody, unless someone asks.

    Attributes:
        say: takes a line for people.
        warn: takes what people must know; a Python warning unless something else is asked for.
        epochs: takes a line for each epoch, or None.
        bar: show a progress bar on stderr.
    """

    say: Callable[[str], None] = field(default=lambda line: None)
    warn: Callable[[str], None] = field(default=lambda line: warnings.warn(line, UserWarning, stacklevel=6))
    epochs: Callable[[str], None] | None = None
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained network, and the seconds of what comes after it."""

    model: Any
    history: History
    afterwards: Afterwards


@dataclass(frozen=True, slots=True)
class Training:
    """One training, from a plan to the files of a RUN; ``watchers`` are callbacks that see each epoch's scores."""

    data: Dataset
    facts: Fingerprint
    plan: Plan
    folder: Path
    started: float
    budget_s: float
    listener: Listener
    watchers: Sequence[Any] = ()
    unfinished: Unfinished | None = None

    def perform(self) -> None:
        """Train, predict, decode, score, write, diagnose."""
        from segmend.models import average

        values = Values.of(self.plan)
        seen = dataclasses.replace(self, data=data_as_planned(values, self.data))
        networks = seen._members(values, self._learnt())
        model = average([network.model for network in networks])
        model.save(self.folder / run_folder.MODEL)
        raw = {role: seen._predict(model, values, role) for role in self._roles()}
        decoder = self._decoder(raw["val"], values, networks[-1].afterwards)
        decoded = {role: decode(prediction, decoder) for role, prediction in raw.items()}
        self._write(values, [network.history for network in networks], decoder, raw, decoded)
        diagnosis = diagnose_files(self.folder)
        write_json(self.folder / run_folder.DIAGNOSIS, diagnosis.to_dict())

    def network(self, number: int = 0) -> Trained:
        """One of the planned networks, trained in the whole budget and judged on the role "val"; nothing is written.

        Args:
            number: of its seed, counted from the plan's.
        """
        values = Values.of(self.plan)
        seen = dataclasses.replace(self, data=data_as_planned(values, self.data))
        return seen._member(values, self._learnt(), number, alone=True)

    def _learnt(self) -> Fingerprint:
        """Facts about the recordings that are trained on, as they came."""
        train = dataclasses.replace(self.data, recordings=self.data.part("train"))
        return fingerprinting.fingerprint(train, separability=False)

    def _members(self, values: Values, learnt: Fingerprint) -> list[Trained]:
        """As many of the planned networks as the time holds, each trained in full rather than all in part."""
        from segmend.training.not_finite import NotFiniteError
        from segmend.training.timing import TooLittleTimeError

        networks: list[Trained] = []
        longest = 0.0
        for number in range(values.model.members):
            if networks and longest > self._left(networks[-1].afterwards, number + 1) and not self._begun(number):
                break
            began = time.monotonic() - self._spent(number)
            try:
                networks.append(self._member(values, learnt, number))
            except (TooLittleTimeError, NotFiniteError) as error:
                if not number:
                    raise
                if isinstance(error, NotFiniteError):
                    self.listener.warn(f"network {number + 1} is left out, and those after it: {error}")
                    return networks
                break
            longest = max(longest, time.monotonic() - began)
        if len(networks) < values.model.members:
            self.listener.say(f"the budget held {len(networks)} of {values.model.members} networks")
        return networks

    def _begun(self, number: int) -> bool:
        """Whether a network was being trained when something interrupted it."""
        return self.unfinished is not None and self.unfinished.checkpoint(number).exists()

    def _spent(self, number: int) -> float:
        """Seconds that went into a network before an interruption."""
        return 0.0 if self.unfinished is None else self.unfinished.spent(number)

    def _left(self, afterwards: Afterwards, networks: int) -> float:
        """Seconds until the training of so many networks must have ended."""
        return self.started + afterwards.trained_by(self.budget_s, networks) - time.monotonic()

    def _member(self, values: Values, learnt: Fingerprint, number: int, *, alone: bool = False) -> Trained:
        """One network of a seed of its own, trained in the time that is left; ``alone`` where nothing follows."""
        from segmend.pipeline.runs.judging import judged_once
        from segmend.pipeline.runs.translate import in_single_precision, model_of
        from segmend.training.timing import TooLittleTimeError

        started = self.started if number == 0 else time.monotonic() - self._spent(number)
        seeded = values.training.model_copy(update={"seed": values.training.seed + number})
        own = values.model_copy(update={"training": seeded})
        model = model_of(own, learnt)
        judge, afterwards = judged_once(model, own, self.data, self._roles())
        until = self.started + (self.budget_s if alone else afterwards.trained_by(self.budget_s, number + 1))
        try:
            checkpoint = None if self.unfinished is None else self.unfinished.checkpoint(number)
            history = self._fit(model, own, started, until - started, judge, checkpoint)
        except TooLittleTimeError:
            told = f"the {time.monotonic() - self.started:.0f} s of getting ready"
            if not alone:
                rest = (number + 1) * afterwards.predicting + afterwards.kept(self.budget_s)
                told = f"{told} and the {rest:.0f} s of prediction, decoding and diagnosis"
            raise TooLittleTimeError(
                f"budget: too small to train: expected more than {told}. Received {self.budget_s:.0f} s"
            ) from None
        return Trained(in_single_precision(model, own, learnt), history, afterwards)

    def _roles(self) -> list[str]:
        """The parts that are predicted: "val" and those of the test."""
        return [role for role in self.data.split if role == "val" or role.startswith("test")]

    def _fit(
        self, model: Any, values: Values, started: float, seconds: float, judge: Any, checkpoint: Path | None
    ) -> History:
        """Train on the role "train", judged on whole recordings of the role "val"."""
        from segmend.pipeline.runs.translate import batches_of, loss_of, settings_of
        from segmend.training import HardWindows, fit
        from segmend.training.progress import EpochLines, ProgressBar

        batches = batches_of(values, self.data.part("train"), self.data)
        watchers: list[Any] = [judge, *self.watchers]
        if values.sampling.hard:
            watchers.append(HardWindows(model, batches))
        if self.listener.bar:
            watchers.append(ProgressBar(seconds=seconds, started=started))
        if self.listener.epochs is not None:
            watchers.append(EpochLines(self.listener.epochs))
        loss = loss_of(values, self.data.task)
        settings = settings_of(values, seconds)
        return fit(model, batches, settings, loss=loss, callbacks=watchers, started=started, checkpoint=checkpoint)

    def _predict(self, model: Any, values: Values, role: str) -> Prediction:
        """Probabilities of one role's recordings, written as they come and read as memory maps."""
        from segmend.pipeline.runs.predicting import prediction_of

        return prediction_of(model, values, self.data, role, self.folder / run_folder.PREDICTIONS / "scores")

    def _decoder(self, validation: Prediction, values: Values, afterwards: Afterwards) -> DecoderRecord:
        deadline = self.started + afterwards.decoded_by(self.budget_s)
        record = choose_decoder(validation, values.decoder.candidates, values.decoder.objective, deadline=deadline)
        held = counted(len(validation.names), f"validation {self.data.task.holders[:-1]}")
        return record.model_copy(update={"fitted_on": held})

    def _write(
        self,
        values: Values,
        histories: Sequence[History],
        decoder: DecoderRecord,
        raw: Mapping[str, Prediction],
        decoded: Mapping[str, Prediction],
    ) -> None:
        history = one_after_the_other(histories)
        (self.folder / run_folder.PLAN).write_text(toml.dumps(self.plan), encoding="utf-8")
        write_json(self.folder / run_folder.FINGERPRINT, self.facts.to_dict())
        write_json(self.folder / run_folder.DECODER, decoder.to_dict())
        run_folder.write_history(self.folder / run_folder.HISTORY, history)
        write_predictions(joined(list(decoded.values())), self.folder / run_folder.PREDICTIONS)
        write_json(self.folder / run_folder.SCORES, scores_of(raw, decoded))
        write_json(
            self.folder / run_folder.RUN,
            {
                "schema": 1,
                "version": __version__,
                "backend": choose_backend(),
                **description(self.data),
                "split": {role: list(names) for role, names in self.data.split.items()},
                "seed": values.training.seed,
                "budget_s": self.budget_s,
                "seconds": round(time.monotonic() - self.started, 3),
                "networks": len(histories),
                "epochs": len(next(iter(history.columns.values()), ())),
                "best_epochs": [None if each.best_epoch is None else each.best_epoch + 1 for each in histories],
                "stopped_because": history.stopped_because,
            },
        )
