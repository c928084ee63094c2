"""No page tells an officer to do what a reporter's wishes forbid: over all wishes, ages and statuses."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

from chalicelib.desk.instructions import ACTS, NO_CALLS, NO_POST, WAITS, WARNING, instructions
from chalicelib.reports.contact import Hours, InformationWish, Safety
from chalicelib.reports.events import OfflineMeans
from chalicelib.reports.model import Urgency, urgency
from chalicelib.reports.statuses import Status
from tests.support.samples import NOON, a_report

AGES = (timedelta(0), timedelta(days=2), timedelta(days=9))
ALL = list(product((True, False), (True, False), Hours, InformationWish, AGES, Status))


def read(neutral, phone, hours, information, status):
    report = a_report()
    safety = Safety(neutral=neutral, phone=phone, hours=hours)
    return instructions(replace(report, status=status, contact=replace(report.contact, safety=safety, information=information)))


def test_nobody_is_called_against_their_wish_and_no_post_goes_to_a_shared_household_however_long_they_wait():
    assert len(ALL) == 4 * len(Hours) * len(InformationWish) * len(AGES) * len(Status)
    for neutral, phone, hours, information, age, status in ALL:
        how = read(neutral, phone, hours, information, status)
        told = f"{how.act} {WAITS[urgency(NOON, NOON + age)]}".lower()

        assert (OfflineMeans.PHONE in how.means) is phone
        assert (OfflineMeans.LETTER in how.means) is not neutral
        assert ("call." in told or told.startswith("call,")) is phone or "do not call" in told
        assert ("letter by post" in told) is not neutral
        assert (WARNING in how.lines, NO_CALLS in how.lines, NO_POST in how.lines) == (neutral, not phone, neutral)


def test_the_warning_stands_first():
    for phone in (True, False):
        assert read(True, phone, Hours.ANY, InformationWish.ALL, Status.RECEIVED).lines[0] == WARNING


def test_there_is_always_a_way_to_tell_and_it_is_said():
    for neutral, phone in product((True, False), (True, False)):
        how = read(neutral, phone, Hours.ANY, InformationWish.ALL, Status.RECEIVED)
        assert OfflineMeans.IN_PERSON in how.means
        assert how.act == ACTS[phone, not neutral]


def test_a_list_that_knows_no_wishes_names_no_means():
    assert set(WAITS) == set(Urgency)
    for words in WAITS.values():
        assert not {"call", "letter", "post", "telephone"} & set(words.lower().replace(",", "").split())
