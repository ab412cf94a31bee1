"""Images with the outlines of what is there and of what was predicted: the worst, the median and the best."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, IntArray
from segmend.reporting.content import IMAGE_RANK, ReportContent, Result
from segmend.reporting.contours import outlines, path
from segmend.reporting.objects import Layer, layers, partnered, sampled
from segmend.reporting.order import by_recording, handful
from segmend.reporting.pictures import SIDE, picture_of
from segmend.reporting.wording import count, decimal

TITLE = "Images"
UNIT = 10
"""Outlines are in whole numbers of a tenth of a pixel."""
OBJECTS = 1200
"""Objects of one side of one image that are outlined, the largest first."""


def context(content: ReportContent) -> dict[str, Any] | None:
    """One figure per image and result; None where recordings are no images with labels of pixels."""
    if content.rank != IMAGE_RANK or not content.results or not content.names:
        return None
    shown = handful(content)
    figures = [_figure(content, k, word) for k, word in shown]
    return {
        "figures": figures,
        "referenced": content.y_true is not None,
        "ordered": bool(by_recording(content.results[0])),
        "of": len(content.names),
        "shown": len(shown),
        "coarsest": max(figure["every"] for figure in figures),
        "stretched": any(figure["stretched"] for figure in figures),
        "bare": sum(figure["uri"] is None for figure in figures),
        "cut": any(side["cut"] for figure in figures for panel in figure["panels"] for side in panel["sides"]),
    }


def shown_names(content: ReportContent) -> tuple[str, ...]:
    """The recordings whose pictures this section shows."""
    if content.rank != IMAGE_RANK or not content.results:
        return ()
    return tuple(content.names[k] for k, _ in handful(content))


def _figure(content: ReportContent, k: int, word: str) -> dict[str, Any]:
    height, width = content.results[0].y_pred[k].shape[:2]
    known = picture_of(content, k)
    every = known.every if known is not None else max(1, -(-max(height, width) // SIDE))
    row = by_recording(content.results[0]).get(content.names[k], {})
    return {
        "name": content.names[k],
        "word": word,
        "size": f"{count(width)} × {count(height)} px",
        "reference": count(row["reference"]) if row.get("reference") is not None else None,
        "uri": known.uri if known is not None else None,
        "every": every,
        "stretched": known is not None and known.stretched,
        "width": max(1, width // every) * UNIT,
        "height": max(1, height // every) * UNIT,
        "panels": [_panel(content, result, k, every) for result in content.results],
    }


def _panel(content: ReportContent, result: Result, k: int, every: int) -> dict[str, Any]:
    predicted = layers(result.y_pred[k], content.labels, result.instances[k] if result.instances else None)
    sides = []
    if content.y_true is not None:
        true = layers(content.y_true[k], content.labels, content.instances[k] if content.instances else None)
        met = [partnered(one, other) for one, other in zip(true, predicted, strict=True)]
        sides.append(_side("ref", "reference", true, [one for one, _ in met], content.labels, every))
        sides.append(_side("pred", "predicted", predicted, [other for _, other in met], content.labels, every))
    else:
        alone = [np.ones(len(layer), bool) for layer in predicted]
        sides.append(_side("pred", "predicted", predicted, alone, content.labels, every))
    row = by_recording(result).get(content.names[k], {})
    f1 = row.get("segment_f1@50")
    return {
        "name": result.name,
        "predicted": count(row.get("predicted", sum(len(layer) for layer in predicted))),
        "f1": None if f1 is None or f1 != f1 else decimal(f1),
        "sides": sides,
    }


def _side(
    kind: str, word: str, found: Sequence[Layer], met: Sequence[BoolArray], labels: Labels, every: int
) -> dict[str, Any]:
    """Outlines of one side, the largest objects first so that small ones lie on top of them."""
    shapes = []
    for layer, matched in zip(found, met, strict=True):
        numbers = sampled(layer, every)
        size = np.bincount(layer.numbers.ravel(), minlength=len(layer) + 1)[1:]
        kept = _largest(numbers, size)
        for number, borders in outlines(kept).items():
            name, lone = labels.names[layer.labels[number - 1]], not matched[number - 1]
            fate = "" if not lone else ", missed" if kind == "ref" else ", not there"
            title = f"{word}: {name}, {count(int(size[number - 1]))} px{fate}"
            shapes.append({"title": title, "lone": lone, "path": path(borders, UNIT), "size": size[number - 1]})
    shapes.sort(key=lambda shape: -shape["size"])
    return {"kind": kind, "shapes": shapes, "cut": any(len(layer) > OBJECTS for layer in found)}


def _largest(numbers: IntArray, size: IntArray) -> IntArray:
    if size.size <= OBJECTS:
        return numbers
    keep = np.zeros(size.size + 1, bool)
    keep[1 + np.argsort(-size, kind="stable")[:OBJECTS]] = True
    return np.where(keep[numbers], numbers, 0)
