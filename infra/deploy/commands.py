"""The commands of Chalice that may be run here; the others say in a sentence what to run instead, before anything is made.

`deploy` works once the stage is known to this clone: its settings, and Chalice's record of what it made. Without the record it
would make a second API beside the first.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.deploy.errors import Stop
from infra.deploy.interpreter import RUNTIME, VERSION

OURS = "MIJN_POLITIE_DEPLOY"  # set by `make deploy`, which brings the record itself
_MAKE_DEPLOY = "run `make deploy STAGE=…`"
_PACKAGE = (
    "is not supported: what it makes would lack the options of streams, the boundary of roles and the gateway's own answers. "
    f"To deploy, {_MAKE_DEPLOY} (docs/operations/first-deploy.md)."
)
INSTEAD = {
    "local": "`chalice local` has no tables, keys or logins beside it: run `make run`, which starts the whole portal here.",
    "package": f"`chalice package` {_PACKAGE}",
    "generate-pipeline": f"`chalice generate-pipeline` {_PACKAGE}",
}
_WITH_VALUE = ("--project-dir",)


def require_possible(arguments: Sequence[str], environ: Mapping[str, str] = os.environ, project: Path | None = None) -> None:
    """Raise Stop for a command that cannot be done here, or not yet."""
    command = command_of(arguments)
    if command in INSTEAD:
        raise Stop(INSTEAD[command])
    if command == "deploy":
        _require_deployable(environ, project or Path.cwd())


def command_of(arguments: Sequence[str]) -> str:
    """Return Chalice's command: the first word that is no option, nor the value of one."""
    words = list(arguments)
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in _WITH_VALUE else 1 :]
    return words[0] if words else ""


def _require_deployable(environ: Mapping[str, str], project: Path) -> None:
    if not (environ.get("REPORTS_STREAM_ARN") and environ.get("TABLE_PREFIX") and environ.get("STAGE")):
        raise Stop(
            f"This clone has no settings for this stage, so nothing was made: {_MAKE_DEPLOY} once, which makes what the "
            "functions need; a plain `chalice deploy --stage …` works from then on."
        )
    stage = environ["STAGE"]
    if OURS not in environ and not (project / ".chalice" / "deployed" / f"{stage}.json").is_file():
        raise Stop(
            f"This clone does not know what was made of {stage} (.chalice/deployed/{stage}.json), and a second API would come "
            f"beside the first, so nothing was made: run `make deploy STAGE={stage}` once, which brings that record."
        )
    if sys.version_info[:2] != RUNTIME:
        raise Stop(
            f"The functions run on Python {VERSION}, and this is {sys.version_info.major}.{sys.version_info.minor}, so nothing "
            f"was made: run `make deploy STAGE={stage}`, which looks for the right one."
        )
