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
        "annotations": _described(catalogue.ANNOTATION_FORMATS),
    }
    if options.json:
        shared.print_json(families)
        return 0
    width = max(len(each["name"]) for formats in families.values() for each in formats)
    for family, formats in families.items():
        sys.stdout.write(f"{family}\n")
        for each in formats:
            sys.stdout.write(f"  {each['name']:<{width}}  {' '.join(each['suffixes']):<6}  {each['holds']}\n")
    return 0


def _described(family: dict[str, str]) -> list[dict[str, Any]]:
    from segmend.core.docs import class_constants

    constants = [class_constants(place) for place in family.values()]
    return [
        {"name": each["name"], "suffixes": list(each["suffixes"]), "holds": each["holds"], "summary": each["__doc__"]}
        for each in constants
    ]
