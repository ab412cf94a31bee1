from __future__ import annotations

import csv
import json

import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.errors import InputError
from segmend.formats.base import Image
from segmend.formats.coco import CocoAnnotations
from segmend.formats.label_studio import LabelStudio
from segmend.formats.label_studio_images import LabelStudioImages
from segmend.formats.png import Png
from segmend.formats.tiff import Tiff
from segmend.loading import load_predictions
from segmend.pipeline.on_files.score_files import score_files
from segmend.pipeline.predict import predict_files
from tests.pipeline.hand_made import evidence, make_run

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

CELLS = np.zeros((20, 24), int)
CELLS[2:8, 3:9] = 1  # a square
CELLS[10:17, 10:19] = 2
CELLS[2:5, 20:24] = 1  # reaches the border

LAYERS = np.zeros((12, 18, 2), int)
LAYERS[2:9, 2:9, 0] = 1
LAYERS[5:11, 5:14, 1] = 1


def rows_of(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def write_tiff(path, values):
    path.parent.mkdir(parents=True, exist_ok=True)
    Tiff().write(path, Image(np.asarray(values, np.float32)))
    return path


def mask(path):
    return np.asarray(Png().open_mask(path))


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    """What is written of one image of two classes and a background."""
    folder = tmp_path_factory.mktemp("cells")
    labels = ("background", "a", "b")
    run = make_run(folder / "run", "segmentation", 2, labels, background=0)
    write_tiff(folder / "images" / "x.tif", evidence(CELLS, 3))
    write_tiff(folder / "images" / "y.tif", evidence(np.zeros((9, 9), int), 3))
    predict_files(run, [folder], out=folder / "pred", probabilities=True, formats=["csv", "label-studio", "coco"])
    return folder


def test_masks_show_colours_and_hold_class_numbers(cells):
    written = mask(cells / "pred" / "masks" / "x.png")
    np.testing.assert_array_equal(written, CELLS)
    shown = np.asarray(Png().open(cells / "pred" / "masks" / "x.png").values)
    assert len({tuple(shown[spot]) for spot in ((0, 0), (3, 4), (10, 10))}) == 3
    assert shown[0, 0].tolist() == [0, 0, 0]


def test_objects_are_numbered_and_listed(cells):
    numbers = mask(cells / "pred" / "objects" / "x.png")
    assert numbers.dtype == np.uint16
    assert [len(np.unique(numbers[k == CELLS])) for k in (1, 2)] == [2, 1]
    found = rows_of(cells / "pred" / "objects.csv")
    assert {row["recording"] for row in found} == {"x"}
    b = next(row for row in found if row["label"] == "b")
    assert [int(b[key]) for key in ("left", "top", "right", "bottom", "area")] == [10, 10, 19, 17, 63]
    assert (b["x"], b["y"]) == ("14.50", "13.50")
    assert float(b["probability"]) > 0.99
    assert int(b["object"]) == numbers[10, 10]
    assert sorted(int(row["area"]) for row in found if row["label"] == "a") == [12, 36]


def test_pre_annotations_hold_the_very_pixels(cells):
    numbers = mask(cells / "pred" / "objects" / "x.png")
    for form, name in ((LabelStudioImages, "label-studio.json"), (CocoAnnotations, "coco.json")):
        image, empty = form().read(cells / "pred" / name).images
        assert (image.file, image.shape, empty.objects) == ("x.tif", CELLS.shape, ())
        drawn = np.zeros(CELLS.shape, int)
        for one in image.objects:
            inside = one.outline.mask(image.shape)
            drawn[inside] = numbers[inside]
            assert {one.label} == {("background", "a", "b")[k] for k in CELLS[inside]}
        np.testing.assert_array_equal(drawn, numbers)


def test_the_setup_names_the_tags_and_labels_of_the_tasks(cells):
    regions = json.loads((cells / "pred" / "label-studio.json").read_text())[0]["predictions"][0]["result"]
    assert [(region["type"], *region["value"]["polygonlabels"]) for region in regions] == [
        ("polygonlabels", name) for name in ("a", "a", "b")
    ]
    setup = (cells / "pred" / "label-studio.xml").read_text()
    assert all(f'name="{region["from_name"]}" toName="{region["to_name"]}"' in setup for region in regions)
    assert '<Label value="a"/>' in setup and "background" not in setup


def test_a_folder_of_images_reads_back_with_what_run_predict_answers(cells):
    back = load_predictions(cells / "pred")
    one = segmend.load_run(cells / "run").predict(cells / "images" / "x.tif")
    assert (back.names, back.rank, back.labels.names) == (("x", "y"), 2, ("background", "a", "b"))
    np.testing.assert_array_equal(back.y_pred[0], one.y_pred[0])
    np.testing.assert_array_equal(back.y_prob[0], one.y_prob[0])
    assert len(np.unique(back.predicted_instances[0])) == 4


def test_label_studio_is_what_images_are_written_for_and_scores_on_request(cells, tmp_path):
    predict_files(cells / "run", [cells / "images" / "y.tif"], out=tmp_path / "pred")
    written = {path.name for path in (tmp_path / "pred").iterdir()}
    assert written == {"masks", "objects", "objects.csv", "label-studio.json", "label-studio.xml", "dataset.json"}


def test_overlapping_labels_of_images_have_a_folder_each(tmp_path):
    run = make_run(tmp_path / "run", "multilabel-segmentation", 2, ("sky", "cloud"))
    image = write_tiff(tmp_path / "x.tif", evidence(LAYERS, 2))
    predict_files(run, [image], out=tmp_path / "pred", probabilities=True)
    for k, name in enumerate(("sky", "cloud")):
        np.testing.assert_array_equal(mask(tmp_path / "pred" / "masks" / name / "x.png") > 0, LAYERS[..., k] == 1)
        assert mask(tmp_path / "pred" / "objects" / name / "x.png").max() > 0
    back = load_predictions(tmp_path / "pred")
    np.testing.assert_array_equal(back.y_pred[0], LAYERS)
    assert back.multilabel and back.predicted_instances[0].shape == LAYERS.shape
    assert sorted(row["label"] for row in rows_of(tmp_path / "pred" / "objects.csv")) == ["cloud", "sky"]
    (tmp_path / "pred" / "scores" / "x.npy").unlink()
    (tmp_path / "pred" / "scores").rmdir()
    np.testing.assert_array_equal(load_predictions(tmp_path / "pred").y_pred[0], LAYERS)


def test_overlapping_labels_of_signals_are_segments_of_each(tmp_path):
    run = make_run(tmp_path / "run", "multilabel-segmentation", 1, ("left", "right"), rate=10.0)
    signal = np.zeros((40, 2), int)
    signal[3:20, 0] = signal[11:31, 1] = 1
    np.save(tmp_path / "x.npy", evidence(signal, 2))
    formats = ["--format", "label-studio", "--format", "audacity"]
    assert command(["predict", str(run), str(tmp_path / "x.npy"), "-o", str(tmp_path / "pred"), *formats]) == 0
    written = (tmp_path / "pred" / "segments" / "x.csv").read_text().splitlines()
    assert written == ["recording,start,end,label", "x,3,20,left", "x,11,31,right"]
    assert (tmp_path / "pred" / "segments" / "x.txt").read_text().splitlines() == ["0.3\t2\tleft", "1.1\t3.1\tright"]
    back = LabelStudio().read(tmp_path / "pred" / "label-studio.json")
    assert (back.recording, back.label, back.end.tolist()) == (("x", "x"), ("left", "right"), [2.0, 3.1])
    assert 'timeColumn="time"' in (tmp_path / "pred" / "label-studio.xml").read_text()


def test_signals_are_brought_to_the_channels_and_the_rate_of_the_training(tmp_path):
    run = segmend.load_run(make_run(tmp_path / "run", "segmentation", 1, ("rest", "move"), rate=10.0))
    steps = np.repeat([0, 1, 0], [20, 16, 20])
    plain = run.predict(evidence(steps, 2))
    with (tmp_path / "x.csv").open("w", newline="") as file:
        rows = [(row[1], 7.0, row[0]) for row in evidence(steps, 2).tolist()]
        csv.writer(file).writerows([("c1", "other", "c0"), *rows])
    np.testing.assert_array_equal(run.predict(tmp_path / "x.csv").y_prob[0], plain.y_prob[0])
    twice = np.repeat(evidence(steps, 2), 2, axis=0)
    np.savez(tmp_path / "y.npz", signal=twice, sampling_rate_hz=20.0)
    found = run.predict(tmp_path / "y.npz").y_pred[0]
    assert len(found) == len(steps)
    assert np.mean(found == steps) > 0.9
    with (tmp_path / "z.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("c1", "other"), (1.0, 2.0)])
    with pytest.raises(InputError, match=r"z\.csv: expected the channels c0, c1 as in training, each once"):
        run.predict(tmp_path / "z.csv")


@pytest.mark.parametrize("rank", [1, 2])
def test_whole_recordings_and_images_are_rows_of_one_table(rank, tmp_path, capsys):
    run = make_run(tmp_path / "run", "classification", rank, ("cat", "dog"))
    for name, number in (("x", 1), ("y", 0)):
        values = evidence(np.full((30, 20)[:rank], number), 2)
        np.save(tmp_path / f"{name}.npy", values) if rank == 1 else write_tiff(tmp_path / f"{name}.tif", values)
    out = tmp_path / "pred"
    assert command(["predict", str(run), str(tmp_path), "-o", str(out), "--probabilities"]) == 0
    assert capsys.readouterr().out == "x: dog (1.0000)\ny: cat (1.0000)\n"
    assert [tuple(row.values()) for row in rows_of(out / "recordings.csv")] == [
        ("x", "dog", "1.0000"),
        ("y", "cat", "1.0000"),
    ]
    tasks = json.loads((out / "label-studio.json").read_text())
    assert tasks[0]["data"] == ({"csv": "x.csv"} if rank == 1 else {"image": "x.tif"})
    assert tasks[0]["predictions"][0]["result"][0]["value"] == {"choices": ["dog"]}
    assert 'choice="single"' in (out / "label-studio.xml").read_text()
    back = load_predictions(out)
    assert ([int(y) for y in back.y_pred], back.rank, back.y_prob[0].shape) == ([1, 0], 0, (2,))


def test_several_labels_or_none_of_whole_recordings(tmp_path):
    run = make_run(tmp_path / "run", "multilabel-classification", 1, ("cat", "dog"))
    data = np.zeros((3, 30, 2), np.float32)
    data[0], data[2, :, 0] = 1, 1
    np.save(tmp_path / "X.npy", data)
    predict_files(run, [tmp_path], out=tmp_path / "pred")
    rows = [(row["recording"], row["label"]) for row in rows_of(tmp_path / "pred" / "recordings.csv")]
    assert rows == [("0", "cat"), ("0", "dog"), ("1", ""), ("2", "cat")]
    tasks = json.loads((tmp_path / "pred" / "label-studio.json").read_text())
    assert [len(task["predictions"][0]["result"]) for task in tasks] == [1, 0, 1]
    assert 'choice="multiple"' in (tmp_path / "pred" / "label-studio.xml").read_text()
    assert [row.tolist() for row in load_predictions(tmp_path / "pred").y_pred] == [[1, 1], [0, 0], [1, 0]]


def test_images_in_class_folders_have_the_names_of_the_data_set(tmp_path):
    run = make_run(tmp_path / "run", "classification", 2, ("cat", "dog"))
    for split, label, number in (("train", "cat", 0), ("test", "dog", 1)):
        write_tiff(tmp_path / "data" / split / label / "1.tif", evidence(np.full((9, 9), number), 2))
    predict_files(run, [tmp_path / "data"], out=tmp_path / "pred")
    said = {row["recording"]: row["label"] for row in rows_of(tmp_path / "pred" / "recordings.csv")}
    known = segmend.load(tmp_path / "data").recordings
    assert said == {recording.name: recording.name.split("_")[1] for recording in known}
    scores, notes = score_files(tmp_path / "data", tmp_path / "pred", split="test")
    assert scores["step"]["accuracy"] == 1 and not notes
    tasks = json.loads((tmp_path / "pred" / "label-studio.json").read_text())
    assert {task["data"]["image"] for task in tasks} == {"train_cat_1.tif", "test_dog_1.tif"}


def test_rows_of_an_array_of_images_are_told_apart_in_files_of_objects(tmp_path):
    run = make_run(tmp_path / "run", "segmentation", 2, ("background", "a"), background=0)
    data = np.stack([evidence(np.minimum(CELLS, 1), 2), evidence(np.zeros_like(CELLS), 2)]).astype(np.float32)
    np.save(tmp_path / "X.npy", data)
    predict_files(run, [tmp_path], out=tmp_path / "pred", formats=["label-studio", "coco"])
    for form, name in ((LabelStudioImages, "label-studio.json"), (CocoAnnotations, "coco.json")):
        images = form().read(tmp_path / "pred" / name).images
        assert [(image.file, len(image.objects)) for image in images] == [("0", 3), ("1", 0)]


def test_pixels_of_another_type_mean_something_else(cells, tmp_path):
    form, path = Tiff(), tmp_path / "x.tif"
    form.write(path, Image(evidence(CELLS, 3).astype(np.uint8)))
    with pytest.raises(InputError, match=r"x\.tif: expected pixels of float32, as in training. Received uint8"):
        segmend.load_run(cells / "run").predict(path)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            np.zeros((8, 8, 2)),
            r"x\.tif: expected the 3 channels c0, c1, c2, as in training. Received shape",
        ),
        (np.full((8, 8, 3), np.nan), r'expected finite samples. Received nan at row 0, column 0, channel "c0"'),
    ],
)
def test_images_that_do_not_fit_are_refused_and_nothing_is_left(cells, values, message, tmp_path):
    write_tiff(tmp_path / "x.tif", values)
    with pytest.raises(InputError, match=message):
        predict_files(cells / "run", [cells / "images" / "y.tif", tmp_path / "x.tif"], out=tmp_path / "pred")
    assert [path.name for path in tmp_path.iterdir()] == ["x.tif"]


@pytest.mark.parametrize(
    ("files", "formats", "message"),
    [
        (
            ["images"],
            ["audacity"],
            r"expected names among csv, label-studio, coco, which hold objects. Received",
        ),
        (["none"], None, r"none: expected images \(\.jpeg, .*\)\. Received a folder without"),
        (["nowhere.png"], None, r"nowhere\.png: expected an image file\. Received no such file"),
        (["images/x.tif", "images"], None, r'files: expected distinct names. Received "x" twice'),
        ([], None, r"files: expected one recording or more\. Received none"),
    ],
)
def test_what_cannot_be_predicted_or_written_is_refused(cells, files, formats, message, tmp_path):
    (cells / "none").mkdir(exist_ok=True)
    with pytest.raises(InputError, match=message):
        predict_files(cells / "run", [cells / name for name in files], out=tmp_path / "pred", formats=formats)
    assert not list(tmp_path.iterdir())
