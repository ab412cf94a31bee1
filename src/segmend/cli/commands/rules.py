"""All rules of the doctor, one line each."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend rules``."""
    shared.add_json(parser)
    parser.add_argument("--markdown", action="store_true", help="print all that the rules say of themselves, as a page")


def run(options: argparse.Namespace) -> int:
    """Print every rule with its code and first line."""
    from segmend.diagnosis import registry

    if options.markdown:
        sys.stdout.write(registry.as_markdown())
        return 0
    rules = registry.read_all()
    if options.json:
        shared.print_json(
            {
                "rules": [
                    {"rule": rule.name, "code": rule.code, "summary": rule.summary, "preview": rule.preview}
                    for rule in rules
                ]
            }
        )
        return 0
    width = max(len(rule.name) for rule in rules)
    columns = shutil.get_terminal_size((100, 24)).columns
    family = ""
    for rule in rules:
        if rule.code[0] != family:
            family = rule.code[0]
            sys.stdout.write(f"{registry.FAMILIES[family]}\n")
        head = f"  {rule.code}  {rule.name:<{width}}  "
        lines = textwrap.wrap(rule.summary + " (preview)" * rule.preview, max(columns - len(head), 30))
        indent = "\n" + " " * len(head)
        sys.stdout.write(head + indent.join(lines) + "\n")
    sys.stdout.write("\nsegmend explain RULE tells what a rule finds, why it matters and what to do.\n")
    return 0
