import json
import subprocess
import sys

import pytest

from segmend import __version__
from segmend.cli import COMMANDS, run


def test_help_lists_every_verb_and_promises_no_other(capsys):
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    listed = [line.split()[0] for line in out.partition("verbs:\n")[2].splitlines() if line.startswith("  ")]
    assert listed == list(COMMANDS)


@pytest.mark.parametrize("verb", list(COMMANDS))
def test_every_verb_has_help(verb, capsys):
    assert run([verb, "--help"]) == 0
    assert f"segmend {verb}" in capsys.readouterr().out


def test_the_version_is_printed(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip() == f"segmend {__version__}"


@pytest.mark.parametrize("arguments", [[], ["segment"], ["score"]])
def test_a_wrong_call_is_exit_code_two_with_usage(arguments, capsys):
    assert run(arguments) == 2
    assert "usage" in capsys.readouterr().err


def test_the_module_is_the_command():
    done = subprocess.run([sys.executable, "-m", "segmend", "rules"], capture_output=True, text=True, check=True)
    assert "over-segmentation" in done.stdout


def test_an_unexpected_error_is_a_sentence_and_no_traceback(monkeypatch, capsys):
    monkeypatch.delenv("SEGMEND_TRACEBACK", raising=False)
    monkeypatch.setattr("segmend.cli._dispatch", lambda arguments: json.loads("{"))
    assert run(["rules"]) == 2
    assert "internal error: JSONDecodeError" in capsys.readouterr().err
