"""Annotations of WFDB records: beats, waves and rhythms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.wfdb_header import read_header

SYMBOLS = {
    **dict(enumerate("NLRaVFJASEj/Q~", 1)),
    **{16: "|", 18: "s", 19: "T", 20: "*", 21: "D"},
    **dict(enumerate('"=pB^t+u?![]en@xf()r', 22)),
}
"""By code; others are called by their number."""

LAST, SKIP, CHANNEL, TEXT = 49, 59, 62, 63
NOTE, RHYTHM = '"', "+"
OPENED_BY = {")": "(", "]": "["}
RESOLUTION = re.compile(r"## time resolution: ([\d.]+)")


class WfdbAnnotations(AnnotationFormat):
    """Waves from "(" to ")", called by what stands between; rhythms up to the next; anything else lasts one step.

    Rhythms (the text of "+") need the header NAME.hea beside the file, which says where the last one ends. Notes are
    passed over. Steps are those of the record, or seconds where the file says a time resolution of its own.

    Source: WFDB Applications Guide, annot(5), and the codes of PhysioNet.
    """

    name: ClassVar[str] = "wfdb"
    suffixes: ClassVar[tuple[str, ...]] = (".atr", ".ann", ".qrs", ".ecg")
    holds: ClassVar[str] = "PhysioNet annotations in steps: waves ( ), flutter [ ], rhythms; other marks last one step"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether all of the file is annotations up to the end mark, which nothing but padding follows."""
        try:
            return bool(_marks(path))
        except InputError:
            return False

    def read(self, path: Path) -> Annotations:
        """The segments, by start.

        Raises:
            InputError: no annotations, a file that is cut, or rhythms without a header beside it.
        """
        marks, resolution = _without_notes(_marks(path))
        rows = sorted(_rows(path, marks), key=lambda row: (row.start, row.stop))
        start, stop = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
        return Annotations(
            recording=(path.stem,) * len(rows),
            start=start if resolution is None else start / resolution,
            end=stop if resolution is None else stop / resolution,
            label=tuple(row.label for row in rows),
            line=np.array([row.number for row in rows], np.int64),
            unit="steps" if resolution is None else "seconds",
            source=path.name,
            counted="annotation",
        )


class _Mark(NamedTuple):
    """One annotation of the file, counted from 1."""

    step: int
    symbol: str
    channel: int
    text: str
    number: int


class _Row(NamedTuple):
    start: int
    stop: int
    label: str
    number: int


def _marks(path: Path) -> list[_Mark]:
    """All annotations of a file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: expected WFDB annotations. Received: {error.strerror}") from None
    words = np.frombuffer(content[: len(content) // 2 * 2], "<u2").tolist()
    marks: list[_Mark] = []
    at = step = 0
    while at < len(words) and words[at]:
        code, value = words[at] >> 10, words[at] & 0x3FF
        at += 1
        if code == SKIP:
            step += _long(words[at : at + 2])
            at += 2
        elif code > SKIP:
            marks[-1:] = [_with(mark, code, value, content[2 * at : 2 * at + value]) for mark in marks[-1:]]
            at += (value + 1) // 2 if code == TEXT else 0
        elif code > LAST:
            break
        else:
            step += value
            if code:
                channel = marks[-1].channel if marks else 0
                marks.append(_Mark(step, SYMBOLS.get(code, str(code)), channel, "", len(marks) + 1))
    if at >= len(words) or any(words[at:]) or not marks:
        raise InputError(f"{path}: expected WFDB annotations up to an end mark. Received other bytes, or a cut file")
    return marks


def _with(mark: _Mark, code: int, value: int, text: bytes) -> _Mark:
    """An annotation with what a word below it adds."""
    if code == TEXT:
        return mark._replace(text=text.decode("latin-1").rstrip("\0"))
    return mark._replace(channel=value) if code == CHANNEL else mark


def _long(halves: list[int]) -> int:
    """A signed number of 32 bits whose halves stand in the order of a PDP-11, the high one first."""
    value = sum(half << shift for half, shift in zip(halves, (16, 0), strict=False))
    return value - (1 << 32) if value >> 31 else value


def _without_notes(marks: list[_Mark]) -> tuple[list[_Mark], float | None]:
    """The annotations proper, and steps per second where a note says so."""
    said = [found for mark in marks if mark.symbol == NOTE and (found := RESOLUTION.match(mark.text))]
    return [mark for mark in marks if mark.symbol != NOTE], float(said[0][1]) if said else None


def _rows(path: Path, marks: list[_Mark]) -> Iterator[_Row]:
    rhythms = [mark for mark in marks if mark.symbol == RHYTHM and mark.text.startswith("(")]
    if rhythms:
        beside = path.with_suffix(".hea")
        steps = read_header(beside).steps
        if steps is None:
            raise InputError(f"{beside}: expected the number of samples, where the last rhythm ends. Received none")
        ends = [mark.step for mark in rhythms[1:]] + [steps]
        for mark, end in zip(rhythms, ends, strict=True):
            yield _Row(mark.step, end, mark.text[1:].strip(), mark.number)
    rest = [mark for mark in marks if mark.symbol != RHYTHM]
    for channel in dict.fromkeys(mark.channel for mark in rest):
        yield from _waves([mark for mark in rest if mark.channel == channel])


def _waves(marks: list[_Mark]) -> Iterator[_Row]:
    """Segments of one channel: pairs of brackets with what they hold; marks outside of any last one step."""
    opened: _Mark | None = None
    inside: list[_Mark] = []
    for mark in marks:
        if mark.symbol in OPENED_BY.values():
            yield from map(_point, inside)
            opened, inside = mark, []
        elif opened is not None and OPENED_BY.get(mark.symbol) == opened.symbol:
            first = inside[0] if inside else opened
            yield _Row(opened.step, max(mark.step, opened.step + 1), first.symbol, opened.number)
            opened, inside = None, []
        elif mark.symbol not in OPENED_BY:
            inside.append(mark)
            if opened is None:
                yield _point(inside.pop())
    yield from map(_point, inside)


def _point(mark: _Mark) -> _Row:
    return _Row(mark.step, mark.step + 1, mark.symbol, mark.number)
