"""Taking a stage away: the functions, then the stack. Tables, keys, logs and files are retained by the template."""

from infra.deploy import stack, state
from infra.deploy.errors import Stop
from infra.deploy.steps import Deploy, app_of, chalice


def destroy(deploy: Deploy, typed: str) -> None:
    """Delete the functions and the API, then the stack. Raises Stop for prod unless the name of the reports table was typed."""
    table = f"{deploy.stage.prefix}reports"
    if deploy.stage.name == "prod" and typed != table:
        raise Stop(
            f"prod is not taken away by accident: citizens' reports are in {table}. "
            f"If you mean it: make destroy STAGE=prod TABLE={table}"
        )
    for repair in state.restore(deploy.stage, deploy.account, deploy.bucket, deploy.project, app_of(deploy)):
        deploy.say(f"  repaired: {repair}")
    if state.path(deploy.stage, deploy.project).is_file():
        chalice(deploy, "delete")
        state.keep(deploy.stage, deploy.bucket, deploy.project)
    stack.delete(deploy.stage, deploy.account)
    deploy.say(f"{deploy.stage.name} is gone. Retained: tables, keys, secrets, logs, the evidence, and {deploy.bucket.name}.")
