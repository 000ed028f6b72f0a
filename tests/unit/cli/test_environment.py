from collections.abc import Mapping

import pytest

from tillbridge_cli.environment import Deployment, choose
from tillbridge_cli.failures import BadInput, Unreachable

LOCAL = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}


@pytest.mark.parametrize(
    ("named", "env", "local", "expected"),
    [
        ("prod", {"TILLBRIDGE_ENV": "staging"}, LOCAL, Deployment("prod")),
        (None, {"TILLBRIDGE_ENV": "staging"}, LOCAL, Deployment("staging")),
        (None, {}, LOCAL, Deployment("local", LOCAL)),
        ("local", {}, LOCAL, Deployment("local", LOCAL)),
        ("local", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9999"}, {}, Deployment("local")),
        ("staging", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9999"}, LOCAL, Deployment("staging")),
    ],
)
def test_which_deployment_is_meant(
    named: str | None, env: Mapping[str, str], local: Mapping[str, str], expected: Deployment
) -> None:
    assert choose(named, env, lambda: local) == expected


def test_the_local_environment_is_never_looked_for_in_a_real_account() -> None:
    with pytest.raises(Unreachable):
        choose("local", {}, dict)


@pytest.mark.parametrize(("named", "env"), [(None, {}), ("live", {}), (None, {"TILLBRIDGE_ENV": "Prod"})])
def test_an_environment_has_to_be_known(named: str | None, env: Mapping[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        choose(named, env, dict)
    assert "local, staging, prod" in caught.value.remedy


def test_names_follow_from_the_environment() -> None:
    deployment = Deployment("prod")
    assert (deployment.stack, deployment.function, deployment.secrets) == (
        "tillbridge-prod",
        "tillbridge-prod-operator",
        "tillbridge/prod/",
    )
