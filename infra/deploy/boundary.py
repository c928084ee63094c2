"""The permission boundary of the roles of functions (infra/roles.yaml, `Functions`): the most that any of them may do.

Chalice makes these roles and has no argument for it, so it is added to its call; roles of before get it here. ADR-0045.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import mapping
from infra.deploy.account import Account, said
from infra.deploy.functions import role_name
from infra.deploy.stage import Stage

_CALL = "provide-client-params.iam.CreateRole"


def arn(environ: Mapping[str, str]) -> str:
    """Return the ARN of the boundary, from the settings of a stage. Raises Stop without them."""
    _, partition, _, _, account, *_ = mapping.failure_queue(environ).split(":")
    return f"arn:{partition}:iam::{account}:policy/{environ['TABLE_PREFIX']}functions"


def on_new_roles(iam: Any, boundary: str) -> None:
    """Have every role that this client makes get the boundary."""

    def add(params: dict[str, Any], **_: Any) -> None:
        params["PermissionsBoundary"] = boundary

    iam.meta.events.register(_CALL, add, unique_id="boundary")


def on_roles_of_before(stage: Stage, account: Account, functions: Iterable[str], environ: Mapping[str, str]) -> Iterator[str]:
    """Put the boundary on roles that lack it; yield a sentence for each. Without it nothing can be written into them any more."""
    boundary = arn(environ)
    with said("put the boundary on the roles of functions"):
        for name in (role_name(stage.name, function) for function in functions):
            role = _role(account, name)
            if role is not None and role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn") != boundary:
                account.client("iam").put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
                yield f"{name} has its boundary now."


def _role(account: Account, name: str) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = account.client("iam").get_role(RoleName=name)["Role"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NoSuchEntity", "NoSuchEntityException"):
            raise
        return None
    return found
