"""End the sessions of one person: somebody's cookie was stolen, or an officer may not work here any more, from now on.

A reporter is named by one of their reports, an officer by their number: nothing personal is typed, or said.
"""

from argparse import Namespace

from chalicelib.core import ids
from chalicelib.people.model import Officer, owner_of
from infra.ops.stage import Refused, Stage


def end(stage: Stage, arguments: Namespace) -> int:
    """End every open session of the reporter of `--report`, or of `--officer`."""
    owner, who = _owner(stage, arguments.report, arguments.officer)
    sessions = stage.services.sessions
    if arguments.dry_run:
        stage.say(f"{sessions.known_of(owner)} sessions of {who} are kept; those of them that are open would end")
        return 0
    stage.say(f"{sessions.end_of(owner)} sessions of {who} ended")
    stage.note(_AGAIN)
    return 0


def _owner(stage: Stage, reference: str | None, officer: str | None) -> tuple[str, str]:
    """Return whose sessions are meant, as they are kept, and in words. Raises Refused."""
    if bool(reference) == bool(officer):
        raise Refused("Say whose sessions: --report REFERENCE for its reporter, or --officer NUMBER.")
    if officer:
        return owner_of(Officer(officer, frozenset(), frozenset())), f"officer {officer}"
    known = ids.parse_reference(reference or "")
    report = stage.services.reports.get(known) if known else None
    if report is None:
        raise Refused("There is no report with this reference. Read it once more from the receipt, or the worklist.")
    return report.reporter.pseudonym, f"the reporter of {report.reference}"


_AGAIN = (
    "Somebody may have logged in while this ran: run it again in a minute, until it says 0. It keeps nobody from "
    "logging in again: that is done where they log in (block an officer's account there first; a citizen blocks their DigiD)."
)
