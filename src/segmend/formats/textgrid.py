"""TextGrids of Praat."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.seconds import rows_of_one

INTERVALS, POINTS = "IntervalTier", "TextTier"

TOKEN = re.compile(
    r"""(?<!\S)(?:
        "(?P<text>(?:[^"]|"")*)"
      | (?P<number>[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)
      | (?P<flag><exists>|<absent>)
      | ![^\n]*
    )(?!\S)""",
    re.VERBOSE,
)
"""What stands free between blanks: texts, numbers and flags are the content, all else is decoration."""

HEAD = 256
"""Bytes that hold the first two lines, in either encoding."""


class TextGrid(AnnotationFormat):
    """Every interval with text of every interval tier, long or short form; point tiers are passed over.

    Source: Praat manual, "TextGrid file formats": only free-standing texts, numbers and flags count.
    """

    name: ClassVar[str] = "textgrid"
    suffixes: ClassVar[tuple[str, ...]] = (".textgrid",)
    holds: ClassVar[str] = "Praat, long or short form: the intervals (seconds) with text of all interval tiers"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as text files of Praat do and holds a TextGrid."""
        with path.open("rb") as file:
            head = file.read(HEAD).replace(b"\0", b"")
        return b'"ooTextFile"' in head and b'"TextGrid"' in head

    def read(self, path: Path) -> Annotations:
        """The intervals, tier by tier.

        Raises:
            InputError: the file ends too soon, or something else stands where a number or text should be.
        """
        tokens = _Tokens(path)
        if [tokens.text("ooTextFile"), tokens.text("TextGrid")] != ["ooTextFile", "TextGrid"]:
            raise InputError(f"{path}, line 1: expected a TextGrid of Praat. Received another file")
        tokens.number("xmin"), tokens.number("xmax")
        tiers = tokens.count("number of tiers") if tokens.flag() == "<exists>" else 0
        rows = [row for _ in range(tiers) for row in _tier(tokens)]
        return rows_of_one(
            path,
            [row.start for row in rows],
            [row.end for row in rows],
            [row.text for row in rows],
            [row.line for row in rows],
        )


class _Row(NamedTuple):
    start: float
    end: float
    text: str
    line: int


def _tier(tokens: _Tokens) -> Iterator[_Row]:
    """The intervals with text of one tier; none of a tier of points."""
    kind = tokens.text("class of a tier")
    if kind not in (INTERVALS, POINTS):
        tokens.refuse(f'"{INTERVALS}" or "{POINTS}"', kind)
    tokens.text("name of a tier"), tokens.number("xmin"), tokens.number("xmax")
    for _ in range(tokens.count("number of intervals or points")):
        start = tokens.number("xmin")
        line = tokens.line
        end = tokens.number("xmax") if kind == INTERVALS else start
        text = tokens.text("text").strip()
        if kind == INTERVALS and text:
            yield _Row(start, end, text, line)


class _Tokens:
    """The content of a file, one piece after the other.

    Attributes:
        line: where the last piece stands.
    """

    def __init__(self, path: Path) -> None:
        content = _decoded(path)
        self.line = 1
        self._path = path
        self._found = (found for found in TOKEN.finditer(content) if found.lastgroup)
        self._ends = [found.start() for found in re.finditer("\n", content)]

    def text(self, what: str) -> str:
        return self._next("text", what).replace('""', '"')

    def number(self, what: str) -> float:
        return float(self._next("number", what))

    def flag(self) -> str:
        return self._next("flag", "<exists> or <absent>")

    def count(self, what: str) -> int:
        value = self.number(what)
        if value != int(value) or value < 0:
            self.refuse(f"a whole {what}", str(value))
        return int(value)

    def refuse(self, expected: str, received: str) -> None:
        raise InputError(f"{self._path}, line {self.line}: expected {expected}. Received {received:.80}")

    def _next(self, kind: str, what: str) -> str:
        found = next(self._found, None)
        if found is None:
            raise InputError(f"{self._path}, line {len(self._ends) + 1}: expected {what}. Received the end of the file")
        self.line = bisect.bisect_left(self._ends, found.start()) + 1
        if found.lastgroup != kind:
            self.refuse(what, found.group())
        return found.group(kind)


def _decoded(path: Path) -> str:
    """The text: UTF-16 where a byte order mark says so, else UTF-8."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: expected a text file. Received: {error.strerror}") from None
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{path}: expected UTF-8 or UTF-16 text. Received other bytes") from None
