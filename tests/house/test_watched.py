"""Everything that runs is watched, and what is kept can be brought back: template.yaml against app.py."""

import json
import re
from typing import Any

import pytest

from chalicelib.core.retention import RETENTION, Kept
from chalicelib.evidence.model import UNCONFIRMED
from infra.tables import TEMPLATE, resources, template

ROOT = TEMPLATE.parent.parent

FORGOTTEN_ANYWAY = {
    "SessionsTable",
    "DraftsTable",
    "ChangesTable",
    "OfficersTable",
    "BatchesTable",
    "BoardsTable",
    "LimitsTable",
    "NumbersTable",
}  # over, chosen again, or made again of the reports, before a backup could help
ALARMS = resources("AWS::CloudWatch::Alarm")


def functions() -> list[str]:
    """The names of the functions as CloudFormation spells them: the one behind the routes, and all that app.py names."""
    from app import app

    named = [source.name for source in (*app.event_sources, *app.pure_lambda_functions)]
    return ["${App}-${Stage}", *(f"${{App}}-${{Stage}}-{name}" for name in named)]


def dimensions(alarm: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each["Value"] for each in alarm["Properties"].get("Dimensions", ())}


def test_every_function_has_a_log_with_an_end_whose_errors_are_counted():
    logs = {group["Properties"]["LogGroupName"]["Fn::Sub"]: name for name, group in resources("AWS::Logs::LogGroup").items()}
    counted = {
        each["Properties"]["LogGroupName"]["Ref"]
        for each in resources("AWS::Logs::MetricFilter").values()
        if each["Properties"]["FilterPattern"] == '"[ERROR]"'
    }

    assert len(functions()) >= 5
    logs = {name: group for name, group in logs.items() if name.startswith("/aws/lambda/")}  # the gateway keeps one too
    assert {f"/aws/lambda/{name}" for name in functions()} == set(logs)
    assert set(logs.values()) == counted
    assert all(group["Properties"]["RetentionInDays"] for group in resources("AWS::Logs::LogGroup").values())


def test_every_function_has_an_alarm_on_its_errors_and_one_on_its_throttles():
    errors = {
        dimensions(alarm)["FunctionName"]["Fn::Sub"]
        for alarm in ALARMS.values()
        if alarm["Properties"].get("MetricName") == "Errors"
    }
    throttles = {
        metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Fn::Sub"]
        for metric in ALARMS["ThrottledAlarm"]["Properties"]["Metrics"]
        if "MetricStat" in metric
    }

    throttles |= {  # an alarm holds ten metrics: those that came later have one of their own
        dimensions(alarm)["FunctionName"]["Fn::Sub"]
        for alarm in ALARMS.values()
        if alarm["Properties"].get("MetricName") == "Throttles"
    }

    assert set(functions()) == errors == throttles


def test_a_schedule_that_stops_is_heard_of():
    from app import app

    scheduled = {source.name for source in app.event_sources if hasattr(source, "schedule_expression")}
    silent = {
        dimensions(alarm)["FunctionName"]["Fn::Sub"].rpartition("-")[2]
        for alarm in ALARMS.values()
        if alarm["Properties"].get("MetricName") == "Invocations" and alarm["Properties"]["TreatMissingData"] == "breaching"
    }

    assert scheduled
    assert scheduled == silent


@pytest.mark.parametrize("name", sorted(ALARMS))
def test_an_alarm_is_heard_when_it_starts_and_when_it_ends(name):
    properties = ALARMS[name]["Properties"]

    assert properties["AlarmActions"] == properties["OKActions"] == [{"Ref": "AlarmTopic"}]
    assert len(properties["AlarmDescription"]) > 20
    assert properties["AlarmName"]["Fn::Sub"].startswith("${Prefix}")


