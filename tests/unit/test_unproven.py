"""An address that its reporter has not proven gets few mails a day, over all reports of everybody; nothing is lost by it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.letters.catalogue import NotSentReason
from chalicelib.letters.mailer import Throttled
from chalicelib.letters.states import LetterState
from chalicelib.reports.contact import Contact
from chalicelib.reports.facts import Reporter
from chalicelib.reports.statuses import Status
from tests.support.office import A, PostOffice

STRANGER = "niemand@example.org"
REFERENCES = [f"{letter * 4}-{letter * 4}-{letter * 4}" for letter in "CDFGHJKM"]


@pytest.fixture
def office(settings, clock):
    office = PostOffice(settings, clock)
    office.most_unproven = 3
    return office


def _file(office, references=REFERENCES, **contact):
    for number, reference in enumerate(references):  # each by somebody else: the address is a stranger's to all of them
        office.file(reference, reporter=Reporter(f"V1-{number}", "sealed"), contact=Contact(email=STRANGER, **contact))
    office.deliver()


def _prove(office, reference, email=STRANGER):
    office.change_contact(replace(office.reports.get(reference).contact, email=email, proven=True), reference)
    office.deliver()
    office.go_round(timedelta(minutes=1))


def test_forty_reports_with_the_address_of_a_stranger_are_few_mails(office):
    _file(office)
    _file(office, [f"{one[:-1]}X" for one in REFERENCES])

    assert len(office.mailer.mails) == 3
    held = [office.ledger.get(f"{one}#1") for one in REFERENCES[3:]]
    assert {(one.state, one.not_sent) for one in held} == {(LetterState.HELD_BACK, NotSentReason.ADDRESS_UNPROVEN)}
    for _ in range(50):  # rounds do not send it, and do not go round for ever
        office.go_round(timedelta(hours=1))
    assert len(office.mailer.mails) == 3


def test_who_types_the_code_gets_what_was_held_back(office):
    _file(office)

    _prove(office, REFERENCES[5])

    assert office.mailer.letters[3:] == [f"{REFERENCES[5]}#1"]
    assert office.ledger.get(f"{REFERENCES[6]}#1").not_sent == NotSentReason.ADDRESS_UNPROVEN, "another's report"


def test_a_proven_address_gets_all_its_mail(office):
    _file(office, proven=True)

    assert len(office.mailer.mails) == len(REFERENCES)


def test_news_of_the_police_waits_for_the_next_day_and_is_never_dropped(office):
    _file(office)
    for reference in REFERENCES[:2]:
        office.ask(reference)
    office.deliver()

    assert [office.ledger.get(f"{reference}#2").state for reference in REFERENCES[:2]] == [LetterState.WAITING] * 2
    office.go_round(office.daily.next_window() - office.clock.now())
    assert office.mailer.letters[3:] == [f"{reference}#2" for reference in REFERENCES[:2]]


def test_the_next_mail_about_a_report_tells_what_was_held_back(office):
    _file(office)
    office.go_round(timedelta(days=1))
    office.change(REFERENCES[7], Status.CHECKED)
    office.deliver()
    office.go_round(timedelta(minutes=6))

    assert office.ledger.get(f"{REFERENCES[7]}#1").merged_into == 2


def test_a_mail_that_is_tried_again_takes_no_second_place(office):
    office.mailer.answers = [Throttled("slow")] * 5
    _file(office, REFERENCES[:3])
    for _ in range(12):
        office.go_round(timedelta(minutes=10))

    assert sorted(office.mailer.letters) == sorted(f"{one}#1" for one in REFERENCES[:3])


def test_a_record_that_comes_again_changes_nothing_of_it(office):
    for number, reference in enumerate(REFERENCES):
        office.file(reference, reporter=Reporter(f"V1-{number}", "sealed"), contact=Contact(email=STRANGER))
    records = office.records()

    for _ in range(3):
        office.deliver(records)

    assert len(office.mailer.mails) == 3


def test_the_mails_of_one_address_take_nothing_from_another(office):
    _file(office)

    office.file(A.replace("C", "R"))
    office.deliver()

    assert office.mailer.mails[-1].to == "sanne@example.org"
