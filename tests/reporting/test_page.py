"""The page as a whole: what appears, what is escaped, what it loads, how large it is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from html.parser import HTMLParser

import numpy as np
import pytest

from segmend.reporting import render
from segmend.reporting.sections import SECTIONS
from tests.reporting import builders

HOSTILE = ("<script>alert(1)</script>", "a & b", "</script><img src=x>", "\"quoted' --> {{ 7 * 7 }}")


class Elements(HTMLParser):
    """Start tags with their attributes, and the text of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def named(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def sections_of(page: str) -> set[str]:
    return {str(attributes["id"]) for attributes in Elements(page).named("section")}


@pytest.fixture(scope="module")
def whole() -> str:
    return render(
        builders.content(
            diagnosis=builders.diagnosis(),
            certificate=builders.certificate(),
            plan=builders.plan(),
            review=builders.review(),
            explanations={"over-segmentation": "Too many.\n\nWhat it finds:\n    Pieces."},
        )
    )


def test_the_counts_stand_in_one_sentence_on_top(whole):
    heading = re.search(r"<h1>(.*?)</h1>", whole)[1]
    given = builders.content().results
    before, after = (result.scores["count"]["predicted"] for result in given)
    reference = given[0].scores["count"]["reference"]
    assert heading == (
        f"The model predicts {before:,} items where there are {reference}: "
        f"{before / reference:,.1f} times too many; mended: {after}."
    )


def test_everything_given_is_shown_and_nothing_else(whole):
    assert sections_of(whole) == set(SECTIONS) - {"data", "images", "mistakes", "overlaps"}
    bare = builders.content(y_true=None, signals=None, provenance={})
    results = tuple(type(r)(name=r.name, y_pred=r.y_pred) for r in bare.results)
    page = render(builders.content(y_true=None, signals=None, provenance={}, results=results))
    assert sections_of(page) == {"timelines"}


def test_findings_show_evidence_causes_remedies_and_the_rules_text(whole):
    for said in ("over-segmentation", "Caused by", "547", "decoder = viterbi", "Pieces.", "no history given"):
        assert said in whole


def test_names_from_data_are_text_and_never_markup():
    page = render(builders.content(recordings=len(HOSTILE), names=HOSTILE, title=HOSTILE[0], channels=HOSTILE[:3]))
    tame = render(builders.content(recordings=len(HOSTILE), names=("p", "q", "r", "s")))
    assert [tag for tag, _ in Elements(page).found] == [tag for tag, _ in Elements(tame).found]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_the_page_asks_the_network_for_nothing(whole):
    elements = Elements(whole)
    assert not [attributes for _, attributes in elements.found if "src" in attributes or "srcset" in attributes]
    links = [str(attributes["href"]) for _, attributes in elements.found if "href" in attributes]
    assert all(link.startswith("#") or link == "data:," for link in links)
    policy = next(a["content"] for a in elements.named("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'")
    style = whole[whole.index("<style>") : whole.index("</style>")]
    assert "@import" not in style and "url(" not in style


def test_tables_have_heads_and_charts_have_names(whole):
    elements = Elements(whole)
    assert all(attributes.get("scope") for attributes in elements.named("th"))
    assert all(attributes.get("aria-label") for attributes in elements.named("svg"))
    assert whole.count("<table") <= whole.count("<caption") + whole.count('aria-label="Repair class by class"')


def test_ten_recordings_of_a_million_steps_stay_under_five_megabytes():
    rng = np.random.default_rng(1)
    steps, classes = 1_000_000, 4
    true = builders.lane(rng, steps, classes, 200)
    pred = builders.broken(rng, true, classes, 0.05)
    prob = np.full((steps, classes), 0.1, np.float32)
    prob[np.arange(steps), pred] = 0.7
    signal = rng.normal(size=(steps, 4)).astype(np.float32)
    given = builders.content(recordings=10, steps=10, names=("a", "b", "c", "d"))
    kind = type(given.results[0])
    results = (
        kind(name="before", y_pred=(pred,) * 10, y_prob=(prob,) * 10),
        kind(name="mended", y_pred=(true,) * 10),
    )
    content = type(given)(
        title="large",
        labels=given.labels,
        names=given.names,
        results=results,
        y_true=(true,) * 10,
        signals=(signal,) * 10,
        sampling_rate_hz=500.0,
    )
    started = time.process_time()
    page = render(content)
    assert len(page.encode()) <= 5_000_000
    assert time.process_time() - started < 60
    assert "thinned" in page


def test_rendering_loads_no_framework():
    code = (
        "import sys; from tests.reporting import builders; from segmend.reporting import render; "
        "render(builders.content()); "
        "print({'keras', 'jax', 'sklearn', 'torch', 'tensorflow'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


def test_a_browser_draws_the_worst_recording_first(whole, tmp_path):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here to open the page with")
    file = tmp_path / "report.html"
    file.write_text(whole, encoding="utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
    quiet = ("--disable-background-networking", "--disable-component-update", f"--user-data-dir={tmp_path / 'profile'}")
    done = subprocess.run(
        [browser, *flags, *quiet, "--virtual-time-budget=3000", "--dump-dom", file.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.count('class="u-over"') == 1
    assert "Uncaught" not in done.stderr
