"""A value for each name in an address of the site, where it matters only that it could be one."""

from tests.support.samples import REFERENCE

NAMED = {
    "reference": REFERENCE,
    "kind": "bicycle-theft",
    "draft": "K7MD-PR3W-9XCV",
    "step": "story",
    "name": "site.css",
    "part": "report",
    "file": "f" * 32,
    "sort": "more",
    "token": "K7MDP-R3W9X-K7MDP-R3W9X",
    "key": "digid",
    "batch": f"B-{REFERENCE}",
    "text": "STD-001",
    "case": "C-K7MDP-R3W9X",
    "team": "T-K7MDP-R3W9X",
    "rule": "R-K7MDP-R3W9X",
    "clue": "V1-3F0A9B5C7D1E2F48",
}
