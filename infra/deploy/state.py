"""Chalice's record of a stage (.chalice/deployed/STAGE.json): kept safe, restored, and repaired from the account.

It is the only place where Chalice knows the API's id and the mappings' ids; without it, it would make a second API under another
address. So it lives in the deploy's bucket, every version of it, is fetched before a deploy, and is compared with what the
account holds: a lost file, a deploy that died half-way and a stream that was replaced end in the same repair.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.account import Account, said
from infra.deploy.bucket import DeployBucket
from infra.deploy.functions import HTTP, function_name, names, role_name
from infra.deploy.stage import Stage

Resource = dict[str, Any]
_KEY = "deployed.json"
_LOOKED_AT = ("dynamodb_event", "sns_event", "rest_api", "lambda_layer")
_MISSING = ("NoSuchEntity", "NoSuchEntityException", "ResourceNotFoundException", "NotFoundException", "NotFound")


def restore(stage: Stage, account: Account, bucket: DeployBucket, project: Path, app: Any) -> list[str]:
    """Put the record of the stage in its place, mended; return a sentence for each repair."""
    file = path(stage, project)
    kept = bucket.get(_KEY)
    if kept is None and file.is_file():
        kept = file.read_bytes()
    recorded = {each["name"]: each for each in json.loads(kept)["resources"]} if kept else {}
    with said("look at what is deployed"):
        found = {each["name"]: each for each in _found(stage, account, app)}
        repairs = _remove_stale_mappings(account, app, found)
    mended, more = merged(recorded, found, frozenset(names(app)))
    if mended:
        file.parent.mkdir(parents=True, exist_ok=True)
        content = {"resources": list(mended.values()), "schema_version": "2.0", "backend": "api"}
        file.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    else:
        file.unlink(missing_ok=True)
    return repairs + more


def keep(stage: Stage, bucket: DeployBucket, project: Path) -> None:
    """Keep the record that Chalice wrote; without one (everything was deleted), hide the old."""
    file = path(stage, project)
    if file.is_file() and json.loads(file.read_text("utf-8"))["resources"]:
        bucket.put(_KEY, file.read_bytes())
    else:
        bucket.remove(_KEY)


def path(stage: Stage, project: Path) -> Path:
    """Return where Chalice keeps its record of a stage."""
    return project / ".chalice" / "deployed" / f"{stage.name}.json"


def read(stage: Stage, project: Path) -> list[Resource]:
    """Return the resources that Chalice recorded."""
    file = path(stage, project)
    found: list[Resource] = json.loads(file.read_text("utf-8"))["resources"] if file.is_file() else []
    return found


def merged(
    recorded: Mapping[str, Resource], found: Mapping[str, Resource], functions: frozenset[str] = frozenset()
) -> tuple[dict[str, Resource], list[str]]:
    """Return the record as it must be, with a sentence for each line that was mended.

    The account is right where it was looked at: `functions`, and the kinds of _LOOKED_AT. A record besides (of a function that
    app.py no longer has) stays for Chalice to sweep.
    """
    repairs = [f"{name} was in the account and not in the record: taken up." for name in found if name not in recorded]
    repairs += [
        f"{name} is another one in the account than in the record: the account's was taken."
        for name, each in found.items()
        if name in recorded and any(recorded[name].get(key) != value for key, value in each.items())
    ]
    gone = [
        name
        for name, each in recorded.items()
        if name not in found and (each["resource_type"] in _LOOKED_AT or name in functions)
    ]
    repairs += [f"{name} was in the record and is not in the account: it is made again." for name in gone]
    kept = {name: {**each, **found.get(name, {})} for name, each in recorded.items() if name not in gone}
    return {**kept, **{name: each for name, each in found.items() if name not in kept}}, repairs


def _found(stage: Stage, account: Account, app: Any) -> Iterator[Resource]:
    """Yield what of the stage is in the account, as Chalice records it."""
    arns: dict[str, str] = {}
    for name in names(app):
        role = _role(stage, account, name)
        if role:
            yield role
        arn = _function(stage, account, name)
        if arn:
            arns[name] = arn
            yield {"name": name, "resource_type": "lambda_function", "lambda_arn": arn}
    yield from _layer(stage, account)
    yield from (
        each for source in app.event_sources if source.name in arns for each in _source(account, source, arns[source.name])
    )
    if HTTP in arns:
        yield from _api(account, arns[HTTP])
    if stage.api.certificate_arn:
        yield from _domain(stage, account)


def _role(stage: Stage, account: Account, name: str) -> Resource | None:
    role = role_name(stage.name, name)
    try:
        arn = account.client("iam").get_role(RoleName=role)["Role"]["Arn"]
    except ClientError as error:
        _require_missing(error)
        return None
    return {"name": f"{name}_role", "resource_type": "iam_role", "role_arn": arn, "role_name": role}


def has_function(stage: Stage, account: Account, name: str) -> bool:
    """True when a function is in the account, whatever any record says."""
    with said("look which functions there are"):
        return bool(_function(stage, account, name))


def _function(stage: Stage, account: Account, name: str) -> str:
    try:
        arn: str = account.client("lambda").get_function(FunctionName=function_name(stage.name, name))["Configuration"][
            "FunctionArn"
        ]
    except ClientError as error:
        _require_missing(error)
        return ""
    return arn


def _layer(stage: Stage, account: Account) -> Iterator[Resource]:
    try:
        layer = f"mijn-politie-{stage.name}-managed-layer"
        versions = account.client("lambda").list_layer_versions(LayerName=layer)["LayerVersions"]
    except ClientError as error:
        _require_missing(error)
        return
    if versions:
        newest = max(versions, key=lambda each: each["Version"])
        yield {"name": "managed-layer", "resource_type": "lambda_layer", "layer_version_arn": newest["LayerVersionArn"]}


def _source(account: Account, source: Any, arn: str) -> Iterator[Resource]:
    """Yield what wakes a function, of the kinds whose ids Chalice cannot find again."""
    kind = type(source).__name__
    if kind == "DynamoDBEventConfig":
        for each in mappings(account, arn):
            if each["EventSourceArn"] == source.stream_arn:
                yield {
                    "name": f"{source.name}-dynamodb-event-source",
                    "resource_type": "dynamodb_event",
                    "stream_arn": each["EventSourceArn"],
                    "event_uuid": each["UUID"],
                    "lambda_arn": arn,
                }
                return
    elif kind == "SNSEventConfig":
        yield from _subscription(account, source, arn)


def _subscription(account: Account, source: Any, arn: str) -> Iterator[Resource]:
    topic = (
        source.topic
        if source.topic.startswith("arn:")
        else f"arn:{account.partition}:sns:{account.region}:{account.id}:{source.topic}"
    )
    try:
        pages = account.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        found = [each for page in pages for each in page["Subscriptions"] if each["Endpoint"] == arn]
    except ClientError as error:
        _require_missing(error)
        return
    if found:
        yield {
            "name": f"{source.name}-sns-subscription",
            "resource_type": "sns_event",
            "topic": source.topic,
            "lambda_arn": arn,
            "subscription_arn": found[0]["SubscriptionArn"],
            "topic_arn": topic,
        }


def mappings(account: Account, arn: str) -> list[dict[str, Any]]:
    """Return the event source mappings of a function."""
    pages = account.client("lambda").get_paginator("list_event_source_mappings").paginate(FunctionName=arn)
    return [each for page in pages for each in page["EventSourceMappings"]]


def _remove_stale_mappings(account: Account, app: Any, found: Mapping[str, Resource]) -> list[str]:
    """Delete what still reads a stream that is no longer the table's (Chalice would leave it, and say that all is well)."""
    repairs = []
    for source in app.event_sources:
        function = found.get(source.name)
        if type(source).__name__ != "DynamoDBEventConfig" or function is None:
            continue
        for each in mappings(account, function["lambda_arn"]):
            if ":dynamodb:" in each["EventSourceArn"] and each["EventSourceArn"] != source.stream_arn:
                account.client("lambda").delete_event_source_mapping(UUID=each["UUID"])
                repairs.append(f"{source.name} still read the stream of an earlier table: it reads the new one from now on.")
    return repairs


