"""What the template promises, read off the CloudFormation that it stands for."""

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.dynamodb import resources as as_written
from tillbridge.domain.merchant import System
from tillbridge.grants.link_signer import NAME
from tillbridge.runtime.settings import Settings

Resources = dict[str, dict[str, Any]]

KEY_OWNER = "TheAccountsOwnPoliciesDecide"
# AWS lets these be given for "*" only.
WITHOUT_RESOURCES = {"cloudwatch:GetMetricData", "xray:PutTraceSegments", "xray:PutTelemetryRecords"}
STACK = "tillbridge"  # what the template's expansion calls it
SECRETIVE = re.compile(r"SECRET|TOKEN|PASSWORD|_KEY$|CREDENTIAL", re.IGNORECASE)


@pytest.fixture(scope="module")
def resources(project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Resources:
    python = project_root / ".venv-sam" / "bin" / "python"
    if not python.exists():
        reason = "the SAM command line is not installed: run `make install`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    output = tmp_path_factory.mktemp("template") / "template.json"
    subprocess.run([python, project_root / ".ci" / "expand_template.py", output], check=True)
    found: Resources = json.loads(output.read_text())["Resources"]
    return found


def of_type(resources: Resources, kind: str) -> dict[str, Any]:
    return {name: entry["Properties"] for name, entry in resources.items() if entry["Type"] == kind}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(resources: Resources) -> Iterator[tuple[str, dict[str, Any]]]:
    documents = [
        *((name, role["AssumeRolePolicyDocument"]) for name, role in of_type(resources, "AWS::IAM::Role").items()),
        *(
            (name, policy["PolicyDocument"])
            for name, role in of_type(resources, "AWS::IAM::Role").items()
            for policy in role.get("Policies", [])
        ),
        *((name, policy["PolicyDocument"]) for name, policy in of_type(resources, "AWS::IAM::Policy").items()),
        *((name, key["KeyPolicy"]) for name, key in of_type(resources, "AWS::KMS::Key").items()),
    ]
    for name, document in documents:
        for statement in document["Statement"]:
            yield name, statement


def test_no_action_is_a_wildcard(resources: Resources) -> None:
    found = {
        (name, action)
        for name, statement in statements(resources)
        for action in listed(statement["Action"])
        if "*" in action and statement.get("Sid") != KEY_OWNER
    }
    assert not found


def test_functions_name_the_resources_they_use(resources: Resources) -> None:
    found = {
        (name, action)
        for name, statement in statements(resources)
        if "Resource" in statement and name not in {"Key", "VaultKey"} and "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
        if action not in WITHOUT_RESOURCES
    }
    assert not found


def test_no_function_has_a_managed_policy(resources: Resources) -> None:
    roles = of_type(resources, "AWS::IAM::Role")
    assert {name for name, role in roles.items() if role.get("ManagedPolicyArns")} == {"ApiLogRole"}


def test_each_function_has_a_role_a_log_group_and_alarms_of_its_own(resources: Resources) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    assert len(functions) >= 7
    roles = [json.dumps(function["Role"]) for function in functions.values()]
    assert len(set(roles)) == len(functions)
    for name in functions:
        assert {f"{name}Role", f"{name}Logs", f"{name}ErrorsAlarm", f"{name}ThrottlesAlarm"} <= set(resources)


def test_variables_hold_names_and_addresses_only(resources: Resources) -> None:  # invariant 5
    for function in of_type(resources, "AWS::Lambda::Function").values():
        for name, value in function["Environment"]["Variables"].items():
            points_at_a_key = name == "TILLBRIDGE_KMS_KEY" and value == {"Fn::GetAtt": ["VaultKey", "Arn"]}
            assert points_at_a_key or not SECRETIVE.search(name), name


class Recorder(dict[str, str]):
    """Variables that remember which of them were looked for."""

    def __init__(self, **variables: str) -> None:
        super().__init__(variables)
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)


def test_whatever_the_settings_look_for_can_be_set(resources: Resources) -> None:
    env = Recorder(TILLBRIDGE_ENVIRONMENT="prod", TILLBRIDGE_TABLE="t")
    Settings.from_env(env)
    functions = of_type(resources, "AWS::Lambda::Function").values()
    given = {name for function in functions for name in function["Environment"]["Variables"]}
    assert "BIGCOMMERCE_API_URL" in env.asked
    assert env.asked <= given


