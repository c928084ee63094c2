"""The third report on one account: its bank is told. Pure.

Several reports of one reporter count once; what counts is a year. The task lands on the unit of the third.
"""

from collections.abc import Iterable

from chalicelib.clues.traces import Trace
from chalicelib.core.retention import RETENTION, Kept

REPORTERS = 3
WITHIN = RETENTION[Kept.LISTED_REPORTS].length
MOST = 500  # reports on one account that are looked at


def third(traces: Iterable[Trace]) -> Trace | None:
    """Return the report with which a third person reported an account within a year of the first of them; None while none did."""
    ordered = sorted(traces, key=lambda trace: (trace.filed_at, trace.reference))
    last: dict[str, Trace] = {}
    for trace in ordered:
        last[trace.reporter] = trace
        within = [one for one in last.values() if trace.filed_at - one.filed_at < WITHIN]
        if len(within) >= REPORTERS:
            return trace
    return None
