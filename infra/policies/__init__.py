"""The rights of each function, one file per function: `<function>.json`, an IAM policy with placeholders like `${TablePrefix}`.

No `*` as an action and none as a data resource. Chalice makes one role per function of these; `render` fills in a stage's names.
tests/support/permits.py compares them with the calls that the code makes in all tests: none is missing, and none stands there
unused.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

FOLDER = Path(__file__).parent


def known() -> tuple[str, ...]:
    """Return the functions that have a policy."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


def render(function: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the policy of a function with `names` filled in. Raises KeyError for a placeholder that has no name."""
    text = (FOLDER / f"{function}.json").read_text("utf-8")
    policy: dict[str, Any] = json.loads(Template(text).substitute(names))
    return policy
