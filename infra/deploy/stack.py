"""A stack of a stage in CloudFormation, made or brought up to date by a change set: its stack, or its roots.

A change set, because it also takes in what an earlier stack left behind (tables are retained; their names are written out for
that), and because nothing is touched before CloudFormation has understood the whole of it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.account import Account, said
from infra.deploy.errors import Stop
from infra.deploy.stage import Stage

PAUSE_S = 3.0
# There is a stack by name, with nothing in it that would be missed: what holds data is retained by the template.
_EMPTY = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "DELETE_COMPLETE")
_SOUND = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE")
_BEGUN = tuple(f"{what}_IN_PROGRESS" for what in ("CREATE", "UPDATE", "IMPORT", "DELETE"))
_NOTHING = ("didn't contain changes", "No updates are to be performed")
_EVENTS = "DescribeEvents"  # in a reason: it was refused before anything was made, and only this call says why
Sleep = Callable[[float], None]
Taken = Sequence[Mapping[str, Any]]  # as CloudFormation wants it: kind, name in the template, identifier


def bring_up(stage: Stage, account: Account, *, template_url: str, take_in: Taken = (), sleep: Sleep = time.sleep) -> None:
    """Make the stack as the template has it, or bring it there. Raises Stop with the first thing that failed.

    `take_in` are resources that CloudFormation finds by no name; with them it takes in just these, and changes nothing.
    """
    cloudformation = account.client("cloudformation")
    with said(f"look at the stack {stage.stack_name}"):
        status = _cleared(cloudformation, stage, sleep)
    request: dict[str, Any] = {
        "StackName": stage.stack_name,
        "ChangeSetName": f"deploy-{time.time_ns()}",
        "ChangeSetType": "IMPORT" if take_in else "UPDATE" if status else "CREATE",
        "TemplateURL": template_url,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(stage.stack.items())],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        **({"ResourcesToImport": list(take_in)} if take_in else _as_it_should_be(stage)),
        **_role(stage),
    }
    with said(f"bring up the stack {stage.stack_name}"):
        made = cloudformation.create_change_set(**request)
        if _is_ready(cloudformation, stage, made.get("Id", request["ChangeSetName"]), sleep):
            cloudformation.execute_change_set(StackName=stage.stack_name, ChangeSetName=request["ChangeSetName"])
            _require_done(cloudformation, stage, sleep)


def outputs(stage: Stage, account: Account) -> Mapping[str, str]:
    """Return the outputs of the stack. Raises Stop when it is not there, or not whole."""
    status, found = _read(stage, account)
    if status not in _SOUND:
        raise Stop(f"The stack {stage.stack_name} {status or 'is not there'}. Run the step `{stage.part}` first.")
    return found


def outputs_if_sound(stage: Stage, account: Account) -> Mapping[str, str] | None:
    """Return the outputs of the stack, None when it is not there, or not whole."""
    status, found = _read(stage, account)
    return found if status in _SOUND else None


def protect(stage: Stage, account: Account) -> None:
    """Let nobody delete the stack by mistake, in a console or by a command."""
    with said(f"protect the stack {stage.stack_name} from being deleted"):
        cloudformation = account.client("cloudformation")
        cloudformation.update_termination_protection(StackName=stage.stack_name, EnableTerminationProtection=True)


def require_no_drift(stage: Stage, account: Account, *, sleep: Sleep = time.sleep) -> str:
    """Raise Stop when somebody changed by hand what the template says; the next update would undo or trip over it.

    Return a sentence when CloudFormation could not read a part of it: that counts as unchanged, the rest was compared.
    """
    cloudformation = account.client("cloudformation")
    with said(f"compare the stack {stage.stack_name} with what is there"):
        found = _described(cloudformation, stage.stack_name)
        if found is None or found["StackStatus"] not in _SOUND:
            return ""  # nothing to compare with; what is wrong with it, bring_up says
        asked = cloudformation.detect_stack_drift(StackName=stage.stack_name)["StackDriftDetectionId"]
        while (answer := cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=asked))[
            "DetectionStatus"
        ] == "DETECTION_IN_PROGRESS":
            sleep(PAUSE_S)
        if answer.get("StackDriftStatus") != "DRIFTED":
            reason = answer.get("DetectionStatusReason", "CloudFormation gives no reason")
            return (
                "" if answer["DetectionStatus"] == "DETECTION_COMPLETE" else f"not all was compared with what is there: {reason}"
            )
        changed = cloudformation.describe_stack_resource_drifts(
            StackName=stage.stack_name, StackResourceDriftStatusFilters=["MODIFIED", "DELETED"]
        )["StackResourceDrifts"]
    named = ", ".join(sorted(each["LogicalResourceId"] for each in changed)) or "something"
    raise Stop(
        f"Somebody changed {named} by hand since the last deploy. Put it back, or take the change into infra/template.yaml "
        "and run again with OPTIONS=--accept-drift."
    )


def delete(stage: Stage, account: Account, *, sleep: Sleep = time.sleep) -> None:
    """Delete the stack; what holds data is retained by the template."""
    cloudformation = account.client("cloudformation")
    with said(f"delete the stack {stage.stack_name}"):
        if _described(cloudformation, stage.stack_name) is None:
            return
        cloudformation.delete_stack(StackName=stage.stack_name, **_role(stage))
        found = _settled(cloudformation, stage.stack_name, sleep)
    if found is not None and found["StackStatus"] != "DELETE_COMPLETE":
        raise Stop(
            f"The stack {stage.stack_name} could not be deleted: {_first_failure(cloudformation, stage)} Mend it, and run again."
        )


def _read(stage: Stage, account: Account) -> tuple[str, Mapping[str, str]]:
    with said(f"read the stack {stage.stack_name}"):
        found = _described(account.client("cloudformation"), stage.stack_name) or {"StackStatus": ""}
    return found["StackStatus"], {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}


def _as_it_should_be(stage: Stage) -> dict[str, Any]:
    """Return what a change set that only takes in may not have: it would add tags, and look for more by their names."""
    tags = [{"Key": "stage", "Value": stage.name}, {"Key": "app", "Value": "mijn-politie"}]
    return {"ImportExistingResources": True, "Tags": tags}


def _role(stage: Stage) -> dict[str, str]:
    return {"RoleARN": stage.cloudformation_role} if stage.cloudformation_role else {}


def _described(cloudformation: Any, name: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    return None if found["StackStatus"] == "DELETE_COMPLETE" else found


def _settled(cloudformation: Any, name: str, sleep: Sleep) -> dict[str, Any] | None:
    while (found := _described(cloudformation, name)) and found["StackStatus"].endswith("_IN_PROGRESS"):
        if found["StackStatus"] == "REVIEW_IN_PROGRESS":
            break
        sleep(PAUSE_S)
    return found


def _cleared(cloudformation: Any, stage: Stage, sleep: Sleep) -> str:
    """Return the status of the stack to update, empty when one must be made; clears away what a failed deploy left."""
    found = _described(cloudformation, stage.stack_name)
    status: str = found["StackStatus"] if found else ""
    if status in _EMPTY:
        cloudformation.delete_stack(StackName=stage.stack_name, **_role(stage))
        found = _settled(cloudformation, stage.stack_name, sleep)
        found = None if found and found["StackStatus"] == "REVIEW_IN_PROGRESS" else found  # going, and nothing was ever in it
    elif status == "UPDATE_ROLLBACK_FAILED":
        cloudformation.continue_update_rollback(StackName=stage.stack_name, **_role(stage))
        found = _settled(cloudformation, stage.stack_name, sleep)
    status = found["StackStatus"] if found else ""
    if status.endswith("_IN_PROGRESS"):
        raise Stop(f"Another deploy of {stage.stack_name} is under way ({status}). Wait until it is done, and run again.")
    if status and status not in _SOUND:
        raise Stop(
            f"The stack {stage.stack_name} is {status}, and could not be brought back: {_first_failure(cloudformation, stage)} "
            "Mend that (or in the CloudFormation console choose 'Continue update rollback' and skip it), and run again."
        )
    return status


def _is_ready(cloudformation: Any, stage: Stage, name: str, sleep: Sleep) -> bool:
    """Wait for the change set. False when there is nothing to change."""
    while True:
        found = cloudformation.describe_change_set(StackName=stage.stack_name, ChangeSetName=name)
        if found["Status"] == "CREATE_COMPLETE":
            return True
        if found["Status"] == "FAILED":
            break
        sleep(PAUSE_S / 3)
    reason = found.get("StatusReason", "")
    if any(words in reason for words in _NOTHING):
        cloudformation.delete_change_set(StackName=stage.stack_name, ChangeSetName=name)
        return False
    why = _refusals(cloudformation, ChangeSetName=name) if _EVENTS in reason else f"{reason}."
    cloudformation.delete_change_set(StackName=stage.stack_name, ChangeSetName=name)
    raise Stop(f"CloudFormation does not take {stage.template} for {stage.name}: {why} Nothing was changed.")


def _require_done(cloudformation: Any, stage: Stage, sleep: Sleep) -> None:
    found = _settled(cloudformation, stage.stack_name, sleep)
    if found and found["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"):
        return
    raise Stop(
        f"The stack {stage.stack_name} was put back as it was: {_first_failure(cloudformation, stage)} Mend it, and run again."
    )


def _first_failure(cloudformation: Any, stage: Stage) -> str:
    """Return what failed first, with CloudFormation's reason; what follows from it says only 'cancelled'."""
    for event in reversed(list(_lately(cloudformation, stage.stack_name))):
        reason = event.get("ResourceStatusReason", "")
        if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
            if _EVENTS in reason:
                return _refusals(cloudformation, StackName=stage.stack_name)
            return _told(event["LogicalResourceId"], reason)
    return "CloudFormation gives no reason."


def _lately(cloudformation: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the events since a stack was asked for something last, the newest first: a page holds fewer than a rollback makes."""
    for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=name):
        for event in page["StackEvents"]:
            yield event
            if event["LogicalResourceId"] == name and event["ResourceStatus"] in _BEGUN:
                return


def _refusals(cloudformation: Any, **where: str) -> str:
    """Return what CloudFormation found before it began; its own message says only where to ask for it."""
    events = cloudformation.describe_events(**where, Filters={"FailedEvents": True})["OperationEvents"]
    found = {each["LogicalResourceId"]: each["ValidationStatusReason"] for each in events if each.get("ValidationStatusReason")}
    return " ".join(_told(name, reason) for name, reason in sorted(found.items())) or "CloudFormation gives no reason."


def _told(name: str, reason: str) -> str:
    taken = " That name is taken: choose another Prefix under [stack]." if "already exists" in reason else ""
    return f"{name}: {reason.rstrip('.')}.{taken}"
