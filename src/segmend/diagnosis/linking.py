"""What findings are about, by which causes are told from coincidences."""

from __future__ import annotations

from segmend.artifacts.finding import Finding


def classes_of(finding: Finding) -> set[str]:
    """Names of the classes that a finding speaks of; empty where it names none.

    Examples:
        >>> from segmend.artifacts.finding import Severity
        >>> lost = Finding(rule="a", code="P1", severity=Severity.INFO, message="", evidence={"lost": ["P", "T"]})
        >>> sorted(classes_of(lost))
        ['P', 'T']
    """
    evidence, label = finding.evidence, finding.where.get("label")
    named = [evidence.get("lost"), evidence.get("labels"), evidence.get("pair"), evidence.get("thresholds")]
    found = {str(name) for names in named if isinstance(names, dict | list | tuple) for name in names}
    return found | ({str(label)} if label is not None else set())


def share_a_class(classes: set[str], other: Finding) -> bool:
    """Whether another finding speaks of one of these classes, or of none in particular."""
    theirs = classes_of(other)
    return not theirs or bool(theirs & classes)


def lowers(threshold: Finding) -> bool:
    """Whether a finding of wrong thresholds asks for lower ones: classes are found too rarely."""
    return bool(threshold.evidence.get("lower"))
