"""M404: one step of a bidirectional output, of which one direction has seen next to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.flow import Edge
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule


class TruncatedBackwardState(Rule):
    """The model answers from one step of a bidirectional layer, where one direction has only begun.

    What it finds:
        The last (or the first) step of the output of a Bidirectional layer with return_sequences, or of a PyTorch
        LSTM, GRU or RNN with bidirectional=True, taken for the whole recording.

    Why it matters:
        The backward direction runs from the end to the start. At the last step it has read 1 step and knows nothing:
        half of the features are noise, and the model is a forward one that pays for both. At the first step it is the
        forward direction that has only begun.

    Evidence:
        The layer, the operation that takes the step, and how many steps the truncated direction has read: 1, where from
        2 on it would be counted as a summary. Severity is what recognising all recordings would gain in macro F1.

    Remedy:
        return_sequences=False, with which Keras joins the state in which each direction ends; or a mean or maximum
        over steps. In PyTorch, the last two entries of the final state, joined.

    Known limits:
        The graph of Keras models is followed through layers that keep steps apart; behind a convolution the step is
        not traced back. A Keras model without a graph is not looked at. In PyTorch gradients tell which step goes on,
        of torch.nn's own recurrent layers.
    """

    name = "truncated-backward-state"
    code = "M404"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.flow",)
    explains: ClassVar[tuple[str, ...]] = ("underfitting", "single-class-collapse", "missed-class", "confused-pair")
    kinds: ClassVar[tuple[Kind, ...]] = ("classification",)
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for each layer."""
        assert chart.anatomy is not None
        assert chart.anatomy.flow is not None
        for edge in chart.anatomy.flow.edges:
            if edge.kind == "bidirectional" and not edge.whole_state:
                yield self._of(chart, edge)

    def _of(self, chart: Chart, edge: Edge) -> Finding:
        grave, expected = severity.at_stake(chart)
        side = "backward" if edge.place == "last" else "forward"
        return self.finding(
            f"The model answers from the {edge.place} step of {edge.layer}, taken by {edge.by}: there the {side} "
            f"direction has read 1 step of the recording only, so half of the features know nothing",
            severity=grave,
            where={"layer": edge.layer},
            evidence={"steps_read": 1, "threshold": 2, "direction": side, "taken_by": edge.by},
            remedies=_remedies_torch(edge) if chart.anatomy and chart.anatomy.framework == "torch" else _remedies(edge),
            gain=severity.gain(expected),
        )


def _remedies(edge: Edge) -> list[Remedy]:
    return [
        Remedy(
            name="return-final-states",
            safety="manual",
            advice=(
                f"Set return_sequences=False in the layer inside {edge.layer} and remove {edge.by}: the states in "
                "which both directions end are then joined."
            ),
        ),
        Remedy(
            name="pool-over-steps",
            safety="manual",
            advice=f"Put GlobalMaxPooling1D or GlobalAveragePooling1D behind {edge.layer} in place of {edge.by}.",
        ),
    ]


def _remedies_torch(edge: Edge) -> list[Remedy]:
    name = f"self.{edge.layer}"
    return [
        Remedy(
            name="return-final-states",
            safety="manual",
            advice=(
                f"Instead of {edge.by} of the output, join the states in which both directions end: of "
                f"output, state = {name}(x), h = state[0] if it is an LSTM else state, take torch.cat([h[-2], h[-1]], "
                "dim=1), which is as wide."
            ),
        ),
        Remedy(
            name="pool-over-steps",
            safety="manual",
            advice=f"Take the maximum or the mean over the steps of what {edge.layer} gives in place of {edge.by}.",
        ),
    ]
