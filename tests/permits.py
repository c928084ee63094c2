"""Every AWS call that a function makes in a test, compared with that function's policy (infra/policies).

Which function calls is seen on the stack: its handler in app.py, or the room that answers HTTP. What a test itself asks of AWS
belongs to no function. `CALLS` has each (function, action, resource) once; `REFUSED` what a policy does not allow.
"""

import sys
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from botocore.handlers import BUILTIN_HANDLERS

from chalicelib import wiring
from infra import policies
from infra.deploy.functions import HTTP

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
    "MailFromNeutralDomain": "post.example",
    "MailConfigurationSet": "test-mail",
    "ReportsStreamArn": "stream",
    "ProfilesStreamArn": "stream",
    "FailureQueueArn": "queue",
}
_ARN = f"arn:aws:{{service}}:{NAMES['Region']}:{NAMES['Account']}:{{name}}"
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
_SIGNED = "CreateBucket"  # botocore signs a form for the browser in the name of this operation, and calls nothing
_S3 = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}


def listen() -> None:
    """Look at every call of every client that is made from now on in this process. Call it before the first session is made."""
    BUILTIN_HANDLERS.append(("provide-client-params", _note))


def allowed(function: str) -> Iterator[tuple[str, str]]:
    """Yield each (action, resource pattern) that a function's policy allows."""
    for statement in _policy(function)["Statement"]:
        yield from ((action, resource) for action in statement["Action"] for resource in statement["Resource"])


def _note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
    function = _caller()
    if function is None or model.name == _SIGNED or any(each.settings.stage == "local" for each in wiring._installed):
        return  # the local stage has names of its own, and no roles
    for action, resource in _needed(model.service_model.service_name, model.name, params):
        call = (function, action, resource)
        CALLS.add(call)
        if not any(action == each and fnmatchcase(resource, pattern) for each, pattern in allowed(function)):
            REFUSED.add(call)


def _caller() -> str | None:
    """Return the function on whose behalf the code runs, None for a test's own question."""
    frame = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.endswith("/web/serve.py"):
            return HTTP
        if name.endswith("/app.py") and "chalice" not in name.rsplit("/", 2)[-2] and frame.f_code.co_name in policies.known():
            return frame.f_code.co_name
        frame = frame.f_back
    return None


@cache
def _policy(function: str) -> dict[str, Any]:
    return policies.render(function, NAMES)


def _needed(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what IAM asks for a call: actions are not always named as operations, and some calls ask for more than one."""
    if service == "dynamodb":
        yield from _dynamodb(operation, params)
    elif service == "s3":
        yield from _s3(operation, params)
    elif service == "kms":
        yield f"kms:{operation}", params["KeyId"] if "KeyId" in params else NAMES["BsnKeyId"]  # Decrypt finds the key in its text
    elif service == "secretsmanager":
        yield f"secretsmanager:{operation}", _ARN.format(service="secretsmanager", name=f"secret:{params['SecretId']}-AbCdEf")
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
    version = "Version" if "VersionId" in params and operation in ("DeleteObject", "GetObject") else ""
    yield f"s3:{'PutObject' if operation == 'CopyObject' else _S3.get(operation, operation)}{version}", bucket + key
    if params.get("Tagging") and operation in ("PutObject", "CopyObject"):
        yield "s3:PutObjectTagging", bucket + key


def _table(name: str) -> str:
    return _ARN.format(service="dynamodb", name=f"table/{name}")
