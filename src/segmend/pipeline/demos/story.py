"""The demo's chapters, in their order."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.core.dataset import Dataset
from segmend.core.files import write_json
from segmend.pipeline.demos import data as demo_data
from segmend.pipeline.results.diagnosis import Diagnosis
from segmend.pipeline.results.mended import Mended
from segmend.pipeline.results.page import content_of, part_of, result_of, write_page
from segmend.reporting.content import Result

MEND_S = 30.0
TRAIN_S = 200.0

JOINED = (
    "10 people, 7 exercises, 14 recordings each. Every session is made of one person's recordings, joined in random "
    "order with no exercise next to itself; nobody trained in that order."
)
UNSEEN = "three people never seen in training or tuning"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Demo:
    """What the demo shows.

    Attributes:
        scores: of "before", "mended" and "planned", on the people of role test.
        captions: what each of the three is.
        split: names of sessions by role.
        seconds: wall clock of each chapter.
        path: the folder with report.html and demo.json.
    """

    scores: Mapping[str, Scores]
    captions: Mapping[str, str]
    split: Mapping[str, tuple[str, ...]]
    seconds: Mapping[str, float]
    path: Path

    def to_dict(self) -> dict[str, Any]:
        """What demo.json holds."""
        shown = {
            name: {
                "count_ratio": scores["count"]["ratio"],
                "segment_f1@50": scores["segment"]["f1@50"],
                "step_accuracy": scores["step"]["accuracy"],
            }
            for name, scores in self.scores.items()
        }
        return {**shown, "split": dict(self.split), "seconds": dict(self.seconds), "data": JOINED}


class Story:
    """The chapters in their order; each leaves its files in the folder."""

    def __init__(self, folder: Path, seed: int, say: Say) -> None:
        self.folder, self.seed, self.say = folder, seed, say
        self.seconds: dict[str, float] = {}
        self.began = time.monotonic()

    def tell(self, wrist: demo_data.Wrist) -> Demo:
        """All chapters."""
        data = self._data(wrist)
        starter, diagnosis = self._diagnose(data)
        mended = self._mend(starter, diagnosis, data)
        planned = self._plan(data)
        test = data.split["test"]
        assert mended.prediction and mended.diagnosis and mended.diagnosis.chart.prediction
        predictions = {
            "before": part_of(mended.diagnosis.chart.prediction, test),
            "mended": part_of(mended.prediction, test),
            "planned": part_of(planned.prediction, test),
        }
        captions = {
            "before": "two convolutions",
            "mended": f"the same, {mended.record.name.replace('_', ' ')} decoding",
            "planned": f"planned model, {planned.decoder.replace('_', ' ')} decoding",
        }
        results = [
            result_of(name, prediction, caption=captions[name], prob=name != "mended")
            for name, prediction in predictions.items()
        ]
        self._report(data, results, predictions["before"], diagnosis, mended, planned.plan)
        scores = {result.name: result.scores for result in results if result.scores is not None}
        return Demo(scores, captions, data.split, self.seconds, self.folder)

    def _data(self, wrist: demo_data.Wrist) -> Dataset:
        from segmend.loading import load_dataset

        sessions = demo_data.join(wrist, seed=self.seed)
        data = load_dataset(demo_data.write(wrist, sessions, self.folder / "data"))
        self.say(JOINED)
        self._done("data")
        return data

    def _diagnose(self, data: Dataset) -> tuple[Any, Diagnosis]:
        """The starter, and what the doctor says of it on the people of role val."""
        from segmend.pipeline.charting.watch_dataset import watch_dataset
        from segmend.pipeline.demos.starter import train_starter
        from segmend.pipeline.diagnose import diagnose_watched

        self.say("training the model that everyone starts with: two convolutions, cross-entropy per step")
        model = train_starter(data, seed=self.seed)
        model.save(self.folder / "starter.keras")
        self._done("starter")
        self.say("diagnosing it on two other people")
        diagnosis = diagnose_watched(watch_dataset(model, data))
        write_json(self.folder / "diagnosis.json", diagnosis.to_dict())
        for finding in diagnosis.findings[:3]:
            cause = f" (because of {', '.join(finding.explained_by)})" if finding.explained_by else ""
            self.say(f"  {finding.severity.value}: {finding.rule}{cause}: {finding.message}")
        self._done("diagnose")
        return model, diagnosis

    def _mend(self, model: Any, diagnosis: Diagnosis, data: Dataset) -> Mended:
        """Decoders fitted on the people of role val, proven on those of role test."""
        from segmend.pipeline.demos.starter import predict_role, together
        from segmend.pipeline.inputs.objectives import objective_of
        from segmend.pipeline.trials.loop import Clock
        from segmend.pipeline.trials.mend_diagnosed import mend_diagnosed

        self.say("mending it by decoding alone, without training")
        anatomy = diagnosis.chart.anatomy
        both = together(*(predict_role(model, data, role, anatomy) for role in ("val", "test")))
        chart = dataclasses.replace(diagnosis.chart, prediction=both)
        record = diagnosis.record.model_copy(update={"judged_on": "joined sessions"})
        mended = mend_diagnosed(
            dataclasses.replace(diagnosis, chart=chart, record=record),
            objective_of(None, both.task),
            Clock(time.monotonic(), MEND_S),
            seed=self.seed,
            model=model,
        )
        mended.save(self.folder / "mended")
        self.say(f"  {mended.certificate.verdict}: {mended.certificate.chosen or 'nothing kept'}")
        self._done("mend")
        return mended

    def _plan(self, data: Dataset) -> _Planned:
        """A model that is planned from the data, trained and decoded."""
        from segmend.loading import load_predictions
        from segmend.pipeline.train import train

        self.say(f"training with a plan made from the data, {TRAIN_S:.0f} seconds")
        run = train(data, out=self.folder / "run", budget=TRAIN_S, seed=self.seed)
        self._done("train")
        return _Planned(load_predictions(self.folder / "run"), run.decoder.name, run.plan)

    def _report(
        self,
        data: Dataset,
        results: list[Result],
        shown: Prediction,
        diagnosis: Diagnosis,
        mended: Mended,
        plan: Any,
    ) -> None:
        content = content_of(
            shown,
            results,
            title="wrist motion, seven exercises",
            signals={recording.name: recording.signal for recording in data.recordings},
            diagnosis=diagnosis.record,
            judged_on=UNSEEN,
            channels=data.channels,
            fingerprint=diagnosis.chart.fingerprint,
            certificate=mended.certificate,
            plan=plan,
            provenance={
                "data": JOINED,
                "findings": "on two validation people; everything else on the three test people",
                "seed": str(self.seed),
            },
        )
        write_page(content, self.folder / "report.html")
        self._done("report")

    def _done(self, chapter: str) -> None:
        now = time.monotonic()
        self.seconds[chapter] = round(now - self.began, 1)
        self.began = now


@dataclass(frozen=True, slots=True, eq=False)
class _Planned:
    prediction: Prediction
    decoder: str
    plan: Any
