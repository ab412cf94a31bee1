"""The summary of a data set that decisions and rules read."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from segmend.artifacts.alignment import Alignment
from segmend.artifacts.base import Artifact
from segmend.artifacts.borders import Borders
from segmend.artifacts.comb import Comb
from segmend.artifacts.giveaways import PositionSkill
from segmend.artifacts.opinion import SecondOpinion
from segmend.artifacts.overlap import Overlap
from segmend.artifacts.relations import CoOccurrence, Transition
from segmend.artifacts.separability import Separability
from segmend.artifacts.unmarked import UnmarkedItems


class Quantiles(Artifact):
    """Five quantiles of a length in steps; None where there is nothing to measure."""

    p5: float | None = None
    p25: float | None = None
    p50: float | None = None
    p75: float | None = None
    p95: float | None = None
    max: float | None = None


class Extent(Artifact):
    """How long recordings are along one spatial axis, in steps or pixels."""

    min: int
    median: float
    max: int


class ClassFacts(Artifact):
    """One foreground class (or every class, where there is no background).

    Attributes:
        name: class name.
        steps, step_share: steps of the class, and their share of all labelled steps (background included).
        segments, segment_share: segments of the class, and their share of all segments.
        recordings: number of recordings in which it occurs.
        duration: segment lengths in steps.
        gap: steps from the end of a segment to the start of the next one of the *same* class.
        touching: pairs of segments of this class with nothing between them, which step labels cannot tell apart.
        rate: segments per labelled step; objects per pixel; in classification the share of recordings.
        per_recording: number of segments (objects) of the class in each recording, those without any included.
        effective_segments: how many independent segments these are worth, where lengths within a group are alike; of
            images diameters, in classification whether recordings of a group have the class; None with a single group.
    """

    name: str
    steps: int
    step_share: float
    segments: int
    segment_share: float
    recordings: int
    duration: Quantiles
    gap: Quantiles
    touching: int = 0
    rate: float | None = None
    per_recording: Quantiles = Quantiles()
    effective_segments: float | None = None


class ChannelFacts(Artifact):
    """One channel over all recordings, finite samples only.

    Attributes:
        flat: names of recordings in which the channel never changes.
        non_finite: number of NaN or infinite samples.
        noise: standard deviation of what changes from step to step, robustly; median over recordings. 0 where most
            samples are held or interpolated, None where recordings are too short to tell.
        evenness: whether a part of a recording looks like the whole: the least spread among its four quarters over the
            mean of the four, 1 where they are alike, near 0 where something happens in one part only; median over
            recordings.
    """

    name: str
    mean: float | None
    std: float | None
    min: float | None
    max: float | None
    flat: tuple[str, ...] = ()
    non_finite: int = 0
    noise: float | None = None
    evenness: float | None = None


class RecordingFacts(Artifact):
    """One recording.

    Attributes:
        role: its part of the split ("train", "val", "test..."), None where there is no split.
        also_in: further parts to which the split gives the same recording.
        shape: its spatial axes, in steps or pixels.
        segments: number of reference segments, None where nobody annotated it.
        judged: steps that are judged, 1 where the whole recording has a label; None where nobody annotated it.
        class_steps: steps of each class number, the background's included; empty where nobody annotated it.
        class_segments: segments of each class number; empty where nobody annotated it.
        first_non_finite: [step, channel number] of the first NaN or infinite sample.
        digest: hash of the signal's bytes, by which exact copies across a split are found; None for bare labels.
        padding: steps at the end at which all channels hold one and the same value.
        means, stds: of each channel's finite samples, None where there are none; empty for bare labels, and where
            recordings times channels are too many to keep.
        noises: of each channel, as ``ChannelFacts`` has it, of this recording; empty as those are.
    """

    name: str
    group: str
    role: str | None
    steps: int
    segments: int | None
    shape: tuple[int, ...] = ()
    also_in: tuple[str, ...] = ()
    judged: int | None = None
    class_steps: tuple[int, ...] = ()
    class_segments: tuple[int, ...] = ()
    non_finite: int = 0
    first_non_finite: tuple[int, int] | None = None
    digest: str | None = None
    padding: int = 0
    means: tuple[float | None, ...] = ()
    stds: tuple[float | None, ...] = ()
    noises: tuple[float | None, ...] = ()


class Fingerprint(Artifact):
    """Everything that decisions and rules read about a data set.

    ``duration`` and ``gap`` are over the segments of all classes together; ``gap`` is the background between one
    segment and the next one of any class. Class, duration and gap facts are of the recordings of role "train" where
    there is such a role (``measured_on``), so that nothing is tuned on test data; ``steps`` (labelled ones) and
    ``segments`` are the totals behind those facts. Channel and recording facts are of all recordings.

    Attributes:
        extent: how large recordings are along each spatial axis, all of them.
        transitions: of segments of signals, pairs that occur; of the recordings of ``measured_on``, as are
        co_occurrence: of labels that may overlap, pairs that hold together or would be expected to, and
        effective_segments: how many independent segments all of them are worth; see ``ClassFacts``.
        alignment: whether labels fit the signals better when they are moved; None of images, of whole recordings, of
            fewer than five groups or more than 16 classes, and for bare labels.
        comb: the grid on which lengths of segments lie most often beyond chance; None where there are too few, and
            of images.
        opinion: items whose labels a linear model that was fitted on others doubts; None where labels may overlap, of
            segmented images, for bare labels, and where no two classes lie apart.
        borders: how far marked borders lie from where the signal changes; None where labels may overlap, of images, of
            whole recordings, and for bare labels.
        unmarked: what looks like an item and was not marked; None where every step is labelled, of images, of whole
            recordings, for bare labels, and where a linear model does not see most of the items.
        positions: how well the place in a recording alone tells each class; none of images, of whole recordings, for
            bare labels, and of fewer than five groups (recordings, where there is one group only).
        novelty: how far the levels of a recording lie from the most similar ones of another group (of another
            recording, where there is one group), in standard deviations within a recording, over all channels; median
            over recordings. None of fewer than two, and for bare labels.
        overlaps: pairs of recordings of different parts of the split that share a stretch of samples.
        separability: how well a linear model tells the classes apart; None where there are fewer than two groups (or
            recordings) or classes, and for bare labels.
    """

    schema_: int = Field(default=1, alias="schema")
    task: dict[str, Any]
    labels: tuple[str, ...]
    background: int | None
    background_share: float
    measured_on: str
    sampling_rate_hz: float | None
    recordings: tuple[RecordingFacts, ...]
    channels: tuple[ChannelFacts, ...]
    classes: tuple[ClassFacts, ...]
    duration: Quantiles
    gap: Quantiles
    steps: int
    segments: int
    problems: tuple[dict[str, Any], ...] = ()
    extent: tuple[Extent, ...] = ()
    transitions: tuple[Transition, ...] = ()
    co_occurrence: tuple[CoOccurrence, ...] = ()
    effective_segments: float | None = None
    alignment: Alignment | None = None
    comb: Comb | None = None
    opinion: SecondOpinion | None = None
    borders: Borders | None = None
    unmarked: UnmarkedItems | None = None
    positions: tuple[PositionSkill, ...] = ()
    novelty: float | None = None
    overlaps: tuple[Overlap, ...] = ()
    separability: Separability | None = None
