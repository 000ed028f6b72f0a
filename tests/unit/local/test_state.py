from pathlib import Path

import pytest

from local import state
from local.errors import LocalCloudError
from local.processes import Process
from local.state import Service, State

RUNNING = State(
    services={"cloud": Service(Process(12, "now"), "http://127.0.0.1:1")},
    outputs={"ApiId": "abc"},
    deployed="digest",
    owner=Process(11, "before"),
)


@pytest.mark.parametrize("written", [RUNNING, State()])
def test_what_is_written_is_read_again(tmp_path: Path, written: State) -> None:
    path = tmp_path / "deep" / "state.json"
    state.save(path, written)
    assert state.load(path) == written
    assert [entry.name for entry in path.parent.iterdir()] == ["state.json"]


def test_no_file_means_that_nothing_runs(tmp_path: Path) -> None:
    assert state.load(tmp_path / "state.json") == State()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"services": {}}', '{"services": {"a": {}}, "owner": null}'])
def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path, text: str) -> None:  # invariant 7
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(LocalCloudError, match=r"state\.json cannot be read .*delete that file"):
        state.load(path)
