"""Lists of reports at the desk: the runs of an index that a list is made of, and a page of several runs merged into one.

A page asks each run once for as many lines as it shows. Where a filter passes over most of them it asks once more, for as many
more as the first look makes likely; after that it says how far it looked, and the next page goes on there: no page reads without
end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.reports.filters import EVERYTHING, Filters, Index, Run
from chalicelib.reports.queue import place_of_filing
from chalicelib.reports.retention import listed_since, read_since
from chalicelib.reports.statuses import DECISIONS, Status
from chalicelib.reports.store import ReportLine, Reports, Slice

LINES = 50  # of a page of the desk
LOOKS = (250, 2_250)  # reports that a page with a filter looks at: at first, and at most once more when it is not full by then
_COUNTED = 1_000  # reports that are read at a time where all of them are counted
_AFTER_DECIDED = "2"  # decided reports have no rank: their places begin with 1
_RANKS = "012"  # with which places begin (reports/queue.py)


@dataclass(frozen=True, slots=True)
class Sought:
    """The runs that a list is made of, which reports of them are wanted, and their order: by rank and place, or by time alone."""

    runs: tuple[Run, ...]
    filters: Filters = EVERYTHING
    descending: bool = False
    by_rank: bool = True

    def position(self, place: str) -> str:
        """Return where a place stands in the order of the list."""
        return place if self.by_rank else place[2:]

    def backwards(self) -> "Sought":
        """Return the list from its end to its beginning."""
        return replace(self, descending=not self.descending)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list. `after` is where the next one begins, empty on the last; `looked` is how many reports were looked at.

    `is_cut` when the page ended because it had looked at enough, not because it was full.
    """

    lines: tuple[ReportLine, ...]
    after: str
    looked: int = 0
    is_cut: bool = False


def queue(units: Sequence[str], statuses: Sequence[Status], filters: Filters, *, newest: bool = False, now: datetime) -> Sought:
    """Return the list of units' reports in some statuses; those that are too old to be listed are not in it."""
    runs = [_queue(unit, status, now) for unit in units for status in statuses]
    return _sought(runs, replace(filters, filed_since=read_since(now)), newest=newest)


def attention(units: Sequence[str], filters: Filters, *, newest: bool = False, now: datetime) -> Sought:
    """Return the list of units' reports that ask for something beside their handling, decided ones too.

    They are listed for as long as the police may read them: words of a reporter that nobody lists are words that nobody reads.
    """
    runs = [Run(Index.ATTENTION, unit) for unit in units]
    return _sought(runs, replace(filters, filed_since=read_since(now)), newest=newest)


def mine(holder: str, filters: Filters = EVERYTHING, *, newest: bool = False, now: datetime) -> Sought:
    """Return the list of the open reports that an officer or a team has."""
    return _sought([Run(Index.MINE, holder)], replace(filters, filed_since=read_since(now)), newest=newest)


def page(sought: Sought, reports: Reports, *, after: str = "", lines: int = LINES) -> ListPage:
    """Return a page of a list. `after` is the position of the last line, or of the last report looked at, of the page before."""
    most = LOOKS[0] if sought.filters.narrow else lines
    found = _looked_at(sought, reports, after=after, most=most, lines=lines)
    if len(found.lines) == lines or not found.after or not sought.filters.narrow:
        return found
    again = _looked_at(sought, reports, after=after, most=_more(len(found.lines), lines), lines=lines)
    return replace(again, looked=found.looked + again.looked)


def _looked_at(sought: Sought, reports: Reports, *, after: str, most: int, lines: int) -> ListPage:
    each = max(most // max(len(sought.runs), 1), lines)
    slices = [_look(run, sought, reports, after=after, most=each) for run in sought.runs]
    return replace(_merged(sought, slices, lines), looked=sum(one.looked for one in slices))


def _more(found: int, lines: int) -> int:
    """Return at how many reports to look in order to fill a page of which the first look found so many lines: as many as that
    takes where the wanted ones lie evenly, and as many again.
    """
    first, most = LOOKS
    return min(most, 2 * first * lines // found) if found else most


def every(sought: Sought, reports: Reports) -> Iterator[ReportLine]:
    """Yield all lines of a list, run by run: to count them."""
    for run in sought.runs:
        after, is_more = "", True
        while is_more:
            part = reports.look(run, filters=sought.filters, descending=sought.descending, after=after, most=_COUNTED)
            yield from part.lines
            after, is_more = part.reached, bool(part.reached)


def holds(sought: Sought, line: ReportLine) -> bool:
    """True for a report that stands in the list."""
    return sought.filters.fits(line) and any(run.holds(line) for run in sought.runs)


def _queue(unit: str, status: Status, now: datetime) -> Run:
    """Return the run of a unit and status. Of decided reports their place tells the age, so that no old one is read."""
    key = f"{unit}#{status}"
    if status in DECISIONS:
        return Run(Index.QUEUE, key, low=place_of_filing(listed_since(status, now)), high=_AFTER_DECIDED)
    return Run(Index.QUEUE, key)


def _sought(runs: Sequence[Run], filters: Filters, *, newest: bool) -> Sought:
    """With the newest first, each rank is a run of its own: within a run urgent reports stand before all others."""
    if not newest:
        return Sought(tuple(runs), filters)
    ranked = [_of_rank(run, rank) for run in runs for rank in _RANKS]
    return Sought(tuple(run for run in ranked if run.low < run.high), filters, descending=True, by_rank=False)


def _of_rank(run: Run, rank: str) -> Run:
    return replace(run, low=max(run.low, f"{rank}-"), high=min(run.high, f"{rank}."))  # "." comes after "-"


def _look(run: Run, sought: Sought, reports: Reports, *, after: str, most: int) -> Slice:
    start = f"{run.low[:2]}{after}" if after and not sought.by_rank else after
    return reports.look(run, filters=sought.filters, descending=sought.descending, after=start, most=most)


def _merged(sought: Sought, slices: Sequence[Slice], lines: int) -> ListPage:
    """Return the first lines of all runs together, as far as every one of them was looked through."""
    ends = [sought.position(one.reached) for one in slices if one.reached]
    end = (max(ends) if sought.descending else min(ends)) if ends else ""
    found = {sought.position(line.place): line for one in slices for line in one.lines}
    order = sorted(found, reverse=sought.descending)
    within = [each for each in order if not end or (each >= end if sought.descending else each <= end)]
    shown = tuple(found[each] for each in within[:lines])
    if len(within) > lines:
        return ListPage(shown, within[lines - 1])
    return ListPage(shown, end, is_cut=bool(end) and len(shown) < lines)
