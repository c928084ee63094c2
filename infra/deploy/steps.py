"""The steps of a deploy, in order; each can be run alone, and again.

roots      keys and secrets, by an administrator, once; part of a deploy only where the stage has no roles of its own
stack      CloudFormation makes what keeps data, from infra/template.yaml
settings   its outputs become the stage in .chalice/config.json, and the policies of the functions
functions  `chalice deploy`, with its record restored before and kept after
finish     what is set on the API's stage and on the functions, after which everything is looked at once more
"""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from chalicelib.identity.fetch import Fetch
from infra.deploy import boundary, check, commands, finish, ready, roots, settings, stack, state
from infra.deploy.account import Account
from infra.deploy.bucket import DeployBucket
from infra.deploy.errors import Stop
from infra.deploy.functions import SIZES
from infra.deploy.interpreter import RUNTIME
from infra.deploy.rendered import rendered
from infra.deploy.stage import Stage

_CHALICE = "import sys; from chalice.cli import main; sys.exit(main())"  # its command, under this very interpreter
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Deploy:
    """One deploy: which stage, where, and to whom it tells what it does."""

    stage: Stage
    account: Account
    project: Path
    say: Say = print
    accept_drift: bool = False
    accept_unready: bool = False

    @property
    def bucket(self) -> DeployBucket:
        return DeployBucket(self.stage, self.account)


def stack_step(deploy: Deploy) -> None:
    """Bring up the stack."""
    ready.require(deploy.stage, ready.outside(deploy.stage, deploy.account), deploy.say, accepted=deploy.accept_unready)
    if not deploy.accept_drift and (unseen := stack.require_no_drift(deploy.stage, deploy.account)):
        deploy.say(f"  {unseen}")
    given = {**deploy.stage.stack, "DataKeyArn": roots.data_key(deploy.stage, deploy.account)}
    stage = replace(deploy.stage, stack=given)
    address = deploy.bucket.keep("template.json", rendered(deploy.project / stage.template, stage.names))
    stack.bring_up(stage, deploy.account, template_url=address)


def roots_step(deploy: Deploy) -> None:
    """Bring up the keys and secrets."""
    roots.bring_up(deploy.stage, deploy.account, deploy.bucket, deploy.say)


def outputs_of(deploy: Deploy) -> dict[str, str]:
    """Return what both stacks of the stage say of themselves."""
    return {**roots.outputs(deploy.stage, deploy.account), **stack.outputs(deploy.stage, deploy.account)}


def settings_step(deploy: Deploy) -> None:
    """Write the stage's settings and policies."""
    settings.write(deploy.stage, deploy.account, outputs_of(deploy), deploy.project)


def functions_step(deploy: Deploy) -> None:
    """Run `chalice deploy`, on a record that agrees with the account."""
    require_runtime()
    require_ready(deploy)
    for repair in state.restore(deploy.stage, deploy.account, deploy.bucket, deploy.project, app_of(deploy)):
        deploy.say(f"  repaired: {repair}")
    for repair in boundary.on_roles_of_before(deploy.stage, deploy.account, SIZES, environment_of(deploy)):
        deploy.say(f"  repaired: {repair}")
    try:
        chalice(deploy, "deploy")
    finally:
        if state.path(deploy.stage, deploy.project).is_file():
            state.keep(deploy.stage, deploy.bucket, deploy.project)


def require_ready(deploy: Deploy) -> None:
    """Say what is not ready in the stage, with what must be put into the DNS; in prod, stop there."""
    found = list(ready.inside(deploy.account, environment_of(deploy)))
    if found:
        for line in finish.mail_records(stack.outputs(deploy.stage, deploy.account)):
            deploy.say(line)
    ready.require(deploy.stage, found, deploy.say, accepted=deploy.accept_unready)


