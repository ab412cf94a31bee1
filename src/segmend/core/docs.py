"""What classes say of themselves, read from their source: nothing heavy is imported to print a list."""

from __future__ import annotations

import ast
import importlib.util
from importlib.abc import InspectLoader
from typing import Any


def class_constants(place: str) -> dict[str, Any]:
    """The constants that a class body assigns, and its docstring under "__doc__".

    Args:
        place: "module:attribute", as the catalogue writes it.

    Examples:
        >>> class_constants("segmend.formats.npy:Npy")["suffixes"]
        ('.npy',)

    Raises:
        LookupError: the module's source has no such class.
    """
    module, _, attribute = place.partition(":")
    spec = importlib.util.find_spec(module)
    source = spec.loader.get_source(module) if spec and isinstance(spec.loader, InspectLoader) else None
    body = next(
        (node for node in ast.parse(source or "").body if isinstance(node, ast.ClassDef) and node.name == attribute),
        None,
    )
    if body is None:
        raise LookupError(f"{place}: expected a class of this name in the module's source")
    constants: dict[str, Any] = {"__doc__": ast.get_docstring(body)}
    for node in body.body:
        target = node.target if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [None])[0]
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant | ast.Tuple):
            constants[target.id] = ast.literal_eval(value)
    return constants
