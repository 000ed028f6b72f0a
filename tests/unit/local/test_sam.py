import sys
from pathlib import Path

import pytest

from local import processes, sam
from local.home import Home


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "functions" / "one").mkdir(parents=True)
    (tmp_path / "functions" / "one" / "app.py").write_text("handler = print\n")
    (tmp_path / "layers").mkdir()
    (tmp_path / "template.yaml").write_text("Resources: {}\n")
    (tmp_path / "samconfig.toml").write_text("version = 0.1\n")
    monkeypatch.setattr(sam, "PROJECT", tmp_path)
    return tmp_path


def test_the_same_sources_have_the_same_digest(project: Path) -> None:
    before = sam.sources_hash()
    (project / "functions" / "one" / "__pycache__").mkdir()
    (project / "functions" / "one" / "__pycache__" / "app.pyc").write_bytes(b"bytecode")
    (project / "README.md").write_text("not part of the build")
    assert sam.sources_hash() == before


@pytest.mark.parametrize("name", ["template.yaml", "samconfig.toml", "functions/one/app.py", "layers/new.py"])
def test_every_source_counts(project: Path, name: str) -> None:
    before = sam.sources_hash()
    (project / name).write_text("changed\n")
    assert sam.sources_hash() != before


def test_another_architecture_or_python_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sam.sources_hash()
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    other_machine = sam.sources_hash()
    monkeypatch.setattr("sys.version", "3.99")
    assert len({before, other_machine, sam.sources_hash()}) == 3


def test_the_local_build_and_deployment_take_the_python_at_hand(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(sam, "BUILD", tmp_path / "built" / "local")
    (tmp_path / "built" / "local").mkdir(parents=True)
    monkeypatch.setattr(sam, "program", lambda *names: "/".join(names))
    monkeypatch.setattr(processes, "run", lambda arguments, *_: ran.append([str(one) for one in arguments]))
    sam.build(Home(tmp_path))
    sam.deploy(Home(tmp_path), {}, "tillbridge-local", "bucket", {"PollSeconds": "10"})
    assert [command[1] for command in ran] == ["build", "deploy"]
    for command in ran:
        assert f"PythonRuntime=python{sys.version_info.major}.{sys.version_info.minor}" in command
        assert "Environment=local" in command


@pytest.mark.parametrize(("machine", "name"), [("aarch64", "arm64"), ("arm64", "arm64"), ("x86_64", "x86_64")])
def test_processors_are_named_as_lambda_does(monkeypatch: pytest.MonkeyPatch, machine: str, name: str) -> None:
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert sam.architecture() == name
