"""The police numbers of reports that were registered before each number was on one report (ADR-0051): claimed, once."""

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator

from chalicelib.core.errors import Invalid
from chalicelib.reports.model import Report
from infra.ops.stage import Stage


def register(stage: Stage, arguments: Namespace) -> int:
    """Claim the number of every report that has one; again nothing happens. Ends with 1 when reports share a number."""
    found: Counter[str] = Counter()
    for report in _numbered(stage):
        found["police numbers"] += 1
        if not arguments.dry_run and not _is_registered(report, stage):
            found["shared"] += 1
            stage.say(f"  {report.reference} has the number of another report: an officer must correct one of the two")
    done = "would be registered" if arguments.dry_run else "looked at"
    stage.say(f"{found['police numbers']} police numbers {done}, {found['shared']} of them on a second report")
    return 1 if found["shared"] else 0


def _is_registered(report: Report, stage: Stage) -> bool:
    try:
        stage.services.reports.register(report)
    except Invalid:
        return False
    return True


def _numbered(stage: Stage) -> Iterator[Report]:
    """Yield the reports that have a police number, the longest filed first: of two that share one, that keeps it."""
    reports = stage.services.reports
    for reference in reports.filed_before(stage.services.clock.now()):
        report = reports.get(reference)
        if report and report.registration_number:
            yield report
