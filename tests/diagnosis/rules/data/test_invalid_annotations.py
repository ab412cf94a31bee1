import dataclasses

import pytest

from segmend.core.dataset import Problem
from segmend.core.task import Task
from segmend.diagnosis.rules.data.invalid_annotations import FAULTS, InvalidAnnotations
from tests.diagnosis.data_charts import charted, recording, sound


def problem(kind, name="a", line=3):
    return Problem(kind, name, f"annotations.csv, line {line}", "expected start < end. Received 5 and 5", "P")


def sick():
    return charted(recording("a"), problems=(problem("empty-segment"), problem("empty-segment", line=9)))


def healthy():
    return sound()


def test_problems_of_a_kind_are_counted_and_the_first_is_placed():
    (finding,) = InvalidAnnotations().examine(sick())
    assert finding.severity == "error"
    assert finding.evidence["problems"] == 2
    assert "annotations.csv, line 3" in finding.message
    assert [place["where"] for place in finding.evidence["places"]] == [
        "annotations.csv, line 3",
        "annotations.csv, line 9",
    ]


def test_every_kind_has_its_finding():
    problems = tuple(problem(kind) for kind in FAULTS)
    findings = list(InvalidAnnotations().examine(charted(recording("a"), problems=problems)))
    assert [finding.evidence["kind"] for finding in findings] == list(FAULTS)


def test_a_recording_without_annotation_is_a_warning():
    (finding,) = InvalidAnnotations().examine(charted(recording("a"), problems=(problem("not-annotated"),)))
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("task", "kind", "count", "said", "remedy"),
    [
        ("classification", "overlap", 2, "2 labels beside another of the same image", "correct-the-rows"),
        ("segmentation", "beyond-end", 1, "1 mark of another size than the image", "correct-the-masks"),
        ("segmentation", "not-annotated", 1, "1 image without any annotation", "annotate-or-remove"),
    ],
)
def test_faults_of_images_are_told_in_their_words(task, kind, count, said, remedy):
    chart = charted(recording("a"), problems=(problem(kind),) * count)
    (finding,) = InvalidAnnotations().examine(dataclasses.replace(chart, task=Task.named(task, 3, rank=2)))
    assert finding.message.startswith(said)
    assert [each.name for each in finding.remedies] == [remedy]
    assert "recording" not in finding.remedies[0].advice
