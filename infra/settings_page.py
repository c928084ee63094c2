"""Write docs/operations/settings.md: `python -m infra.settings_page`. A house test compares it with the code."""

from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

from chalicelib.core.settings import Settings
from infra import tables
from infra.deploy.functions import SIZES
from infra.tables import ROOTS, TEMPLATE, parsed

PAGE = Path(__file__).parent.parent / "docs" / "operations" / "settings.md"

_HEAD = """# Settings

Written by `python -m infra.settings_page` from the code; a test compares.

## Of the portal

Every stage is told apart by these environment variables. They are read once, at start; a missing or malformed one stops the
deploy with a sentence that names it, and `python -m infra.ops --stage … check-settings` looks whether what they point at can be
used. *the stack* in the third column: the deploy takes the value from the stack's output; every other one that you want to
change goes under `[settings]` in `infra/stages/STAGE.toml`.

| variable | default | from | what it is |
|---|---|---|---|"""

_FUNCTIONS = """
## Of the functions

Memory and time are in `infra/deploy/functions.py`. Lambda gives CPU in proportion to memory: 1,769 MB is one core.

So many run *at once* at the most, and no other function takes their place; in a small account nothing is set aside.

| function | MB | seconds | at once | why |
|---|---:|---:|---:|---|"""

_STACK = """
## Of the stack

Parameters of `infra/template.yaml`, under `[stack]` in `infra/stages/STAGE.toml`.

| parameter | default | what it is |
|---|---|---|"""


_ROOTS = """
## Of the keys

Parameters of `infra/roots.yaml`, under `[roots]` in the same file. An administrator brings them, with the step `roots`.

| parameter | default | what it is |
|---|---|---|"""

GIVEN = ("App", "Stage", "DataKeyArn")  # by the deploy


def page() -> str:
    """Return the page as it should be."""
    outputs = tables.outputs()
    settings = (
        f"| `{one.name.upper()}` | {_default(one.default)} | {_origin(one.name, outputs)} | {one.metadata['help']} |"
        for one in fields(Settings)
    )
    functions = (
        f"| `{name}` | {size.memory_mb:,} | {size.timeout_s} | {size.at_once or ''} | {size.why} |"
        for name, size in SIZES.items()
    )
    return "\n".join((_HEAD, *settings, _FUNCTIONS, *functions, _STACK, *_parameters(TEMPLATE), _ROOTS, *_parameters(ROOTS), ""))


def _parameters(file: Path) -> Iterator[str]:
    for name, facts in parsed(file)["Parameters"].items():
        if name not in GIVEN:
            yield f"| `{name}` | {_default(facts.get('Default', MISSING))} | {facts['Description']} |"


def _origin(name: str, outputs: object) -> str:
    output = "".join(part.capitalize() for part in name.split("_"))
    return "the stack" if isinstance(outputs, dict) and output in outputs else ""


def _default(value: object) -> str:
    if value is MISSING:
        return "required"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "empty"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
