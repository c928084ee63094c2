"""The reports of before there were the desk's lists: what those are sorted and filtered by is brought onto each of them, once.

A report that is written for another reason gets it by itself; this is for those to which nothing happens any more.
"""

from argparse import Namespace

from chalicelib.core.clock import day_of, month_of, months
from infra.ops.stage import Refused, Stage


def bring_in(stage: Stage, arguments: Namespace) -> int:
    """Bring every report into the lists of the desk, month by month of filing; once more, it only looks."""
    try:
        wanted = months(arguments.first, month_of(day_of(stage.services.clock.now())))
    except ValueError:
        raise Refused("--first wants a month, such as 2016-07.") from None
    brought = 0
    for month in wanted:
        references = [filing.reference for filing in stage.services.reports.filed_in(month)]
        lacking = [one for one in references if stage.services.reports.bring_into_lists(one, only_look=arguments.dry_run)]
        brought += len(lacking)
        if references:
            stage.say(f"{month}  {len(references)} reports, {len(lacking)} {_done(arguments)}")
    stage.say(f"{brought} reports {_done(arguments)}")
    return 0


def _done(arguments: Namespace) -> str:
    return "to be brought in" if arguments.dry_run else "brought in"
