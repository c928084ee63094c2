"""Letters that were given up, or that the stream never brought: once what was broken is mended, each is sent once."""

from argparse import Namespace
from datetime import timedelta

from chalicelib.letters import sweeper
from infra.ops.stage import Refused, Stage


def redrive(stage: Stage, arguments: Namespace) -> int:
    """Derive the letters from the reports again: what the ledger knows of is left alone, what it gave up is tried again."""
    services, hours = stage.services, arguments.hours
    if not hours.isascii() or not hours.isdigit() or int(hours) == 0:
        raise Refused("--hours is a whole number above 0.")
    references = list(services.reports.changed_since(services.clock.now() - timedelta(hours=int(hours))))
    if arguments.dry_run:
        given_up = len(list(services.ledger.failed()))
        stage.say(f"would look at {len(references)} reports, and at {given_up} letters that were given up or refused")
        return 0
    found = sweeper.redrive(references, services.office)
    stage.say(f"reports looked at     {found.reports}")
    stage.say(f"letters never brought {found.missing}")
    stage.say(f"given up, tried again {found.retried} (within a minute)")
    stage.say(f"could not be looked at {found.failed}")
    return 1 if found.failed else 0
