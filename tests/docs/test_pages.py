"""What reads the pages of docs/questions must not let a page tell what is not so."""

import pytest

from tests.docs.pages import disagreement, faults_of, near, rewritten

HONEST = (
    'Some words.\n\n```python\na = 1.504\nprint("a is", a)\n```\n\n```text\na is 1.5\n```\n'
    "\n```python\nassert a > 1\n```\n"
)


def test_an_honest_page_has_no_faults():
    assert faults_of(HONEST, "page.md") == []


@pytest.mark.parametrize(
    ("said", "instead", "fault"),
    [
        ("a is 1.5\n", "a is 2.5\n", "page.md:9: 1.504 is printed, not 2.5"),
        ("a is 1.5\n", "b is 1.5\n", "page.md:9: other words"),
        ("a is 1.5\n", "a is\n", "page.md:9: other words"),
        ("```text\na is 1.5\n```\n", "", "page.md:4: other words"),
        ('print("a is", a)\n', "", "page.md:8: nothing is printed"),
        ("```python\nassert a > 1\n```", "```text\na is 1.5\n```", "page.md:13: a text without code"),
    ],
)
def test_a_page_that_lies_has_one_fault(said, instead, fault):
    assert said in HONEST
    found = faults_of(HONEST.replace(said, instead), "page.md")
    assert [text[: len(fault)] for text in found] == [fault]


def test_what_a_page_asserts_must_hold():
    with pytest.raises(AssertionError):
        faults_of(HONEST.replace("a > 1", "a > 2"), "page.md")


@pytest.mark.parametrize(
    ("told", "printed", "agree"),
    [
        ("ratio 4.1 of 1,000", "ratio 4.3\n   of 1,050", True),
        ("ratio 4.1", "ratio 4.6", False),
        ("first ... last 3", "first one, second, last 3", True),
        ("first ... last 3", "first one, second, last 5", False),
        ("f1@50 of P402", "f1@50 of P402", True),
        ("f1@50 of P402", "f1@50 of P403", False),
        ("off by -0.30", "off by 0.30", False),
        ("(all)", "(all) and more", False),
    ],
)
def test_numbers_may_differ_a_little_and_words_may_not(told, printed, agree):
    assert (disagreement(told, printed) is None) == agree


def test_how_near_numbers_must_be():
    assert near("0.50", "0.54") and not near("0.50", "0.56")
    assert near("0.01", "0.03") and not near("0.01", "0.04")
    assert near("3", "4") and not near("3", "5") and near("100", "110") and not near("100", "111")


def test_a_page_is_rewritten_where_it_does_not_agree():
    lie = HONEST.replace("a is 1.5\n", "b is 1.5\n")
    assert rewritten(lie, "page.md") == HONEST.replace("a is 1.5\n", "a is 1.504\n")
    assert rewritten(HONEST, "page.md") == HONEST
    silent = HONEST.replace("\n```text\na is 1.5\n```\n", "")
    assert rewritten(silent, "page.md") == HONEST.replace("a is 1.5\n", "a is 1.504\n")
