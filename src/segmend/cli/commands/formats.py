"""File formats that can be read and written."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend formats``."""
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print every format with its suffixes; exit code 0."""
    from segmend import catalogue

    families = {
        "signals": _described(catalogue.SIGNAL_FORMATS),
        "images": _described(catalogue.IMAGE_FORMATS),
        "objects": _described(catalogue.OBJECT_FORMATS),
        "annotations": _described(catalogue.ANNOTATION_FORMATS),
    }
    if options.json:
        shared.print_json(families)
        return 0
    rows = {family: [_row(each) for each in formats] for family, formats in families.items()}
    widths = [max(len(row[k]) for family in rows.values() for row in family) for k in range(3)]
    for family, formats in rows.items():
        sys.stdout.write(f"{family}\n")
        for *cells, holds in formats:
            told = "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
            sys.stdout.write(f"  {told}  {holds}\n")
    return 0


def _row(described: dict[str, Any]) -> tuple[str, str, str, str]:
    """Name, suffixes, what can be done with it, and what it holds, with the extra it needs."""
    needs = f' (needs pip install "segmend[{described["extra"]}]")' if described["extra"] else ""
    access = "read, write" if described["writes"] else "read"
    return described["name"], " ".join(described["suffixes"]), access, described["holds"] + needs


def _described(family: dict[str, str]) -> list[dict[str, Any]]:
    from segmend.core.docs import class_constants

    constants = [class_constants(place) for place in family.values()]
    return [
        {
            "name": each["name"],
            "suffixes": list(each["suffixes"]),
            "holds": each["holds"],
            "extra": each.get("extra"),
            "writes": each.get("writes", True),
            "summary": each["__doc__"],
        }
        for each in constants
    ]