def test_what_cannot_be_made_again_is_backed_up_and_not_kept_longer_than_the_law_lets_us():
    tables = set(resources("AWS::DynamoDB::Table")) | set(resources("AWS::S3::Bucket"))
    [selection] = resources("AWS::Backup::BackupSelection").values()
    [plan] = resources("AWS::Backup::BackupPlan").values()
    [vault] = resources("AWS::Backup::BackupVault").values()

    chosen = {each["Fn::GetAtt"].removesuffix(".Arn") for each in selection["Properties"]["BackupSelection"]["Resources"]}

    assert chosen == tables - FORGOTTEN_ANYWAY
    assert tables > FORGOTTEN_ANYWAY
    [rule] = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    assert (
        rule["Lifecycle"]["DeleteAfterDays"]
        == vault["Properties"]["LockConfiguration"]["MaxRetentionDays"]
        == RETENTION[Kept.BACKUPS].days
    )


@pytest.mark.parametrize(
    ("kind", "policy", "names"),
    [("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"), ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues")],
)
def test_every_topic_and_queue_says_who_may_use_it_and_is_encrypted(kind, policy, names):
    guarded = {each["Ref"] for one in resources(policy).values() for each in one["Properties"][names]}

    assert guarded == set(resources(kind))
    assert all("KmsMasterKeyId" in each["Properties"] for each in resources(kind).values())


def test_the_files_of_citizens_are_encrypted_versioned_private_and_end():
    [bucket] = resources("AWS::S3::Bucket").values()
    properties = bucket["Properties"]
    rules = {rule["Id"]: rule for rule in properties["LifecycleConfiguration"]["Rules"]}

    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["CorsConfiguration"]["CorsRules"][0]["AllowedOrigins"] == [{"Ref": "PortalUrl"}]
    [encryption] = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rules["what-was-removed"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": RETENTION[Kept.REMOVED_FILES].days}
    assert rules["what-outlived-its-report"]["ExpirationInDays"] == RETENTION[Kept.FILES].days


def test_a_file_that_was_confirmed_before_it_was_judged_is_there_when_a_late_note_or_verdict_comes():
    [bucket] = resources("AWS::S3::Bucket").values()
    rules = {rule["Id"]: rule for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]}
    [queue] = resources("AWS::SQS::Queue").values()
    days = rules["what-was-never-judged"]["ExpirationInDays"]

    assert days == rules["what-was-never-confirmed"]["ExpirationInDays"] == RETENTION[Kept.UNCONFIRMED_OBJECTS].days
    assert days > UNCONFIRMED.days > queue["Properties"]["MessageRetentionPeriod"] / 86_400


def test_the_dashboard_is_json_and_shows_the_errors_of_every_function():
    body = resources("AWS::CloudWatch::Dashboard")["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]

    widgets = json.loads(re.sub(r"\$\{([^}]+)\}", r"<\1>", body))["widgets"]

    assert len(widgets) >= 8
    shown = set(re.findall(r"SOURCE '/aws/lambda/([^']+)'", body))
    assert shown == set(functions())


def test_the_budget_is_heard_of_by_who_hears_of_alarms():
    budget = resources("AWS::Budgets::Budget")["Budget"]

    assert budget["Condition"] == "HasBudget"
    assert {
        subscriber["Address"]["Ref"]
        for each in budget["Properties"]["NotificationsWithSubscribers"]
        for subscriber in each["Subscribers"]
    } == {"AlarmMail"}
    assert "AlarmMail" in template()["Parameters"]


def test_every_word_that_is_counted_in_the_logs_is_an_event_of_the_code():
    said = {
        word
        for file in (ROOT / "chalicelib").rglob("*.py")
        for call in re.findall(r"log\.event\(([^)]*)", file.read_text(encoding="utf-8"))
        for word in re.findall(r'"([a-z_]+)"', call)
    }
    patterns = [each["Properties"]["FilterPattern"] for each in resources("AWS::Logs::MetricFilter").values()]
    counted = {word for pattern in patterns if "[" not in pattern for word in re.findall(r"[a-z_]+", pattern)}

    assert len(counted) >= 4
    assert counted <= said
