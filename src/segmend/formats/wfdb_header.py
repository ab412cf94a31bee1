"""Headers of WFDB records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from segmend.errors import InputError
from segmend.formats.text import numbered_lines

RATE, GAIN = 250.0, 200.0
"""What the format says where a header does not."""

RECORD = re.compile(
    r"(?P<name>[\w.+-]+)(?P<segments>/\d+)?\s+(?P<signals>\d+)"
    r"(?:\s+(?P<rate>[^\s/(]+)\S*(?:\s+(?P<steps>\d+))?)?(?:\s|$)"
)
SIGNAL = re.compile(
    r"(?P<file>\S+)\s+(?P<form>\d+)(?:x(?P<frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?"
    r"(?:\s+(?P<gain>-?[\d.]+(?:[eE][+-]?\d+)?)(?:\((?P<baseline>-?\d+)\))?(?:/\S+)?"
    r"(?:\s+\d+(?:\s+(?P<zero>-?\d+)(?:\s+-?\d+(?:\s+-?\d+(?:\s+\d+(?:\s+(?P<name>.*\S))?)?)?)?)?)?)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """One signal of a record: where its samples are, and what they mean."""

    file: str
    form: str
    offset: int
    gain: float
    baseline: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """A record: its rate, its length in steps (None where the header does not say), and its signals."""

    rate: float
    steps: int | None
    signals: tuple[Stored, ...]


def read_header(path: Path) -> Header:
    """The header of a record of one segment.

    Source: WFDB Applications Guide, header(5).

    Raises:
        InputError: the file is no header, or holds what is not read: several segments, several samples a frame, skew.
    """
    lines = [(line, text) for line, text in numbered_lines(path) if not text.lstrip().startswith("#")]
    line, text = lines[0] if lines else (1, "")
    record = RECORD.match(text)
    if record is None:
        raise InputError(
            f'{path}, line {line}: expected a record, its number of signals and rate. Received "{text:.80}"'
        )
    if record["segments"]:
        raise InputError(f"{path}, line {line}: expected a record of one segment. Received {record['segments'][1:]}")
    number = int(record["signals"])
    if len(lines) - 1 < number or not number:
        raise InputError(f"{path}, line {line}: expected as many lines below as signals. Received {len(lines) - 1}")
    steps = int(record["steps"] or 0)
    signals = tuple(_signal(path, *each) for each in lines[1 : 1 + number])
    return Header(_rate(path, line, record["rate"]), steps or None, signals)


def _rate(path: Path, line: int, text: str | None) -> float:
    try:
        rate = RATE if text is None else float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise InputError(f'{path}, line {line}: expected a sampling rate above 0. Received "{text}"')
    return rate


def _signal(path: Path, line: int, text: str) -> Stored:
    found = SIGNAL.match(text.strip())
    if found is None:
        raise InputError(
            f'{path}, line {line}: expected file, format, gain and so on of a signal. Received "{text:.80}"'
        )
    for part, fault in (("frame", "several samples a frame"), ("skew", "a skew between signals")):
        if int(found[part] or 0) > (part == "frame"):
            raise InputError(f"{path}, line {line}: expected one sample of each signal a step. Received {fault}")
    zero = int(found["zero"] or 0)
    return Stored(
        file=found["file"],
        form=found["form"],
        offset=int(found["offset"] or 0),
        gain=float(found["gain"] or 0) or GAIN,
        baseline=zero if found["baseline"] is None else int(found["baseline"]),
        name=found["name"],
    )
