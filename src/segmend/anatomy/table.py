"""Receptive fields of all outputs, as people read them."""

from __future__ import annotations

from collections.abc import Iterator

from segmend.artifacts.anatomy import ReceptiveField

_TITLES = ("output", "axis", "left", "right", "size", "smallest", "stride")
_LEGEND = "left, right: first and last input step that an output step sees, counted from its own place."
_SHARES = "%: input steps that carry this share of the gradient of a central output step."


class ReceptiveFields(dict[str, tuple[ReceptiveField, ...]]):
    """Receptive fields by output, one per spatial axis; printed as a table.

    Example:
        >>> centred = ReceptiveField(left=-4, right=4, smallest=9, size=9, stride=1.0, effective={50: 3, 95: 7})
        >>> print(str(ReceptiveFields(head=(centred,))).splitlines()[0])
        output  axis  left  right  size  smallest  stride  50 %  95 %
        >>> print(str(ReceptiveFields(head=(centred,))).splitlines()[1])
        head       1    -4      4     9         9       1     3     7
    """

    def __str__(self) -> str:
        shares = sorted({share for fields in self.values() for field in fields for share in field.effective})
        rows = [(*_TITLES, *(f"{share} %" for share in shares)), *self._rows(shares)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]
        return "\n".join([*lines, _LEGEND, *([_SHARES] if shares else [])])

    def __repr__(self) -> str:
        return str(self)

    def _rows(self, shares: list[int]) -> Iterator[tuple[str, ...]]:
        for name, fields in self.items():
            for axis, field in enumerate(fields, 1):
                reach = (field.left, field.right, field.size, field.smallest)
                told = ("all" if steps is None else str(steps) for steps in reach)
                measured = (str(field.effective.get(share, "-")) for share in shares)
                yield (name, str(axis), *told, f"{field.stride:g}", *measured)
