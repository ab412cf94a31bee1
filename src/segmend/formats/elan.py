"""Annotation files of ELAN."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar
from xml.parsers import expat

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.seconds import rows_of_one

ROOT = "ANNOTATION_DOCUMENT"
MILLISECONDS = 1000.0
HEAD = 4096


class Elan(AnnotationFormat):
    """The time-aligned annotations of every tier; those that only refer to another annotation are passed over.

    Source: ELAN Annotation Format (EAF) 3.0, Max Planck Institute for Psycholinguistics.
    """

    name: ClassVar[str] = "elan"
    suffixes: ClassVar[tuple[str, ...]] = (".eaf",)
    holds: ClassVar[str] = "ELAN: the time-aligned annotations of all tiers, in the order of the file"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the document's first element is ELAN's."""
        with path.open("rb") as file:
            head = file.read(HEAD)
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and f"<{ROOT}".encode() in head

    def read(self, path: Path) -> Annotations:
        """The annotations, tier by tier.

        Raises:
            InputError: broken XML, a document type definition, or an annotation whose ends have no time.
        """
        reader = _Reader(path)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: reader.begin(name, attributes, parser.CurrentLineNumber)
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        parser.StartDoctypeDeclHandler = reader.refuse_doctype
        try:
            parser.Parse(path.read_bytes(), True)
        except expat.ExpatError as error:
            fault = expat.ErrorString(error.code)
            raise InputError(f"{path}, line {error.lineno}: expected XML of ELAN. Received: {fault}") from None
        except (OSError, LookupError) as error:
            raise InputError(f"{path}: expected XML of ELAN. Received: {error}") from None
        return reader.annotations()


class _Reader:
    """Collects time slots and annotations while the document is parsed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._depth = 0
        self._milliseconds: dict[str, float] = {}
        self._rows: list[tuple[str, str, str, int]] = []
        self._ends: tuple[str, str, int] | None = None
        self._text: list[str] | None = None

    def begin(self, name: str, attributes: dict[str, str], line: int) -> None:
        if self._depth == 0 and name != ROOT:
            raise InputError(f"{self._path}, line {line}: expected the element {ROOT}. Received {name:.80}")
        self._depth += 1
        if name == "TIME_SLOT" and "TIME_VALUE" in attributes:
            self._milliseconds[attributes.get("TIME_SLOT_ID", "")] = self._number(attributes["TIME_VALUE"], line)
        elif name == "ALIGNABLE_ANNOTATION":
            self._ends = (attributes.get("TIME_SLOT_REF1", ""), attributes.get("TIME_SLOT_REF2", ""), line)
        elif name == "ANNOTATION_VALUE" and self._ends:
            self._text = []

    def characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name == "ALIGNABLE_ANNOTATION" and self._ends:
            first, last, line = self._ends
            self._rows.append((first, last, "".join(self._text or ()), line))
            self._ends = self._text = None

    def refuse_doctype(self, *_: Any) -> None:
        raise InputError(f"{self._path}: expected XML of ELAN. Received a document type definition, which it has not")

    def annotations(self) -> Annotations:
        times: list[tuple[float, float]] = []
        for first, last, _, line in self._rows:
            for slot in (first, last):
                if slot not in self._milliseconds:
                    raise InputError(
                        f'{self._path}, line {line}: expected a time for the slot "{slot}". Received none '
                        "(align the annotation in ELAN)"
                    )
            times.append((self._milliseconds[first] / MILLISECONDS, self._milliseconds[last] / MILLISECONDS))
        return rows_of_one(
            self._path,
            [start for start, _ in times],
            [end for _, end in times],
            [text for _, _, text, _ in self._rows],
            [line for *_, line in self._rows],
        )

    def _number(self, text: str, line: int) -> float:
        if not text.strip().removeprefix("-").isdecimal():
            raise InputError(f'{self._path}, line {line}: expected whole milliseconds. Received "{text:.80}"')
        return float(text)
