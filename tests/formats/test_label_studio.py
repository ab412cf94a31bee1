from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.formats.label_studio import LabelStudio


def region(start, end, *labels, kind="timeserieslabels"):
    return {
        "id": "x",
        "from_name": "label",
        "to_name": "ts",
        "type": kind,
        "value": {"start": start, "end": end, kind: labels},
    }


def task(file, *regions, key="csv", **more):
    return {"id": 1, "data": {key: file}, "annotations": [{"id": 1, "result": regions}], **more}


def read(tmp_path, content):
    path = tmp_path / "export.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    back = LabelStudio().read(path)
    return list(
        zip(back.recording, back.start.tolist(), back.end.tolist(), back.label, back.line.tolist(), strict=True)
    )


def test_regions_of_time_series_and_of_audio(tmp_path):
    tasks = [
        task("/data/upload/7/0a1b2c3d-heart-1.csv", region(0.5, 2, "P"), region(2, 3, "Q", "R")),
        task("s3://bucket/bird.wav", region(1, 2, kind="labels"), {"type": "choices", "value": {}}, key="audio"),
    ]
    assert read(tmp_path, tasks) == [
        ("heart-1", 0.5, 2, "P", 1),
        ("heart-1", 2, 3, "Q", 1),
        ("heart-1", 2, 3, "R", 1),
        ("bird", 1, 2, "", 2),
    ]


def test_cancelled_annotations_give_way_and_predictions_count_where_nothing_was_annotated(tmp_path):
    said = {"predictions": [{"result": [region(5, 6, "guess")]}]}
    both = task("a.csv", **said)
    both["annotations"] = [{"was_cancelled": True, "result": [region(1, 2, "no")]}, {"result": [region(3, 4, "yes")]}]
    assert read(tmp_path, [both, {"data": {"csv": "b.csv"}, **said}]) == [
        ("a", 3, 4, "yes", 1),
        ("b", 5, 6, "guess", 2),
    ]


def test_pre_annotations_name_tag_object_and_file(tmp_path):
    path = tmp_path / "tasks.json"
    rows = Annotations(("a",), np.array([0.5]), np.array([1.5]), ("P",), np.array([1]), "seconds", "x")
    LabelStudio("labels").write(path, rows)
    assert json.loads(path.read_text()) == [
        {
            "data": {"audio": "a.wav"},
            "predictions": [
                {
                    "model_version": "segmend",
                    "result": [
                        {
                            "id": "r1",
                            "from_name": "label",
                            "to_name": "audio",
                            "type": "labels",
                            "value": {"start": 0.5, "end": 1.5, "labels": ["P"]},
                        }
                    ],
                }
            ],
        }
    ]
    assert LabelStudio().read(path).label == ("P",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[\n{"data": }]', r"export\.json, line 2: expected JSON"),
        ({"data": {}}, r"export\.json: expected a list of tasks"),
        ([{"data": {"csv": "a"}, "annotations": 3}, 7], r"task 2: expected data with the name of a file"),
        ([], r"export\.json: expected a list of tasks"),
        ([task("a.csv"), {"data": {"csv": 3}}], r"export\.json, task 2: expected data with the name of a file"),
        (
            [task("a.csv", region("10:30", 2, "P"))],
            r"task 1: expected start and end in seconds\. Received '10:30'",
        ),
        ([task("a.csv", region(0, None, "P"))], r"task 1: expected start and end in seconds\. Received None"),
        ("[" * 100_000, r"export\.json: expected tasks of Label Studio\. Received JSON nested too deeply"),
    ],
)
def test_a_broken_export_names_file_and_task(content, message, tmp_path):
    with pytest.raises(InputError, match=message):
        read(tmp_path, content)
