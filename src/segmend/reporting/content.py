"""All that a page may show; every part but the labels and the results may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.artifacts.scores import Scores
from segmend.artifacts.trial import Certificate
from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Result:
    """One model (or one decoding of it), judged on the recordings of the page.

    Attributes:
        name: "before", "mended", "planned": the head of its column and of its lane.
        y_pred: predicted class of each step, one array of shape (steps,) per recording.
        caption: what it is, in a few words.
        scores: its scores on these recordings, None where no reference is known.
        y_prob: probability of each class at each step, shape (steps, classes) per recording; None where they are
            unknown or another result already shows the same ones.
    """

    name: str
    y_pred: tuple[IntArray, ...]
    caption: str = ""
    scores: Scores | None = None
    y_prob: tuple[FloatArray, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReportContent:
    """The content of one page; lists have one entry per recording, in the order of ``names``.

    Attributes:
        title: head of the page, such as the name of the data set.
        labels: class names and the background.
        names: recording names.
        results: what is shown side by side, the model as it came first.
        y_true: reference class of each step, shape (steps,); -1 is not judged.
        signals: signal of each recording, shape (steps, channels); memory maps are read in one pass. An entry is None
            where the signal is not at hand.
        channels: channel names.
        sampling_rate_hz: steps per second; without it, time is shown in steps.
        judged_on: which data these recordings are.
        diagnosis: findings, oracle ladder and skipped rules.
        explanations: the text that ``segmend explain`` prints, by rule.
        certificate: proof of a mend.
        fingerprint: summary of the data.
        plan: the choices behind the planned model.
        provenance: further facts for the foot of the page, label to text.
    """

    title: str
    labels: Labels
    names: tuple[str, ...]
    results: tuple[Result, ...]
    y_true: tuple[IntArray, ...] | None = None
    signals: tuple[FloatArray | None, ...] | None = None
    channels: tuple[str, ...] = ()
    sampling_rate_hz: float | None = None
    judged_on: str = ""
    diagnosis: DiagnosisRecord | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)
    certificate: Certificate | None = None
    fingerprint: Fingerprint | None = None
    plan: Plan | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[int, ...]:
        """Length of each recording in steps."""
        return tuple(len(row) for row in self.results[0].y_pred) if self.results else ()
