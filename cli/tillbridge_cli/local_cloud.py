"""The local cloud, where the project's own `local` package is at hand; an installed command line may be without it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tillbridge_cli.failures import Failure


class Cloud:
    """Starts and stops the local cloud, and tells how its AWS APIs are reached."""

    def aws(self) -> Mapping[str, str]:
        """Give the AWS variables of the local cloud, none when it does not run."""
        try:
            from local import aws  # noqa: PLC0415
            from local.cloud import CLOUD  # noqa: PLC0415
            from local.home import Home  # noqa: PLC0415
            from local.state import load  # noqa: PLC0415
        except ImportError:
            return {}
        with told():
            service = load(Home().state_file).running(CLOUD)
        return aws.environment(service.url) if service else {}

    def up(self, report: Callable[[str], None]) -> Mapping[str, str]:
        """Start and deploy; when that fails or is interrupted, nothing is left running. Returns the addresses."""
        with told():
            from local.cloud import LocalCloud  # noqa: PLC0415
            from local.signals import unwinding_on_signals  # noqa: PLC0415

            cloud = LocalCloud(report=report)
            with unwinding_on_signals():
                try:
                    cloud.start()
                    cloud.deploy()
                except BaseException:
                    cloud.stop()
                    raise
            return {
                "aws": cloud.endpoint_url,
                "api": cloud.public_url,
                "ca_file": str(cloud.ca_file),
                "variables": str(cloud.home.env_file),
            }

    def down(self) -> None:
        """Stop it; its data is forgotten."""
        with told():
            from local.cloud import LocalCloud  # noqa: PLC0415

            LocalCloud().stop()


@contextmanager
def told() -> Iterator[None]:
    """Turn the trouble of the local cloud into a failure."""
    try:
        from local.errors import LocalCloudError  # noqa: PLC0415
    except ImportError:
        raise Failure(
            "The local cloud is not part of this installation.",
            remedy="Use a checkout of the project: `make install`, then .venv/bin/tillbridge up.",
            code="NoLocalPackage",
        ) from None
    try:
        yield
    except LocalCloudError as error:
        raise Failure(error.happened, remedy=error.remedy, code="LocalCloud") from None
