"""What a rule finds, why it matters, its evidence, the remedy, and where the rule fails."""

from __future__ import annotations

import argparse
import sys

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend explain``."""
    parser.add_argument(
        "rule", metavar="RULE", help='name or code, such as over-segmentation or P402 ("segmend rules")'
    )
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the rule's docstring."""
    from segmend.diagnosis import registry

    rule = registry.find(options.rule)
    if options.json:
        shared.print_json({"rule": rule.name, "code": rule.code, "summary": rule.summary, "text": rule.text})
    else:
        sys.stdout.write(f"{rule.code} {rule.name}\n\n{rule.text}\n")
    return 0
