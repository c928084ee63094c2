"""Write docs/operations/log-events.md: `python -m infra.log_events_page`. A house test compares it with the code."""

import logging
from pathlib import Path

from chalicelib.core.log_events import EVENTS, FIELDS, LogEvent

PAGE = Path(__file__).parent.parent / "docs" / "operations" / "log-events.md"

_HEAD = """# The log

Written by `python -m infra.log_events_page` from the code; a test compares.

A line is one event, `name field=value field=value`, behind the level that Lambda writes. Values are ids,
codes and counts: never a name, an address, a BSN or a word that somebody typed. Whatever is not one plain word is written as `?`.
The meaning of an alarm is on [on-call.md](on-call.md); *letters-fail* and the like are its sections.

## Events

| event | level | fields | what happened | what to do |
|---|---|---|---|---|"""

_FIELDS = """
## Fields

| field | what it is |
|---|---|"""


def page() -> str:
    """Return the page as it should be."""
    events = (f"| `{name}` | {_levels(row)} | {_fields(row)} | {row.means} | {row.act} |" for name, row in EVENTS.items())
    fields = (f"| `{name}` | {meaning} |" for name, meaning in sorted(FIELDS.items()))
    return "\n".join((_HEAD, *events, _FIELDS, *fields, ""))


def _levels(row: LogEvent) -> str:
    return ", ".join(logging.getLevelName(level) for level in row.levels)


def _fields(row: LogEvent) -> str:
    always = ", ".join(f"`{name}`" for name in row.fields)
    counts = "when not nought: " + ", ".join(f"`{name}`" for name in row.counts) if row.counts else ""
    return "; ".join(filter(None, (always, counts)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