def _api(account: Account, arn: str) -> Iterator[Resource]:
    """Yield the API that may call our function: its id stands in the function's own policy."""
    ids = [each for each in _apis_allowed(account, arn) if _is_there(account, each)]
    if ids:
        address = f"https://{ids[-1]}.execute-api.{account.region}.amazonaws.com/api/"
        yield {"name": "rest_api", "resource_type": "rest_api", "rest_api_id": ids[-1], "rest_api_url": address}


def _apis_allowed(account: Account, arn: str) -> list[str]:
    try:
        policy = json.loads(account.client("lambda").get_policy(FunctionName=arn)["Policy"])
    except ClientError as error:
        _require_missing(error)
        return []
    sources = [str(each.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "")) for each in policy["Statement"]]
    return [source.split(":")[5].partition("/")[0] for source in sources if ":execute-api:" in source]


def _domain(stage: Stage, account: Account) -> Iterator[Resource]:
    try:
        found = account.client("apigateway").get_domain_name(domainName=stage.domain)
    except ClientError as error:
        _require_missing(error)
        return
    yield {
        "name": "api_gateway_custom_domain",
        "resource_type": "domain_name",
        "domain_name": stage.domain,
        "hosted_zone_id": found.get("regionalHostedZoneId", ""),
        "alias_domain_name": found.get("regionalDomainName", ""),
        "certificate_arn": found.get("regionalCertificateArn", ""),
        "security_policy": found.get("securityPolicy", ""),
        "api_mapping": [{"key": "/"}],
    }


def _is_there(account: Account, api: str) -> bool:
    try:
        account.client("apigateway").get_rest_api(restApiId=api)
    except ClientError as error:
        _require_missing(error)
        return False
    return True


def _require_missing(error: ClientError) -> None:
    if error.response["Error"]["Code"] not in _MISSING:
        raise error
