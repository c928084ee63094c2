"""Taking a stage away: the functions, then the stack. All that holds data stays: tables, the evidence, logs; keys and secrets
are in a stack of their own. The next deploy takes all of it in again (ADR-0044).
"""

from infra.deploy import settings, stack, state
from infra.deploy.errors import Stop
from infra.deploy.functions import HTTP, SIZES
from infra.deploy.steps import Deploy, app_of, chalice, settings_step


def destroy(deploy: Deploy, typed: str) -> None:
    """Delete the functions and the API, then the stack. Raises Stop for prod unless the name of the reports table was typed."""
    table = f"{deploy.stage.prefix}reports"
    if deploy.stage.is_prod and typed != table:
        raise Stop(
            f"prod is not taken away by accident: citizens' reports are in {table}. "
            f"If you mean it: make destroy STAGE=prod TABLE={table}"
        )
    if _has_functions(deploy):
        _delete_functions(deploy)
    stack.delete(deploy.stage, deploy.account)
    deploy.say(
        f"{deploy.stage.name} is gone. Kept, and taken in by the next deploy: tables, the evidence, logs, the mail identity, "
        f"keys and secrets ({deploy.stage.as_roots().stack_name}), and {deploy.bucket.name}."
    )


def _has_functions(deploy: Deploy) -> bool:
    """True when there may be functions: after the step `stack` alone there are none, and no settings to import app.py with."""
    if settings.of(deploy.stage, deploy.project):
        return True
    if not any(state.has_function(deploy.stage, deploy.account, name) for name in (HTTP, *SIZES)):
        return False
    settings_step(deploy)  # another clone deployed: what the stack says leads to the functions
    return True


def _delete_functions(deploy: Deploy) -> None:
    for repair in state.restore(deploy.stage, deploy.account, deploy.bucket, deploy.project, app_of(deploy)):
        deploy.say(f"  repaired: {repair}")
    if state.path(deploy.stage, deploy.project).is_file():
        chalice(deploy, "delete")
        state.keep(deploy.stage, deploy.bucket, deploy.project)
