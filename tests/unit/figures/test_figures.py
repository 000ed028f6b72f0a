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
    assert [row["name"] for row in json.loads(figures.FILE.read_text())] == ["calls"]
    printed = capsys.readouterr()
    assert "not measured: broken" in printed.out
    assert "OSError" in printed.err
