"""The recordings of which the model was surest and wrong, each with a small picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import FloatArray
from segmend.reporting.content import ReportContent
from segmend.reporting.envelope import envelope, width_for
from segmend.reporting.palette import colours
from segmend.reporting.pictures import picture_of
from segmend.reporting.terms import terms
from segmend.reporting.wording import count, decimal

TITLE = "Most confidently wrong"
SHOWN = 12
LABELS = 4
CHANNELS = 3
POINTS = 220
BAND = 30


def context(content: ReportContent) -> dict[str, Any] | None:
    """One card per recording, the surest mistake first; None unless whole recordings were labelled wrongly."""
    if content.rank != 0 or content.y_true is None or not content.results:
        return None
    wrong = surest(content)
    if not wrong:
        return None
    cards = [_card(content, k, sure) for k, sure in wrong[:SHOWN]]
    return {
        "cards": cards,
        "wrong": count(len(wrong)),
        "left_out": max(0, len(wrong) - SHOWN),
        "of": count(len(content.names)),
        "result": content.results[0].name if len(content.results) > 1 else "",
        "recording": terms(content).recording,
        "bare": all(card["uri"] is None and not card["lines"] for card in cards),
        "multilabel": content.multilabel,
        "channels": ", ".join(content.channels[:CHANNELS]),
    }


def shown_names(content: ReportContent) -> tuple[str, ...]:
    """The recordings whose pictures or signals this section shows."""
    if content.rank != 0 or content.y_true is None or not content.results:
        return ()
    return tuple(content.names[k] for k, _ in surest(content)[:SHOWN])


def surest(content: ReportContent) -> list[tuple[int, float | None]]:
    """Wrongly labelled recordings and how sure the first result was, the surest first.

    Sure is the probability of the predicted class; where labels overlap, the largest distance between the probability
    of a wrong label and the truth. Without probabilities it is None and the order is that of the recordings.
    """
    result, true = content.results[0], content.y_true or ()
    found: list[tuple[int, float | None]] = []
    for k, (is_true, said) in enumerate(zip(true, result.y_pred, strict=True)):
        wrong = (np.asarray(is_true) != np.asarray(said)) & (np.asarray(is_true) != IGNORE)
        if not wrong.any():
            continue
        if result.y_prob is None:
            found.append((k, None))
        elif content.multilabel:
            found.append((k, float(np.abs(result.y_prob[k] - is_true)[wrong].max())))
        else:
            found.append((k, float(result.y_prob[k][int(said)])))
    return sorted(found, key=lambda entry: -(entry[1] or 0.0))


def _card(content: ReportContent, k: int, sure: float | None) -> dict[str, Any]:
    known = picture_of(content, k)
    lines = [] if known is not None else _lines(content, k)
    said = _labels(content, k) if content.multilabel else _classes(content, k)
    return {
        "name": content.names[k],
        "uri": known.uri if known is not None else None,
        "lines": lines,
        "width": POINTS,
        "height": max(1, len(lines)) * BAND,
        "sure": decimal(sure) if sure is not None else None,
        "said": said[:LABELS],
        "more": max(0, len(said) - LABELS),
    }


def _classes(content: ReportContent, k: int) -> list[dict[str, Any]]:
    result, tint = content.results[0], colours(content.labels)
    pairs = [("true", int((content.y_true or ())[k])), ("predicted", int(result.y_pred[k]))]
    prob = result.y_prob[k] if result.y_prob is not None else None
    return [_said(word, content.labels.names[c], tint[c], None if prob is None else prob[c]) for word, c in pairs]


def _labels(content: ReportContent, k: int) -> list[dict[str, Any]]:
    """Labels that were missed or are not there, the surest first."""
    result, tint = content.results[0], colours(content.labels)
    true, pred = np.asarray((content.y_true or ())[k]), np.asarray(result.y_pred[k])
    prob = result.y_prob[k] if result.y_prob is not None else None
    wrong = np.flatnonzero((true != pred) & (true != IGNORE))
    if prob is not None:
        wrong = wrong[np.argsort(-np.abs(prob - true)[wrong], kind="stable")]
    return [
        _said("missed" if true[c] else "not there", content.labels.names[c], tint[c], None if prob is None else prob[c])
        for c in wrong.tolist()
    ]


def _said(word: str, name: str, colour: str, prob: float | None) -> dict[str, Any]:
    return {"word": word, "name": name, "colour": colour, "prob": None if prob is None else decimal(float(prob))}


def _lines(content: ReportContent, k: int) -> list[str]:
    """The first channels of a signal as points of lines, each in a band of its own."""
    signal = content.signals[k] if content.signals is not None else None
    if signal is None or len(signal.shape) != 2 or not signal.shape[0]:
        return []
    rows = thinned(signal)
    return [_line(rows[:, column], column * BAND) for column in range(rows.shape[1])]


def thinned(signal: FloatArray) -> FloatArray:
    """What a card draws of a signal: few points of the first channels; of what was thinned already, all."""
    steps = signal.shape[0]
    return envelope(signal[:, :CHANNELS], 1 if steps <= POINTS + 2 else width_for(steps, POINTS))


def _line(values: FloatArray, top: float) -> str:
    finite = np.isfinite(values)
    if not finite.any():
        return ""
    low, high = float(values[finite].min()), float(values[finite].max())
    x = np.arange(len(values))[finite] * (POINTS / max(len(values) - 1, 1))
    y = top + 2 + (BAND - 4) * (high - values[finite]) / ((high - low) or 1.0)
    return " ".join(f"{at:.1f},{height:.1f}" for at, height in zip(x.tolist(), y.tolist(), strict=True))
