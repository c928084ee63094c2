"""`python -m infra.ops --stage STAGE COMMAND`: run a command on a deployed stage, or on the one that `make run` started."""

import json
import os
import sys
import urllib.error
import urllib.request

from infra.ops.commands import COMMANDS, run
from infra.ops.stage import Refused, stage_of

LOCAL = "http://127.0.0.1:{}"
USAGE = """python -m infra.ops --stage test|acceptance|prod COMMAND      on AWS, with the credentials of the environment
python -m infra.ops --stage local [--url URL] COMMAND         on the stage that `make run` started (PORT, else 8000)

{}

python -m infra.capacity [--write]                            count what the portal does, and what a year of it costs

COMMAND --help says more; --dry-run on a command that changes something only says what it would do."""


def main(arguments: list[str]) -> int:
    """Return what the process ends with: 0 done, 1 somebody has to look, 2 it could not be done."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(USAGE.format("\n".join(f"  {name:18} {command.what}" for name, command in COMMANDS.items())))
        return 0
    try:
        name, arguments = _taken("--stage", arguments)
        url, arguments = _taken("--url", arguments, LOCAL.format(os.environ.get("PORT") or 8000))
        return _on_local_stage(url, arguments) if name == "local" else run(arguments, stage_of(name))
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2


def _taken(option: str, arguments: list[str], default: str = "") -> tuple[str, list[str]]:
    """Return an option's value, and the arguments without it. Raises Refused when it is missing."""
    if option not in arguments:
        if not default:
            raise Refused(f"Say on which stage: {option} local, test, acceptance or prod.")
        return default, arguments
    at = arguments.index(option)
    if at + 1 == len(arguments):
        raise Refused(f"{option} needs a value.")
    return arguments[at + 1], arguments[:at] + arguments[at + 2 :]


def _on_local_stage(url: str, arguments: list[str]) -> int:
    """Have the local stage run the command: what it keeps is in its own process."""
    if not url.startswith(("http://127.0.0.1", "http://localhost")):
        raise Refused("The local stage is on this machine: --url http://127.0.0.1:PORT.")
    body = json.dumps({"arguments": arguments}).encode()
    request = urllib.request.Request(f"{url}/_local/ops", body, {"Content-Type": "application/json"})  # noqa: S310 — see above
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310
            found = json.load(answer)
    except urllib.error.URLError as error:
        where = "Start one with `make run`. Is it on another port: --url http://127.0.0.1:PORT, or PORT in the environment."
        raise Refused(f"No local stage answers at {url} ({error}). {where}") from None
    print("\n".join(found["lines"]))
    for note in found["notes"]:
        print(note, file=sys.stderr)
    code: int = found["code"]
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
