"""The way of docs/deploy.md, as far as it can be gone without AWS: the stack of `staging` in the local cloud."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from local import aws, sam
from local.cloud import LocalCloud
from local.home import PROJECT
from tillbridge.runtime.settings import QUEUES

STACK = "tillbridge-staging"
COMMAND = r"^\.venv/bin/tillbridge (.*)$"
SECRETS = {"TILLBRIDGE_APP_ID": "made-up", "TILLBRIDGE_APP_SECRET": "made-up-too"}
NEEDS_A_TILL = {"sync"}


@pytest.fixture(scope="module")
def staging(started_cloud: LocalCloud) -> Iterator[LocalCloud]:
    """Deploy what `make deploy ENV=staging` would, built for this machine; it goes again afterwards."""
    sam.build(started_cloud.home)
    sam.deploy(started_cloud.home, started_cloud.aws_environment, STACK, aws.BUCKET, {"Environment": "staging"})
    yield started_cloud
    started_cloud.client("cloudformation").delete_stack(StackName=STACK)


def tillbridge(cloud: LocalCloud, *words: str) -> tuple[int, Any]:
    """Run the command line as somebody whose AWS settings lead to that cloud; gives its code and its JSON."""
    done = subprocess.run(
        [PROJECT / ".venv" / "bin" / "tillbridge", *words, "--json"],
        env={**os.environ, **cloud.aws_environment, **SECRETS, "TILLBRIDGE_ENV": "staging"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout or done.stderr)


def test_the_commands_of_the_page_lead_to_the_first_merchant(staging: LocalCloud) -> None:
    page = (PROJECT / "docs" / "deploy.md").read_text()
    commands = [shlex.split(line) for line in re.findall(COMMAND, page, re.MULTILINE)]
    assert len(commands) > 5
    answers = {}
    for words in commands:
        if words[0] not in NEEDS_A_TILL:
            code, answers[" ".join(words[:2])] = tillbridge(staging, *words)
            assert code == 0, (words, answers)
    assert answers["app set"]["environment"] == "staging"
    url = aws.stack_outputs(staging.endpoint_url, STACK)["PublicUrl"]
    assert answers["connect lightspeed"]["link"].startswith(f"{url}/connect/start")
    code, told = tillbridge(staging, "sync", "--merchant", "first", "--wait")
    assert (code, told["error"]["exit_code"]) == (3, 3)


@pytest.mark.parametrize("address", ["https://127.0.0.1", "https://localhost", "http://shop.example.com"])
def test_deployed_in_aws_a_shop_has_to_be_on_the_internet(  # invariant 7
    staging: LocalCloud, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tillbridge(staging, "merchant", "add", "second", "Second merchant")
    monkeypatch.setenv("TILLBRIDGE_SHOP_KEY", "ck_made_up")
    monkeypatch.setenv("TILLBRIDGE_SHOP_SECRET", "cs_made_up")
    code, told = tillbridge(staging, "connect", "woocommerce", "--merchant", "second", "--address", address)
    assert code in {1, 2}, told
    assert told["error"]["code"] in {"AddressRefused", "BadAddress"}


def test_everything_is_named_after_its_environment(staging: LocalCloud) -> None:
    code, rows = tillbridge(staging, "queues")
    assert (code, [row["queue"] for row in rows]) == (0, list(QUEUES))
    names = [row["Name"] for row in staging.client("secretsmanager").list_secrets()["SecretList"]]
    assert "tillbridge/staging/app/lightspeed" in names
