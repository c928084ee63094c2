"""The decisions of an operator about a stage, read from infra/stages/STAGE.toml (infra/stages/example.toml says what each line
is).

Nothing in it is secret. Everything else of a stage comes from the outputs of its stack.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from infra.deploy.errors import Stop
from infra.deploy.functions import APP_NAME

ROOT = Path(__file__).parents[2]
PROD = "prod"
NAME = re.compile(r"[a-z][a-z0-9-]{1,15}")  # test, acceptance, prod; dev-anna for a developer's own
_SECTIONS = {"region", "account", "cloudformation_role", "roots", "stack", "settings", "api"}
_IN_NAMES = ("Stage", "Prefix", "MailDomain")
_UNFILLED = "FILL-IN"
_MOVED = {  # from [stack], and where to
    "BsnHmacVersion": "it is a line under [roots] now, and an administrator brings it (docs/operations/keys.md)",
    "OfficialReportCaller": "it is a parameter of infra/roles.yaml now, which an administrator brings (first-deploy.md, step 7)",
}


@dataclass(frozen=True, slots=True)
class Api:
    """The parts in front of the functions. Without a certificate the portal has no address of its own (emulator only)."""

    certificate_arn: str = ""
    requests_per_second: int = 200
    burst: int = 400
    no_firewall_because: str = ""  # why prod has none: a sentence that somebody answers for


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as its file describes it."""

    name: str
    region: str
    account: str
    stack: Mapping[str, str]
    settings: Mapping[str, str]
    api: Api = field(default_factory=Api)
    cloudformation_role: str = ""  # with which CloudFormation works; without it, with the rights of whoever deploys
    roots: Mapping[str, str] = field(default_factory=dict)  # parameters of infra/roots.yaml
    part: str = "stack"  # which of its two stacks is meant where one is brought up

    @property
    def prefix(self) -> str:
        """The prefix of every name in the stack."""
        return self.stack["Prefix"]

    @property
    def stack_name(self) -> str:
        return self.prefix + self.part

    @property
    def template(self) -> Path:
        """The template of this part, from the root of the project."""
        return Path("infra", "template.yaml" if self.part == "stack" else f"{self.part}.yaml")

    @property
    def names(self) -> dict[str, str]:
        """The parameters that stand in names, as they are written out in a template."""
        return {"App": APP_NAME, **{name: self.stack[name] for name in _IN_NAMES if name in self.stack}}

    @property
    def is_prod(self) -> bool:
        return self.name == PROD

    def as_roots(self) -> "Stage":
        """Return the same stage with its roots in the place of its stack; who makes these does it with rights of their own."""
        given = {"Stage": self.name, "Prefix": self.prefix, **self.roots}
        return replace(self, part="roots", stack=given, cloudformation_role="")

    @property
    def domain(self) -> str:
        """The host under which the portal is reached."""
        return urlsplit(self.stack["PortalUrl"]).hostname or ""


def read(name: str, folder: Path | None = None) -> Stage:
    """Return the stage that its file describes. Raises Stop for a stage that is not there, or a line that is not understood."""
    folder = folder or ROOT / "infra" / "stages"
    if not NAME.fullmatch(name):
        raise Stop(
            f"{name!r} is no name of a stage: 2 to 16 of a-z, 0-9 and hyphens, a letter first, such as test, acceptance, prod or "
            "dev-anna."
        )
    file = folder / f"{name}.toml"
    if not file.is_file():
        raise Stop(f"{file} is not there. Copy {folder / 'example.toml'} to it, and fill it in.")
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Stop(f"{file} is no TOML: {error}. Mend that line.") from None
    _require_filled_in(content, file)
    stack = {"Stage": name, "Prefix": f"mijn-politie-{name}-", **_texts(content, "stack", file)}
    for moved in sorted(set(stack) & set(_MOVED)):
        raise Stop(f"{file}, [stack]: take {moved} out: {_MOVED[moved]}.")
    return Stage(
        name=name,
        region=_text(content, "region", file),
        account=_text(content, "account", file),
        stack=stack,
        settings=_texts(content, "settings", file),
        api=_api(content.get("api", {}), file),
        cloudformation_role=_text(content, "cloudformation_role", file) if "cloudformation_role" in content else "",
        roots=_texts(content, "roots", file),
    )


def _require_filled_in(content: Mapping[str, Any], file: Path) -> None:
    unknown = sorted(set(content) - _SECTIONS)
    if unknown:
        raise Stop(f"{file}: {', '.join(unknown)} is not known here. Known are {', '.join(sorted(_SECTIONS))}.")
    flat = {name: value for name, value in content.items() if not isinstance(value, dict)}
    for section in ("roots", "stack", "settings", "api"):
        if not isinstance(content.get(section, {}), dict):
            raise Stop(f"{file}: [{section}] must be a section with lines of its own.")
        flat |= content.get(section, {})
    unfilled = sorted(name for name, value in flat.items() if _UNFILLED in str(value))
    if unfilled:
        raise Stop(f"{file} is not filled in yet: {', '.join(unfilled)}.")


def _text(content: Mapping[str, Any], name: str, file: Path) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise Stop(f'{file}: {name} is missing. Write it between quotes, such as {name} = "…".')
    return value


def _texts(content: Mapping[str, Any], section: str, file: Path) -> dict[str, str]:
    lines = content.get(section, {})
    wrong = sorted(name for name, value in lines.items() if not isinstance(value, str))
    if wrong:
        raise Stop(f"{file}, [{section}]: write {', '.join(wrong)} between quotes.")
    return dict(lines)


def _api(lines: Mapping[str, Any], file: Path) -> Api:
    try:
        api = Api(**lines)
    except TypeError:
        known = ", ".join(Api.__slots__)
        raise Stop(f"{file}, [api]: one of {', '.join(lines)} is not known here. Known are {known}.") from None
    sound = (
        isinstance(api.requests_per_second, int) and isinstance(api.burst, int) and api.requests_per_second > 0 and api.burst > 0
    )
    if not sound:
        raise Stop(f"{file}, [api]: requests_per_second and burst are whole numbers above 0.")
    return api
