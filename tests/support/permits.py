"""Every AWS call that a function makes in a test, compared with that function's policy (infra/policies).

Which function calls is seen on the stack: its handler in app.py, the room that answers HTTP, or the room that an event is
handed to (read from events.py, so that a test may call that room itself). A call of a test to AWS belongs to no function.
`CALLS` has each (function, action, resource as its policy writes it) that was needed; `REFUSED` what a policy does not allow;
`unused` what a policy allows and nothing needed.
"""

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from chalicelib import wiring
from chalicelib.core.settings import Settings
from chalicelib.web import dispatch
from infra import policies
from infra.deploy.functions import HTTP

ROOT = Path(__file__).parents[2]
Call = tuple[str, str, str]
CALLS: set[Call] = set()
REFUSED: set[Call] = set()
NAMES = {
    "Partition": "aws",
    "Region": "eu-west-1",
    "Account": "123456789012",
    "StageName": "test",
    "TablePrefix": "test-",
    "EvidenceBucket": "test-evidence",
    "BsnKeyId": "alias/test-bsn",
    "BsnHmacKeyId": "alias/test-bsn-hmac",
    "BsnHmacFirstKeyId": "alias/test-bsn-hmac",
    "DataKeyArn": "alias/test-data",
    "MailDomain": "portal.example",
    "MailFrom": "post@portal.example",
    "MailFromNeutral": "bericht@post.example",
    "MailConfigurationSet": "test-mail",
    "ReportsStreamArn": "stream",
    "ProfilesStreamArn": "stream",
    "FailureQueueArn": "queue",
}
_ARN = f"arn:aws:{{service}}:{NAMES['Region']}:{NAMES['Account']}:{{name}}"
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_SIGNED = "CreateBucket"  # botocore signs a form for the browser in the name of this operation, and calls nothing
_BY_LAMBDA = {  # statements that our code never needs: Lambda and the services do these in the function's name
    "WriteItsLog",
    "ReadTheStream",
    "FindTheStream",
    "HandOverWhatFailed",
    "UseTheDataKeyThroughWhatHoldsTheData",
}
_AS_WRITTEN = {name: f"${{{name}}}" for name in NAMES}
_S3 = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}


def listen() -> None:
    """Look at every call of every client that is made from now on in this process. Call it before the first session is made."""
    BUILTIN_HANDLERS.append(("provide-client-params", _note))


