"""M403: the step that stands for the whole recording lies in its padding."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.flow import Edge
from segmend.core.task import Kind
from segmend.diagnosis import padding, severity
from segmend.diagnosis.padding import Padding
from segmend.diagnosis.rule import Rule


class LastStepOnPadding(Rule):
    """A recurrent model answers from its last step, which lies in the padding.

    What it finds:
        Recordings padded at their end (5 steps or more in at least 2 of them, 5 % of all steps), and a recurrent
        layer without a mask of which only the last step goes on.

    Why it matters:
        After the recording's end the layer reads zeros, step after step, and forgets. The longer the padding, the
        more alike are the states in which short recordings end: the model then tells lengths apart, not classes.

    Evidence:
        How long the padding is at the median, in how many recordings, and the layer; the threshold is 5 steps.
        Severity is what recognising all recordings would gain in macro F1.

    Remedy:
        A Masking layer in front, with which Keras stops at the last real step; or a mean over steps that leaves the
        padding out; or padding in front instead of behind. In PyTorch, pack_padded_sequence.

    Known limits:
        A model that was trained on just as much padding may have learnt to hold its state. Only signals given as
        arrays are looked at, and only Keras models with a graph and torch.nn's own recurrent layers.
    """

    name = "last-step-on-padding"
    code = "M403"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.flow", "targets.padded")
    explains: ClassVar[tuple[str, ...]] = ("underfitting", "single-class-collapse", "missed-class", "confused-pair")
    kinds: ClassVar[tuple[Kind, ...]] = ("classification",)
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        assert chart.anatomy.flow is not None
        found = padding.padding_of(chart)
        edge = next((e for e in chart.anatomy.flow.edges if e.place == "last" and not e.masked), None)
        if found is not None and edge is not None:
            yield self._of(chart, found, edge)

    def _of(self, chart: Chart, found: Padding, edge: Edge) -> Finding:
        grave, expected = severity.at_stake(chart)
        return self.finding(
            f"The model answers from the last step of {edge.layer}, but {found.recordings} of {found.of} recordings "
            f"end in padding, {found.median} steps at the median, and nothing masks it",
            severity=grave,
            where={"layer": edge.layer},
            evidence={
                "padding_p50_steps": found.median,
                "threshold": padding.LEAST_STEPS,
                "recordings": found.recordings,
                "padding_share": found.share,
                "taken_by": edge.by,
            },
            remedies=_remedies_torch(edge) if chart.anatomy and chart.anatomy.framework == "torch" else _remedies(edge),
            gain=severity.gain(expected),
        )


def _remedies(edge: Edge) -> list[Remedy]:
    sliced = "" if edge.by == edge.layer else f" and return_sequences=False instead of {edge.by}"
    return [
        Remedy(
            name="mask-the-padding",
            safety="manual",
            advice=f"Put {padding.MASKING} right behind the input{sliced}, so that {edge.layer} stops at the real end.",
        ),
        Remedy(
            name="mean-over-steps",
            safety="manual",
            advice=(
                f"Let {edge.layer} return sequences and put GlobalAveragePooling1D behind it, with the Masking layer "
                "in front: the mean leaves masked steps out."
            ),
        ),
    ]


def _remedies_torch(edge: Edge) -> list[Remedy]:
    packed = "torch.nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)"
    return [
        Remedy(
            name="mask-the-padding",
            safety="manual",
            advice=(
                f"Give {edge.layer} {packed}, with the real lengths, and take its final state, which is then that at "
                "the real end."
            ),
        ),
        Remedy(
            name="mean-over-steps",
            safety="manual",
            advice=f"Take the mean of what {edge.layer} gives over the real steps of each recording.",
        ),
    ]
