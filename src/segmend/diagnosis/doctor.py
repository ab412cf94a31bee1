"""Run the rules on a chart, join causes to what they explain, and rank."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from segmend import catalogue
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import DiagnosisRecord, Finding, Skipped
from segmend.core.task import Task
from segmend.diagnosis.order import rank
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders

_MISSING = {
    "fingerprint": "no data given",
    "fingerprint.channels": "no signals given",
    "fingerprint.separability": "no signals of two groups or recordings given",
    "opinions": "neither the model nor a linear one tells two classes apart",
    "fingerprint.borders": "no signals given in which borders can be looked at",
    "fingerprint.alignment": "no signals given of five groups or more, or too many classes",
    "prediction": "no predictions to judge",
    "prediction.y_prob": "no probabilities given",
    "scores": "no predictions to judge",
    "oracle": "no predictions to judge",
    "anatomy": "no model given",
    "anatomy.layers": "no model given whose layers can be seen",
    "anatomy.outputs": "no model given whose receptive field is known",
    "anatomy.losses": "the model is not compiled",
    "anatomy.optimizer": "the model is not compiled",
    "anatomy.metrics": "the model is compiled without metrics",
    "anatomy.flow": "no model given whose inner flow can be followed",
    "anatomy.activity_on": "no model with ReLU and signals to watch it on given",
    "history": "no history given",
    "history.steps_per_epoch": "the history does not say how many batches an epoch had",
    "targets": "no training targets given",
    "probe": "no weights that could be tried on training data",
    "targets.padded": "no signals given as arrays",
    "fit_arguments": "no arguments of fit given",
    "cost": "no costs given",
}
_OF_FRAMEWORK = {
    "torch": {
        "anatomy.losses": "a torch module does not tell its loss",
        "anatomy.optimizer": "a torch module does not tell its optimizer",
        "anatomy.metrics": "a torch module does not tell its metrics",
    },
    "callable": {
        "anatomy.layers": "a callable does not show layers",
        "anatomy.outputs": "the receptive field of the callable is not known",
        "anatomy.losses": "a callable does not tell a loss",
        "anatomy.optimizer": "a callable does not tell an optimizer",
        "anatomy.metrics": "a callable does not tell metrics",
        "anatomy.flow": "a callable does not show layers",
        "anatomy.activity_on": "a callable does not show layers",
    },
}
"""What is lacking of models that are no Keras models."""


def examine(
    chart: Chart,
    *,
    only: Collection[str] | None = None,
    preview: bool = False,
    also: Collection[str] = (),
    strict: bool = False,
) -> DiagnosisRecord:
    """Everything that the rules find on a chart, ranked.

    Causes stand before what they explain, as ``order.rank`` says. A rule that lacks a part of the chart, or crashes, is
    listed under ``skipped``.

    Args:
        chart: what is known.
        only: names of the rules to run, in preview or not; None for all of the catalogue.
        preview: without names, also run rules that are in preview.
        also: names of rules in preview that are run in any case.
        strict: let a crashing rule raise (the tests do; so does the environment variable SEGMEND_TRACEBACK).
    """
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    checked: dict[str, Rule] = {}
    for name in catalogue.RULES:
        if only is not None and name not in only:
            continue
        try:
            rule: Rule = catalogue.resolve("rules", name)()
            if only is None and rule.preview and not preview and name not in also:
                continue
            if not rule.serves(chart.task):
                skipped.append(Skipped(rule=name, because=f"not looked for in {_question(chart.task)}"))
                continue
            lacking = missing(chart, rule.needs)
            found = () if lacking else tuple(rule.examine(chart))
        except Exception as error:
            if strict or os.environ.get("SEGMEND_TRACEBACK"):
                raise
            skipped.append(Skipped(rule=name, because=f"the rule failed, please report it: {_one_line(error)}"))
            continue
        if lacking:
            skipped.append(Skipped(rule=name, because=_reason(chart, lacking)))
            continue
        findings.extend(found)
        checked[name] = rule
    return DiagnosisRecord(
        task=chart.task.to_dict(),
        judged_on=chart.judged_on,
        findings=rank(findings, checked),
        oracle=chart.oracle,
        checked=tuple(checked),
        skipped=tuple(skipped),
    )


def missing(chart: Chart, needs: Sequence[str]) -> str | None:
    """The first need that the chart does not meet, None when it meets all."""
    for need in needs:
        value: Any = chart
        for part in need.split("."):
            value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
        if value is None or (isinstance(value, tuple | Mapping) and not value):
            return need
    return None


def _question(task: Task) -> str:
    return f"{task.name} of {'signals' if task.rank == 1 else holders(task)}"


def _reason(chart: Chart, need: str) -> str:
    lost = chart.anatomy.loss_lost if chart.anatomy else None
    if lost and need in ("anatomy.losses", "anatomy.optimizer", "anatomy.metrics"):
        return f"the loss could not be restored: {lost}"
    told = _OF_FRAMEWORK.get(chart.anatomy.framework, {}) if chart.anatomy else {}
    return told.get(need) or _MISSING.get(need) or _MISSING.get(need.partition(".")[0]) or f"no {need} given"


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
