import pytest

from tillbridge.domain.errors import InputError
from tillbridge.runtime.settings import QUEUES, Settings, queue_variable

pytestmark = pytest.mark.unit
BASE = {"TILLBRIDGE_ENVIRONMENT": "prod", "TILLBRIDGE_TABLE": "t"}


def test_what_is_not_set_takes_its_default() -> None:
    settings = Settings.from_env(BASE)
    assert settings.poll_seconds == 60
    assert settings.lightspeed_api_url == "https://api.lightspeedapp.com"
    assert settings.secret_prefix == "tillbridge/prod/"
    assert not settings.local


def test_queues_are_found_by_their_variables() -> None:
    env = BASE | {queue_variable(name): f"https://sqs/{name}" for name in QUEUES}
    assert Settings.from_env(env).queue_urls["pull-stock"] == "https://sqs/pull-stock"


def test_only_the_local_environment_trusts_another_authority() -> None:
    env = BASE | {"TILLBRIDGE_CA_BUNDLE": "/ca.pem"}
    assert Settings.from_env(env).ca_bundle == ""
    assert Settings.from_env(env | {"TILLBRIDGE_ENVIRONMENT": "local"}).ca_bundle == "/ca.pem"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TILLBRIDGE_ENVIRONMENT", "moon"),
        ("TILLBRIDGE_ENVIRONMENT", ""),
        ("TILLBRIDGE_TABLE", ""),
        ("TILLBRIDGE_POLL_SECONDS", "7"),
        ("TILLBRIDGE_POLL_SECONDS", "0"),
        ("TILLBRIDGE_POLL_SECONDS", "120"),
        ("TILLBRIDGE_POLL_SECONDS", "ten"),
        ("LIGHTSPEED_AUTH_URL", "http://cloud.lightspeedapp.com"),
    ],
)
def test_a_wrong_variable_is_named_with_a_remedy(name: str, value: str) -> None:  # invariant 7
    with pytest.raises(InputError) as error:
        Settings.from_env(BASE | {name: value})
    assert error.value.field == name
    assert error.value.remedy
