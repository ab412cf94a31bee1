"""The rules' documentation, read from their source: no rule is imported, so nothing heavy is loaded."""

from __future__ import annotations

import ast
import difflib
import importlib.util
import inspect
from dataclasses import dataclass
from importlib.abc import InspectLoader

from segmend import catalogue
from segmend.errors import InputError

FAMILIES = {"D": "data", "M": "model", "T": "training", "P": "predictions"}
SECTIONS = ("What it finds", "Why it matters", "Evidence", "Remedy", "Known limits")

_ABOUT = "Printed by `segmend rules --markdown`; `segmend explain RULE` and the report show the same words."
_PREVIEW = " *(preview: runs with `--preview`)*"


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule's class says of itself.

    Attributes:
        name: kebab-case name.
        code: such as "P402".
        summary: first line of the docstring.
        text: the whole docstring, without indentation.
        preview: it runs on request only.
    """

    name: str
    code: str
    summary: str
    text: str
    preview: bool


def read(name: str) -> RuleText:
    """Name, code and docstring of one rule of the catalogue.

    Examples:
        >>> read("over-segmentation").code
        'P402'
    """
    module, _, attribute = catalogue.RULES[name].partition(":")
    spec = importlib.util.find_spec(module)
    if spec is None or not isinstance(spec.loader, InspectLoader):
        raise ModuleNotFoundError(f"no module {module} for the rule {name}")
    tree = ast.parse(spec.loader.get_source(module) or "")
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == attribute)
    text = inspect.cleandoc(ast.get_docstring(body) or "")
    summary = text.partition("\n")[0]
    return RuleText(name, str(_constant(body, "code")), summary, text, bool(_constant(body, "preview", False)))


def read_all() -> list[RuleText]:
    """Every rule of the catalogue, by code."""
    return sorted((read(name) for name in catalogue.RULES), key=lambda rule: rule.code)


def find(name: str) -> RuleText:
    """The rule of a name or a code, in any case.

    Examples:
        >>> find("p402").name
        'over-segmentation'

    Raises:
        InputError: there is no such rule; the message offers the nearest one.
    """
    wanted = name.strip().lower().replace("_", "-")
    if wanted in catalogue.RULES:
        return read(wanted)
    rules = read_all()
    for rule in rules:
        if rule.code.lower() == wanted:
            return rule
    known = [*catalogue.RULES, *(rule.code.lower() for rule in rules)]
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise InputError(f'rule: expected a name or code that "segmend rules" lists. Received "{name}"{hint}')


def as_markdown() -> str:
    """Every rule with its text, for ``docs/rules.md``.

    Examples:
        >>> as_markdown().splitlines()[0]
        '# What the doctor looks for'
    """
    rules = read_all()
    lines = ["# What the doctor looks for", "", _ABOUT, ""]
    for letter, title in FAMILIES.items():
        mine = [rule for rule in rules if rule.code[0] == letter]
        lines += [f"- **{title}**: " + ", ".join(f"[{rule.name}](#{rule.code.lower()}-{rule.name})" for rule in mine)]
    for letter, title in FAMILIES.items():
        lines += ["", f"## {title.capitalize()}"]
        for rule in rules:
            if rule.code[0] == letter:
                lines += ["", f"### {rule.code} {rule.name}", "", rule.summary + _PREVIEW * rule.preview, ""]
                lines += _sections(rule.text.partition("\n")[2])
    return "\n".join(lines) + "\n"


def _sections(text: str) -> list[str]:
    """The sections of a docstring, each a paragraph that begins with its title."""
    paragraphs: list[str] = []
    for line in text.strip().splitlines():
        title = line.rstrip(":")
        if title in SECTIONS:
            paragraphs += [*([""] if paragraphs else []), f"**{title}.**"]
        elif line.strip():
            paragraphs[-1] += " " + line.strip()
    return paragraphs


def family(letter: str, *, preview: bool = True) -> tuple[str, ...]:
    """Names of the rules of one family: D data, M model, T training, P predictions; those in preview or not.

    Examples:
        >>> "class-imbalance" in family("D")
        True
    """
    return tuple(rule.name for rule in read_all() if rule.code.startswith(letter) and (preview or not rule.preview))


def _constant(body: ast.ClassDef, name: str, otherwise: object = None) -> object:
    """The plain value that a class assigns to a name."""
    for node in body.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if any(isinstance(target, ast.Name) and target.id == name for target in targets) and isinstance(
            value, ast.Constant
        ):
            return value.value
    if otherwise is None:
        raise ValueError(f"{body.name}: expected {name} as a plain value in the class body")
    return otherwise
