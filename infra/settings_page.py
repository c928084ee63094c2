"""Write docs/settings.md from the list of settings: `python -m infra.settings_page`. A house test compares the two."""

from dataclasses import MISSING, fields
from pathlib import Path

from chalicelib.core.settings import Settings
from infra.deploy.functions import SIZES

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

_HEAD = """# Settings

Every stage is told apart by these environment variables. They are read once, at start; a missing or malformed one
stops the start with a sentence that names it. `infra/template.yaml` has an output for each that names a resource.
Written by `python -m infra.settings_page`.

| variable | default | what it is |
|---|---|---|"""

_SIZES = """
## Memory and time of each function

Written from `infra/deploy/functions.py`, which the deploy reads too.

| function | MB | seconds | why |
|---|---|---|---|"""


def page() -> str:
    """Return the page as it should be."""
    lines = (f"| `{one.name.upper()}` | {_default(one.default)} | {one.metadata['help']} |" for one in fields(Settings))
    sizes = (f"| `{name}` | {size.memory_mb} | {size.timeout_s} | {size.why} |" for name, size in SIZES.items())
    return "\n".join((_HEAD, *lines, _SIZES, *sizes, ""))


def _default(value: object) -> str:
    if value is MISSING:
        return "required"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "empty"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
