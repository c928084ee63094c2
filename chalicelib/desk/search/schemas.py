"""The JSON that the API takes and gives about clues: searches, links, found things."""

from datetime import datetime

from pydantic import Field

from chalicelib.clues.goods import MOST_LINES
from chalicelib.clues.linking import OnClue
from chalicelib.clues.model import MANY
from chalicelib.clues.sorts import LONGEST, ClueSort
from chalicelib.desk.goods.actions import Taken
from chalicelib.desk.search.actions import Found
from chalicelib.desk.search.links import LinkedList, Links
from chalicelib.reports.statuses import Status
from chalicelib.reports.store import ReportLine
from chalicelib.web.report_schemas import LongText
from chalicelib.web.schema import Body, Out


class NewSearch(Body):
    """A value to search by. Without `sort` the value is tried as each sort that it can be and that your role may search."""

    value: LongText = Field(min_length=1, max_length=LONGEST, examples=["NL91 ABNA 0417 1643 00"])
    sort: ClueSort | None = Field(None, examples=["iban"])


class FoundLineOut(Out):
    """A report in a list."""

    reference: str
    kind: str
    unit: str
    status: Status
    filed_at: datetime
    registration_number: str

    @classmethod
    def of(cls, line: ReportLine) -> "FoundLineOut":
        return cls(
            reference=line.reference,
            kind=line.kind,
            unit=line.unit,
            status=line.status,
            filed_at=line.filed_at,
            registration_number=line.registration_number,
        )


class OnClueOut(Out):
    """The reports on a clue. `own` counts reports of your own units, `ownIsMore` that there are more than that.

    `elsewhere` tells of other units: empty, `some` (one or two), a number from three on, or `many` (more than 20).
    """

    sort: ClueSort
    clue: str
    shared: str
    own: int
    own_is_more: bool
    elsewhere: str

    @classmethod
    def facts(cls, on: OnClue) -> dict[str, object]:
        return {
            "sort": on.clue.sort,
            "clue": on.id,
            "shared": on.shared or "",
            "own": min(on.tally.own, MANY),
            "own_is_more": on.tally.own_is_many,
            "elsewhere": on.tally.elsewhere,
        }


class FoundOut(OnClueOut):
    """The reports on one of the clues that the value may be; `reports` are the newest of your own units, at most 20."""

    reports: tuple[FoundLineOut, ...]

    @classmethod
    def of(cls, found: Found) -> "FoundOut":
        return cls(**cls.facts(found.on), reports=tuple(map(FoundLineOut.of, found.lines)))  # type: ignore[arg-type]


class SearchOut(Out):
    """The reports that were found, by sort; empty when none was."""

    found: tuple[FoundOut, ...]


class LinksOut(Out):
    """The links of a report to others, and its reporter's other reports in your own units; `left` clues were not looked at."""

    clues: tuple[OnClueOut, ...]
    reports_of_reporter: tuple[FoundLineOut, ...]
    left: int

    @classmethod
    def of(cls, links: Links) -> "LinksOut":
        clues = tuple(OnClueOut(**OnClueOut.facts(one)) for one in links.on)  # type: ignore[arg-type]
        return cls(clues=clues, reports_of_reporter=tuple(map(FoundLineOut.of, links.others)), left=links.left)


class LinkedQuery(Body):
    """Which page of the list."""

    page: int = Field(1, ge=1, le=10, description="`nextPage` of the page before", examples=[1])


class LinkedOut(Out):
    """A page of the reports of your own units that share a clue; `references` are all of them, at most 500, the newest first."""

    sort: ClueSort
    references: tuple[str, ...]
    reports: tuple[FoundLineOut, ...]
    next_page: int | None

    @classmethod
    def of(cls, found: LinkedList) -> "LinkedOut":
        return cls(
            sort=found.clue.sort,
            references=found.references,
            reports=tuple(map(FoundLineOut.of, found.lines)),
            next_page=found.next_page or None,
        )


class NewThing(Body):
    """A found thing: the sort of the number on it, that number, and its number on the list of found property."""

    sort: LongText = Field(max_length=40, examples=["frame"])
    value: LongText = Field(min_length=1, max_length=100, examples=["GZ1234567"])
    number: LongText = Field(min_length=1, max_length=30, examples=["NN-2016-0012"])


class NewThings(Body):
    """Found things of a unit of your own. Of one that is none it is told why; the others are put in."""

    unit: LongText = Field(max_length=100, description="The police unit, by its name", examples=["Noord-Nederland"])
    things: tuple[NewThing, ...] = Field(
        min_length=1, max_length=MOST_LINES, examples=[[{"sort": "frame", "value": "GZ1234567", "number": "NN-2016-0012"}]]
    )


class ThingOut(Out):
    """The outcome of one thing: `error` says why it was not put in, empty when it was; `reports` of your own units have a task.

    `elsewhere` when a report of another unit has one.
    """

    number: str
    error: str
    reports: tuple[str, ...]
    elsewhere: bool

    @classmethod
    def of(cls, taken: Taken) -> "ThingOut":
        return cls(number=taken.line.number, error="", reports=taken.own, elsewhere=taken.elsewhere)


class ThingsOut(Out):
    """The outcome of each thing, in the order in which they were sent."""

    things: tuple[ThingOut, ...]
