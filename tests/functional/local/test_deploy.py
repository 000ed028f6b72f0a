import subprocess
import sys
from pathlib import Path

import pytest

from local.home import PROJECT


@pytest.mark.parametrize(
    ("environment", "told"), [("nowhere", "make deploy ENV=staging"), ("local", "make up"), ("", "'")]
)
def test_only_environments_in_aws_can_be_deployed_to_it(environment: str, told: str) -> None:  # invariant 7
    done = subprocess.run([PROJECT / ".ci" / "deploy", environment], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert told in done.stderr


def target_of(config: Path, environment: str) -> str:
    script = PROJECT / ".ci" / "target.py"
    done = subprocess.run([sys.executable, script, config, environment], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("overrides", "target"),
    [
        ('"Environment=staging"', "3.13 aarch64"),
        ('"Environment=staging", "PythonRuntime=python3.12", "Architecture=x86_64"', "3.12 x86_64"),
    ],
)
def test_layers_are_made_for_what_the_environment_runs_on(tmp_path: Path, overrides: str, target: str) -> None:
    config = tmp_path / "samconfig.toml"
    config.write_text(f"[staging.deploy.parameters]\nparameter_overrides = [{overrides}]\n")
    assert target_of(config, "staging") == target


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_the_environments_of_the_project_have_a_target(environment: str) -> None:
    assert target_of(PROJECT / "samconfig.toml", environment) == "3.13 aarch64"
