"""Pages of the four tasks, of signals and of images: the sections each has, its words, and what stands in them."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.diagnosis import doctor
from segmend.pipeline.charting.chart import chart_of
from segmend.reporting import render
from segmend.reporting.pictures import picture_of
from segmend.reporting.sections import (
    SECTIONS,
    curves,
    data,
    headline,
    images,
    ladder,
    lengths,
    mistakes,
    overlaps,
    reliability,
    timelines,
)
from tests.reporting import builders, tasks
from tests.reporting.test_page import HOSTILE, Elements, sections_of

RANKED = {"curves", "reliability", "results", "method"}
PAGES = {
    "images": (tasks.nuclei, RANKED | {"images", "lengths", "confusion"}),
    "overlapping lanes": (tasks.lanes, RANKED | {"timelines", "lengths", "overlaps"}),
    "classes of signals": (lambda **more: tasks.classes(tasks.signals(), **more), RANKED | {"mistakes", "confusion"}),
    "classes of images": (lambda **more: tasks.classes(tasks.photos(), **more), RANKED | {"mistakes", "confusion"}),
    "labels of signals": (lambda **more: tasks.many_labels(tasks.signals(), **more), RANKED | {"mistakes", "overlaps"}),
    "labels of images": (lambda **more: tasks.many_labels(tasks.photos(), **more), RANKED | {"mistakes", "overlaps"}),
}
HEADS = {
    "images": "The model predicts 44 objects where there are 72: 39 % too few.",
    "classes of signals": "The model names 16 of 20 recordings right: 80.0 %.",
    "classes of images": "The model names 16 of 20 images right: 80.0 %.",
    "labels of images": "The model gives 75 % of 20 images exactly the right labels; ",
}


@pytest.fixture(scope="module")
def pages():
    return {name: render(make()) for name, (make, _) in PAGES.items()}


@pytest.mark.parametrize("name", PAGES)
def test_each_task_has_its_sections_in_order(pages, name):
    assert sections_of(pages[name]) == PAGES[name][1]
    found = [attributes["id"] for attributes in Elements(pages[name]).named("section")]
    assert found == [section for section in SECTIONS if section in found]


@pytest.mark.parametrize("name", HEADS)
def test_the_sentence_on_top_is_in_the_words_of_the_task(pages, name):
    assert re.search(r"<h1>(.*?)</h1>", pages[name])[1].startswith(HEADS[name])


@pytest.mark.parametrize("name", PAGES)
def test_pages_ask_the_network_for_nothing_and_name_their_charts(pages, name):
    elements = Elements(pages[name])
    assert not [attributes for _, attributes in elements.found if "src" in attributes or "srcset" in attributes]
    links = [str(attributes["href"]) for _, attributes in elements.found if "href" in attributes]
    assert all(link.startswith(("#", "data:image/png;base64,")) or link == "data:," for link in links)
    assert all(attributes.get("aria-label") for attributes in elements.named("svg"))
    assert all(attributes.get("scope") for attributes in elements.named("th"))


@pytest.mark.parametrize("name", PAGES)
def test_names_are_text_and_never_markup(name):
    make = PAGES[name][0]
    content = make(names=HOSTILE[:1]) if name == "images" else make(names=HOSTILE)
    hostile = dataclasses.replace(content, names=tuple(f"{each}{HOSTILE[2]}" for each in content.names))
    page = render(hostile)
    assert "<script>alert" not in page and "</script><img" not in page
    assert not [tag for tag, _ in Elements(page).found if tag == "img"]
    assert "&lt;script&gt;alert(1)" in page


def test_images_show_the_worst_the_median_and_the_best_with_their_counts():
    shown = images.context(tasks.nuclei())
    assert [figure["name"] for figure in shown["figures"]] == [f"image {k}" for k in (7, 6, 4, 3, 1, 0)]
    assert [figure["word"] for figure in shown["figures"]] == ["worst"] * 2 + ["median"] * 2 + ["best"] * 2
    assert [figure["panels"][0]["predicted"] for figure in shown["figures"]] == ["2", "3", "5", "6", "8", "9"]
    reference, predicted = shown["figures"][0]["panels"][0]["sides"]
    assert [sum(shape["lone"] for shape in side["shapes"]) for side in (reference, predicted)] == [7, 0]
    titles = sorted(shape["title"] for shape in reference["shapes"])
    assert titles == ["reference: nucleus, 169 px"] * 2 + ["reference: nucleus, 169 px, missed"] * 7


def test_images_without_signals_say_so_and_keep_their_outlines():
    content = tasks.nuclei(signals=None)
    page = render(content)
    assert "not stored with the predictions" in page
    assert page.count('class="lone"') and "<image" not in page


def test_pictures_that_were_kept_take_the_place_of_images():
    content = tasks.nuclei(count=3)
    kept = {figure["name"]: figure["uri"] for figure in images.context(content)["figures"]}
    stored = {name: picture_of(content, k).png for k, name in enumerate(content.names)}
    later = images.context(tasks.nuclei(count=3, signals=None, pictures=stored))
    assert {figure["name"]: figure["uri"] for figure in later["figures"]} == kept


def test_a_page_of_large_images_stays_small():
    rng = np.random.default_rng(0)
    large = {f"image {k}": rng.integers(0, 256, (1500, 1500, 3)).astype(np.uint8) for k in range(6)}
    content = tasks.nuclei(count=6)
    scaled = [np.kron(row, np.ones((31, 31), int))[:1500, :1500] for row in content.y_true]
    scaled = [np.pad(row, [(0, 1500 - size) for size in row.shape]) for row in scaled]
    result = dataclasses.replace(content.results[0], y_pred=tuple(scaled), y_prob=None, instances=None)
    given = dataclasses.replace(
        content, y_true=tuple(scaled), instances=None, results=(result,), signals=tuple(large.values())
    )
    page = render(given)
    assert len(page.encode()) < 3_000_000
    assert "Large images are shrunk" in page


def test_images_whose_labels_overlap_have_objects_of_each_label():
    content = tasks.nuclei(count=2)
    rows = tuple(np.stack([row, row.T], axis=-1) for row in content.y_true)
    result = dataclasses.replace(content.results[0], y_pred=rows, y_prob=None, instances=None, scores=None)
    more = {"labels": Labels.of(["a", "b"], None), "multilabel": True, "instances": None}
    given = dataclasses.replace(content, y_true=rows, results=(result,), **more)
    assert sections_of(render(given)) == {"images", "overlaps", "lengths", "method"}
    assert images.context(given)["figures"][0]["panels"][0]["predicted"] == "18"


def test_objects_are_measured_in_pixels():
    shown = lengths.context(tasks.nuclei(count=2))
    assert (shown["title"], shown["reference_median"]) == ("Areas of objects", "169 px")
    assert (shown["reference_total"], shown["plots"][0]["predicted_total"]) == ("18", "17")


def test_each_label_has_a_lane_of_the_reference_above_one_of_the_prediction():
    recording = timelines._recording(tasks.lanes(), 0, 1e6)
    assert [(lane["label"], lane["short"]) for lane in recording["lanes"]] == [
        (0, "reference"),
        (0, "model"),
        (1, "reference"),
        (1, "model"),
    ]
    assert [lane["name"] for lane in recording["lanes"]] == [
        "left: reference / model",
        "",
        "right: reference / model",
        "",
    ]


def test_segments_that_overlap_are_measured_one_label_at_a_time():
    assert lengths.context(tasks.lanes())["reference_total"] == "3"


def test_the_surest_mistake_comes_first():
    shown = mistakes.context(tasks.classes(tasks.signals()))
    assert [card["name"] for card in shown["cards"]] == [f"recording {k}" for k in (19, 14, 9, 4)]
    assert [said["name"] for said in shown["cards"][0]["said"]] == ["b", "c"]
    assert shown["cards"][0]["sure"] == "0.95"
    assert len(shown["cards"][0]["lines"]) == 2


def test_nothing_wrong_leaves_the_mistakes_out():
    content = tasks.classes(tasks.signals(4))
    assert mistakes.context(content) is None


def test_labels_missed_and_put_in_their_place_are_paired():
    shown = overlaps.context(tasks.many_labels(tasks.signals()))
    (pair,) = shown["instead"]
    assert (pair["missed"]["name"], pair["invented"]["name"], pair["number"], pair["share"]) == ("a", "b", "5", "100 %")
    assert {
        (row["one"]["name"], row["other"]["name"]): (row["reference"], row["predicted"]) for row in shown["together"]
    } == {
        ("a", "c"): ("4", "2"),
        ("b", "c"): ("0", "2"),
    }


def test_every_class_has_a_curve_and_its_share():
    (plot,) = curves.context(tasks.classes(tasks.signals()))["plots"]
    assert [curve["name"] for curve in plot["curves"]] == ["a", "b", "c"]
    assert [curve["share"] for curve in plot["curves"]] == [0.35, 0.35, 0.3]


def test_probabilities_that_mean_what_they_say_lie_on_the_diagonal():
    rng = np.random.default_rng(0)
    score = rng.random(50_000)
    facts = reliability.reliability(rng.random(50_000) < score, score)
    assert facts["error"] < 0.02
    assert all(abs(point["said"] - point["share"]) < 0.03 for point in facts["points"])


def test_the_ladder_is_for_what_has_items():
    page = render(tasks.classes(tasks.signals(), diagnosis=builders.diagnosis()))
    assert "ladder" not in sections_of(page)


def test_without_a_reference_the_sentence_says_what_was_predicted():
    classes = dataclasses.replace(tasks.classes(tasks.signals()), y_true=None)
    bare = dataclasses.replace(classes.results[0], scores=None)
    assert headline.sentence(dataclasses.replace(classes, results=(bare,))) == (
        "The model names the class of 20 recordings: 7 a, 7 c, 6 b."
    )
    labels = dataclasses.replace(tasks.many_labels(tasks.signals()), y_true=None)
    bare = dataclasses.replace(labels.results[0], scores=None)
    assert (
        headline.sentence(dataclasses.replace(labels, results=(bare,))) == "The model gives 17 labels to 20 recordings."
    )


def _with_facts(content):
    """The page's content with the fingerprint and the diagnosis of what it shows."""
    shown = Prediction(
        names=content.names,
        labels=content.labels,
        y_true=content.y_true,
        y_pred=content.results[0].y_pred,
        rank=content.rank,
        multilabel=content.multilabel,
        instances=content.instances,
        predicted_instances=content.results[0].instances,
    )
    chart = chart_of(shown, judged_on="test")
    return dataclasses.replace(content, fingerprint=chart.fingerprint, diagnosis=doctor.examine(chart, strict=True))


