"""D202: channels that never change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import ChannelFacts, Fingerprint
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, listed

DROP = Remedy(
    name="leave-the-channel-out",
    safety="manual",
    advice="Leave the channel out of the signals: it can tell a model nothing.",
)
CHECK = Remedy(
    name="check-the-sensor",
    safety="manual",
    advice="Look at these recordings: a sensor was off or unplugged, or the channel is a flag that did not change.",
)

FEW = 3
"""Recordings from which a part of the split can say that a channel is absent there."""


class FlatChannel(Rule):
    """A channel never changes, in some recordings or in all.

    What it finds:
        Channels whose finite samples are all one value through a whole recording, of two steps or more.

    Why it matters:
        A channel that is flat everywhere costs memory and tells nothing; scaling it by its spread divides by zero. One
        that is flat in some recordings teaches a model to trust a sensor that is sometimes off, and when it is off in
        the test part only, the model meets something that it has never seen.

    Evidence:
        The channels and the recordings in which they are flat. Severity is warning where a channel is flat in all
        recordings, or in all of a part of the split (of three recordings or more) and not in the others, or where all
        channels of a recording are flat; else info, because flags and one-hot channels may well not change in a short
        recording.

    Remedy:
        Leave a channel out that is flat everywhere; look at the recordings in which single channels are.

    Known limits:
        A dead sensor usually still shows noise: only exact constants are found. A sensor that was off for a part of a
        recording is not found.
    """

    name = "flat-channel"
    code = "D202"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint.channels",)
    explains: ClassVar[tuple[str, ...]] = ("unfamiliar-input", "slice-failure")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """Channels flat everywhere, recordings flat throughout, channels flat in a whole part, and the rest."""
        assert chart.fingerprint is not None
        channels = chart.fingerprint.channels
        recordings = [recording.name for recording in chart.fingerprint.recordings]
        everywhere = [channel for channel in channels if len(channel.flat) == len(recordings)]
        each = holders(chart.task)
        if everywhere:
            yield self._everywhere(everywhere, len(recordings), each)
        partly = [channel for channel in channels if 0 < len(channel.flat) < len(recordings)]
        dead = [name for name in recordings if partly and all(name in channel.flat for channel in channels)]
        if dead:
            yield self._dead(dead, len(recordings), len(channels), each)
        flat = {channel.name: [name for name in channel.flat if name not in dead] for channel in partly}
        parts = _parts(chart.fingerprint)
        absent = {name: [part for part, members in parts.items() if members <= set(flat[name])] for name in flat}
        for name in [name for name in flat if absent[name]]:
            yield self._absent(name, {part: len(parts[part]) for part in absent[name]}, each)
        rest = {name: names for name, names in flat.items() if names and not absent[name]}
        if rest:
            yield self._single(rest, len(recordings), each)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A flat channel explains what is strange about it, and failures of the recordings in which it is flat."""
        named = mine.evidence["channels"]
        channels = set(named) if isinstance(named, dict | list) else {mine.where.get("channel")}
        recordings = set(mine.evidence["recordings"]) if isinstance(mine.evidence["recordings"], list) else set()
        place = {other.evidence.get("of"), other.where.get("recording")}
        about = {other.where.get("channel"), other.evidence.get("channel"), other.evidence.get("of")} - {None}
        return super().causes(mine, other) and bool(about & channels or place & recordings)

    def _everywhere(self, channels: list[ChannelFacts], recordings: int, each: str) -> Finding:
        names = [channel.name for channel in channels]
        return self.finding(
            f"{listed(names)}: never changes within any of the {recordings} {each}",
            severity=Severity.WARNING,
            where={"channel": names[0]} if len(names) == 1 else {},
            evidence={"channels": names, "recordings": recordings, "threshold": "one value"},
            remedies=(DROP,),
        )

    def _dead(self, names: list[str], recordings: int, channels: int, each: str) -> Finding:
        return self.finding(
            f"{len(names)} of {recordings} {each} never change in any of {channels} channels: {listed(names)}",
            severity=Severity.WARNING,
            where={"recording": names[0]} if len(names) == 1 else {},
            evidence={"recordings": names, "channels": channels, "threshold": "one value"},
            remedies=(CHECK,),
        )

    def _absent(self, channel: str, recordings: dict[str, int], each: str) -> Finding:
        told = " and ".join(f"all {count} {each} of {part}" for part, count in recordings.items())
        return self.finding(
            f"{channel} never changes in {told}, but it does in other parts of the split: what a model learns from it "
            "does not carry over",
            severity=Severity.WARNING,
            where={"channel": channel},
            evidence={"parts": list(recordings), "recordings": recordings, "threshold": f"{FEW} recordings"},
            remedies=(CHECK, DROP),
        )

    def _single(self, flat: dict[str, list[str]], recordings: int, each: str) -> Finding:
        most = max(flat, key=lambda name: len(flat[name]))
        concerned = sorted({name for names in flat.values() for name in names})
        return self.finding(
            f"{len(flat)} channels are flat in some {each}, {most} in {len(flat[most])} of {recordings}: "
            f"{listed(flat[most])}",
            severity=Severity.INFO,
            where={"channel": most} if len(flat) == 1 else {},
            evidence={"channels": flat, "recordings": len(concerned), "threshold": "one value"},
            remedies=(CHECK,),
        )


def _parts(facts: Fingerprint) -> dict[str, set[str]]:
    """Names of recordings by part of the split, of parts that are large enough."""
    parts: dict[str, set[str]] = {}
    for recording in facts.recordings:
        if recording.role is not None:
            parts.setdefault(recording.role, set()).add(recording.name)
    return {part: members for part, members in parts.items() if len(members) >= FEW}