def test_every_queue_is_fifo_encrypted_and_watched(resources: Resources) -> None:
    queues = of_type(resources, "AWS::SQS::Queue")
    working = {name for name in queues if name.endswith("Queue")}
    assert working
    assert set(queues) == working | {name.removesuffix("Queue") + "DeadLetters" for name in working}
    for queue in queues.values():
        assert queue["FifoQueue"] is True
        assert queue["KmsMasterKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    for name in working:
        lane = name.removesuffix("Queue")
        assert alarms[f"{lane}AgeAlarm"]["MetricName"] == "ApproximateAgeOfOldestMessage"
        assert alarms[f"{lane}DeadLettersAlarm"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
        assert queues[name]["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [f"{lane}DeadLetters", "Arn"]}


def test_a_message_stays_hidden_while_its_function_may_still_work(resources: Resources) -> None:
    functions = of_type(resources, "AWS::Lambda::Function")
    queues = of_type(resources, "AWS::SQS::Queue")
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        function = functions[mapping["FunctionName"]["Ref"]]
        queue = queues[mapping["EventSourceArn"]["Fn::GetAtt"][0]]
        assert queue["VisibilityTimeout"] > function["Timeout"]
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_every_lane_of_a_shop_is_watched_for_old_changes_and_drift(resources: Resources) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    lanes = [name.removesuffix("Queue") for name in of_type(resources, "AWS::SQS::Queue") if name.endswith("Queue")]
    for lane in (name for name in lanes if not name.startswith(("Pull", "Import", "Notify"))):
        for kind, metric in (("Changes", "OldestChangeSeconds"), ("Drift", "DriftFound")):
            alarm = alarms[f"{lane}{kind}Alarm"]
            assert (alarm["Namespace"], alarm["MetricName"]) == ("Tillbridge", metric)
            assert {one["Name"] for one in alarm["Dimensions"]} == {"system", "lane", "service"}
    shops = {lane.removesuffix("Stock") for lane in lanes if lane.endswith("Stock")} - {"Pull"}
    assert shops == {system.value.capitalize() for system in System if not system.is_till}
    for shop in shops:
        seen = alarms[f"{shop}VerifiedAlarm"]
        assert seen["MetricName"] == "VerifiedShare"
        assert {"Name": "system", "Value": shop.lower()} in seen["Dimensions"]


def test_nobody_waits_behind_somebody_elses_wake(resources: Resources) -> None:
    for mapping in of_type(resources, "AWS::Lambda::EventSourceMapping").values():
        assert mapping["BatchSize"] == 1


def test_the_catalogue_leaves_concurrency_to_the_stock_lanes(resources: Resources) -> None:
    mappings = of_type(resources, "AWS::Lambda::EventSourceMapping").values()
    bounded = {mapping["EventSourceArn"]["Fn::GetAtt"][0] for mapping in mappings if "ScalingConfig" in mapping}
    everybody = {mapping["EventSourceArn"]["Fn::GetAtt"][0] for mapping in mappings}
    assert bounded == {name for name in everybody if "Catalogue" in name}


def test_a_refused_client_alarms_the_operator_of_its_own_stack(resources: Resources) -> None:
    alarm = of_type(resources, "AWS::CloudWatch::Alarm")["ClientRefusedAlarm"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("Tillbridge", "ClientRefused", "Sum")
    for function in of_type(resources, "AWS::Lambda::Function").values():
        assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}
    assert alarm["Dimensions"] == [{"Name": "service", "Value": STACK}]


def test_every_metric_of_ours_is_watched_for_its_own_stack_alone(resources: Resources) -> None:
    ours = [one for one in of_type(resources, "AWS::CloudWatch::Alarm").values() if one["Namespace"] == "Tillbridge"]
    assert {"OldestHold", "VerifiedShare", "DriftFound", "ClientRefused"} <= {alarm["MetricName"] for alarm in ours}
    for alarm in ours:
        assert {"Name": "service", "Value": STACK} in alarm["Dimensions"]
    assert '"Name": "service", "Value": "tillbridge"' not in json.dumps(as_written())


def test_every_alarm_tells_somebody(resources: Resources) -> None:
    for alarm in of_type(resources, "AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]


def test_the_table_keeps_its_data(resources: Resources) -> None:
    assert resources["Table"]["DeletionPolicy"] == "Retain"
    table = of_type(resources, "AWS::DynamoDB::Table")["Table"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_everything_that_is_kept_is_encrypted_with_a_key_of_our_own(resources: Resources) -> None:
    ours = {"Fn::GetAtt": ["Key", "Arn"]}
    assert resources["Key"]["DeletionPolicy"] == "Retain"
    assert of_type(resources, "AWS::KMS::Key")["Key"]["EnableKeyRotation"] is True
    table = of_type(resources, "AWS::DynamoDB::Table")["Table"]
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": ours}
    for function in of_type(resources, "AWS::Lambda::Function").values():
        assert function["KmsKeyArn"] == ours


def secret_names(value: Any) -> set[str]:
    """Give the ends of secrets' names in a policy, below ``tillbridge/{environment}/``."""
    return {one.rpartition(":secret:tillbridge/prod/")[2] for one in listed(value)}


REACH = {
    "Oauth callback": {"app/*": "g", "connection/*": "cdgpt", "sign/*": "g"},
    "Import orders": {
        "app/lightspeed*": "g",
        "app/shopify*": "g",
        "connection/*": "g",
        "connection/lightspeed/*": "p",
        "connection/shopify/*": "p",
    },
    "Notify": {"sign/*": "g"},
    "Operator": {"app/*": "g", "sign/*": "g", "connection/*": "cdgpt", "hook/*": "d", "pending/*": "dg"},
    "Pull lightspeed": {"app/lightspeed*": "g", "connection/lightspeed/*": "gp"},
    "Sync bigcommerce": {"connection/bigcommerce/*": "g", "hook-root*": "cgp", "hook/bigcommerce/*": "d"},
    "Sync magento": {"connection/magento/*": "g"},
    "Sync scheduler": {},
    "Sync shopify": {"app/shopify*": "g", "connection/shopify/*": "gp"},
    "Sync woocommerce": {"connection/woocommerce/*": "g", "hook-root*": "cgp", "hook/woocommerce/*": "d"},
    "Token refresh": {"app/*": "g", "connection/*": "dg", "connection/lightspeed/*": "p", "connection/shopify/*": "p"},
    "Webhook intake": {"app/shopify*": "g", "connection/shopify/*": "g", "hook-root*": "g", "hook/*": "g"},
}
"""Which secrets a function may create, delete, get, put and tag, by the first letters of that."""


def test_each_function_reaches_only_the_secrets_of_its_work(resources: Resources) -> None:  # invariant 5
    expected_policies = {f"{''.join(word.capitalize() for word in name.split())}Policy" for name in REACH}
    further = {
        "NotifySendingPolicy",
        "SyncBigcommerceHooksPolicy",
        "SyncShopifyTokensPolicy",
        "SyncWoocommerceHooksPolicy",
    }
    assert expected_policies | further == set(of_type(resources, "AWS::IAM::Policy"))
    for function, expected in REACH.items():
        own = "".join(word.capitalize() for word in function.split())
        found: dict[str, str] = {}
        opened: set[str] = set()
        for name, statement in statements(resources):
            actions = listed(statement["Action"])
            if name not in {f"{own}Policy", f"{own}HooksPolicy", f"{own}TokensPolicy"}:
                continue
            if actions[0].startswith("secretsmanager:"):
                letters = {action.partition(":")[2][0].lower() for action in actions}
                found |= {
                    secret: "".join(sorted(letters | set(found.get(secret, ""))))
                    for secret in secret_names(statement["Resource"])
                }
            if statement["Resource"] == {"Fn::GetAtt": ["VaultKey", "Arn"]}:
                opened |= secret_names(statement["Condition"]["StringLike"]["kms:EncryptionContext:SecretARN"])
        assert found == expected
        assert opened <= {*expected, "*"}
        shown = [name for name, letters in expected.items() if letters != "d"]  # deleting opens nothing
        assert all(any(fnmatch(name, pattern) for pattern in opened) for name in shown)


def test_only_the_postman_sends_mails_and_only_from_its_own_address(resources: Resources) -> None:
    sending = [(name, statement) for name, statement in statements(resources) if "ses:SendEmail" in statement["Action"]]
    ((name, _),) = sending
    assert (name, resources[name]["Condition"]) == ("NotifySendingPolicy", "HasMailFrom")
    (written,) = as_written()["NotifySendingPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert written["Condition"]["StringEquals"] == {"ses:FromAddress": "Ref MailFrom"}  # which is empty by default
    rows = next(one for name, one in statements(resources) if name == "NotifyPolicy")
    assert rows["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["M#*", "INVITE#*"]}}
    assert rows["Resource"] == {"Fn::GetAtt": ["Table", "Arn"]}


def test_the_vaults_key_opens_through_secrets_manager_only(resources: Resources) -> None:  # invariant 5
    assert resources["VaultKey"]["DeletionPolicy"] == "Retain"
    key = of_type(resources, "AWS::KMS::Key")["VaultKey"]
    assert key["EnableKeyRotation"] is True
    using = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant"}
    managing, serving = key["KeyPolicy"]["Statement"]
    assert not using & set(managing["Action"])
    assert set(serving["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey"}
    conditions = serving["Condition"]
    assert conditions["StringEquals"]["kms:ViaService"] == "secretsmanager.eu-central-1.amazonaws.com"
    assert secret_names(conditions["StringLike"]["kms:EncryptionContext:SecretARN"]) == {"*"}


def test_the_key_of_invitations_is_drawn_by_aws_and_named_as_functions_look_for_it(resources: Resources) -> None:
    (secret,) = of_type(resources, "AWS::SecretsManager::Secret").values()
    assert secret["Name"] == f"tillbridge/prod/{NAME}"
    assert secret["KmsKeyId"] == {"Fn::GetAtt": ["VaultKey", "Arn"]}
    assert "SecretString" not in secret
    assert secret["GenerateSecretString"]["PasswordLength"] >= 43  # 62 letters: more than 256 bits


def test_a_minute_starts_the_scheduler_and_the_refresher_and_is_not_repeated(resources: Resources) -> None:
    schedules = of_type(resources, "AWS::Scheduler::Schedule")
    targets = {schedule["Target"]["Arn"]["Fn::GetAtt"][0] for schedule in schedules.values()}
    assert targets == {"SyncScheduler", "TokenRefresh"}
    for schedule in schedules.values():
        assert schedule["ScheduleExpression"] == "rate(1 minute)"
        assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 0


def test_the_dashboard_shows_queues_and_functions(resources: Resources) -> None:
    body = json.loads(of_type(resources, "AWS::CloudWatch::Dashboard")["Dashboard"]["DashboardBody"])
    searches = [widget["properties"]["metrics"][0][0]["expression"] for widget in body["widgets"]]
    named = {found[1] for search in searches if (found := re.search('MetricName="([A-Za-z]+)"', search))}
    of_aws = {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible", "Errors", "Duration"}
    assert named == of_aws | {"OldestChangeSeconds", "VerifiedShare"}


def test_each_environment_is_configured_with_what_the_template_takes(project_root: Path) -> None:
    config = tomllib.loads((project_root / "samconfig.toml").read_text())
    template = (project_root / "template.yaml").read_text().partition("\nConditions:")[0]
    parameters = set(re.findall(r"^  ([A-Za-z]+):$", template, re.MULTILINE))
    assert {"PythonRuntime", "PollSeconds"} <= parameters
    for environment in ("local", "staging", "prod"):
        assert config[environment]["global"]["parameters"]["stack_name"] == f"tillbridge-{environment}"
        chosen = dict(
            pair.split("=") for pair in config[environment]["deploy"]["parameters"].get("parameter_overrides", ())
        )
        assert set(chosen) <= parameters
        assert chosen.get("Environment", "local") == environment


def test_log_groups_are_encrypted_and_end(resources: Resources) -> None:
    groups = of_type(resources, "AWS::Logs::LogGroup")
    assert groups
    for group in groups.values():
        assert group["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
        assert group["RetentionInDays"] == 90


def test_access_logs_leave_the_query_out(resources: Resources) -> None:  # invariant 5
    stage = next(iter(of_type(resources, "AWS::ApiGateway::Stage").values()))
    wanted = json.loads(stage["AccessLogSetting"]["Format"])
    assert wanted["path"] == "$context.path"
    assert not {value for value in wanted.values() if "query" in value or "header" in value.lower()}
