"""Write docs/operations/retention.md: `python -m infra.retention_page`. A house test compares it with the code."""

from pathlib import Path

from chalicelib.core.retention import RETENTION, Term

PAGE = Path(__file__).parent.parent / "docs" / "operations" / "retention.md"

_HEAD = """# What is kept, and for how long

Written by `python -m infra.retention_page` from `chalicelib/core/retention.py`; a test compares, also with the template.

| what | how long | by what | why |
|---|---|---|---|"""

_TAIL = """
`every_day` runs once a day, destroys at most 5,000 reports, one by one, and can die anywhere: the next run goes on. What the TTL
of DynamoDB forgets may stand there two days longer; the code does not read it any more.

To see what is due: `python -m infra.ops --stage prod erase-expired --dry-run`. To do it now (after a restore, or when more than
5,000 wait): without `--dry-run`.

A judge or the law may order that one report is kept longer. There is no switch for that in the portal: export the report as the
official report before the day, and keep it in the system of the case.
"""


def page() -> str:
    """Return the page as it should be."""
    rows = (f"| {term.what} | {_long(term)} | {term.by} | {term.why} |" for term in RETENTION.values())
    return "\n".join((_HEAD, *rows, _TAIL))


def _long(term: Term) -> str:
    is_in_years = term.years or (term.days and term.days % 365 == 0)
    count, unit = (term.whole_years, "year") if is_in_years else (term.days, "day")
    return " ".join(filter(None, (f"{count:,} {unit}{'s' if count > 1 else ''}" if count else "for ever", term.since)))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
