import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import figures
from tests.figures import Figure

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure("a", 1.0, "x", 1.05), True),
        (Figure("a", 1.1, "x", 1.05), False),
        (Figure("a", 90, "%", 95, at_least=True), False),
        (Figure("a", 1.1, "x"), None),
    ],
)
def test_an_aim_is_met_or_missed(figure: Figure, met: bool | None) -> None:  # noqa: FBT001
    assert figure.met is met
    assert set(figure.as_json()) == {"name", "value", "unit", "aim", "met", "note"}


def names() -> list[str]:
    return [row["name"] for row in json.loads(figures.FILE.read_text())]


def test_what_could_not_be_measured_this_time_is_left_out_and_other_programs_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "FILE", tmp_path / "build" / "figures.json")
    broken = False

    def now_and_then() -> Iterator[Figure]:
        if broken:
            raise OSError
        yield Figure("calls", 1.0, "ratio", 1.05)

    assert figures.run("Speed and cost", [now_and_then]) == 0
    assert figures.run("Faults and scale", [lambda: [Figure("runs", 3, "runs")]]) == 0
    assert set(names()) == {"calls", "runs"}
    broken = True
    assert figures.run("Speed and cost", [now_and_then]) == 0
    assert names() == ["runs"]


def test_a_measurement_that_breaks_is_named_and_the_others_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "FILE", tmp_path / "build" / "figures.json")

    def good() -> Iterator[Figure]:
        yield Figure("calls", 1.0, "ratio", 1.05)

    def broken() -> Iterator[Figure]:
        raise OSError

    assert figures.run("bench", [broken, good]) == 0
    assert figures.run("bench", [good]) == 0
    assert names() == ["calls"]
    printed = capsys.readouterr()
    assert "not measured: broken" in printed.out
    assert "OSError" in printed.err


def test_one_measurement_alone_is_not_kept(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "FILE", tmp_path / "figures.json")

    def one() -> list[Figure]:
        return [Figure("first", 1, "s")]

    def other() -> list[Figure]:
        return [Figure("second", 2, "s")]

    assert figures.run("bench", [one, other], ["other"]) == 0
    assert "second" in capsys.readouterr().out
    assert not (tmp_path / "figures.json").exists()
    assert figures.run("bench", [one, other], ["third"]) == 2
    assert "there are one, other" in capsys.readouterr().err
