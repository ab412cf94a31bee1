"""The counts in one sentence, and what they were counted on."""

from __future__ import annotations

from typing import Any

from segmend.reporting.content import ReportContent, Result
from segmend.reporting.wording import count, departure, duration


def context(content: ReportContent) -> dict[str, Any]:
    """The sentence, and the size of what was judged."""
    return {"sentence": sentence(content), "judged": _judged(content)}


def sentence(content: ReportContent) -> str:
    """The counts in words: "The model predicts 3,329 items where there are 812: ...".

    The first result is set against the reference; the others follow with their counts.
    """
    if not content.results:
        return content.title
    first, *others = content.results
    predicted, reference = _counts(first)
    if predicted is None:
        return content.title
    if reference is None:
        return f"The model predicts {count(predicted)} items."
    said = f"The model predicts {count(predicted)} items where there are {count(reference)}: "
    said += departure(predicted, reference)
    for result in others:
        after, _ = _counts(result)
        if after is not None:
            said += f"; {result.name}: {count(after)}"
    return said + "."


def _counts(result: Result) -> tuple[float | None, float | None]:
    if result.scores is None or result.scores.count is None:
        return None, None
    return result.scores.count["predicted"], result.scores.count["reference"]


def _judged(content: ReportContent) -> str:
    recordings = len(content.names)
    steps = sum(content.steps)
    parts = [f"{count(recordings)} recording{'' if recordings == 1 else 's'}", f"{count(steps)} steps"]
    if content.sampling_rate_hz:
        parts.append(duration(steps, content.sampling_rate_hz))
    return ", ".join(parts) + (f" · judged on {content.judged_on}" if content.judged_on else "")