def test_the_data_are_told_in_diameters_and_in_shares_of_what_was_measured():
    facts = data.context(_with_facts(tasks.nuclei()))
    assert ("diameter of an object", "median 15 px") in facts["facts"] and facts["span"] == "diameter"
    content = _with_facts(tasks.classes(tasks.signals(3)))
    absent = content.fingerprint.recordings[0].model_copy(update={"name": "of another part"})
    facts = content.fingerprint.model_copy(update={"recordings": (*content.fingerprint.recordings, absent)})
    rows = data.context(dataclasses.replace(content, fingerprint=facts))["classes"]
    assert [row["steps"] for row in rows] == ["33.3 %"] * 3, "shares are of what was measured, not of all recordings"


@pytest.mark.parametrize("make", [tasks.nuclei, tasks.lanes])
def test_the_ladder_is_told_in_words_of_the_task(make):
    content = _with_facts(make())
    page = render(content)
    assert "built-in" not in page
    words = ladder.context(content)
    assert (words["counted"], words["piece"]) == (("objects", "object") if content.rank == 2 else ("items", "segment"))
    told = " ".join(rung["meaning"] for rung in words["rungs"])
    assert ("outlines put right" in told) == (content.rank == 2) and "{" not in told


def test_a_diagnosis_tells_that_whole_recordings_are_images():
    content = dataclasses.replace(_with_facts(tasks.classes(tasks.signals())), signals=None, fingerprint=None)
    assert not content.imaged
    told = content.diagnosis.model_copy(update={"task": {**content.diagnosis.task, "rank": 2}})
    assert dataclasses.replace(content, diagnosis=told).imaged