def unused(calls: Collection[Call]) -> list[str]:
    """Return what a policy allows to our code and none of `calls` needed: `function: action on resource`."""
    allowed = {
        (function, action, resource)
        for function in policies.known()
        for statement in policies.render(function, _AS_WRITTEN)["Statement"]
        if statement["Sid"] not in _BY_LAMBDA
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    return [f"{function}: {action} on {resource}" for function, action, resource in sorted(allowed - set(calls))]


def _note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    function = _caller()
    if function is None or model.name == _SIGNED:
        return
    settings = wiring._installed[0].settings if wiring._installed else None
    for action, resource in _needed(model.service_model.service_name, model.name, params, _names(settings)):
        fits = [
            (function, action, written)
            for each, pattern, written in _allowed(function, settings)
            if each == action and fnmatchcase(resource, pattern)
        ]
        CALLS.update(fits)
        if not fits:
            REFUSED.add((function, action, resource))


@cache
def _allowed(function: str, settings: Settings | None) -> tuple[tuple[str, str, str], ...]:
    """Return each (action, resource pattern, the same as written) that a function's policy allows on a stage."""
    pairs = zip(
        policies.render(function, _names(settings))["Statement"], policies.render(function, _AS_WRITTEN)["Statement"], strict=True
    )
    return tuple(
        (action, pattern, written)
        for stage, text in pairs
        for action in stage["Action"]
        for pattern, written in zip(stage["Resource"], text["Resource"], strict=True)
    )


@cache
def _names(settings: Settings | None) -> Mapping[str, str]:
    """Return the names of a stage; without settings those of tests/conftest.py."""
    if settings is None:
        return NAMES
    own = {
        "StageName": settings.stage,
        "TablePrefix": settings.table_prefix,
        "EvidenceBucket": settings.evidence_bucket,
        "BsnKeyId": settings.bsn_key_id,
        "BsnHmacKeyId": settings.bsn_hmac_key_id,
        "BsnHmacFirstKeyId": next((key for _, key in settings.bsn_older_keys), settings.bsn_hmac_key_id),
        "MailDomain": settings.mail_from.partition("@")[2],
        "MailFrom": settings.mail_from,
        "MailConfigurationSet": settings.mail_configuration_set,
    }
    return NAMES | own


def _caller() -> str | None:
    """Return the function on whose behalf the code runs, None for a test's own question."""
    frame, room = sys._getframe(1), None
    while frame is not None:
        name, function = frame.f_code.co_filename, frame.f_code.co_name
        if name == dispatch.__file__:
            return HTTP
        if name.endswith("/app.py") and "chalice" not in name.rsplit("/", 2)[-2] and function in policies.known():
            return function
        room = room or _rooms().get((name.partition("/chalicelib/")[2], function))
        frame = frame.f_back
    return room


@cache
def _rooms() -> dict[tuple[str, str], str]:
    """Return whose work each function of a room is that events.py calls: (file below chalicelib, name) → function of app.py."""
    return {
        (f"{module}.py", called): name
        for name, calls in _called("chalicelib/events.py").items()
        if name in policies.known()
        for module, called in calls
        if "/" in module
    }


def _called(path: str) -> dict[str, list[tuple[str, str]]]:
    """Return, for each function of a file, the `module.name(…)` in it; a module goes by its path when the function imports it."""
    found = {}
    for function in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(function, ast.FunctionDef):
            every = list(ast.walk(function))
            imported = {
                alias.asname or alias.name: f"{(each.module or '').partition('.')[2]}/{alias.name}"
                for each in every
                if isinstance(each, ast.ImportFrom)
                for alias in each.names
            }
            found[function.name] = [
                (imported.get(each.func.value.id, each.func.value.id), each.func.attr)
                for each in every
                if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and isinstance(each.func.value, ast.Name)
            ]
    return found


def _needed(service: str, operation: str, params: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what IAM asks for a call: actions are not always named as operations, and some calls ask for more than one."""
    if service == "dynamodb":
        yield from _dynamodb(operation, params)
    elif service == "s3":
        yield from _s3(operation, params)
    elif service == "kms":
        yield f"kms:{operation}", params["KeyId"] if "KeyId" in params else names["BsnKeyId"]  # Decrypt finds the key in its text
    elif service == "secretsmanager":
        yield f"secretsmanager:{operation}", _ARN.format(service="secretsmanager", name=f"secret:{params['SecretId']}-AbCdEf")
    elif service == "sesv2" and operation == "DeleteSuppressedDestination":  # IAM knows no resource of it
        yield f"ses:{operation}", "*"
    elif service == "sesv2":
        domain = str(params.get("FromEmailAddress", "")).rpartition("@")[2]
        yield f"ses:{operation}", _ARN.format(service="ses", name=f"identity/{domain}")
        if params.get("ConfigurationSetName"):
            yield f"ses:{operation}", _ARN.format(service="ses", name=f"configuration-set/{params['ConfigurationSetName']}")
    else:
        yield f"{service}:{operation}", str(params.get("QueueUrl") or params.get("TopicArn") or "*")


def _dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if operation.startswith("Transact"):
        for item in params["TransactItems"]:
            [(verb, facts)] = item.items()
            yield f"dynamodb:{_WRITES.get(verb, 'GetItem')}", _table(facts["TableName"])
    elif operation.startswith("Batch"):
        yield from ((f"dynamodb:{operation}", _table(name)) for name in params["RequestItems"])
    else:
        index = f"/index/{params['IndexName']}" if params.get("IndexName") else ""
        yield f"dynamodb:{operation}", _table(params["TableName"]) + index


def _s3(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    bucket = f"arn:aws:s3:::{params['Bucket']}"
    key = f"/{params['Key']}" if "Key" in params else ""
    if operation == "CopyObject":
        source = params["CopySource"]
        yield (
            "s3:GetObject",
            f"arn:aws:s3:::{source['Bucket']}/{source['Key']}" if isinstance(source, dict) else f"arn:aws:s3:::{source}",
        )
    if operation == "GetObject" and key.startswith("/quarantine/"):  # S3 calls a missing object forbidden to whoever may not list
        yield "s3:ListBucket", bucket
    version = "Version" if "VersionId" in params and operation in ("DeleteObject", "GetObject") else ""
    name = "PutObject" if operation == "CopyObject" else _S3.get(operation, operation)
    if name == "GetObjectTagging" and "VersionId" in params:
        name = "GetObjectVersionTagging"
    yield f"s3:{name}{version}", bucket + key
    if params.get("Tagging") and operation in ("PutObject", "CopyObject"):
        yield "s3:PutObjectTagging", bucket + key


def _table(name: str) -> str:
    return _ARN.format(service="dynamodb", name=f"table/{name}")
