"""The last look: is what runs what was meant? Chalice's word is not asked; the account's is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.deploy import mapping
from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.finish import API_STAGE, rest_api


def require_sound(account: Account, outputs: Mapping[str, str], recorded: Sequence[Mapping[str, Any]]) -> None:
    """Raise Stop naming everything that is not as it must be."""
    with said("look at what was deployed"):
        wrong = [*_mappings(account, outputs, recorded), *_functions(account, outputs, recorded), *_api(account, recorded)]
    if wrong:
        raise Stop("The deploy is done, but not as it must be: " + " ".join(wrong))


def stopped(account: Account, recorded: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a line for each function that somebody stopped and nobody started again."""
    with said("look which functions are stopped"):
        for each in recorded:
            if each["resource_type"] == "lambda_function":
                found = account.client("lambda").get_function_concurrency(FunctionName=each["lambda_arn"])
                if found.get("ReservedConcurrentExecutions") == 0:
                    name = each["lambda_arn"].rpartition(":")[2]
                    yield f"STOPPED     {name}: `aws lambda delete-function-concurrency --function-name {name}` starts it"


def _mappings(account: Account, outputs: Mapping[str, str], recorded: Sequence[Mapping[str, Any]]) -> list[str]:
    wrong = []
    streams = [each for each in recorded if each["resource_type"] == "dynamodb_event"]
    for each in streams:
        found = account.client("lambda").get_event_source_mapping(UUID=each["event_uuid"])
        table = account.client("dynamodb").describe_table(TableName=each["stream_arn"].split("/")[1])["Table"]
        if found["EventSourceArn"] != table.get("LatestStreamArn"):
            wrong.append(
                f"{each['name']} reads {found['EventSourceArn']}, and the table writes {table.get('LatestStreamArn')}: "
                "if there is a line about a stream under [settings], take it out; then run again."
            )
        missing = mapping.differences(found, outputs["FailureQueueArn"])
        if missing:
            wrong.append(f"{each['name']} lacks {', '.join(missing)}: run the step `finish` again.")
        if found.get("State") not in ("Enabled", "Creating", "Enabling", "Updating"):
            wrong.append(f"{each['name']} is {found.get('State')}: enable it in the Lambda console.")
    return (
        wrong if streams else ["No function reads the stream of the reports: no letter would be sent. Run the step `functions`."]
    )


def _functions(account: Account, outputs: Mapping[str, str], recorded: Sequence[Mapping[str, Any]]) -> list[str]:
    wrong = []
    for each in recorded:
        if each["resource_type"] != "lambda_function":
            continue
        found = account.client("lambda").get_function_configuration(FunctionName=each["lambda_arn"])
        variables = found.get("Environment", {}).get("Variables", {})
        if variables.get("STAGE") != outputs["Stage"]:
            wrong.append(
                f"{each['name']} has the settings of {variables.get('STAGE', 'no stage')}: run `settings` and `functions` again."
            )
        if found.get("State", "Active") not in ("Active", "Inactive", "Pending"):
            wrong.append(f"{each['name']} is {found['State']}: {found.get('StateReason', 'AWS gives no reason')}.")
    return wrong


def _api(account: Account, recorded: Sequence[Mapping[str, Any]]) -> list[str]:
    found = account.client("apigateway").get_stage(restApiId=rest_api(recorded), stageName=API_STAGE)
    logs = found.get("accessLogSettings", {}).get("destinationArn")
    return [] if logs else ["The API keeps no access log: run the step `finish` again."]
