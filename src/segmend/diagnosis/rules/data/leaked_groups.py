"""D401: the same people or recordings on both sides of a split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.roles import purpose
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, listed

SPLIT = Remedy(
    name="split-by-group",
    safety="manual",
    advice="Split again by group: segmend.splitting.by_group never cuts through one and keeps classes in balance.",
)


class LeakedGroups(Rule):
    """The same group or the same recording stands in more than one part of the split.

    What it finds:
        Recordings that the split gives to more than one of train, val and test; recordings of different names with the
        very same samples, or a stretch of them, in different parts, as overlapping windows have; groups (people,
        animals, machines) with recordings in different parts. Several test parts count as one.

    Why it matters:
        A model knows the people it was trained on. Scores on more recordings of the same people are too good, and a
        threshold or decoder that was chosen on them fails on the next person. Copies are worse: they are remembered.

    Evidence:
        The groups or recordings and the parts they stand in. Copies and recordings in two parts are an error; shared
        groups a warning, because the score is still true for these same people. The threshold is 0.

    Remedy:
        Split again by group. With too few groups for three parts, hold one group out in turn and say so.

    Known limits:
        Only groups that are declared are known: without groups every recording is its own. Copies that were scaled,
        filtered or compressed have other samples and are not found. A stretch counts from some 24 steps on that change
        from step to step; in large data sets from more, because only some places are compared.
    """

    name = "leaked-groups"
    code = "D401"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most four findings: recordings in two parts, copies, overlaps, groups."""
        assert chart.fingerprint is not None
        recordings = chart.fingerprint.recordings
        twice = {recording.name: _parts([recording]) for recording in recordings if len(_parts([recording])) > 1}
        if twice:
            what = holders(chart.task)
            yield self._leak("recordings", twice, Severity.ERROR, "stand in more than one part of the split", what)
        named = {recording.name: recording.digest for recording in recordings}
        copies = {
            " = ".join(recording.name for recording in same): _parts(same)
            for same in _together(recordings, named)
            if len(same) > 1 and len(_parts(same)) > 1
        }
        if copies:
            yield self._leak("copies", copies, Severity.ERROR, "hold the very same samples in different parts")
        pieces = _pieces(chart.fingerprint, named)
        if pieces:
            yield self._leak("overlaps", pieces, Severity.ERROR, "share a stretch of samples across parts", "pairs")
        groups = {recording.name: recording.group for recording in recordings}
        shared = {
            same[0].group: _parts(same)
            for same in _together(recordings, groups)
            if len(same) > 1 and len(_parts(same)) > 1
        }
        if shared:
            yield self._leak("groups", shared, Severity.WARNING, "have recordings in more than one part of the split")

    def _leak(
        self, what: str, parts: dict[str, list[str]], severity: Severity, text: str, said: str | None = None
    ) -> Finding:
        named = [f"{name} ({', '.join(each)})" for name, each in parts.items()]
        return self.finding(
            f"{len(parts)} {said or what} {text}: {listed(named):.300}",
            severity=severity,
            evidence={what: parts, "count": len(parts), "threshold": 0},
            remedies=(SPLIT,),
        )


def _pieces(facts: Fingerprint, digests: Mapping[str, str | None]) -> dict[str, list[str]]:
    """Pairs that share a stretch, and no copies of each other; the first of them by name."""
    named = {recording.name: recording for recording in facts.recordings}
    pairs = [each for each in facts.overlaps if digests[each.one] != digests[each.other]]
    return {f"{each.one} & {each.other}": _parts([named[each.one], named[each.other]]) for each in pairs}


def _parts(recordings: list[RecordingFacts]) -> list[str]:
    """Purposes of the parts in which recordings stand, in the order train, val, test."""
    roles = [role for recording in recordings for role in (recording.role, *recording.also_in) if role is not None]
    found = {purpose(role) for role in roles}
    return [each for each in ("train", "val", "test") if each in found]


def _together(recordings: tuple[RecordingFacts, ...], key: Mapping[str, str | None]) -> Iterator[list[RecordingFacts]]:
    """Recordings of one key, lists in the order of the keys; those without one are left out."""
    keyed = sorted((each for each in recordings if key[each.name] is not None), key=lambda each: str(key[each.name]))
    for _, same in groupby(keyed, key=lambda each: key[each.name]):
        yield list(same)
