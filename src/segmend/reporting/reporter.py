"""From content to one HTML page that opens offline: styles, scripts and data are inside."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from segmend import __version__
from segmend.errors import MissingDependencyError
from segmend.reporting import wording
from segmend.reporting.content import ReportContent
from segmend.reporting.palette import DARK_GROUND, LIGHT_GROUND, colours
from segmend.reporting.sections import SECTIONS

ASSETS = Path(__file__).parent / "assets"


def render(content: ReportContent) -> str:
    """The page.

    Sections without content do not appear. All text that comes from data is escaped. The page loads nothing from
    anywhere; its content security policy forbids it.

    Args:
        content: what to show; at least one result.

    Returns:
        HTML, at most 5 MB for ten recordings of a million steps.
    """
    sections = []
    for name in SECTIONS:
        section = importlib.import_module(f"segmend.reporting.sections.{name}")
        context = section.context(content)
        if context is not None:
            sections.append({"name": name, "title": context.get("title", section.TITLE), "context": context})
    environment = _environment()
    template = environment.get_template("page.html.j2")
    head = importlib.import_module("segmend.reporting.sections.headline").context(content)
    return template.render(
        title=content.title,
        head=head,
        sections=sections,
        styles=_asset("page.css") + _uplot("uPlot.min.css"),
        scripts=_uplot("uPlot.iife.js") + _asset("timeline.js") if _has(sections, "timelines") else None,
        colours=colours(content.labels),
        grounds=(LIGHT_GROUND, DARK_GROUND),
        version=__version__,
    )


def _has(sections: list[dict[str, Any]], name: str) -> bool:
    return any(section["name"] == name for section in sections)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("count", "decimal", "percent", "figure"):
        environment.filters[name] = getattr(wording, name)
    return environment


def _asset(name: str) -> Markup:
    return Markup((ASSETS / name).read_text(encoding="utf-8"))  # a file of this package


def _uplot(name: str) -> Markup:
    """A static file of the uPlot package, found without importing it (its import loads a browser opener)."""
    found = importlib.util.find_spec("uplot")
    if found is None or not found.submodule_search_locations:
        raise MissingDependencyError('the report needs uPlot: pip install "uplot-python>=1.1"')
    path = Path(found.submodule_search_locations[0]) / "static" / name
    return Markup(path.read_text(encoding="utf-8"))
