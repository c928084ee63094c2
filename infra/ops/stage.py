"""The stage that a command works on: its settings as the deploy left them, its services, and clients to look around with."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import botocore.session

from chalicelib.core.clock import SystemClock
from chalicelib.core.settings import BadSetting, load
from chalicelib.identity.fetch import Fetch, WebFetch
from chalicelib.wiring import Services

ROOT = Path(__file__).parents[2]


class Refused(Exception):
    """The thing that was asked cannot be done; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage under an operator's hands. `say` takes each line of what was asked for, `note` what is said beside it;
    `fetch` is the way to the logins' issuers.
    """

    services: Services
    client: Callable[[str], Any]
    say: Callable[[str], None] = field(default=print)
    note: Callable[[str], None] = field(default=lambda line: print(line, file=sys.stderr))
    fetch: Callable[[], Fetch] = WebFetch


def environment(name: str, config: Path | None = None) -> dict[str, str]:
    """Return the settings of a stage as they were deployed. Raises Refused when it was not deployed from here."""
    file = config or ROOT / ".chalice" / "config.json"
    stages = json.loads(file.read_text("utf-8")).get("stages", {})
    found: dict[str, str] = stages.get(name, {}).get("environment_variables", {})
    if not found:
        raise Refused(f"{name} has no settings in .chalice/config.json. Run `python -m infra.deploy {name} settings` first.")
    return found


def stage_of(name: str, config: Path | None = None) -> Stage:
    """Return a deployed stage. Raises Refused with every setting that is missing or malformed."""
    try:
        settings = load(environment(name, config))
    except BadSetting as error:
        raise Refused(f"The settings of {name} are not complete. {error}. Mend infra/stages/{name}.toml, and deploy.") from None
    session = botocore.session.get_session()
    return Stage(Services(settings, SystemClock()), lambda service: session.create_client(service, region_name=settings.region))
