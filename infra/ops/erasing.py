"""Destroy now what every_day destroys once a day: after a restore, or when a run had more to do than it may."""

from argparse import Namespace
from collections import Counter

from chalicelib.erasure.actions import erase_expired, expired
from infra.ops.stage import Stage


def erase(stage: Stage, arguments: Namespace) -> int:
    """Destroy the reports whose ten years are over. Ends with 1 when one of them could not be destroyed."""
    archive = stage.services.archive
    if arguments.dry_run:
        units = Counter(report.unit for reference in expired(archive) if (report := archive.reports.get(reference)))
        stage.say(f"{units.total()} reports would be destroyed")
        for unit, number in sorted(units.items()):
            stage.say(f"  {unit}  {number}")
        return 0
    total = failed = 0
    while True:
        run = erase_expired(archive)
        total, failed = total + run.erased, run.failed
        if not run.left or not run.erased:
            break
    stage.say(f"{total} reports destroyed, {failed} could not be; the log says which")
    return 1 if failed else 0
