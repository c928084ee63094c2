"""The sweeper: what the stream lost is found in the timelines, and sent once."""

from datetime import timedelta

import pytest

from chalicelib.core.errors import Unavailable
from chalicelib.letters import sweeper
from chalicelib.letters.catalogue import Letter
from chalicelib.letters.ledger import KEPT
from chalicelib.letters.sweeper import LOOKS_BACK, STREAM_TAKES, Swept
from tests.support.office import A, B, PostOffice


@pytest.fixture
def office(settings, clock):
    return PostOffice(settings, clock)


def sweep(office):
    return sweeper.sweep(office.reports.changed_since(office.clock.now() - LOOKS_BACK), office.office)


def test_letters_that_the_stream_never_brought_are_sent_once(office, caplog):
    office.file(A)
    office.change(A)
    office.file(B)
    office.records()  # taken from the stream, and lost
    office.clock.advance(STREAM_TAKES)

    assert sweep(office) == Swept(reports=2, missing=3, failed=0)
    assert sweep(office) == Swept(reports=2, missing=0, failed=0)
    for _ in range(2):
        office.go_round()

    assert office.mailer.letters == [f"{A}#1", f"{B}#1"]
    assert office.ledger.get(f"{A}#2").merged_into == 1
    assert f"letter_missing letter={A}#2" in caplog.text


def test_what_may_still_be_on_its_way_is_left_to_the_stream(office):
    office.file(A)
    office.clock.advance(STREAM_TAKES - timedelta(seconds=1))

    assert sweep(office) == Swept(reports=1, missing=0, failed=0)
    assert office.deliver().failed == ()
    office.go_round()
    assert office.mailer.letters == [f"{A}#1"]


def test_what_the_ledger_knows_is_left_alone(office):
    office.file(A)
    office.deliver()
    office.change(A)
    office.deliver()
    office.clock.advance(STREAM_TAKES)

    assert sweep(office).missing == 0
    assert office.mailer.letters == [f"{A}#1"], "the change waits for the round"


def test_a_report_that_cannot_be_read_holds_up_no_other(office):
    office.file(A)
    office.file(B)
    office.clock.advance(STREAM_TAKES)
    office.reports.broken.add(A)

    assert sweep(office) == Swept(reports=2, missing=1, failed=1)
    office.go_round()
    assert office.mailer.letters == [f"{B}#1"]


def test_a_letter_that_the_ledger_forgot_in_the_course_of_years_is_not_sent_again(office):
    office.file(A)
    office.records()
    office.clock.advance(KEPT)
    office.change(A)
    office.records()
    office.clock.advance(STREAM_TAKES)

    assert sweep(office) == Swept(reports=1, missing=1, failed=0)
    assert office.mailer.letters in ([], [f"{A}#2"]), "the news of today waits or goes; that of two years ago does neither"


def test_every_event_is_seen_by_more_than_one_hourly_sweep(office):
    assert 2 * timedelta(hours=1) + STREAM_TAKES <= LOOKS_BACK


def test_as_long_as_letters_lie_on_the_pile_the_hour_says_how_many(office, caplog):
    office.file(A)
    office.ledger.wait(f"{A}#1", letter=Letter.NEWS, until=office.clock.now())
    assert sweeper.remind(office.ledger) == 0
    assert "letters_on_pile" not in caplog.text

    office.ledger.give_up(f"{A}#1", unit="Limburg")
    assert sweeper.remind(office.ledger) == 1
    assert "letters_on_pile letters=1" in caplog.text

    office.ledger.retry(f"{A}#1")
    assert sweeper.remind(office.ledger) == 0


def test_a_letter_on_the_pile_that_ses_had_taken_after_all_only_leaves_it(office):
    office.file(A)
    office.ledger.wait(f"{A}#1", letter=Letter.NEWS, until=office.clock.now())
    office.ledger.give_up(f"{A}#1")
    office.ledger.note_receipt(f"{A}#1", {}, message_id="m", accepted_at=office.clock.now(), is_final=False)

    assert sweeper.redrive((), office.office).retried == 0

    assert list(sweeper.pile(office.ledger)) == []
    assert office.mailer.mails == []


def test_a_redrive_tries_again_what_was_given_up_and_sends_what_was_lost_each_once(office):
    office.mailer.answers = [Unavailable("ses")] * 100
    office.file(A)
    office.deliver()
    for _ in range(26):
        office.go_round(after=timedelta(hours=1))
    office.mailer.answers = []
    office.file(B)
    office.records()
    office.clock.advance(STREAM_TAKES)

    days = office.clock.now() - timedelta(days=3)
    found = [sweeper.redrive(office.reports.changed_since(days), office.office) for _ in range(2)]
    office.go_round()

    assert found == [Swept(reports=2, missing=1, failed=0, retried=1), Swept(reports=2, missing=0, failed=0, retried=0)]
    assert sorted(office.mailer.letters) == [f"{A}#1", f"{B}#1"]
