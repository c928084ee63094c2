"""`python -m infra.deploy STAGE [STEP]`: deploy a stage, or one step of it. `make deploy` finds the right Python first."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # said in a sentence, not in a traceback
    sys.exit("Mijn Politie needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))

import argparse
from pathlib import Path

from infra.deploy.account import account_of
from infra.deploy.destroy import destroy
from infra.deploy.errors import Stop
from infra.deploy.stage import ROOT, read
from infra.deploy.steps import STEPS, Deploy, look, require_runtime, run


def main(arguments: list[str] | None = None) -> None:
    """Run what was asked; a sentence and exit code 1 when it cannot be done."""
    given = _parser().parse_args(arguments)
    try:
        if given.step not in ("roots", "stack", "settings", "ready"):
            require_runtime()
        stage = read(given.stage, given.stages)
        deploy = Deploy(stage, account_of(stage), ROOT, print, given.accept_drift, given.accept_unready)
        if given.step == "destroy":
            destroy(deploy, given.table)
        elif given.step == "ready":
            look(deploy)
        else:
            run(deploy, (given.step,) if given.step else ())
    except Stop as stop:
        sys.exit(str(stop))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description="Deploy a stage. What it did may be done again.")
    parser.add_argument("stage", help="test, acceptance, prod, or a developer's own such as dev-anna")
    parser.add_argument(
        "step", nargs="?", choices=(*STEPS, "ready", "destroy"), help="one step only (default: those that deploy)"
    )
    parser.add_argument("--table", default="", help="with destroy of prod: the name of the reports table")
    parser.add_argument("--accept-drift", action="store_true", help="go on although somebody changed the stack by hand")
    parser.add_argument("--accept-unready", action="store_true", help="go on in prod although SES or the keys are not ready")
    parser.add_argument("--stages", type=Path, help="folder with the stages' files (default: infra/stages)")
    return parser


if __name__ == "__main__":
    main()
