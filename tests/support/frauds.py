"""Frauds that have an account in common, and the levers that tests of clues pull: reports are filed, writes delivered."""

from chalicelib.clues import stream
from chalicelib.clues.indexing import ClueRoom
from chalicelib.clues.model import Clue, ClueKeys
from chalicelib.clues.sorts import ClueSort
from chalicelib.core import ids
from chalicelib.core.clock import Clock
from chalicelib.reports.events import Actor, Role
from chalicelib.reports.model import Reporter
from chalicelib.reports.statement import Statement
from tests.support.fakes import FakeReports
from tests.support.fakes_clues import FakeClues
from tests.support.samples import NOON, a_report, answers

KEYS = ClueKeys.parse("c" * 64)
IBAN, OTHER_IBAN = "NL91ABNA0417164300", "NL39RABO0300065264"
ACCOUNT, OTHER_ACCOUNT = Clue(ClueSort.IBAN, IBAN), Clue(ClueSort.IBAN, OTHER_IBAN)
UNIT, ELSEWHERE = "Noord-Nederland", "Amsterdam"
OFFICER = Actor(Role.OFFICER, "NN1234")


def a_room(clock: Clock) -> ClueRoom:
    return ClueRoom(FakeClues(clock), FakeReports(), KEYS, clock)


def a_fraud(number=0, *, accounts=(IBAN,), unit=UNIT, reporter="", at=NOON, kind="web-shop-fraud", **changes):
    told = {
        **dict.fromkeys(("otherEmail", "otherPhone", "wallet", "otherUserName", "advert")),
        "website": f"https://winkel{number}.example.com",
        **changes,
    }
    statement = Statement.of(kind, answers(kind, accounts=[{"iban": one} for one in accounts], **told))
    person = Reporter(reporter or f"V1-{number:04}", "sealed")
    return a_report(reference=ids.reference(number.to_bytes(16)), statement=statement, unit=unit, reporter=person, at=at)


def file(room, *reports):
    for report in reports:
        room.reports.add(report)
    deliver(room)


def deliver(room, writes=None):
    """Have the writes of the reports delivered, all of them when none are named."""
    event = {"Records": [_record(n, *write) for n, write in enumerate(room.reports.writes if writes is None else writes, 1)]}
    return stream.deliver(event, room, report_of_image=lambda image: image["report"])


def _record(number, before, after):
    images = {name: {"report": one} for name, one in (("OldImage", before), ("NewImage", after)) if one}
    return {"dynamodb": {"SequenceNumber": str(number), "Keys": {"reference": {"S": after.reference}}, **images}}


def change(room, before, after):
    room.reports.save(before, after)
    return after
