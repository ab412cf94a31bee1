"""What Label Studio is told of a project before tasks are imported, and labels of whole recordings in its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import quoteattr

from segmend.formats.label_studio_tasks import Item

Shown = Literal["image", "audio", "ts"]
"""What a task shows: the name of its tag."""

KEYS: dict[Shown, str] = {"image": "image", "audio": "audio", "ts": "csv"}
"""Where the file stands in a task's data."""

CONTROLS: dict[Shown, tuple[tuple[str, str], ...]] = {
    "image": (("PolygonLabels", "polygon"), ("BrushLabels", "brush")),
    "audio": (("Labels", "label"),),
    "ts": (("TimeSeriesLabels", "label"),),
}
"""Tags of labels, and their names."""


@dataclass(frozen=True, slots=True)
class Project:
    """What tasks show.

    Attributes:
        shown: the kind of file.
        channels: columns of time series.
        timed: whether a column "time" of the time series holds seconds; else steps are counted.
    """

    shown: Shown
    channels: tuple[str, ...] = ()
    timed: bool = False


def regions_setup(project: Project, labels: Sequence[str]) -> str:
    """The labelling interface (XML) for regions in recordings or images.

    Examples:
        >>> print(regions_setup(Project("audio"), ["speech"]), end="")
        <View>
          <Audio name="audio" value="$audio"/>
          <Labels name="label" toName="audio">
            <Label value="speech"/>
          </Labels>
        </View>
    """
    lines = []
    for tag, name in CONTROLS[project.shown]:
        choices = [f"    <Label value={quoteattr(label)}/>" for label in labels]
        lines += [f'  <{tag} name="{name}" toName="{project.shown}">', *choices, f"  </{tag}>"]
    return _view(project, lines)


def choices_setup(project: Project, labels: Sequence[str], *, several: bool) -> str:
    """The labelling interface (XML) for labels of whole recordings or images; ``several`` where these may be many."""
    how = "multiple" if several else "single"
    choices = [f"    <Choice value={quoteattr(label)}/>" for label in labels]
    head = f'  <Choices name="label" toName="{project.shown}" choice="{how}">'
    return _view(project, [head, *choices, "  </Choices>"])


def chosen_labels(shown: Shown, labels: Sequence[str]) -> list[Item]:
    """The labels of one recording or image as the result of a task; none where it has none.

    >>> chosen_labels("image", ["cat"])[0]["value"]
    {'choices': ['cat']}
    """
    if not labels:
        return []
    told = {"id": "r1", "from_name": "label", "to_name": shown, "type": "choices", "value": {"choices": list(labels)}}
    return [told]


def _view(project: Project, lines: Sequence[str]) -> str:
    value = f'value="${KEYS[project.shown]}"'
    shows = [f'  <{project.shown.capitalize()} name="{project.shown}" {value}/>']
    if project.shown == "ts":
        columns = [f"    <Channel column={quoteattr(channel)}/>" for channel in project.channels]
        time = ' timeColumn="time"' if project.timed else ""
        shows = [f'  <TimeSeries name="ts" valueType="url" {value}{time}>', *columns, "  </TimeSeries>"]
    return "\n".join(["<View>", *shows, *lines, "</View>"]) + "\n"
