"""After `chalice deploy`: what it has no words for, set on the API's stage and on the functions, however often it runs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.deploy import mapping
from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.functions import HTTP, function_name
from infra.deploy.stage import Stage

API_STAGE = "api"
# Ids and numbers only: no address of a visitor, no path (a reference stands in it), nothing of a body.
ACCESS_LOG = {
    "at": "$context.requestTime",
    "id": "$context.requestId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "ms": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "error": "$context.error.responseType",
}
ASYNC_HOURS = 6
Recorded = Sequence[Mapping[str, Any]]


def apply(stage: Stage, account: Account, outputs: Mapping[str, str], recorded: Recorded) -> None:
    """Set everything. Raises Stop when there is nothing deployed, or AWS refuses."""
    api = rest_api(recorded)
    with said("set the access log, the limits and the metrics of the API"):
        _let_gateway_log(account, outputs)
        account.client("apigateway").update_stage(
            restApiId=api, stageName=API_STAGE, patchOperations=list(_stage_settings(stage, outputs))
        )
    with said("give the API the stage's name"):
        name = function_name(stage.name, HTTP)
        account.client("apigateway").update_rest_api(
            restApiId=api, patchOperations=[{"op": "replace", "path": "/name", "value": name}]
        )
    if stage.api.certificate_arn:
        with said("close the API's second address"):
            closed = [{"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "true"}]
            account.client("apigateway").update_rest_api(restApiId=api, patchOperations=closed)
            account.client("apigateway").create_deployment(restApiId=api, stageName=API_STAGE)
    if outputs.get("WebAclArn"):
        with said("put the firewall in front of the API"):
            arn = f"arn:{account.partition}:apigateway:{account.region}::/restapis/{api}/stages/{API_STAGE}"
            account.client("wafv2").associate_web_acl(WebACLArn=outputs["WebAclArn"], ResourceArn=arn)
    with said("set what happens to events that keep failing"):
        _settle_events(account, outputs, recorded)


def addresses(stage: Stage, outputs: Mapping[str, str], recorded: Recorded) -> Iterator[str]:
    """Yield the lines that an operator wants to see at the end."""
    yield f"Portal      {outputs['PortalUrl']}/"
    yield f"API         {outputs['PortalUrl']}/v1/openapi.json"
    if stage.api.certificate_arn:
        for each in recorded:
            if each["resource_type"] == "domain_name":
                yield f"DNS         {stage.domain} is a CNAME (or ALIAS) of {each.get('alias_domain_name', '?')}"
    else:
        yield f"Gateway     {next(each['rest_api_url'] for each in recorded if each['resource_type'] == 'rest_api')}"
    yield from mail_records(outputs)


def mail_records(outputs: Mapping[str, str]) -> Iterator[str]:
    """Yield what must stand in the DNS before SES sends as the stage's sender."""
    yield from (f"DNS         {outputs[name]}" for name in ("MailDkim1", "MailDkim2", "MailDkim3") if name in outputs)


def rest_api(recorded: Recorded) -> str:
    """Return the API's id. Raises Stop when nothing is deployed."""
    for each in recorded:
        if each["resource_type"] == "rest_api":
            return str(each["rest_api_id"])
    raise Stop("Nothing is deployed yet. Run the step `functions` first.")


def _let_gateway_log(account: Account, outputs: Mapping[str, str]) -> None:
    """Give API Gateway a role to write logs with, if this account never did (one for the whole account and region)."""
    gateway = account.client("apigateway")
    if not gateway.get_account().get("cloudwatchRoleArn"):
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", "value": outputs["GatewayLogsRoleArn"]}
        gateway.update_account(patchOperations=[operation])


def _stage_settings(stage: Stage, outputs: Mapping[str, str]) -> Iterator[dict[str, str]]:
    values = {
        "/accessLogSettings/destinationArn": outputs["AccessLogArn"].removesuffix(":*"),
        "/accessLogSettings/format": json.dumps(ACCESS_LOG),
        "/*/*/throttling/rateLimit": str(stage.api.requests_per_second),
        "/*/*/throttling/burstLimit": str(stage.api.burst),
        "/*/*/metrics/enabled": "false",  # those of the stage come anyhow; these are per method, and each is billed
        "/*/*/logging/loglevel": "OFF",  # execution logs hold bodies
        "/*/*/logging/dataTrace": "false",
    }
    yield from ({"op": "replace", "path": path, "value": value} for path, value in values.items())


def _settle_events(account: Account, outputs: Mapping[str, str], recorded: Recorded) -> None:
    """Streams by their mapping; whatever else wakes a function, by its own configuration."""
    functions = account.client("lambda")
    queue = outputs["FailureQueueArn"]
    for each in recorded:
        if each["resource_type"] == "dynamodb_event":
            found = functions.get_event_source_mapping(UUID=each["event_uuid"])
            if mapping.differences(found, queue):
                functions.update_event_source_mapping(UUID=each["event_uuid"], **mapping.options(queue))
        elif each["resource_type"] == "lambda_function" and each["name"] != HTTP:
            functions.put_function_event_invoke_config(
                FunctionName=each["lambda_arn"],
                MaximumRetryAttempts=2,
                MaximumEventAgeInSeconds=ASYNC_HOURS * 3600,
                DestinationConfig={"OnFailure": {"Destination": queue}},
            )
