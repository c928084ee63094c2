"""The roots of a stage: its keys and secrets, in a stack of their own (infra/roots.yaml) that no deploy and no destroy touches.

An administrator brings them up. A key that is there is never made anew: what an earlier stack left is looked up and taken in
(CloudFormation finds keys and secrets by no name, so it is told which), and where reports are and their keys are not, nothing is
made at all, because another key would part every reporter from their reports. ADR-0044.
"""

import time
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import settings, stack
from infra.deploy.account import Account, said
from infra.deploy.bucket import DeployBucket
from infra.deploy.errors import Stop
from infra.deploy.rendered import rendered
from infra.deploy.stage import ROOT, Stage

_KEYS = {"DataKey": "data", "BsnKey": "bsn", "BsnHmacKey": "bsn-hmac", "BsnHmacKey2": "bsn-hmac-2"}
_SECRETS = {"DerivationSecret": "derivation", "CluesSecret": "clues", "OidcKeysSecret": "oidc-keys"}
_NEEDED = {"DataKey", "BsnKey", "BsnHmacKey", "DerivationSecret"}  # without these, what the tables hold is lost or nobody's
Found = dict[str, dict[str, Any]]


def bring_up(stage: Stage, account: Account, bucket: DeployBucket, say: Any, sleep: stack.Sleep = time.sleep) -> None:
    """Make the keys and secrets, or take in those that are there, and protect them. Raises Stop rather than make a second key."""
    roots = stage.as_roots()
    require_administrators(stage)
    if stack.outputs_if_sound(roots, account) is None:
        found = _left_behind(stage, account)
        _require_whole(stage, account, found)
        if found:
            say(f"  taken in: {', '.join(sorted(found))}")
            address = bucket.keep("roots-found.json", rendered(ROOT / roots.template, roots.names, tuple(found)))
            stack.bring_up(roots, account, template_url=address, take_in=list(found.values()), sleep=sleep)
    address = bucket.keep("roots.json", rendered(ROOT / roots.template, roots.names))
    stack.bring_up(roots, account, template_url=address, sleep=sleep)
    stack.protect(roots, account)


def outputs(stage: Stage, account: Account) -> Mapping[str, str]:
    """Return the outputs of the roots. Raises Stop when an administrator has not made them, or made them otherwise than asked."""
    found = stack.outputs_if_sound(stage.as_roots(), account)
    wanted = stage.roots.get("BsnHmacVersion", "V1")
    if found is None:
        raise Stop(
            f"{stage.name} has no keys yet: an administrator runs `make deploy STAGE={stage.name} STEP=roots` once "
            "(docs/operations/first-deploy.md)."
        )
    if found["BsnHmacKeyVersion"] != wanted:
        raise Stop(
            f"BsnHmacVersion is {wanted} under [roots], and the keys are of {found['BsnHmacKeyVersion']}: an administrator "
            f"runs `make deploy STAGE={stage.name} STEP=roots` first."
        )
    return found


def data_key(stage: Stage, account: Account) -> str:
    """Return the ARN of the key of data: of the roots, or of a stack of before, which held its keys and now lets them go."""
    before = stack.outputs_if_sound(stage, account) or {}
    if stack.outputs_if_sound(stage.as_roots(), account) is None and "DataKeyArn" in before:
        return before["DataKeyArn"]
    return outputs(stage, account)["DataKeyArn"]


def require_administrators(stage: Stage) -> None:
    """Raise Stop in prod unless the stage's file names who may change the keys of BSNs."""
    if stage.is_prod and not stage.roots.get("KeyAdministrators"):
        raise Stop(
            "prod needs a line KeyAdministrators under [roots]: the ARNs of those who may change, disable or delete the keys of "
            "BSNs, yours among them."
        )


def _require_whole(stage: Stage, account: Account, found: Found) -> None:
    missing = sorted(_NEEDED - set(found))
    if missing and _reports(stage, account) is not None:
        raise Stop(
            f"There is a table {stage.prefix}reports, and {', '.join(missing)} is not found: another would part every reporter "
            "from their reports, so nothing was made. Give each key its alias again (docs/operations/keys.md), and run again."
        )


def _left_behind(stage: Stage, account: Account) -> Found:
    """Return what of the roots is in the account, by its name in the template, as CloudFormation takes it in."""
    found: Found = {}
    with said("look which keys and secrets there are"):
        names = dict(_aliases(stage, account))
        for name, end in _KEYS.items():
            key = names.get(f"alias/{stage.prefix}{end}") or _otherwise(stage, account, name)
            if key:
                found[name] = _import(name, "AWS::KMS::Key", "KeyId", key)
            if f"alias/{stage.prefix}{end}" in names:
                found[f"{name}Alias"] = _import(f"{name}Alias", "AWS::KMS::Alias", "AliasName", f"alias/{stage.prefix}{end}")
        for name, end in _SECRETS.items():
            arn = _secret(account, stage.prefix + end)
            if arn:
                found[name] = _import(name, "AWS::SecretsManager::Secret", "Id", arn)
    second = {name for name in found if name.startswith("BsnHmacKey2")}
    return found if stage.roots.get("BsnHmacVersion") == "V2" else {name: found[name] for name in found if name not in second}


def _import(name: str, kind: str, identifier: str, value: str) -> dict[str, Any]:
    return {"ResourceType": kind, "LogicalResourceId": name, "ResourceIdentifier": {identifier: value}}


def _aliases(stage: Stage, account: Account) -> Iterator[tuple[str, str]]:
    for page in account.client("kms").get_paginator("list_aliases").paginate():
        yield from (
            (each["AliasName"], each["TargetKeyId"])
            for each in page["Aliases"]
            if "TargetKeyId" in each and each["AliasName"].startswith(f"alias/{stage.prefix}")
        )


def _otherwise(stage: Stage, account: Account, name: str) -> str:
    """Return a key's id where its alias is gone: from the table that lies under it, or the settings of the functions."""
    known = settings.of(stage, ROOT)
    now, before = known.get("BSN_HMAC_KEY_ID", ""), known.get("BSN_HMAC_OLDER_KEYS", "").removeprefix("V1=")
    table = (_reports(stage, account) or {}).get("SSEDescription") or {}
    arns = {
        "DataKey": table.get("KMSMasterKeyArn", ""),
        "BsnKey": known.get("BSN_KEY_ID", ""),
        "BsnHmacKey": before or now,
        "BsnHmacKey2": now if before else "",
    }
    return str(arns[name]).rpartition("/")[2]


def _reports(stage: Stage, account: Account) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = account.client("dynamodb").describe_table(TableName=f"{stage.prefix}reports")["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return found


def _secret(account: Account, name: str) -> str:
    try:
        found = account.client("secretsmanager").describe_secret(SecretId=name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ""
        raise
    if "DeletedDate" in found:
        raise Stop(
            f"The secret {name} is about to be deleted: `aws secretsmanager restore-secret --secret-id {name}`, and run again."
        )
    return str(found["ARN"])
