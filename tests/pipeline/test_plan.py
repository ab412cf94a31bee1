from __future__ import annotations

import pytest

import segmend
from segmend.cli import run as command
from segmend.planning import toml
from tests.pipeline import bursts


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("bursts") / "data")


def test_from_a_fingerprint_or_from_a_folder(data):
    assert segmend.plan(segmend.fingerprint(segmend.load(data))) == segmend.plan(data)


def test_the_command_prints_what_python_plans(data, capsys):
    assert command(["plan", str(data), "--budget", "2m", "--set", "filters=20"]) == 0
    printed = toml.loads(capsys.readouterr().out)
    assert printed == segmend.plan(data, budget="2m", overrides={"filters": 20})


def test_the_command_writes_a_file_and_does_not_write_over_it(data, tmp_path, capsys):
    out = tmp_path / "plan.toml"
    assert command(["plan", str(data), "-o", str(out)]) == 0
    assert toml.loads(out.read_text()) == segmend.plan(data)
    assert command(["plan", str(data), "-o", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert command(["plan", str(data), "-o", str(out), "--seed", "3", "--overwrite"]) == 0
    assert "seed = 3" in out.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--set", "filtrs=3"], 'unknown key "filtrs"; did you mean "filters"'),
        (["--set", "filters=wide"], "model.filters: expected a valid integer. Received 'wide'"),
        (["--budget", "soon"], 'expected a duration such as 90s, 10m or 1.5h. Received "soon"'),
    ],
)
def test_what_cannot_be_planned_is_one_clear_line(data, capsys, arguments, message):
    assert command(["plan", str(data), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_what_would_falsify_a_number_is_refused_as_by_train(tmp_path, capsys):
    folder = bursts.write(tmp_path / "data")
    with (folder / "annotations.csv").open("a") as file:
        file.write("r0,50,40,a\n")
    assert command(["plan", str(folder)]) == 2
    told = capsys.readouterr()
    assert 'recording "r0"' in told.err and "annotations.csv" in told.err and not told.out
