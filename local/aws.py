"""The few AWS calls that the local cloud makes itself; boto3 is imported late, for `status` and `down` need none."""

from collections.abc import Mapping
from typing import Any, Final

ACCOUNT: Final = "000000000000"
REGION: Final = "eu-central-1"
STACK: Final = "tillbridge-local"
BUCKET: Final = "tillbridge-local-artifacts"


def environment(endpoint_url: str) -> dict[str, str]:
    """Name the variables that point AWS programs at the cloud on this machine."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "TILLBRIDGE_ENV": "local",
    }


def client(service: str, endpoint_url: str) -> Any:  # noqa: ANN401 - one of boto3's many clients
    """Make an AWS client that knows nothing of this machine's AWS settings."""
    import boto3  # noqa: PLC0415
    from botocore.config import Config  # noqa: PLC0415

    session: Any = boto3.Session(ACCOUNT, "local", region_name=REGION)
    return session.client(service, endpoint_url=endpoint_url, config=Config(proxies={}))


def make_bucket(endpoint_url: str, name: str) -> None:
    """Make the bucket that `sam deploy` uploads to."""
    location = {"LocationConstraint": REGION}
    client("s3", endpoint_url).create_bucket(Bucket=name, CreateBucketConfiguration=location)


def verify_sender(endpoint_url: str, address: str) -> None:
    """Let mails come from an address; in AWS its owner does so by hand, once (docs/deploy.md)."""
    client("sesv2", endpoint_url).create_email_identity(EmailIdentity=address)


def stack_outputs(endpoint_url: str, stack: str) -> Mapping[str, str]:
    """Read the outputs of a deployed stack."""
    found = client("cloudformation", endpoint_url).describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def invoke_later(endpoint_url: str, function: str) -> None:
    """Invoke a function without waiting for it."""
    client("lambda", endpoint_url).invoke(FunctionName=function, InvocationType="Event")
