"""Which Tillbridge is meant: an environment's name, and how its AWS account, or the local cloud, is reached."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tillbridge.runtime.settings import ENVIRONMENTS
from tillbridge_cli.failures import Unreachable, bad_input

VARIABLE = "TILLBRIDGE_ENV"
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment. ``aws`` holds AWS variables that replace the caller's own: those of the local cloud."""

    environment: str
    aws: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack(self) -> str:
        """The stack's name, as in samconfig.toml; queues, functions and the key are named after it."""
        return f"tillbridge-{self.environment}"

    @property
    def function(self) -> str:
        """The operator function's name, as in template.yaml."""
        return f"{self.stack}-operator"

    @property
    def secrets(self) -> str:
        """The beginning of the names of its secrets."""
        return f"tillbridge/{self.environment}/"


def choose(named: str | None, env: Mapping[str, str], local_aws: Callable[[], Mapping[str, str]]) -> Deployment:
    """Take the environment that was named, or the local one when its cloud runs.

    ``local_aws`` gives the AWS variables of the local cloud, or none when it does not run. Without it the local
    environment is never looked for in a real AWS account, unless ``AWS_ENDPOINT_URL`` says where it is.
    """
    environment = named or env.get(VARIABLE, "") or (LOCAL if local_aws() else "")
    if not environment:
        raise bad_input(
            "--env",
            "It is not said which Tillbridge is meant, and the local cloud does not run.",
            f"Use --env or {VARIABLE} ({', '.join(ENVIRONMENTS)}), or start the local cloud: tillbridge up.",
        )
    if environment not in ENVIRONMENTS:
        raise bad_input("--env", "There is no such environment.", f"Use one of {', '.join(ENVIRONMENTS)}.")
    if environment != LOCAL or env.get("AWS_ENDPOINT_URL"):
        return Deployment(environment)
    if found := local_aws():
        return Deployment(environment, found)
    raise Unreachable(
        "The local cloud does not run.",
        remedy="Start it: tillbridge up.",
        code="NoLocalCloud",
    )
