"""The counts, or how many were named right, in one sentence, and what it was judged on."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.reporting.content import ReportContent, Result
from segmend.reporting.terms import terms
from segmend.reporting.units import flat
from segmend.reporting.wording import count, decimal, departure, duration, percent


def context(content: ReportContent) -> dict[str, Any]:
    """The sentence, and the size of what was judged."""
    return {"sentence": sentence(content), "judged": _judged(content)}


def sentence(content: ReportContent) -> str:
    """The result in words: "The model predicts 3,329 items where there are 812: ...".

    The first result is set against the reference; the others follow with their numbers.
    """
    if not content.results:
        return content.title
    if content.rank == 0:
        return _named(content)
    first, *others = content.results
    predicted, reference = _counts(first)
    item = terms(content).item
    if predicted is None:
        return content.title
    if reference is None:
        return f"The model predicts {count(predicted)} {item}s."
    said = f"The model predicts {count(predicted)} {item}s where there are {count(reference)}: "
    said += departure(predicted, reference)
    for result in others:
        after, _ = _counts(result)
        if after is not None:
            said += f"; {result.name}: {count(after)}"
    return said + "."


def _named(content: ReportContent) -> str:
    """How many recordings got the right class; where labels overlap, how well labels are ranked."""
    first, *others = content.results
    share, precision = _right(first)
    recording, number = terms(content).recording, len(content.names)
    if share is None:
        return _unjudged(content, first)
    if content.multilabel:
        said = f"The model gives {percent(share)} of {count(number)} {recording}s exactly the right labels"
        said += f"; average precision is {decimal(precision)}, mean over labels" if precision is not None else ""
    else:
        right = round(share * number)
        said = f"The model names {count(right)} of {count(number)} {recording}s right: {percent(share, 1)}"
    for result in others:
        after, _ = _right(result)
        said += f"; {result.name}: {percent(after, 1)}" if after is not None else ""
    return said + "."


def _unjudged(content: ReportContent, result: Result) -> str:
    """How often each class was predicted where nothing is known to be right."""
    recordings = f"{count(len(content.names))} {terms(content).recording}s"
    said = flat(result.y_pred, 0)
    if content.multilabel:
        return f"The model gives {count(int(np.count_nonzero(said == 1)))} labels to {recordings}."
    number = np.bincount(said[said >= 0], minlength=len(content.labels))
    often = [
        f"{count(number[k])} {content.labels.names[k]}" for k in np.argsort(-number, kind="stable")[:4] if number[k]
    ]
    return (
        f"The model names the class of {recordings}: {', '.join(often)}{', …' if np.count_nonzero(number) > 4 else ''}."
    )


def _right(result: Result) -> tuple[float | None, float | None]:
    """Share of recordings with nothing wrong, and macro average precision."""
    if result.scores is None:
        return None, None
    step = result.scores.step
    known = step.get("accuracy")
    share = step.get("subset_accuracy") if known is None or known != known else known
    precision = (step.get("macro") or {}).get("average_precision")
    return share, None if precision is None or precision != precision else precision


def _counts(result: Result) -> tuple[float | None, float | None]:
    if result.scores is None or result.scores.count is None:
        return None, None
    return result.scores.count["predicted"], result.scores.count["reference"]


def _judged(content: ReportContent) -> str:
    recordings, words = len(content.names), terms(content)
    steps = sum(content.steps)
    parts = [f"{count(recordings)} {words.recording}{'' if recordings == 1 else 's'}"]
    if content.rank:
        parts.append(f"{count(steps)} {words.unit}s")
    if content.rank == 1 and content.sampling_rate_hz:
        parts.append(duration(steps, content.sampling_rate_hz))
    return ", ".join(parts) + (f" · judged on {content.judged_on}" if content.judged_on else "")