def finish_step(deploy: Deploy) -> None:
    """Set what Chalice cannot set, and look whether everything is as it must be."""
    outputs = outputs_of(deploy)
    recorded = state.read(deploy.stage, deploy.project)
    finish.apply(deploy.stage, deploy.account, outputs, recorded)
    check.require_sound(deploy.account, outputs, recorded)
    for line in check.stopped(deploy.account, recorded):
        deploy.say(line)
    for line in finish.addresses(deploy.stage, outputs, recorded):
        deploy.say(line)


def look(deploy: Deploy, fetch: Fetch | None = None) -> None:
    """Say what is not ready, and change nothing. Raises Stop when something is not."""
    found = list(ready.outside(deploy.stage, deploy.account, fetch))
    if settings.of(deploy.stage, deploy.project):
        found += ready.inside(deploy.account, environment_of(deploy))
    for each in found:
        deploy.say(f"  {each.text}")
    if found:
        raise Stop(f"{len(found)} things are not ready for {deploy.stage.name}.")
    deploy.say(f"{deploy.stage.name} is ready")


STEPS: Mapping[str, Callable[[Deploy], None]] = {
    "roots": roots_step,
    "stack": stack_step,
    "settings": settings_step,
    "functions": functions_step,
    "finish": finish_step,
}


def run(deploy: Deploy, names: tuple[str, ...] = ()) -> None:
    """Run steps in order, all of a deploy when none is named. Raises Stop at the first that cannot be done."""
    for name in names or steps_of(deploy.stage):
        deploy.say(f"{deploy.stage.name}: {name}")
        STEPS[name](deploy)


def steps_of(stage: Stage) -> tuple[str, ...]:
    """Return the steps of a whole deploy: whoever deploys with a role made for it has no right to make keys."""
    return tuple(name for name in STEPS if name != "roots" or not stage.cloudformation_role)


def require_runtime() -> None:
    """Raise Stop unless this Python is the one that the functions will run on: Chalice takes the runtime from it."""
    if sys.version_info[:2] != RUNTIME:
        wanted, here = ".".join(map(str, RUNTIME)), ".".join(map(str, sys.version_info[:2]))
        raise Stop(f"The functions run on Python {wanted}, and this is {here}. Use `make deploy`, which looks for the right one.")


def environment_of(deploy: Deploy) -> dict[str, str]:
    """Return the stage's settings as they stand in .chalice/config.json. Raises Stop before the step `settings`."""
    found = settings.of(deploy.stage, deploy.project)
    if not found:
        raise Stop(f"{deploy.stage.name} has no settings yet. Run the step `settings` first.")
    return found


def app_of(deploy: Deploy) -> Any:
    """Return app.py's app, imported with the stage's settings: its event sources name the stage's stream and topics."""
    os.environ.update(environment_of(deploy))
    return importlib.import_module("app").app


def chalice(deploy: Deploy, *command: str) -> None:
    """Run a command of Chalice's. Raises Stop with what it says when it fails."""
    line = [sys.executable, "-c", _CHALICE, "--project-dir", str(deploy.project), *command, "--stage", deploy.stage.name]
    if command == ("deploy",):
        line += ["--connection-timeout", "300"]
    environment = {**os.environ, "AWS_DEFAULT_REGION": deploy.stage.region, "PYTHONDONTWRITEBYTECODE": "1", commands.OURS: "1"}
    done = subprocess.run(line, env=environment, cwd=deploy.project, capture_output=True, text=True, check=False)  # noqa: S603
    for said in done.stdout.splitlines():
        deploy.say(f"  {said}")
    if done.returncode:
        failed = f"`chalice {' '.join(command)}` failed: {_reason(done.stderr)}"
        raise Stop(f"{failed}\nMend it, and run again: what was made is found and taken up.")


def _reason(error: str) -> str:
    """Return what Chalice says went wrong, in one line and without the places in its code."""
    for mark in ("infra.deploy.errors.Stop: ", "ERROR - "):  # ours, or Chalice's
        _, known, reason = error.rpartition(mark)
        if known:
            return " ".join(reason.split())
    return "\n".join(error.strip().splitlines()[-12:])
