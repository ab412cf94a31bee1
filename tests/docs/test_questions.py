"""The pages of docs/questions: their code runs, and prints what they tell."""

import re
from pathlib import Path

import keras
import pytest

from segmend import catalogue
from tests.clocks import clock_of_work
from tests.docs.pages import faults_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "questions"
PAGES = sorted(path.name for path in FOLDER.glob("*.md") if path.name != "README.md")


@pytest.fixture
def as_users_run_it():
    """Compiled as usual, and with budgets that a busy machine does not shorten."""
    import jax

    unoptimised = jax.config.read("jax_disable_most_optimizations")
    jax.config.update("jax_disable_most_optimizations", False)
    with clock_of_work():
        yield
    jax.config.update("jax_disable_most_optimizations", unoptimised)


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="the figures on the pages are those of JAX")
@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_what_its_code_prints(name, as_users_run_it, monkeypatch):
    monkeypatch.setenv("COLUMNS", "112")
    keras.utils.clear_session()  # else layers of other tests count in the names that are printed
    assert faults_of((FOLDER / name).read_text(encoding="utf-8"), name) == []


def test_every_page_is_in_the_index_and_the_index_in_the_readme():
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\((\w+\.md)\)", index)) == PAGES
    assert "](docs/questions/README.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_rules_that_a_page_names_are_rules(name):
    page = (FOLDER / name).read_text(encoding="utf-8")
    named = set(re.findall(r"segmend explain ([a-z-]+)", page)) | set(re.findall(r'\.rule == "([^"]+)"', page))
    assert named and named <= set(catalogue.RULES)
